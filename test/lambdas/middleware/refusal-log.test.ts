import { randomUUID } from 'node:crypto';
import type { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import fc from 'fast-check';
import type { directoryEndpoint as makeEndpoint } from '../../../lambdas/middleware/scim-endpoint';
import type { errorResponse as answerTo } from '../../../lambdas/middleware/scim-errors';
import { readLog } from '../../../src/directory/log/read-log';
import { Table } from '../../../src/directory/table/table';
import { readTenantId } from '../../../src/directory/tenants/tenants';
import { bulkEndpoint } from '../../../src/endpoints/scim/bulk';
import { groupsEndpoint } from '../../../src/endpoints/scim/groups';
import { usersEndpoint } from '../../../src/endpoints/scim/users';
import type { JsonValue } from '../../../src/scim/json';
import { REGISTRY } from '../../../testing/registry';
import { memoryClient } from '../../memory-dynamodb/client';
import { MemoryStore } from '../../memory-dynamodb/store';

const tenant = readTenantId('acme');
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
let directoryEndpoint: typeof makeEndpoint;
let errorResponse: typeof answerTo;
let Logger: typeof PowertoolsLogger;
beforeAll(async () => {
  // The logger decides when it is made whether it writes where a test can listen.
  process.env.POWERTOOLS_DEV = 'true';
  ({ Logger } = await import('@aws-lambda-powertools/logger'));
  ({ errorResponse } = await import('../../../lambdas/middleware/scim-errors'));
  ({ directoryEndpoint } = await import('../../../lambdas/middleware/scim-endpoint'));
});
let store: MemoryStore;
let table: Table;
let printed: jest.SpyInstance[];
beforeEach(() => {
  store = new MemoryStore();
  table = new Table('memory', memoryClient(store));
  printed = (['info', 'warn', 'error'] as const).map((method) =>
    jest.spyOn(console, method).mockImplementation(() => {}),
  );
});
afterEach(() => {
  for (const spy of printed) spy.mockRestore();
});

const ENDPOINTS = {
  Users: usersEndpoint,
  Groups: groupsEndpoint,
  Bulk: (...[directory, request]: Parameters<typeof usersEndpoint>) =>
    bulkEndpoint(directory, request, (error) => errorResponse(error, new Logger())),
};

async function send(
  method: string,
  resource: keyof typeof ENDPOINTS,
  {
    id,
    body,
    query,
    scope = 'write',
  }: { id?: string; body?: JsonValue; query?: Record<string, string>; scope?: string } = {},
) {
  const path = `/v2/${resource}`;
  const text = body === undefined ? null : JSON.stringify(body);
  const event = {
    httpMethod: method,
    resource: id === undefined ? path : `${path}/{id}`,
    path,
    pathParameters: id === undefined ? null : { id },
    queryStringParameters: query ?? null,
    headers: { 'Content-Type': 'application/scim+json' },
    body: text,
    requestContext: {
      domainName: 'scim.example.com',
      path,
      stage: 'v2',
      resourcePath: path,
      // What a client has sent as x-amzn-RequestId.
      requestId: 'ann@example.com',
      extendedRequestId: 'r1',
      authorizer: { tenantId: tenant, tokenId: 't1', scope },
    },
  } as unknown as APIGatewayProxyEvent;
  const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
  return directoryEndpoint(table, REGISTRY, ENDPOINTS[resource])(event, context);
}

async function refusals() {
  const found = [];
  const range = {
    since: new Date(Date.now() - 3_600_000).toISOString(),
    until: new Date(Date.now() + 60_000).toISOString(),
    only: 'refused' as const,
  };
  for await (const { place: _place, time: _time, ...entry } of readLog(table, tenant, range))
    found.push(entry);
  return found;
}

test('a refused request is an entry with our sentence and without what was sent; the same again is counted', async () => {
  const body = { schemas: [USER], userName: 'ann@example.com' };
  await send('POST', 'Users', { body });
  for (let n = 0; n < 2; n++)
    expect(await send('POST', 'Users', { body })).toMatchObject({ statusCode: 409 });

  const found = await refusals();
  expect(found.reduce((sum, { count = 0 }) => sum + count, 0)).toBe(2);
  expect(found[0]).toMatchObject({
    type: 'request.refused',
    actor: 'token:t1',
    requestId: 'r1',
    method: 'POST',
    route: '/v2/Users',
    status: 409,
    scimType: 'uniqueness',
    detail: 'Another user has the userName "…".',
  });
});

test('a write with a token that may only read is an entry, and is not done', async () => {
  const body = { schemas: [USER], userName: 'ann@example.com' };
  const operation = { method: 'POST', path: '/Users', bulkId: 'a', data: body };
  const bulk = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: [operation],
  };
  expect(await send('POST', 'Users', { body, scope: 'read' })).toMatchObject({ statusCode: 403 });
  expect(await send('POST', 'Bulk', { body: bulk, scope: 'read' })).toMatchObject({ statusCode: 403 });
  const list = await send('GET', 'Users', { scope: 'read' });

  expect(JSON.parse(list.body)).toMatchObject({ totalResults: 0 });
  const entries = (await refusals()).map(({ actor, status, route, detail }) => [
    actor,
    status,
    route,
    detail,
  ]);
  const detail = expect.stringMatching(/^The token does not permit this request\..*write scope\.$/);
  expect(entries.sort()).toEqual([
    ['token:t1', 403, '/v2/Bulk', detail],
    ['token:t1', 403, '/v2/Users', detail],
  ]);
});

