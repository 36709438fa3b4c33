import type { Table } from '../src/directory/table/table';

/** The command line is wrong: exit code 2. */
export class UsageError extends Error {}

/** What was asked cannot be done: exit code 1, the message alone. */
export class CommandFailed extends Error {}

/** An option of a command as `parseArgs` takes it, with its line in the help. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly value?: string;
  readonly help: string;
}

/** The services of a stack besides its table. */
export interface StackAccess {
  /** Configuration for clients of SQS and EventBridge. */
  readonly services: ClientConfig;
  /** Configuration for clients of DynamoDB and its streams. */
  readonly dynamodb: ClientConfig;
  readonly outputs: ReadonlyMap<string, string>;
}

export interface ClientConfig {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Where a command works: a local run, an endpoint or a deployed stack. */
export interface Target {
  readonly table: Table;
  /** URL to paste into the identity provider, where it is known. */
  readonly baseUrl: string | undefined;
  /** How to reach the other services of the stack, and its outputs; undefined where there is only a table. */
  readonly stack: StackAccess | undefined;
  /** Makes the gateway forget the authorizer's answers; false where there is no gateway to tell. */
  flushAuthorizerCache(): Promise<boolean>;
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

export interface CommandCall {
  readonly target: Target;
  readonly arguments: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** Tells people how a long command comes along; not part of its output. */
  progress(text: string): void;
}

/** One command, as in `token create`. */
export interface Command {
  /** Names of the positional arguments; required, but for those in brackets. */
  readonly arguments: readonly string[];
  readonly summary: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  readonly examples: readonly string[];
  run(call: CommandCall): Promise<Report>;
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

/** A positional argument; `parse` has made sure that it is there. */
export const argument = (call: CommandCall, position: number): string => call.arguments[position] ?? '';
