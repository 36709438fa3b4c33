import { readFileSync } from 'node:fs';
import { isJsonObject, type JsonObject } from '../scim/json';
import { AdminError } from './errors';

/** The running local run, as it describes itself. */
export interface LocalRunDescription {
  readonly baseUrl: string;
  readonly token: string;
  readonly tenant: string;
  readonly dynamodb: string;
  readonly table: string;
  readonly apiGateway: string;
  readonly restApiId: string;
  readonly stage: string;
  /** The stack's outputs. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Process that serves; only in the run file. */
  readonly pid: number | undefined;
}

/**
 * Reads what a local run wrote about itself.
 *
 * @returns undefined when there is no local run
 * @throws AdminError notFound when the text is not a description
 */
export function readLocalRun(runFile: string): LocalRunDescription | undefined {
  let text: string;
  try {
    text = readFileSync(runFile, 'utf8');
  } catch {
    return undefined;
  }
  const run = parseLocalRun(text);
  return run.pid === undefined || isRunning(run.pid) ? run : undefined;
}

/** A local run that was killed leaves its file behind. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Reads a local run's description: the run file, or the line that its `--json` prints. @throws AdminError notFound */
export function parseLocalRun(text: string): LocalRunDescription {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (!isJsonObject(parsed))
    throw new AdminError('notFound', 'The description of the local run is not readable; start it again.');
  const run: JsonObject = parsed;
  const field = (name: string): string => {
    const value = run[name];
    if (typeof value === 'string') return value;
    throw new AdminError('notFound', `The description of the local run has no "${name}"; start it again.`);
  };
  return {
    baseUrl: field('baseUrl'),
    token: field('token'),
    tenant: field('tenant'),
    dynamodb: field('dynamodb'),
    table: field('table'),
    apiGateway: field('apiGateway'),
    restApiId: field('restApiId'),
    stage: field('stage'),
    outputs: new Map(
      Object.entries(isJsonObject(run.outputs) ? run.outputs : {}).map(([key, value]) => [
        key,
        String(value),
      ]),
    ),
    pid: typeof run.pid === 'number' ? run.pid : undefined,
  };
}
