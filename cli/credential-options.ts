import { type CommandCall, UsageError } from './command';
import { parseDuration } from './duration';

/** @returns milliseconds, undefined when nothing was said @throws UsageError */
export const durationOption = ({ options }: CommandCall, name: string): number | undefined =>
  options[name] === undefined ? undefined : parseDuration(String(options[name]));

/** @throws UsageError */
export function readScope(scope: string | boolean | undefined): 'read' | 'write' | undefined {
  if (scope === undefined || scope === 'write' || scope === 'read') return scope;
  throw new UsageError(`--scope ${String(scope)}: read or write is accepted.`);
}
