import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { directoryEndpoint, scimEndpoint } from '../../../lambdas/middleware/scim-endpoint';
import type { Directory } from '../../../src/directory/resources/directory';
import { scanSlotPartition } from '../../../src/directory/table/keys';
import { DEFAULT_TENANT_SETTINGS } from '../../../src/directory/tenants/settings';
import { readTenantId } from '../../../src/directory/tenants/tenants';
import { MAX_EFFORT } from '../../../src/scim/effort';
import type { Registry } from '../../../src/scim/schema/registry';
import { useTestTable } from '../../../testing/engine';
import { REGISTRY } from '../../../testing/registry';

const engine = useTestTable();

const event = {
  httpMethod: 'GET',
  resource: '/v2/Users',
  path: '/v2/Users',
  headers: {},
  requestContext: {
    domainName: 'scim.example.com',
    path: '/v2/Users',
    stage: 'v2',
    authorizer: { tenantId: 'acme', scope: 'write' },
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

test.each([
  [undefined, {}],
  ['{"logDays":30,"uniqueGroupNames":false}', { uniqueGroupNames: false, logDays: 30 }],
])("the tenant's settings are those that the authorizer hands on: %s", async (settings, chosen) => {
  const authorizer = { tenantId: 'acme', ...(settings === undefined ? {} : { settings }) };
  const seen: Directory['settings'][] = [];
  const handler = directoryEndpoint(engine.table, REGISTRY, async (directory) => {
    seen.push(directory.settings);
    return { status: 204 };
  });

  await handler({ ...event, requestContext: { ...event.requestContext, authorizer } }, context);

  expect(seen).toEqual([{ ...DEFAULT_TENANT_SETTINGS, ...chosen }]);
});

test('a tenant that is strict goes by the strict registry in every function, the next tenant by the usual one', async () => {
  const seen: (true | undefined)[] = [];
  const note = ({ user }: Registry) => {
    seen.push(user.isStrict);
    return Promise.resolve({ status: 204 });
  };
  const handlers = [
    directoryEndpoint(engine.table, REGISTRY, ({ registry }) => note(registry)),
    scimEndpoint(REGISTRY, note),
  ];

  for (const handler of handlers)
    for (const settings of ['{"strict":true}', undefined])
      await handler(
        { ...event, requestContext: { ...event.requestContext, authorizer: { tenantId: 'acme', settings } } },
        context,
      );

  expect(seen).toEqual([true, undefined, true, undefined]);
});

test.each([
  ['write', 'PATCH', '/v2/Users/{id}', 204],
  ['write', 'POST', '/v2/Users', 204],
  ['read', 'GET', '/v2/Users/{id}', 204],
  ['read', 'HEAD', '/v2/Users', 204],
  ['read', 'POST', '/v2/Users/.search', 204],
  ['read', 'POST', '/v2/.search', 204],
  ['read', 'POST', '/v2/Users', 403],
  ['read', 'PUT', '/v2/Users/{id}', 403],
  ['read', 'PATCH', '/v2/Groups/{id}', 403],
  ['read', 'DELETE', '/v2/Groups/{id}', 403],
  ['read', 'POST', '/v2/Bulk', 403],
  [undefined, 'DELETE', '/v2/Users/{id}', 403],
])('a token of the scope %s that sends %s %s is answered %d', async (scope, method, resource, status) => {
  let runs = 0;
  const endpoint = async () => {
    runs += 1;
    return { status: 204 };
  };
  const authorizer = { tenantId: 'acme', ...(scope === undefined ? {} : { scope }) };
  const request = {
    ...event,
    httpMethod: method,
    resource,
    // Only the route says what is asked for: a client chooses the rest of the path.
    path: '/v2/Users/.search',
    requestContext: { ...event.requestContext, authorizer },
  };
  for (const handler of [
    directoryEndpoint(engine.table, REGISTRY, endpoint),
    scimEndpoint(REGISTRY, endpoint),
  ])
    expect(await handler(request, context)).toMatchObject({ statusCode: status });
  expect(runs).toBe(status === 204 ? 2 : 0);
});

describe('a body', () => {
  const send = (body: string | null, endpoint: Parameters<typeof directoryEndpoint>[2]) =>
    directoryEndpoint(engine.table, REGISTRY, endpoint)({ ...event, httpMethod: 'POST', body }, context);

  test('is parsed when the endpoint asks for it, and anew each time', async () => {
    const bodies: unknown[] = [];

    await send('{"userName":"ann"}', async (_, request) => {
      for (let n = 0; n < 2; n++) bodies.push(await request.body());
      return { status: 204 };
    });

    expect(bodies).toEqual([{ userName: 'ann' }, { userName: 'ann' }]);
  });

  test.each([
    ['malformed', '{"userName":', 'The body is not valid JSON'],
    ['empty', ' ', 'The request has no body'],
    ['absent', null, 'The request has no body'],
  ])(
    'that is %s is 400 invalidSyntax where it is read, and nothing to an endpoint without',
    async (_, body, detail) => {
      const read = await send(body, async (_directory, request) => {
        await request.body();
        return { status: 204 };
      });
      const unread = await send(body, async () => ({ status: 204 }));

      expect(JSON.parse(read.body)).toMatchObject({
        status: '400',
        scimType: 'invalidSyntax',
        detail: expect.stringContaining(detail),
      });
      expect(unread.statusCode).toBe(204);
    },
  );

  test('has its length beside it, whatever the gateway hands over', async () => {
    let length: string | undefined;

    await send('{"userName":"ö"}', async (_, { headers }) => {
      length = headers['content-length'];
      return { status: 204 };
    });

    expect(length).toBe('17');
  });
});

describe('the slot of a scan', () => {
  const held = () => engine.table.queryAll({ pk: scanSlotPartition(readTenantId('acme')) });
  /** An endpoint in a stack with so many scans for each tenant, which is read when the function starts. */
  function endpointWith(scans: string | undefined, work: (directory: Directory) => Promise<unknown>) {
    if (scans !== undefined) process.env.TENANT_SCANS = scans;
    try {
      return directoryEndpoint(engine.table, REGISTRY, async (directory) => {
        await work(directory);
        return { status: 204 };
      });
    } finally {
      delete process.env.TENANT_SCANS;
    }
  }
  const scan = async ({ scanSlot }: Directory) => scanSlot?.take();

  test('is given back before the answer, also to a request that fails', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
    const during: number[] = [];
    const scanAnd = (fail: boolean) =>
      endpointWith('1', async (directory) => {
        await scan(directory);
        during.push((await held()).length);
        if (fail) throw new Error('a fault');
      });

    for (const fail of [true, false, true]) await scanAnd(fail)(event, context);

    expect(during).toEqual([1, 1, 1]);
    expect(await held()).toEqual([]);
    printed.mockRestore();
  });

  test('is refused with 429, when to come again and what to do; the log names the tenant, a metric counts it', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
    const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const handler = endpointWith('1', scan);
    const answer = await endpointWith('1', async (directory) => {
      await scan(directory);
      const { statusCode, headers, body } = await handler(event, context);
      expect([statusCode, headers?.['Retry-After']]).toEqual([429, '5']);
      expect(JSON.parse(body)).toMatchObject({ status: '429', detail: expect.stringMatching(/^No index/) });
    })(event, context);

    expect(answer.statusCode).toBe(204);
    const lines = [...printed.mock.calls, ...write.mock.calls].map(([line]) => String(line));
    expect(lines.filter((line) => line.includes('a scan was refused'))).toEqual([
      expect.stringMatching(/(?=.*"tenantId":"acme")(?=.*"scans":1)(?=.*"RefusedScans":1)/s),
    ]);
    printed.mockRestore();
    write.mockRestore();
  });

  test('is none where tenants have no limits', async () => {
    const seen: unknown[] = [];
    await endpointWith(undefined, async ({ scanSlot }) => seen.push(scanSlot))(event, context);

    expect(seen).toEqual([undefined]);
    expect(() => endpointWith('many', scan)).toThrow('TENANT_SCANS');
  });
});
