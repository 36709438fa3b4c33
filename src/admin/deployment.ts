import { userInfo } from 'node:os';
import { APIGatewayClient, FlushStageAuthorizersCacheCommand } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { adminOrigin, type Origin } from '../directory/resources/origin';
import { dynamoDbClient } from '../directory/table/dynamodb-client';
import { Table, type Write } from '../directory/table/table';
import type { Registry } from '../scim/schema/registry';
import type { ApiKeys } from './api-keys';
import { apiKeysOf } from './aws-api-keys';
import { AdminError } from './errors';
import type { LocalRunDescription } from './local-run';
import { outputsOfService } from './service-outputs';

/** What use cases work on: a deployed stack, a local run, or a table alone. */
export interface Deployment {
  readonly table: Table;
  /** Who works on it: the provisioning log tells it of each act. */
  readonly origin: Origin;
  /** URL to paste into the identity provider, where it is known. */
  readonly baseUrl: string | undefined;
  /** How to reach the other services of the stack, and its outputs; undefined where there is only a table. */
  readonly stack: StackAccess | undefined;
  /** The keys by which the gateway counts what tenants send; undefined where they have no limits of their own. */
  readonly apiKeys?: ApiKeys | undefined;
  /** The service's schemas with its extensions; the core schemas and Enterprise User where nobody has told them. */
  readonly registry?: Registry | undefined;
  /**
   * The write that notes, in the transaction that makes something, that it is made: for a request that is carried out
   * once. Undefined where nobody asks for that.
   */
  readonly noteMade?: ((made: object) => Write) | undefined;
  /** Makes the gateway forget the authorizer's answers; false where there is no gateway to tell. */
  flushAuthorizerCache(): Promise<boolean>;
}

/** The services of a stack besides its table. */
export interface StackAccess {
  /** CloudFormation's name of the stack; undefined for a local run. */
  readonly name?: string;
  /** Configuration for clients of SQS and EventBridge. */
  readonly services: ClientConfig;
  /** Configuration for clients of DynamoDB and its streams. */
  readonly dynamodb: ClientConfig;
  readonly outputs: ReadonlyMap<string, string>;
}

/** Configuration of the SDK's clients. */
export interface ClientConfig {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Region and credentials of a local engine, which checks neither. */
const LOCAL = { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/**
 * A deployed stack, found through CloudFormation with the administrator's AWS credentials.
 *
 * @param target name of the stack, and behind a slash the id of the service where the stack has several
 * @param region that of the AWS configuration when absent
 * @param operator who works on it; the user of this computer when absent
 * @throws AdminError notFound when there is no such stack, or it is not one of this service
 * @example
 * const deployment = await stackDeployment('Scim', 'eu-central-1');
 */
export async function stackDeployment(
  target: string,
  region?: string,
  operator?: string,
): Promise<Deployment> {
  const [name = ''] = target.split('/');
  const outputs = outputsOfService(target, await stackOutputs(name, region));
  const table = new Table(outputOf(outputs, 'TableName', name), dynamoDbClient({ region }));
  return serviceDeployment(outputs, { table, origin: originOf(operator), region, name });
}

/**
 * A deployed service by its stack's outputs, with the credentials of whoever runs this.
 *
 * @param about `name`: CloudFormation's of the stack, where it is known
 * @throws AdminError notFound when an output is missing
 */
export function serviceDeployment(
  outputs: ReadonlyMap<string, string>,
  about: Pick<Deployment, 'table' | 'origin' | 'registry'> & {
    readonly region?: string;
    readonly name?: string;
  },
): Deployment {
  const { table, origin, registry, region, name } = about;
  const [restApiId, stage] = [outputOf(outputs, 'RestApiId', name), outputOf(outputs, 'StageName', name)];
  const gateway = new APIGatewayClient({ region });
  return {
    table,
    origin,
    baseUrl: outputOf(outputs, 'ScimBaseUrl', name),
    stack: { name, services: { region }, dynamodb: { region }, outputs },
    apiKeys: apiKeysOf(gateway, outputs),
    registry,
    flushAuthorizerCache: () => flush(gateway, restApiId, stage),
  };
}

/** @throws AdminError notFound */
function outputOf(outputs: ReadonlyMap<string, string>, key: string, stack = 'of this service'): string {
  const value = outputs.get(key);
  if (value !== undefined) return value;
  throw new AdminError(
    'notFound',
    `The stack "${stack}" has no output "${key}"; is it a stack of this service?`,
  );
}

/** The running local run. */
export function localDeployment(run: LocalRunDescription, operator?: string): Deployment {
  const gateway = new APIGatewayClient({ endpoint: run.apiGateway, ...LOCAL });
  return {
    table: new Table(run.table, dynamoDbClient({ endpoint: run.dynamodb, ...LOCAL })),
    origin: originOf(operator),
    baseUrl: run.baseUrl,
    stack: {
      services: { endpoint: run.apiGateway, ...LOCAL },
      dynamodb: { endpoint: run.dynamodb, ...LOCAL },
      outputs: run.outputs,
    },
    apiKeys: apiKeysOf(gateway, run.outputs),
    flushAuthorizerCache: () => flush(gateway, run.restApiId, run.stage),
  };
}

/**
 * A table alone, at a DynamoDB endpoint that checks no credentials.
 *
 * @throws AdminError invalidInput when the endpoint is no URL
 */
export function tableDeployment(endpoint: string, table: string, operator?: string): Deployment {
  if (!URL.canParse(endpoint)) {
    throw new AdminError('invalidInput', `${JSON.stringify(endpoint)} is not a URL.`);
  }
  return {
    table: new Table(table, dynamoDbClient({ endpoint, ...LOCAL })),
    origin: originOf(operator),
    baseUrl: undefined,
    stack: undefined,
    flushAuthorizerCache: async () => false,
  };
}

const originOf = (operator = userOfThisComputer()): Origin => adminOrigin(operator);

function userOfThisComputer(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return String(process.getuid?.() ?? 'unknown');
  }
}

async function stackOutputs(name: string, region: string | undefined): Promise<Map<string, string>> {
  try {
    const client = new CloudFormationClient({ region });
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return new Map(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  } catch (error) {
    throw new AdminError(
      'notFound',
      `The stack "${name}" cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}

async function flush(client: APIGatewayClient, restApiId: string, stageName: string): Promise<boolean> {
  await client.send(new FlushStageAuthorizersCacheCommand({ restApiId, stageName }));
  return true;
}
