import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { actEntry } from '../../src/admin/acts';
import { tableDeployment } from '../../src/admin/deployment';
import { classify } from '../../src/directory/check/item-kind';
import { journalChange } from '../../src/directory/groups/membership-journal';
import { cleanUp, finishChange } from '../../src/directory/pending/cleanup';
import { sweepCleanups } from '../../src/directory/pending/cleanup-sweep';
import type { Directory } from '../../src/directory/resources/directory';
import { setupOrigin } from '../../src/directory/resources/origin';
import { LargeTenants, ScanSlot } from '../../src/directory/resources/scan-slot';
import { resourceKey, scanSlotPartition, sessionPartition } from '../../src/directory/table/keys';
import { SETUP_PERMISSIONS } from '../../src/directory/tenants/setup-link-item';
import { createSetupLink, recordSetupLinkUse } from '../../src/directory/tenants/setup-links';
import { removeTenantPart } from '../../src/directory/tenants/tenant-removal';
import { suspendTenant } from '../../src/directory/tenants/tenant-status';
import { findToken, recordTokenUse } from '../../src/directory/tenants/token-check';
import { issueToken } from '../../src/directory/tenants/tokens';
import { createUser, deleteUser } from '../../src/directory/users/users';
import { setupEndpoint } from '../../src/endpoints/setup/endpoint';
import { eraseEvents } from '../../src/events/event-log/erase-events';
import { keepEvents } from '../../src/events/event-log/keep-events';
import { logChanges } from '../../src/events/log/log-changes';
import { watchTenants } from '../../src/events/watch/watch-tenants';
import { revokePending } from '../../src/offboarding/revoke';
import { readAccessState } from '../../src/offboarding/sinks/access-state';
import { sweepRevocations } from '../../src/offboarding/sweep';
import { sweepTenants } from '../../src/offboarding/sweep-tenants';
import type { JsonObject } from '../../src/scim/json';
import { resourcesOf, type Service, serviceOf } from '../../testing/service';
import { findingsIn, newWorld, pendingIn, type World, worldOf } from '../directory/crash-points/world';
import { streamOf } from '../events/log/stream-of';
import { allowedBy, ofFunction, type Statement, statementsOf } from './policies';
import { EVERY_FUNCTION, type Synthesized, synthesize } from './synthesize';

/**
 * What each function does, on a table that refuses whatever the function's policy does not allow: the policies leave
 * nothing out that is needed. That they hold nothing more is access.test.ts.
 */
let stack: Synthesized;
let statements: Statement[];
beforeAll(() => {
  stack = synthesize(EVERY_FUNCTION);
  statements = statementsOf(stack);
});

let world: World;
beforeEach(async () => {
  world = await newWorld();
});

/** The same table with the rights of a function. */
const as = (name: string): World =>
  worldOf(world.store, world.clock, allowedBy(ofFunction(statements, name)));
/** The endpoints with the rights of a function. */
const endpoints = (name: string): Service => serviceOf(as(name).directory);
const statusOf = async (answer: ReturnType<Service['send']>) => (await answer).status;

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const patch = (...Operations: JsonObject[]): JsonObject => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});
const DEACTIVATION = patch({ op: 'replace', path: 'active', value: false });

/** A user in `groups` groups, with a session. */
async function member({ directory, sessions, tenant }: World, groups = 1): Promise<string> {
  const service = serviceOf(directory);
  const id = await service.create('/Users', { schemas: [USER], userName: `u${users++}`, externalId: 'x' });
  for (let n = 0; n < groups; n++) {
    await service.create('/Groups', { displayName: `G${users}-${n}`, members: [{ value: id }] });
  }
  await sessions.issue(tenant, id);
  return id;
}
let users = 0;

test('tenant-sweep: what a tenant has lost, how its tokens stand, and what was told of it', async () => {
  const { table, directory } = world;
  const now = new Date();
  const expiresAt = new Date(now.getTime() + 40 * 86_400_000);
  await issueToken(table, { tenant: world.tenant, label: 'entra', scope: 'write', expiresAt, now });
  const later = new Date(now.getTime() + 25 * 86_400_000);
  const changes = streamOf(world.store);
  world.clock.ms = later.getTime() - 60_000;
  for (let n = 0; n < 3; n++) await deleteUser(directory, await member(world, 0));
  await logChanges(table, changes);
  const sweep = as('TenantSweep');

  const told: string[] = [];
  const watched = await watchTenants(sweep.table, {
    now: later,
    deadline: Number.POSITIVE_INFINITY,
    thresholds: { losses: 2, lossPercent: 100, refusals: 1, silentHours: 1, expiringDays: 20 },
    withConnections: true,
    publish: async (events) => {
      await keepEvents(sweep.table, events, { days: 7 });
      told.push(...events.map(({ type }) => type));
    },
    onFound: () => {},
    onFailure: (_, error) => {
      throw error;
    },
  });

  expect(watched).toMatchObject({ unusual: 1, expiring: 1 });
  expect(told.sort()).toEqual(['credential.expiring', 'tenant.unusual_activity']);
});

