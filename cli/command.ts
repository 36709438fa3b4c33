import type { Deployment } from '../src/admin/deployment';

/** The command line is wrong: exit code 2. */
export class UsageError extends Error {}

/** An option of a command as `parseArgs` takes it, with its line in the help. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly value?: string;
  readonly help: string;
}

/** What a command did, for people and for programs. */
export interface Report {
  /** Printed by --json. */
  readonly json: unknown;
  /** Lines for people. */
  readonly text: string;
  /** 1 when the command was done and found something wrong; 0 otherwise. */
  readonly exitCode?: 0 | 1;
}

/** What a command prints as it comes along, since all of it would not fit into memory or nobody knows when it ends. */
export interface Streamed {
  /** With `--json` they are parts of one JSON text, or a text each where there is no end. */
  readonly lines: AsyncIterable<string>;
  /** Whether they are for a program, which gets them as they are; a terminal never does. */
  readonly isData?: true;
}

export interface CommandCall {
  readonly deployment: Deployment;
  readonly arguments: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** Tells people how a long command comes along; not part of its output. */
  progress(text: string): void;
}

/** One command, as in `token create`. */
export interface Command {
  /** Names of the positional arguments; required, but for those in brackets. One with "..." may come several times. */
  readonly arguments: readonly string[];
  readonly summary: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  readonly examples: readonly string[];
  run(call: CommandCall): Promise<Report | Streamed>;
}

/** Commands about one thing by their verb. */
export interface CommandGroup {
  readonly summary: string;
  readonly commands: Readonly<Record<string, Command>>;
}

/** A string option that must be given. @throws UsageError */
export function required(call: CommandCall, name: string): string {
  const value = call.options[name];
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${name} is missing.`);
  return value;
}

/** A whole number that an option has; undefined without the option. @throws UsageError */
export function numberOption(call: CommandCall, name: string): number | undefined {
  const value = call.options[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^\d{1,6}$/.test(value)) return Number(value);
  throw new UsageError(`--${name} is ${JSON.stringify(value)}; a whole number is accepted.`);
}

/** A positional argument; `parse` has made sure that it is there. */
export const argument = (call: CommandCall, position: number): string => call.arguments[position] ?? '';
