import { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { requestLog } from '../../../lambdas/middleware/request-log';
import { scimIds } from '../../../lambdas/middleware/scim-ids';

const ID = '0b2f0c9e-7a55-4c0e-9d0f-3f6f6a1d2c11';
const BASE = 'https://scim.example.com/scim/v2';

/** The entry that a request and its answer make. */
async function entryOf(
  request: { method: string; route: string; id?: string },
  answer: Partial<APIGatewayProxyResult>,
): Promise<Record<string, unknown>> {
  const logger = new Logger();
  const info = jest.spyOn(logger, 'info').mockReturnValue();
  const handler = middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use(requestLog(logger, scimIds))
    .handler(async () => ({ statusCode: 200, body: '', ...answer }));
  const event = {
    httpMethod: request.method,
    pathParameters: request.id === undefined ? null : { id: request.id },
    requestContext: {
      resourcePath: request.route,
      requestId: 'r-1',
      authorizer: { tenantId: 'acme', tokenId: 't-1' },
    },
  } as unknown as APIGatewayProxyEvent;
  await handler(event, {} as Context);
  expect(info).toHaveBeenCalledTimes(1);
  const [message, entry] = info.mock.calls[0] ?? [];
  expect(message).toBe('request');
  return JSON.parse(JSON.stringify(entry)) as Record<string, unknown>;
}

test('a request is one entry with ids and outcome', async () => {
  expect(await entryOf({ method: 'PATCH', route: '/v2/Users/{id}', id: ID }, { statusCode: 204 })).toEqual({
    method: 'PATCH',
    route: '/v2/Users/{id}',
    resourceId: ID,
    status: 204,
    durationMs: expect.any(Number),
    tenantId: 'acme',
    tokenId: 't-1',
    requestId: 'r-1',
  });
});

test('a creation has the id that was given', async () => {
  const headers = { Location: `${BASE}/Users/${ID}` };

  expect(await entryOf({ method: 'POST', route: '/v2/Users' }, { statusCode: 201, headers })).toMatchObject({
    resourceId: ID,
  });
});

test('what is no id is not logged in its place: it may be a name', async () => {
  const entry = await entryOf(
    { method: 'GET', route: '/v2/Users/{id}', id: 'ann@example.com' },
    { statusCode: 404 },
  );

  expect(entry).not.toHaveProperty('resourceId');
  expect(JSON.stringify(entry)).not.toContain('ann');
});

test('a Bulk request has method, id and status of each operation, and nothing else of it', async () => {
  const Operations = [
    { method: 'POST', bulkId: 'ann', location: `${BASE}/Users/${ID}`, version: 'W/"1"', status: '201' },
    { method: 'PATCH', location: `${BASE}/Groups/${ID}`, status: '200' },
    {
      method: 'ann@example.com',
      location: '/Users/ann@example.com',
      status: '400',
      response: { detail: 'ann' },
    },
    { method: 'POST', bulkId: 'bob', status: '409', response: { detail: 'bob' } },
  ];

  const entry = await entryOf(
    { method: 'POST', route: '/v2/Bulk' },
    { body: JSON.stringify({ Operations }) },
  );

  expect(entry.operations).toEqual([
    { method: 'POST', resourceId: ID, status: '201' },
    { method: 'PATCH', resourceId: ID, status: '200' },
    { status: '400' },
    { method: 'POST', status: '409' },
  ]);
  expect(JSON.stringify(entry)).not.toMatch(/ann|bob/);
});