test('who is not there is an entry when they were to be changed, and none when they were only looked for', async () => {
  const id = '2819c223-7f76-453a-919d-413861904646';
  await send('GET', 'Users', { id });
  await send('DELETE', 'Users', { id });

  expect(await refusals()).toEqual([
    expect.objectContaining({ method: 'DELETE', route: '/v2/Users/{id}', status: 404, resourceId: id }),
  ]);
});

test('each operation of a Bulk request that failed is an entry', async () => {
  const data = { schemas: [USER], userName: 'ann@example.com' };
  const post = (bulkId: string) => ({ method: 'POST', path: '/Users', bulkId, data });
  await send('POST', 'Bulk', {
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [post('a'), post('b'), { method: 'DELETE', path: '/Users/nobody' }],
    },
  });

  const statuses = (await refusals()).map(({ method, status }) => `${method} ${status}`).sort();
  expect(statuses).toEqual(['DELETE 404', 'POST 409']);
});

test('touching a protected user is an entry, and a line that counts as a metric, alone and in Bulk', async () => {
  const created = await send('POST', 'Users', { body: { schemas: [USER], userName: 'ann@example.com' } });
  const id = String(JSON.parse(created.body).id);
  await table.write({
    kind: 'update',
    key: { pk: `T#${tenant}#`, sk: `U#${id}` },
    update: 'SET protectedAt = :now',
    values: { ':now': Date.now() },
  });

  const alone = await send('DELETE', 'Users', { id });
  await send('POST', 'Bulk', {
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [{ method: 'DELETE', path: `/Users/${id}` }],
    },
  });

  expect(alone.statusCode).toBe(403);
  // Those of one minute come in the order of their digests.
  const byRoute = (await refusals()).sort((a, b) => String(a.route).localeCompare(String(b.route)));
  expect(byRoute).toEqual(
    ['/v2/Bulk', '/v2/Users/{id}'].map((route) =>
      expect.objectContaining({
        route,
        status: 403,
        resourceId: id,
        detail: expect.stringContaining('This user is protected by the provider of this application'),
      }),
    ),
  );
  const lines = jest.mocked(console.error).mock.calls.map(([line]) => JSON.parse(String(line)));
  expect(lines).toHaveLength(2);
  for (const line of lines)
    expect(line).toMatchObject({
      level: 'ERROR',
      message: 'a protected user was touched',
      tenantId: tenant,
      userId: id,
      from: 'deletion',
      ProtectedUserTouched: 1,
      _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: 'ProtectedUserTouched', Unit: 'Count' }] }] },
    });
});

const NOBODY = '2819c223-7f76-453a-919d-413861904646';
const patchMembers = (op: string, ...values: string[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op, path: 'members', value: values.map((value) => ({ value })) }],
});

test('members that nobody knows are left out, and an entry of each request says so by the ids alone', async () => {
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group'];
  const { body } = await send('POST', 'Users', { body: { schemas: [USER], userName: 'ann@example.com' } });
  const ann = { value: JSON.parse(body).id };
  const unknown = { value: NOBODY };
  const created = await send('POST', 'Groups', {
    body: { schemas, displayName: 'Sales', members: [ann, unknown, { value: 'bob@example.com' }] },
  });
  const { id } = JSON.parse(created.body);
  const told = {
    type: 'members.unknown',
    actor: 'token:t1',
    requestId: 'r1',
    resourceId: id,
    count: 1,
    lastAt: expect.any(String),
  };

  expect(await refusals()).toEqual([
    { ...told, method: 'POST', route: '/v2/Groups', unknown: 2, unknownIds: [NOBODY] },
  ]);

  await send('PATCH', 'Groups', { id, body: patchMembers('add', NOBODY) });
  await send('PUT', 'Groups', { id, body: { schemas, displayName: 'Sales', members: [ann, unknown] } });
  await send('PATCH', 'Groups', { id, body: patchMembers('add', ann.value) });
  await send('PATCH', 'Groups', { id, body: patchMembers('remove', NOBODY) });
  const path = `/Groups/${id}`;
  await send('POST', 'Bulk', {
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        { method: 'PATCH', path, data: patchMembers('add', NOBODY) },
        { method: 'PATCH', path: `/Groups/${NOBODY}`, data: patchMembers('add', NOBODY) },
      ],
    },
  });

  const left = (await refusals()).filter(({ type }) => type === 'members.unknown');
  expect(left.map(({ method, route, unknown }) => `${method} ${route} ${unknown}`).sort()).toEqual([
    'PATCH /v2/Groups/{id} 1',
    'POST /v2/Bulk 1',
    'POST /v2/Groups 2',
    'PUT /v2/Groups/{id} 1',
  ]);
});

