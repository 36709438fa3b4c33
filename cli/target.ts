import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APIGatewayClient, FlushStageAuthorizersCacheCommand } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { dynamoDbClient } from '../src/directory/table/dynamodb-client';
import { Table } from '../src/directory/table/table';
import { isJsonObject, type JsonObject } from '../src/scim/json';
import { CommandFailed, type CommandOption, type Target, UsageError } from './command';

/** Options of every command: where it works. */
export const TARGET_OPTIONS = {
  endpoint: { type: 'string', value: 'URL', help: 'a DynamoDB endpoint, with --table' },
  table: { type: 'string', value: 'NAME', help: 'name of the table at the endpoint' },
  stack: { type: 'string', value: 'NAME', help: 'a deployed stack, found through CloudFormation' },
  region: {
    type: 'string',
    value: 'REGION',
    help: 'region of the stack; the AWS configuration decides otherwise',
  },
} as const satisfies Record<string, CommandOption>;

const RUN_FILE = join(process.env.SCIM_LOCAL_DIRECTORY || join(__dirname, '..', '.local'), 'run.json');
/** Region and credentials of a local engine, which checks neither. */
export const LOCAL = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** What the command line says about the target. */
export type TargetChoice = Readonly<Record<string, string | boolean | undefined>>;

/**
 * Finds where a command works: the stack or endpoint that was named, otherwise the running local run.
 *
 * @param runFile written by `npm start`
 * @throws UsageError for contradictory options, CommandFailed when the target is not there
 */
export async function findTarget(choice: TargetChoice, runFile = RUN_FILE): Promise<Target> {
  const { endpoint, table, stack, region } = choice;
  if (stack !== undefined && (endpoint !== undefined || table !== undefined)) {
    throw new UsageError('--stack cannot be combined with --endpoint or --table.');
  }
  if ((endpoint === undefined) !== (table === undefined)) {
    throw new UsageError('--endpoint and --table belong together.');
  }
  if (region !== undefined && stack === undefined) throw new UsageError('--region belongs to --stack.');
  if (stack !== undefined)
    return stackTarget(String(stack), region === undefined ? undefined : String(region));
  if (endpoint !== undefined) return endpointTarget(String(endpoint), String(table));
  return localTarget(runFile);
}

function endpointTarget(endpoint: string, table: string): Target {
  if (!URL.canParse(endpoint)) throw new UsageError(`${JSON.stringify(endpoint)} is not a URL.`);
  return {
    table: new Table(table, dynamoDbClient({ endpoint, ...LOCAL })),
    baseUrl: undefined,
    stack: undefined,
    flushAuthorizerCache: async () => false,
  };
}

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
 * Reads what `npm start` wrote about itself; undefined when there is no local run.
 *
 * @throws CommandFailed when the text is not a description
 */
export function readLocalRun(runFile = RUN_FILE): LocalRunDescription | undefined {
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

/**
 * Reads a local run's description: the run file, or the line that `npm start -- --json` prints.
 *
 * @throws CommandFailed
 */
export function parseLocalRun(text: string): LocalRunDescription {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (!isJsonObject(parsed))
    throw new CommandFailed('The description of the local run is not readable; start it again.');
  const run: JsonObject = parsed;
  const field = (name: string): string => {
    const value = run[name];
    if (typeof value === 'string') return value;
    throw new CommandFailed(`The description of the local run has no "${name}"; start it again.`);
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

function localTarget(runFile: string): Target {
  const run = readLocalRun(runFile);
  if (run === undefined) {
    throw new CommandFailed(
      'There is no local run: start it with npm start, or name a target with --stack or with --endpoint and --table.',
    );
  }
  return {
    table: new Table(run.table, dynamoDbClient({ endpoint: run.dynamodb, ...LOCAL })),
    baseUrl: run.baseUrl,
    stack: {
      services: { endpoint: run.apiGateway, ...LOCAL },
      dynamodb: { endpoint: run.dynamodb, ...LOCAL },
      outputs: run.outputs,
    },
    flushAuthorizerCache: () =>
      flush(new APIGatewayClient({ endpoint: run.apiGateway, ...LOCAL }), run.restApiId, run.stage),
  };
}

async function stackTarget(name: string, region: string | undefined): Promise<Target> {
  const outputs = await stackOutputs(name, region);
  const output = (key: string): string => {
    const value = outputs.get(key);
    if (value !== undefined) return value;
    throw new CommandFailed(`The stack "${name}" has no output "${key}"; is it a stack of this service?`);
  };
  const [restApiId, stage] = [output('RestApiId'), output('StageName')];
  return {
    table: new Table(output('TableName'), dynamoDbClient({ region })),
    baseUrl: output('ScimBaseUrl'),
    stack: { services: { region }, dynamodb: { region }, outputs },
    flushAuthorizerCache: () => flush(new APIGatewayClient({ region }), restApiId, stage),
  };
}

async function stackOutputs(name: string, region: string | undefined): Promise<Map<string, string>> {
  try {
    const client = new CloudFormationClient({ region });
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return new Map(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  } catch (error) {
    throw new CommandFailed(
      `The stack "${name}" cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}

async function flush(client: APIGatewayClient, restApiId: string, stageName: string): Promise<boolean> {
  await client.send(new FlushStageAuthorizersCacheCommand({ restApiId, stageName }));
  return true;
}
