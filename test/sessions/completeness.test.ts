import { main } from '../../cli/main';
import { findTarget } from '../../cli/target';
import type { Directory } from '../../src/directory/resources/directory';
import { revocationMark } from '../../src/directory/resources/revocation';
import {
  type ResourceId,
  resourceKey,
  type TenantId,
  tenantOfPartition,
  tombstoneKey,
} from '../../src/directory/table/keys';
import { removeTenant } from '../../src/directory/tenants/tenant-removal';
import { resumeTenant, suspendTenant } from '../../src/directory/tenants/tenant-status';
import { createTenant, getTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { issueToken } from '../../src/directory/tenants/tokens';
import { createUser } from '../../src/directory/users/users';
import { revokePending } from '../../src/offboarding/revoke';
import type { JsonObject } from '../../src/scim/json';
import { SessionRefused, SessionStore } from '../../src/sessions';
import { useTestTable } from '../../testing/engine';
import { ORIGIN } from '../../testing/origin';
import { serviceOf } from '../../testing/service';

/**
 * Every way to lose access (docs/offboarding.md): the session is dead with the very write, whatever the stream does,
 * and nobody else's is.
 */
const engine = useTestTable();
let sessions: SessionStore;
const acme = readTenantId('acme');

beforeAll(async () => {
  sessions = new SessionStore(engine.table, { graceMs: 0 });
  await createTenant(engine.table, { tenantId: acme, name: 'Acme Inc' });
});

const directoryOf = (tenant: TenantId): Directory => ({
  table: engine.table,
  tenant,
  origin: ORIGIN,
  now: () => new Date(),
});
let users = 0;
const newUser = async (tenant = acme): Promise<ResourceId> =>
  (await createUser(directoryOf(tenant), { userName: `user-${++users}`, active: true })).id;
const stateOf = async (sessionToken: string): Promise<string> => {
  const check = await sessions.verify(sessionToken);
  return check.active ? 'alive' : check.reason;
};
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof SessionRefused ? error.reason : String(error)),
  );

const patch = (...operations: JsonObject[]): JsonObject => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
});
const put = (active: JsonObject['active']): JsonObject => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: `renamed-${++users}`,
  active,
});
const bulk = (...operations: JsonObject[]): JsonObject => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
  Operations: operations,
});

interface Way {
  readonly name: string;
  readonly method: string;
  readonly path: (id: string) => string;
  readonly body?: (id: string) => JsonObject;
}

const way = (name: string, method: string, path: Way['path'], body?: Way['body']): Way => ({
  name,
  method,
  path,
  body,
});

const user = (id: string) => `/Users/${id}`;
const toBulk = () => '/Bulk';
const DEACTIVATIONS: readonly Way[] = [
  way('PATCH replace active false', 'PATCH', user, () =>
    patch({ op: 'replace', path: 'active', value: false }),
  ),
  way('PATCH Replace active "False" (Entra)', 'PATCH', user, () =>
    patch({ op: 'Replace', path: 'active', value: 'False' }),
  ),
  way('PATCH add active false', 'PATCH', user, () => patch({ op: 'Add', path: 'active', value: false })),
  way('PATCH without a path (Okta)', 'PATCH', user, () => patch({ op: 'replace', value: { active: false } })),
  way('PATCH without a path, "False"', 'PATCH', user, () =>
    patch({ op: 'Replace', value: { active: 'False' } }),
  ),
  way('PATCH with the schema in the path', 'PATCH', user, () =>
    patch({ op: 'replace', path: 'urn:ietf:params:scim:schemas:core:2.0:User:active', value: false }),
  ),
  way('PATCH with other operations around it', 'PATCH', user, () =>
    patch(
      { op: 'replace', path: 'title', value: 'x' },
      { op: 'replace', path: 'active', value: false },
      { op: 'add', path: 'nickName', value: 'y' },
    ),
  ),
  way('PUT with active false', 'PUT', user, () => put(false)),
  way('PUT with active "false"', 'PUT', user, () => put('false')),
  way('PATCH in a Bulk', 'POST', toBulk, (id) =>
    bulk({ method: 'PATCH', path: user(id), data: patch({ op: 'replace', path: 'active', value: false }) }),
  ),
  way('PUT in a Bulk', 'POST', toBulk, (id) => bulk({ method: 'PUT', path: user(id), data: put(false) })),
];
const DELETIONS: readonly Way[] = [
  way('DELETE', 'DELETE', user),
  way('DELETE in a Bulk', 'POST', toBulk, (id) => bulk({ method: 'DELETE', path: user(id) })),
];

