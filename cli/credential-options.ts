import { DEFAULT_OVERLAP_MS } from '../src/admin/tokens';
import { argument, type Command, type CommandCall, required, UsageError } from './command';
import { parseDuration } from './duration';

/** @returns milliseconds, undefined when nothing was said @throws UsageError */
export const durationOption = ({ options }: CommandCall, name: string): number | undefined =>
  options[name] === undefined ? undefined : parseDuration(String(options[name]));

/** @throws UsageError */
function readScope(scope: string | boolean | undefined): 'read' | 'write' | undefined {
  if (scope === undefined || scope === 'write' || scope === 'read') return scope;
  throw new UsageError(`--scope ${String(scope)}: read or write is accepted.`);
}

type Options = Command['options'];

/** What is said of a token or client that is to be made. @param life what `--expires` is, and what it is by default */
export const orderOptions = (life: string): Options => ({
  label: { type: 'string', value: 'TEXT', help: 'what it is for, as in entra' },
  expires: { type: 'string', value: 'TIME', help: life },
  scope: { type: 'string', value: 'SCOPE', help: 'read or write (default)' },
});

/** Reads `<tenant>` and `orderOptions`. @throws UsageError */
export const readOrder = (call: CommandCall) => ({
  tenantId: argument(call, 0),
  label: required(call, 'label'),
  scope: readScope(call.options.scope),
  lifeMs: durationOption(call, 'expires'),
});

/** How long the old secret is accepted beside its successor. */
export const OVERLAP_OPTION: Options = {
  overlap: {
    type: 'string',
    value: 'TIME',
    help: `how long both are accepted; ${DEFAULT_OVERLAP_MS / 3_600_000}h by default`,
  },
};
