import { randomUUID } from 'node:crypto';
import { checkTable } from '../../src/directory/check/check';
import { getGroup, membersOf } from '../../src/directory/groups/groups';
import { finishChange } from '../../src/directory/pending/cleanup';
import type { Directory } from '../../src/directory/resources/directory';
import { dynamoDbClient } from '../../src/directory/table/dynamodb-client';
import { Table } from '../../src/directory/table/table';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { createUser } from '../../src/directory/users/users';
import { useTestTable } from '../../testing/engine';
import { ORIGIN } from '../../testing/origin';
import { type FaultProxy, startFaultProxy } from './fault-proxy';
import { isUnsettled, patch, send, settle, Workload } from './workload';

const isDeep = process.env.SCIM_TEST_DEEP === '1';
/** Identity providers at once, and lives of each; `npm run test:deep` does many times more. */
const PROVIDERS = 4;
const LIVES = isDeep ? 30 : 4;
const SEEDS = isDeep ? [1, 2, 3, 4] : [1];

const engine = useTestTable();
let proxy: FaultProxy;
let faulty: Table;
const client = () =>
  dynamoDbClient({
    endpoint: proxy.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
let faultyClient: ReturnType<typeof client>;

beforeAll(async () => {
  proxy = await startFaultProxy(engine.endpoint, 20261123);
  faultyClient = client();
  faulty = new Table(engine.table.name, faultyClient);
});
afterEach(() => proxy.fail(0));
afterAll(async () => {
  faultyClient.destroy();
  await proxy.stop();
});

/** A tenant of its own, seen through the proxy and without it. */
async function tenantOfItsOwn(): Promise<{ through: Directory; sound: Directory }> {
  const tenant = readTenantId(`t-${randomUUID().slice(0, 8)}`);
  await createTenant(engine.table, { tenantId: tenant, name: 'Faults' });
  const now = () => new Date();
  return {
    through: { table: faulty, tenant, origin: ORIGIN, now },
    sound: { table: engine.table, tenant, origin: ORIGIN, now },
  };
}

async function groupIn(directory: Directory): Promise<string> {
  const { body } = await send(directory, 'POST', 'Groups', { body: { displayName: 'Everybody' } });
  return String(body?.id);
}

/** What the checker finds broken in a tenant, as texts. */
async function broken({ table, tenant }: Directory): Promise<string[]> {
  const { findings } = await checkTable(table, { tenant });
  return findings.map(({ code, detail }) => `${code} ${detail ?? ''}`);
}

describe.each([0.05, 0.5])('with %d of the calls to DynamoDB failing', (rate) => {
  test.each(SEEDS)('keeps every acknowledged write and leaves no half-done one (run %d)', async () => {
    const { through, sound } = await tenantOfItsOwn();
    const groupId = await groupIn(sound);
    const work = Array.from({ length: PROVIDERS }, (_, n) => new Workload(through, groupId, `idp-${n}`));

    proxy.fail(rate);
    await Promise.all(work.map((provider) => provider.run(LIVES)));
    proxy.fail(0);

    const differences = await Promise.all(work.map((provider) => provider.differences(sound)));
    expect(differences.flat()).toEqual([]);
    expect(await broken(sound)).toEqual([]);
    expect(work.reduce((sum, { acknowledged }) => sum + acknowledged, 0)).toBeGreaterThan(0);
    expect([...proxy.counts.values()].length).toBeGreaterThan(0);
  });

  test('carries a membership change out whole that is too large for one transaction', async () => {
    const { through, sound } = await tenantOfItsOwn();
    const groupId = await groupIn(sound);
    const ids: string[] = [];
    for (let n = 0; n < 150; n++) ids.push((await createUser(sound, { userName: `u${n}` })).id);
    const body = patch({ op: 'add', path: 'members', value: ids.map((value) => ({ value })) });

    proxy.fail(rate);
    const answered = await send(through, 'PATCH', 'Groups', { id: groupId, body });
    proxy.fail(0);

    const isAcknowledged = settle('PATCH 150 members', answered, 204);
    await finishChange(sound, groupId);
    const group = await getGroup(sound, groupId);
    const members = group === undefined ? [] : await membersOf(sound, group);
    expect([isAcknowledged ? 150 : 0, 150]).toContain(members.length);
    expect(await broken(sound)).toEqual([]);
  });
});

describe('with every call failing', () => {
  const nearDeadline = (directory: Directory): Directory => ({
    ...directory,
    table: directory.table.with({ deadline: Date.now() + 150 }),
  });

  test.each([
    ['throttled', 429],
    ['throttling', 429],
    ['serverError', 503],
    ['resetBefore', 503],
    ['hang', 503],
  ] as const)('answers "%s" with %d, Retry-After and a SCIM error', async (kind, status) => {
    const { through } = await tenantOfItsOwn();
    const { table, tenant } = nearDeadline(through);
    proxy.fail(1, [kind]);

    const answered = await sendBefore(table, tenant);

    expect(answered.status).toBe(status);
    expect(answered.headers?.['Retry-After']).toMatch(/^[1-9]\d*$/);
    expect(answered.body).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
    });
  });

  /** `send` gives a request its full time; this one has almost none left. */
  function sendBefore(table: Table, tenant: Directory['tenant']) {
    const hurried = Object.assign(Object.create(table) as Table, { with: () => table });
    return send({ table: hurried, tenant, origin: ORIGIN, now: () => new Date() }, 'POST', 'Users', {
      body: { userName: 'nobody' },
    });
  }
});

describe('a write whose answer is lost', () => {
  test.each([['resetAfter'], ['resetInTheMiddle'], ['serverErrorAfter']] as const)(
    'is known again when repeated after "%s": no 409, no 412, and it happens once',
    async (kind) => {
      const { through, sound } = await tenantOfItsOwn();
      const created = await losingOne(kind, () =>
        send(through, 'POST', 'Users', { body: { userName: 'ann' } }),
      );
      const id = String(created.body?.id);
      const etag = created.headers?.ETag;
      const body = patch({ op: 'replace', path: 'title', value: 'CTO' });

      const changed = await losingOne(kind, () =>
        send(through, 'PATCH', 'Users', { id, body, ifMatch: etag }),
      );

      expect([created.status, changed.status]).toEqual([201, 200]);
      expect(changed.headers?.ETag).toBe('W/"2"');
      expect((await send(sound, 'GET', 'Users', { id })).headers?.ETag).toBe('W/"2"');
      expect(isUnsettled(changed)).toBe(false);
    },
  );

  /** The first attempt of the write is carried out but its answer is lost; then all goes well. */
  async function losingOne<Answer>(
    kind: 'resetAfter' | 'resetInTheMiddle' | 'serverErrorAfter',
    work: () => Promise<Answer>,
  ) {
    const lost = proxy.counts.get(kind) ?? 0;
    proxy.fail(1, [kind], 'writes');
    let isDone = false;
    const working = work().finally(() => {
      isDone = true;
    });
    while (!isDone && (proxy.counts.get(kind) ?? 0) < lost + 1)
      await new Promise((resolve) => setImmediate(resolve));
    proxy.fail(0);
    return working;
  }
});
