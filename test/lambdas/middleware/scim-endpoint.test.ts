import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { directoryEndpoint } from '../../../lambdas/middleware/scim-endpoint';
import type { Directory } from '../../../src/directory/resources/directory';
import { MAX_EFFORT } from '../../../src/scim/effort';
import { startTestTable, type TestTable } from '../../engine';
import { REGISTRY } from '../../registry';

let engine: TestTable;
beforeAll(async () => {
  engine = await startTestTable();
});
afterAll(() => engine.stop());

const event = {
  httpMethod: 'GET',
  resource: '/v2/Users',
  path: '/v2/Users',
  headers: {},
  requestContext: {
    domainName: 'scim.example.com',
    path: '/v2/Users',
    stage: 'v2',
    authorizer: { tenantId: 'acme' },
  },
} as unknown as APIGatewayProxyEvent;
const context = { getRemainingTimeInMillis: () => 30_000 } as Context;

test('a request begins with an effort of its own, whatever the one before has used', async () => {
  const efforts: Directory['effort'][] = [];
  const handler = directoryEndpoint(engine.table, REGISTRY, async ({ effort }) => {
    expect(effort?.left).toBe(MAX_EFFORT);
    effort?.spend(MAX_EFFORT);
    efforts.push(effort);
    return { status: 204 };
  });

  for (let n = 0; n < 2; n++) expect(await handler(event, context)).toMatchObject({ statusCode: 204 });

  expect(new Set(efforts).size).toBe(2);
});
