import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context, DynamoDBRecord } from 'aws-lambda';
import type { handler as followUpHandler } from '../../lambdas/follow-up';
import type { handler as sweepHandler } from '../../lambdas/revocation-sweep';
import type { handler as revokeHandler } from '../../lambdas/session-revoker';
import type { handler as watchHandler } from '../../lambdas/tenant-sweep';
import { entryPut } from '../../src/directory/log/entry';
import type { Directory } from '../../src/directory/resources/directory';
import {
  type ItemKey,
  type ResourceId,
  resourceKey,
  sessionPartition,
  toldKey,
} from '../../src/directory/table/keys';
import { DEFAULT_TENANT_SETTINGS } from '../../src/directory/tenants/settings';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { issueToken } from '../../src/directory/tenants/tokens';
import { createUser, modifyUser } from '../../src/directory/users/users';
import { SessionStore } from '../../src/sessions';
import { useTestTable } from '../../testing/engine';
import { ORIGIN } from '../../testing/origin';

const engine = useTestTable();
let directory: Directory;
let revoke: typeof revokeHandler;
let sweep: typeof sweepHandler;
let followUp: typeof followUpHandler;
let watch: typeof watchHandler;
let bus: Server;
/** Types of the events that the bus accepts from now on; the next one is refused. */
let accepts = Number.POSITIVE_INFINITY;
const told: string[] = [];
/** Regions in which the bus was called. */
const busRegions = new Set<string | undefined>();
let printed: jest.SpyInstance[];
const tenant = readTenantId('acme');