test('setup: everything that a link permits', async () => {
  const { tenant, store } = world;
  const every = { may: SETUP_PERMISSIONS, roles: ['editor'] };
  const order = { tenant, for: 'IT', lifeMs: 3_600_000, now: new Date(), ...every };
  const { secret } = await createSetupLink(world.table, order);
  const group = await serviceOf(world.directory).create('/Groups', {
    displayName: 'IT',
    members: [{ value: await member(world) }],
  });
  await logChanges(world.table, streamOf(store));
  const { table } = as('Setup');
  const ask = async (method: string, path: string, sent: object = {}, query: Record<string, string> = {}) => {
    const deployment = {
      ...tableDeployment('http://memory.invalid', 'memory'),
      table,
      origin: setupOrigin('x', 'r1'),
    };
    const request = {
      ...{ method, path, headers: { authorization: `Bearer ${secret}` } },
      query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]])),
      body: method === 'GET' || method === 'DELETE' ? undefined : JSON.stringify(sent),
    };
    const { body } = await setupEndpoint(request, {
      ...{ table, branding: { vendor: 'V' }, now: new Date(), authorizerCacheMs: 300_000 },
      deploymentOf: () => deployment,
      onUse: (text, link, { table: ofLink }) =>
        recordSetupLinkUse(ofLink, text, link, new Date(), async () => [
          await actEntry(deployment, tenant, { type: 'setup_link.used', linkId: link.linkId }),
        ]),
      onRefusal: async () => {},
    });
    return body as Record<string, unknown>;
  };

  await ask('PUT', '/progress', { step: 'a' });
  expect(await ask('GET', '/page')).toMatchObject({ progress: { step: 'a' } });
  const { tokenId } = await ask('POST', '/tokens', { label: 'entra' });
  await ask('POST', `/tokens/${tokenId}/rotate`);
  await ask('POST', `/tokens/${tokenId}/revoke`);
  const { clientId } = await ask('POST', '/clients', { label: 'ping' });
  await ask('POST', `/clients/${clientId}/rotate`);
  const trust = { issuer: 'i', subject: 's', audience: 'a', jwks: 'https://login.example.com/keys' };
  await ask('PUT', `/clients/${clientId}/trust`, trust);
  await ask('DELETE', `/clients/${clientId}/trust`);
  await ask('POST', `/clients/${clientId}/revoke`);
  expect(await ask('GET', '/connection')).toMatchObject({ counts: { groups: expect.any(Number) } });
  expect(JSON.stringify(await ask('GET', '/groups'))).toContain(group);
  expect(JSON.stringify(await ask('GET', '/groups', {}, { prefix: 'i' }))).toContain(group);
  await ask('GET', '/role-mappings/preview', {}, { group: 'IT', roles: 'editor' });
  await ask('PUT', '/role-mappings', { group: 'IT', roles: ['editor'] });
  await ask('DELETE', '/role-mappings', {}, { group: 'IT' });
  expect(await ask('GET', '/role-mappings')).toEqual({ items: [] });
  expect(JSON.stringify(await ask('GET', '/log'))).toContain('setup_link.used');
});

test('admin: the deletion of a tenant, part by part', async () => {
  await member(world, 1);
  await issueToken(world.table, {
    tenant: world.tenant,
    label: 'entra',
    scope: 'write',
    expiresAt: new Date(Date.now() + 86_400_000),
  });
  const { table } = as('Admin');
  for (let isDone = false; !isDone; ) {
    ({ isDone } = await removeTenantPart(table, world.tenant, 0, {
      settleMs: 0,
      removeBeside: ({ place }) => eraseEvents(table, world.tenant, Number(place ?? 0), 0),
    }));
  }
  expect(world.store.all()).toEqual([]);
});

test('a call outside of the policy is refused', async () => {
  const { table, tenant } = as('Users');

  await expect(table.queryAll({ pk: sessionPartition(tenant, 'x') })).rejects.toThrow('is not allowed');
});