test.each(DEACTIVATIONS)('$name ends the sessions and leaves the mark', async ({ method, path, body }) => {
  const [leaver, colleague] = [await newUser(), await newUser()];
  const [ended, kept] = [await sessions.issue(acme, leaver), await sessions.issue(acme, colleague)];

  const answer = await serviceOf(directoryOf(acme)).send(method, path(leaver), body?.(leaver));

  expect(answer.status).toBeLessThan(300);
  expect(await stateOf(ended.sessionToken)).toBe('user-inactive');
  expect(await reasonOf(sessions.rotate(ended.refreshToken))).toBe('user-inactive');
  expect(await reasonOf(sessions.issue(acme, leaver))).toBe('user-inactive');
  expect(await stateOf(kept.sessionToken)).toBe('alive');
  expect(await engine.table.get(resourceKey(acme, 'User', leaver))).toMatchObject({
    active: false,
    sessionEpoch: 1,
    revocationPending: expect.any(Number),
    g1: `PENDING#${leaver.slice(0, 1)}`,
  });
});

test.each(DELETIONS)(
  '$name ends the sessions and leaves the mark on the tombstone',
  async ({ method, path, body }) => {
    const leaver = await newUser();
    const ended = await sessions.issue(acme, leaver);

    const answer = await serviceOf(directoryOf(acme)).send(method, path(leaver), body?.(leaver));

    expect(answer.status).toBeLessThan(300);
    expect(await stateOf(ended.sessionToken)).toBe('user-absent');
    expect(await reasonOf(sessions.rotate(ended.refreshToken))).toBe('user-absent');
    expect(await reasonOf(sessions.issue(acme, leaver))).toBe('user-absent');
    expect(await engine.table.get(tombstoneKey(acme, 'User', leaver))).toMatchObject({
      revocationPending: expect.any(Number),
      g1: `PENDING#${leaver.slice(0, 1)}`,
    });
  },
);

test('reactivation revives no old session and leaves later ones alone', async () => {
  const id = await newUser();
  const before = await sessions.issue(acme, id);
  const { send } = serviceOf(directoryOf(acme));
  await send('PATCH', user(id), patch({ op: 'replace', path: 'active', value: false }));

  await send('PATCH', user(id), patch({ op: 'replace', path: 'active', value: true }));

  const after = await sessions.issue(acme, id);
  expect(await stateOf(before.sessionToken)).toBe('revoked');
  expect(await stateOf(after.sessionToken)).toBe('alive');
});

test("an administrator's revoke command ends the sessions, and only those there are", async () => {
  const id = await newUser();
  const before = await sessions.issue(acme, id);

  const code = await main(['session', 'revoke', acme, id], {
    out: () => {},
    error: () => {},
    findTarget: () => findTarget({ endpoint: engine.endpoint, table: engine.table.name }),
  });

  expect(code).toBe(0);
  expect(await stateOf(before.sessionToken)).toBe('revoked');
  expect(await stateOf((await sessions.issue(acme, id)).sessionToken)).toBe('alive');
  expect(await engine.table.get(resourceKey(acme, 'User', id))).toHaveProperty('revocationPending');
});

test('a replayed refresh token ends the session, also for whoever rotated it', async () => {
  const { refreshToken: stolen } = await sessions.issue(acme, await newUser());
  const rotated = await sessions.rotate(stolen);

  expect(await reasonOf(sessions.rotate(stolen))).toBe('reused');

  expect(await stateOf(rotated.sessionToken)).toBe('unknown');
  expect(await reasonOf(sessions.rotate(rotated.refreshToken))).toBe('unknown');
});