beforeAll(async () => {
  directory = { table: engine.table, tenant, origin: ORIGIN, now: () => new Date() };
  await createTenant(engine.table, { tenantId: tenant, name: 'Acme Inc' });
  bus = createServer(async (request, response) => {
    busRegions.add(request.headers.authorization?.split('/')[2]);
    let body = '';
    for await (const chunk of request) body += chunk;
    const entries: { DetailType: string }[] = JSON.parse(body).Entries;
    const Entries = entries.map(({ DetailType }) => {
      if (accepts-- <= 0) return { ErrorCode: 'InternalFailure' };
      told.push(DetailType);
      return { EventId: 'x' };
    });
    response
      .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify({ FailedEntryCount: 0, Entries }));
  });
  await new Promise<void>((resolve) => bus.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    TABLE_NAME: engine.table.name,
    EVENT_BUS_NAME: 'arn:aws:events:us-east-1:111122223333:event-bus/bus',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(bus.address() as AddressInfo).port}`,
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    POWERTOOLS_METRICS_NAMESPACE: 'Scim',
    POWERTOOLS_SERVICE_NAME: 'Scim',
    POWERTOOLS_METRICS_DISABLED: 'false',
    POWERTOOLS_DEV: 'true',
    UNUSUAL_LOSSES: '1',
    UNUSUAL_LOSS_PERCENT: '20',
    UNUSUAL_REFUSALS: '100',
    SILENT_HOURS: '168',
    EXPIRING_DAYS: '20',
  });
  ({ handler: revoke } = await import('../../lambdas/session-revoker'));
  ({ handler: sweep } = await import('../../lambdas/revocation-sweep'));
  ({ handler: followUp } = await import('../../lambdas/follow-up'));
});
afterAll(async () => {
  bus.closeAllConnections();
  await new Promise((resolve) => bus.close(resolve));
});
beforeEach(() => {
  printed = (['log', 'info', 'warn', 'error'] as const).map((method) =>
    jest.spyOn(console, method).mockImplementation(() => {}),
  );
  told.length = 0;
  accepts = Number.POSITIVE_INFINITY;
});
afterEach(() => {
  for (const spy of printed) spy.mockRestore();
});

const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
let sequence = 0;
const record = (
  pk: string,
  sk: string,
  images: Partial<NonNullable<DynamoDBRecord['dynamodb']>> = {},
): DynamoDBRecord => ({
  dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } }, SequenceNumber: String(++sequence), ...images },
});
const ofUser = (id: string) => record(`T#${tenant}#`, `U#${id}`);
/** The metrics printed in CloudWatch's embedded format. */
const metrics = () =>
  printed
    .flatMap(({ mock }) => mock.calls.flat())
    .filter((text): text is string => typeof text === 'string' && text.includes('CloudWatchMetrics'))
    .map((text): Record<string, unknown> => JSON.parse(text));
const stored = (id: string) => engine.table.queryAll({ pk: sessionPartition(tenant, id) });
let users = 0;
async function leaver(): Promise<ResourceId> {
  const { id } = await createUser(directory, { userName: `user-${++users}`, active: true });
  await new SessionStore(engine.table).issue(tenant, id);
  await modifyUser(directory, id, (attributes) => ({ ...attributes, active: false }));
  return id;
}

describe('the session revoker', () => {
  test('removes the sessions of every user in the batch, and tells the lag of each', async () => {
    const [one, two] = [await leaver(), await leaver()];

    const answer = await revoke({ Records: [ofUser(one), ofUser(two)] }, context);

    expect(answer).toEqual({ batchItemFailures: [] });
    expect([...(await stored(one)), ...(await stored(two))]).toEqual([]);
    const [told] = metrics();
    expect(told).toMatchObject({
      service: 'Scim',
      SessionsRevoked: expect.anything(),
      RevocationLag: expect.anything(),
    });
    expect([told?.RevocationLag].flat()).toHaveLength(2);
  });

  test('a record that is late, repeated or of something else does nothing and tells no lag', async () => {
    const id = await leaver();
    await revoke({ Records: [ofUser(id)] }, context);
    for (const spy of printed) spy.mockClear();

    const answer = await revoke(
      { Records: [ofUser(id), record('K#x', '-'), record('T#acme#', 'U#not-an-id')] },
      context,
    );

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(metrics().some((line) => 'RevocationLag' in line)).toBe(false);
  });

  test('a record that fails is reported, and the others are done', async () => {
    const [bad, good] = [await leaver(), await leaver()];
    const spy = jest
      .spyOn(Object.getPrototypeOf(engine.table), 'batchGet')
      .mockRejectedValueOnce(new Error('away'));

    const answer = await revoke({ Records: [ofUser(bad), ofUser(good)] }, context);

    spy.mockRestore();
    expect(answer.batchItemFailures).toHaveLength(1);
    expect((await stored(bad)).length + (await stored(good)).length).toBe(1);
  });
});

describe('the sweep', () => {
  test('works off what is overdue, and tells the age of the oldest mark', async () => {
    const id = await leaver();
    await engine.table.write({
      kind: 'update',
      key: resourceKey(tenant, 'User', id),
      update: 'SET revocationPending = :long',
      values: { ':long': Date.now() - 200_000 },
    });

    await sweep({}, context);

    expect(await stored(id)).toEqual([]);
    const [told] = metrics();
    expect(Number(told?.OldestPendingRevocation)).toBeGreaterThanOrEqual(200);
  });

  test('tells its metric also when there is nothing to do', async () => {
    await sweep({}, context);

    expect(metrics()[0]).toHaveProperty('OldestPendingRevocation');
  });

  test('tells no metric when it could not look: the alarm takes silence for failure', async () => {
    const spy = jest.spyOn(Object.getPrototypeOf(engine.table), 'query').mockRejectedValue(new Error('away'));

    await expect(sweep({}, context)).rejects.toThrow('away');

    spy.mockRestore();
    expect(metrics().some((line) => 'OldestPendingRevocation' in line)).toBe(false);
  });
});

describe('what follows a write', () => {
  const deletion = () =>
    record(`T#${tenant}#`, 'U#2819c223-7f76-453a-919d-413861904646', {
      OldImage: { version: { N: '1' }, body: { S: '{}' } },
    });

  test('publishes the events of a batch in order', async () => {
    const records = [deletion(), record('T#acme#V#x', '-'), deletion()];

    expect(await followUp({ Records: records }, context)).toEqual({ batchItemFailures: [] });

    expect(told).toEqual(['user.deleted', 'user.deleted']);
    // The bus's own region, which need not be the stack's.
    expect(busRegions).toEqual(new Set(['us-east-1']));
  });

  test('asks for the records again from the first one whose event was not accepted', async () => {
    const records = [deletion(), deletion(), deletion()];
    accepts = 1;

    const { batchItemFailures } = await followUp({ Records: records }, context);

    expect(batchItemFailures).toEqual([{ itemIdentifier: records[1]?.dynamodb?.SequenceNumber }]);
  });
});

describe('the sweep over all tenants', () => {
  const entries: ItemKey[] = [];
  // It keeps when it last looked at the tokens.
  beforeEach(() =>
    jest.isolateModulesAsync(async () => {
      ({ handler: watch } = await import('../../lambdas/tenant-sweep'));
    }),
  );
  afterEach(() =>
    engine.table.batchWrite([...entries.splice(0), toldKey(tenant)].map((key) => ({ kind: 'delete', key }))),
  );
  const deactivations = async (count: number) => {
    const time = new Date().toISOString();
    const puts = Array.from({ length: count }, (_, n) =>
      entryPut(tenant, { type: 'user.deactivated', time }, `28${n}`, DEFAULT_TENANT_SETTINGS),
    );
    entries.push(...puts.map(({ item: { pk, sk } }) => ({ pk, sk })));
    await engine.table.batchWrite(puts);
  };
  const expiresAt = new Date(Date.now() + 5 * 86_400_000);

  test('tells the bus, counts what it has seen, and logs which tenant it is; tokens it looks at once an hour', async () => {
    await issueToken(engine.table, { tenant, label: 'entra', scope: 'write', expiresAt });
    await watch({}, context);
    expect(metrics()[0]).toMatchObject({ UnusualTenants: 0, RefusingTenants: 0, SilentTenants: 0 });
    expect(metrics()[0]).toMatchObject({ service: 'Scim', ExpiringCredentials: 1 });
    for (const spy of printed) spy.mockClear();
    await deactivations(2);

    await watch({}, context);

    expect(told).toEqual(['tenant.unusual_activity']);
    const [line] = printed
      .flatMap(({ mock }) => mock.calls.flat())
      .filter((text) => String(text).includes('a tenant is to be looked at'));
    expect(JSON.parse(String(line))).toMatchObject({
      tenantId: tenant,
      type: 'tenant.unusual_activity',
      activity: 'deactivations',
      count: 2,
    });
    expect(metrics()[0]).toMatchObject({ UnusualTenants: 1 });
    // Unless the hour has ended meanwhile, which is only another look.
    expect([undefined, 1]).toContain(metrics()[0]?.ExpiringCredentials);
  });

  test('fails when the bus is away, so that its alarm rings, and has counted even so', async () => {
    await deactivations(3);
    accepts = 0;

    await expect(watch({}, context)).rejects.toThrow('1 tenants could not be looked at');

    expect(metrics()).toHaveLength(1);
  });
});