test('users: the life of a user, look-ups, and lists in every order', async () => {
  const { send, create, get } = endpoints('Users');
  const id = await create('/Users', {
    schemas: [USER],
    userName: 'ann@example.com',
    externalId: 'ext-ann',
    emails: [{ value: 'a@example.com' }],
  });
  const leaver = await member(world, 25);
  const group = resourcesOf(await serviceOf(world.directory).get('/Groups'))[0];

  expect(await statusOf(send('PUT', `/Users/${id}`, { schemas: [USER], userName: 'ann2@example.com' }))).toBe(
    200,
  );
  expect(await statusOf(send('PATCH', `/Users/${id}`, DEACTIVATION))).toBe(200);
  for (const filter of ['userName eq "ann2@example.com"', 'title pr', `groups.value eq "${group?.id}"`]) {
    expect((await get(`/Users?filter=${filter}`)).totalResults).toEqual(expect.any(Number));
  }
  const page = await get('/Users?cursor=&count=1');
  expect(resourcesOf(await get(`/Users?cursor=${page.nextCursor}&count=1`))).toHaveLength(1);
  await get('/Users?sortBy=userName');
  await get('/Users?startIndex=2&count=1');
  expect(await statusOf(send('DELETE', `/Users/${leaver}`))).toBe(204);
  expect(await statusOf(send('GET', `/Users/${leaver}`))).toBe(404);
});

test('groups: the life of a group, with changes of one member, of some, and of too many for a transaction', async () => {
  const ids = await Promise.all(Array.from({ length: 120 }, () => member(world, 0)));
  const { send, create, get } = endpoints('Groups');
  const all = ids.map((value) => ({ value }));

  const id = await create('/Groups', { displayName: 'All', members: all });
  const inner = await create('/Groups', { displayName: 'Inner', members: all.slice(0, 2) });
  for (const [op, value] of [
    ['add', [{ value: inner }]],
    ['remove', all.slice(0, 1)],
    ['remove', all.slice(1)],
  ] as const) {
    expect(
      await statusOf(send('PATCH', `/Groups/${id}`, patch({ op, path: 'members', value: [...value] }))),
    ).toBe(204);
  }
  expect(await statusOf(send('PUT', `/Groups/${id}`, { displayName: 'Renamed', members: all }))).toBe(200);
  await get(`/Groups?filter=members.value eq "${ids[0]}"`);
  await get('/Groups?filter=displayName eq "renamed"');
  const page = await get('/Groups?cursor=&count=1');
  await get(`/Groups?cursor=${page.nextCursor}&count=1`);
  expect(await statusOf(send('DELETE', `/Groups/${id}`))).toBe(204);
});

test('bulk: creations that refer to each other, again, and deletions', async () => {
  const { send } = endpoints('Bulk');
  const gone = await member(world);
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: [
      { method: 'POST', path: '/Users', bulkId: 'a', data: { schemas: [USER], userName: 'bulk' } },
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'b',
        data: { displayName: 'Bulk', members: [{ value: 'bulkId:a' }] },
      },
      { method: 'DELETE', path: `/Users/${gone}` },
    ],
  };

  for (const statuses of [
    ['201', '201', '204'],
    ['201', '201', '404'],
  ]) {
    const { body: answer } = await send('POST', '/Bulk', body);
    const operations = Array.isArray(answer?.Operations) ? answer.Operations : [];
    expect(operations).toMatchObject(statuses.map((status) => ({ status })));
  }
});

test('root: lists over users and groups', async () => {
  await member(world);
  const { get } = endpoints('Root');

  expect((await get('/?filter=externalId eq "x"')).totalResults).toBe(1);
  const page = await get('/?cursor=&count=1');
  expect(resourcesOf(await get(`/?cursor=${page.nextCursor}&count=1`))).toHaveLength(1);
});

test.each(['Users', 'Groups', 'Root'])('%s: a slot for a scan, taken and given back', async (name) => {
  const { table, tenant, directory } = as(name);
  const slot = new ScanSlot({ table, tenant, now: directory.now, scans: 1, large: new LargeTenants() });

  await slot.take();
  await slot.giveBack();

  expect(world.store.partition(scanSlotPartition(tenant))).toEqual([]);
});

test('authorizer: finds a token and notes its use', async () => {
  const { table, tenant } = world;
  const expiresAt = new Date(world.clock.ms + 1000);
  const now = world.directory.now();
  const { text, token } = await issueToken(table, { tenant, label: 'x', scope: 'write', expiresAt, now });
  const authorizer = as('Authorizer').table;

  await recordTokenUse(authorizer, text, token, now);

  expect(await findToken(authorizer, text, now)).toMatchObject({ token: { lastUsedAt: now.toISOString() } });
});