test('a suspended tenant has no live session, nor do old ones come back when it is resumed', async () => {
  const tenant = readTenantId('suspended');
  await createTenant(engine.table, { tenantId: tenant, name: 'Suspended' });
  const id = await newUser(tenant);
  const { sessionToken, refreshToken } = await sessions.issue(tenant, id);

  await suspendTenant(engine.table, tenant);

  expect(await stateOf(sessionToken)).toBe('tenant-suspended');
  expect(await reasonOf(sessions.issue(tenant, id))).toBe('tenant-suspended');
  await resumeTenant(engine.table, tenant);
  expect(await stateOf(sessionToken)).toBe('revoked');
  expect(await reasonOf(sessions.rotate(refreshToken))).toBe('revoked');
});

describe('deleting a tenant', () => {
  const filled = async (name: string) => {
    const tenant = readTenantId(name);
    await createTenant(engine.table, { tenantId: tenant, name });
    await issueToken(engine.table, {
      tenant,
      label: 'entra',
      scope: 'write',
      expiresAt: new Date(Date.now() + 3_600_000),
    });
    const ids = [await newUser(tenant), await newUser(tenant), await newUser(tenant)];
    const { send } = serviceOf(directoryOf(tenant));
    const group = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'All' };
    await send('POST', '/Groups', { ...group, members: ids.map((value) => ({ value })) });
    await send('GET', '/Users?count=1');
    await send('DELETE', user(ids[0] ?? ''));
    return { tenant, session: await sessions.issue(tenant, ids[1] ?? '') };
  };
  const itemsOf = async (tenant: TenantId) => {
    const { items } = await engine.table.scan({ part: 0, parts: 1 });
    return items.filter((item) => tenantOfPartition(item.pk) === tenant || item.tenantId === tenant);
  };

  test('ends its sessions before anything is removed, and leaves nothing of it', async () => {
    const { tenant, session } = await filled('leaving');
    const other = await sessions.issue(acme, await newUser());
    const atFirst: string[] = [];

    await removeTenant(engine.table, tenant, {
      settleMs: 0,
      onSuspended: async () => {
        atFirst.push(await stateOf(session.sessionToken));
      },
    });

    expect(atFirst).toEqual(['tenant-suspended']);
    expect(await stateOf(session.sessionToken)).toBe('unknown');
    expect(await reasonOf(sessions.issue(tenant, session.session.userId))).toBe('tenant-absent');
    expect(await itemsOf(tenant)).toEqual([]);
    expect(await stateOf(other.sessionToken)).toBe('alive');
  });

  test('goes on where it was interrupted', async () => {
    const { tenant, session } = await filled('interrupted');
    const interrupted = removeTenant(engine.table, tenant, {
      settleMs: 0,
      removeBeside: async () => {
        throw new Error('interrupted');
      },
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    expect(await stateOf(session.sessionToken)).not.toBe('alive');

    await removeTenant(engine.table, tenant, { settleMs: 0 });

    expect(await itemsOf(tenant)).toEqual([]);
  });

  test('ends when somebody resumes the tenant meanwhile', async () => {
    const { tenant } = await filled('resumed');
    const removal = removeTenant(engine.table, tenant, {
      settleMs: 0,
      removeBeside: async () => {
        await resumeTenant(engine.table, tenant);
        return { items: 1 };
      },
    });

    await expect(removal).rejects.toThrow('The tenant "resumed" was resumed while it was being deleted.');
    expect(await getTenant(engine.table, tenant)).toMatchObject({ status: 'active' });
  });
});

test('the revoker works off the marks of a user and of a tombstone that are there both', async () => {
  const id = await newUser();
  const userKey = resourceKey(acme, 'User', id);
  const tombstone = { ...tombstoneKey(acme, 'User', id), ...revocationMark(Date.now(), id) };
  await sessions.issue(acme, id);
  await sessions.revokeAll(acme, id);
  await engine.table.write({ kind: 'put', item: tombstone });

  expect(await revokePending(engine.table, acme, id)).toMatchObject({ sessions: 1 });

  for (const key of [userKey, tombstoneKey(acme, 'User', id)]) {
    const item = await engine.table.get(key);
    expect(item).toBeDefined();
    expect(item).not.toHaveProperty('revocationPending');
    expect(item).not.toHaveProperty('g1');
  }
});