test('a request with many unknown members tells how many, and one that comes to nothing tells none', async () => {
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group'];
  const members = Array.from({ length: 150 }, () => ({ value: randomUUID() }));
  await send('POST', 'Groups', { body: { schemas, displayName: 'Sales', members } });
  await send('PATCH', 'Groups', { id: NOBODY, body: patchMembers('add', NOBODY) });

  const [entry, ...others] = (await refusals()).filter(({ type }) => type === 'members.unknown');
  expect(entry).toMatchObject({ unknown: 150 });
  expect(entry).not.toHaveProperty('unknownIds');
  expect(others).toEqual([]);
});

test('an answer does not depend on its refusal being written', async () => {
  const broken = new Table(
    'memory',
    memoryClient(store, async (call, answer) => {
      if (JSON.stringify(call.input).includes('REFUSED#')) throw new Error('down');
      return answer();
    }),
  );
  table = broken;

  expect(await send('DELETE', 'Users', { id: 'nobody' })).toMatchObject({ statusCode: 404 });
  const [line] = printed
    .flatMap(({ mock }) => mock.calls.flat())
    .filter((text) => String(text).includes('was not put into the provisioning log'));
  expect(JSON.parse(String(line))).toMatchObject({
    level: 'ERROR',
    tenantId: tenant,
    requestId: 'r1',
    RefusalsUnwritten: 1,
    _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: 'RefusalsUnwritten' }] }] },
  });
});

const MARK = 'Zx9Secret';
const marked = fc.constantFrom(
  MARK,
  `${MARK}@example.com`,
  `"${MARK}"`,
  `a "${MARK}" b`,
  `${MARK}'`,
  ` ${MARK}`,
);
const anything = fc.oneof(
  marked,
  fc.record({ value: marked, type: marked }),
  fc.array(marked, { maxLength: 2 }),
);
const names = fc.constantFrom(
  'userName',
  'active',
  'emails',
  'externalId',
  'members',
  'name',
  'addresses',
  'schemas',
);
const filters = fc
  .tuple(names, fc.constantFrom('eq', 'co', 'xx', ''), marked)
  .map((words) => words.join(' '));

test('nothing that a client sends is in the log of what was refused', async () => {
  const bodies = fc.dictionary(names, anything).map((attributes) => ({ schemas: [USER], ...attributes }));
  const patches = fc
    .array(
      fc.record({
        op: fc.constantFrom('add', 'replace', 'remove', MARK),
        path: fc.oneof(
          names,
          marked,
          fc.tuple(names, filters).map(([name, filter]) => `${name}[${filter}].value`),
        ),
        value: anything,
      }),
      { minLength: 1, maxLength: 2 },
    )
    .map((Operations) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations }));
  const kinds = fc.constantFrom('Users' as const, 'Groups' as const);
  const misshapen = fc.oneof(
    marked,
    fc.record({ Operations: fc.oneof(marked, fc.array(marked, { minLength: 1, maxLength: 2 })) }),
    marked.map((failOnErrors) => ({ failOnErrors, Operations: [] })),
    marked.map((version) => ({ Operations: [{ method: 'DELETE', path: '/Users/x', version: [version] }] })),
  );
  await fc.assert(
    fc.asyncProperty(kinds, bodies, patches, filters, marked, misshapen, async (...sent) => {
      const [kind, body, patch, filter, id, noMessage] = sent;
      await send('POST', kind, { body });
      await send('PUT', kind, { id, body });
      const [user] = store.all().filter(({ pk }) => pk === `T#${tenant}#`);
      await send('PATCH', kind, { id: String(user?.sk ?? `U#${id}`).slice(2), body: patch });
      await send('PATCH', kind, { id, body: noMessage });
      await send('GET', kind, { query: { filter } });
      await send('GET', kind, { query: { sortBy: id, count: id } });
      await send('POST', 'Bulk', {
        body: { schemas: body.schemas, Operations: [{ method: id, path: id, bulkId: id, data: body }] },
      });
      await send('POST', 'Bulk', { body: noMessage });

      const items = store.all().filter(({ pk }) => String(pk).startsWith('REFUSED#'));
      expect(JSON.stringify(items)).not.toContain(MARK);
    }),
    { numRuns: 150 },
  );
});
