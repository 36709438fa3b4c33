import {
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { directoryEndpoint } from '../../lambdas/middleware/scim-endpoint';
import { dynamoDbClient } from '../../src/directory/table/dynamodb-client';
import { Table } from '../../src/directory/table/table';
import { usersEndpoint } from '../../src/endpoints/scim/users';
import { readResource } from '../../src/scim/resource/read';
import { REGISTRY, USER } from '../../testing/registry';
import { median } from '../../testing/statistics';
import { entraUser } from '../resources';

/** A request of a row: what API Gateway hands over. */
interface HandlerRow {
  readonly name: string;
  readonly event: object;
}

const ID = '11111111-1111-4111-a111-111111111111';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const REQUESTS_A_SAMPLE = 500;
const SAMPLES = 15;

const ROWS: readonly HandlerRow[] = [
  {
    name: 'PATCH active (Entra ID)',
    event: eventOf('PATCH', {
      schemas: [PATCH_OP],
      Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
    }),
  },
  {
    name: 'PATCH three attributes (Entra ID)',
    event: eventOf('PATCH', {
      schemas: [PATCH_OP],
      Operations: [
        { op: 'Replace', path: 'displayName', value: 'Adele Smith' },
        { op: 'Replace', path: 'name.familyName', value: 'Smith' },
        { op: 'Replace', path: 'addresses[type eq "work"].locality', value: 'Seattle' },
      ],
    }),
  },
  { name: 'GET a user', event: eventOf('GET') },
];

/**
 * CPU time in ms that the function behind /Users takes for a request: middleware, protocol, directory, the SDK's
 * marshalling and signing, the log entry; everything but the socket, in whose place stands an answer that is always the
 * same.
 */
export async function handlerRows(): Promise<{ name: string; samples: number[] }[]> {
  const handler = directoryEndpoint(new Table('scim', dynamoDbClient(STUB)), REGISTRY, usersEndpoint);
  const rows = [
    ...ROWS.map(({ name, event }) => ({
      name,
      prepare: () => structuredClone(event) as APIGatewayProxyEvent,
      request: (prepared: APIGatewayProxyEvent | undefined) => answered(handler as Handler, prepared),
      samples: [] as number[],
    })),
    {
      name: 'the SDK alone: GetItem, Query and UpdateItem',
      prepare: () => undefined,
      request: bareCalls(new DynamoDBClient({ ...STUB, maxAttempts: 1 })),
      samples: [] as number[],
    },
  ];
  await quietly(async () => {
    for (let sample = -3; sample < SAMPLES; sample++) {
      for (const { prepare, request, samples } of rows) {
        // The handler keeps what it likes in an event, so that each request needs its own; making them is not its work.
        const prepared = Array.from({ length: REQUESTS_A_SAMPLE }, prepare);
        const spent = await cpuMilliseconds(prepared, request);
        if (sample >= 0) samples.push(spent / REQUESTS_A_SAMPLE);
      }
    }
  });
  return rows.map(({ name, samples }) => ({ name, samples: [median(samples), ...samples] }));
}

type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

async function cpuMilliseconds<Prepared>(
  prepared: readonly Prepared[],
  request: (prepared: Prepared) => Promise<void>,
): Promise<number> {
  const before = process.cpuUsage();
  for (const each of prepared) await request(each);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function answered(handler: Handler, event: APIGatewayProxyEvent | undefined): Promise<void> {
  if (event === undefined) throw new Error('The request has no event.');
  const context = { getRemainingTimeInMillis: () => 29_000 } as Context;
  const { statusCode, body } = await handler(event, context);
  if (statusCode !== 200) throw new Error(`The handler answered ${statusCode}: ${body}`);
}

/** The calls of a PATCH with inputs that are made already: what no handler that uses the SDK can do without. */
function bareCalls(client: DynamoDBClient): () => Promise<void> {
  const key = { pk: { S: 'T#bench#' }, sk: { S: `U#${ID}` } };
  const values = { ':pk': { S: 'T#bench#' } };
  const query = { TableName: 'scim', KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: values };
  const update = {
    TableName: 'scim',
    Key: key,
    UpdateExpression: 'SET body = :pk',
    ExpressionAttributeValues: values,
  };
  return async () => {
    await client.send(new GetItemCommand({ TableName: 'scim', Key: key }));
    await client.send(new QueryCommand(query));
    await client.send(new UpdateItemCommand(update));
  };
}

/** The log goes nowhere while the clock runs, but it is made. */
async function quietly(work: () => Promise<void>): Promise<void> {
  const { write } = process.stdout;
  process.stdout.write = () => true;
  try {
    await work();
  } finally {
    process.stdout.write = write;
  }
}

function stub(): DynamoDBClientConfig {
  const { schemas: _schemas, ...attributes } = readResource(USER, entraUser(7));
  const item = {
    pk: { S: 'T#bench#' },
    sk: { S: `U#${ID}` },
    version: { N: '3' },
    created: { S: '2026-01-01T00:00:00.000Z' },
    lastModified: { S: '2026-02-01T00:00:00.000Z' },
    body: { S: JSON.stringify(attributes) },
    active: { BOOL: true },
    sessionEpoch: { N: '0' },
  };
  const answers: Record<string, Buffer> = {
    GetItem: bytesOf({ Item: item }),
    UpdateItem: bytesOf({ Attributes: item }),
    Query: bytesOf({ Items: [], Count: 0 }),
  };
  return {
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: {
      handle: async (request: { headers: Record<string, string> }) => {
        const operation = request.headers['x-amz-target']?.split('.')[1] ?? '';
        const body = answers[operation];
        const headers = { 'content-type': 'application/x-amz-json-1.0' };
        return { response: { statusCode: 200, headers, body } };
      },
    } as never,
  };
}

const bytesOf = (answer: object) => Buffer.from(JSON.stringify(answer));

const STUB = stub();

function eventOf(method: string, body?: object): object {
  return {
    resource: '/v2/Users/{id}',
    path: `/v2/Users/${ID}`,
    httpMethod: method,
    headers: {
      'Content-Type': 'application/scim+json; charset=utf-8',
      'User-Agent': 'bench',
      'X-Forwarded-Proto': 'https',
    },
    multiValueHeaders: {},
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { id: ID },
    stageVariables: null,
    requestContext: {
      requestId: 'bench',
      resourcePath: '/v2/Users/{id}',
      path: `/scim/v2/Users/${ID}`,
      domainName: 'abcdefghij.execute-api.eu-central-1.amazonaws.com',
      authorizer: { tenantId: 'bench', tokenId: 'bench', scope: 'write' },
    },
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
  };
}