describe('behind the requests', () => {
  /** A leaver, a deleted user of many groups, a deleted group, and a group with a change that nobody carried out. */
  async function pending(): Promise<World> {
    const { send } = serviceOf(world.directory);
    await send('PATCH', `/Users/${await member(world)}`, DEACTIVATION);
    await send('DELETE', `/Users/${await member(world, 25)}`);
    const groups = resourcesOf(await serviceOf(world.directory).get('/Groups'));
    await send('DELETE', `/Groups/${groups[0]?.id}`);
    const joins = await member(world, 0);
    const left = String(groups[1]?.id);
    const add = [{ kind: 'User' as const, id: joins }];
    const change = await journalChange(world.directory, left, { add, remove: [] });
    await world.table.write({
      kind: 'update',
      key: resourceKey(world.tenant, 'Group', left),
      update: 'SET #change = :change, g1 = :g1',
      names: { '#change': 'change' },
      values: { ':change': change, ':g1': `PENDING#${left.slice(0, 1)}` },
    });
    expect(pendingIn(world).length).toBeGreaterThan(3);
    return world;
  }

  test('the consumers of the stream do all that is pending', async () => {
    const { store, tenant, clock } = await pending();
    // Late enough for the second cleanup, which takes the marks off.
    clock.ms += 120_000;
    const directory: Directory = as('FollowUp').directory;

    for (const item of store.all()) {
      const what = classify(item)?.what;
      if (what?.kind === 'tombstone') await cleanUp(directory, what.resource, what.id);
      if (what?.kind === 'resource' && item.change !== undefined) await finishChange(directory, what.id);
      if (what !== undefined && 'id' in what && item.revocationPending !== undefined) {
        await revokePending(as('SessionRevoker').table, tenant, what.id);
      }
    }

    expect(await findingsIn(world)).toEqual([]);
  });

  test('the sweeps do all that is pending', async () => {
    const { clock } = await pending();
    clock.ms += 120_000;
    const failures: unknown[] = [];
    const onFailure = (_: string, error: unknown) => failures.push(error);
    const options = { deadline: Number.POSITIVE_INFINITY, now: () => clock.ms, onFailure };

    await suspendTenant(world.table, world.tenant);
    await sweepRevocations(as('RevocationSweep').table, options);
    const sinks = { publishAccess: async () => {}, naming: { source: 'id' } } as const;
    const swept = await sweepTenants(as('RevocationSweep').table, { ...options, ...sinks });
    await sweepCleanups(as('CleanupSweep').table, options);

    expect(failures).toEqual([]);
    expect(swept.told).toBeGreaterThan(0);
    expect(pendingIn(world)).toEqual([]);
  });
});

test('targets: what a user may do, and who has the name of a deleted user', async () => {
  const { tenant, directory } = world;
  const user = await createUser(directory, { userName: 'ann', externalId: 'x', active: true });
  const change = { tenant, userId: user.id, cause: 'ended' } as const;
  const byName = { source: 'userName', tenant } as const;

  expect(await readAccessState(as('WebhookTarget').table, { source: 'id' }, change)).toMatchObject({
    active: true,
  });
  expect(await readAccessState(as('CognitoTarget').table, byName, change)).toMatchObject({ active: true });
  await deleteUser(directory, user.id);
  await createUser(directory, { userName: 'ann', externalId: 'y', active: true });
  const deleted = { ...change, username: 'ann' };
  expect(await readAccessState(as('CognitoTarget').table, byName, deleted)).toMatchObject({
    accounts: [{ username: 'ann', ambiguous: true }],
  });
});

test('the vendor’s app: sessions, with the rights that docs/sessions.md names', async () => {
  const text = readFileSync(join(__dirname, '../../docs/sessions.md'), 'utf8');
  const rights = /^Rights: [\s\S]*?\n\n/m.exec(text)?.[0] ?? '';
  const actions = [...rights.matchAll(/`(?:dynamodb:)?(\w+Item|Query|ConditionCheckItem)`/g)];
  const condition = JSON.parse(`{${/"ForAllValues[^`]*/.exec(rights)?.[0]}}`);
  const statement = {
    owner: 'app',
    actions: actions.map(([, name]) => `dynamodb:${name}`),
    resources: [''],
    condition,
  };
  const id = await member(world, 0);
  const { sessions, tenant } = worldOf(world.store, world.clock, allowedBy([statement]));

  const first = await sessions.issue(tenant, id);
  const second = await sessions.rotate(first.refreshToken);
  world.clock.ms += 1_000_000;
  expect(await sessions.verify(second.sessionToken)).toMatchObject({ active: true });
  expect(await sessions.list(tenant, id)).toHaveLength(2);
  await sessions.revoke(second.session);
  expect(await sessions.revokeAll(tenant, id)).toBe(true);
});
