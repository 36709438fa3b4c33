import { tableDeployment } from '../../../src/admin/deployment';
import { readPlaced } from '../../../src/admin/log';
import * as roles from '../../../src/admin/roles';
import { revokeSessions } from '../../../src/admin/sessions';
import { deleteTenantPart, resumeTenant } from '../../../src/admin/tenants';
import { type AdminClient, deleteTenant } from '../../../src/admin-client';
import { rolesOf } from '../../../src/client/roles';
import { sessionsOf } from '../../../src/client/sessions';
import { modifyGroup } from '../../../src/directory/groups/group-changes';
import { createGroup, deleteGroup } from '../../../src/directory/groups/groups';
import { type AttributedEntry, Attribution, readAttributedLog } from '../../../src/directory/log/attribution';
import { entryPut } from '../../../src/directory/log/entry';
import { tokenOrigin } from '../../../src/directory/resources/origin';
import { tenantKey, tenantPartitionPrefixes } from '../../../src/directory/table/keys';
import { inParallel } from '../../../src/directory/table/parallel';
import { DEFAULT_TENANT_SETTINGS } from '../../../src/directory/tenants/settings';
import { removeTenant } from '../../../src/directory/tenants/tenant-removal';
import { changeSettings } from '../../../src/directory/tenants/tenant-settings';
import { createUser, modifyUser } from '../../../src/directory/users/users';
import { logChanges } from '../../../src/events/log/log-changes';
import type { StreamChange } from '../../../src/events/stream-change';
import { userAttributes } from '../../../testing/directory';
import { findingsIn, newWorld, runConsumers, type World, worldOf } from '../../directory/crash-points/world';
import { streamOf } from './stream-of';

let world: World;
let changes: StreamChange[];
beforeEach(async () => {
  world = await newWorld();
  changes = streamOf(world.store);
});

/** The world's table as an administrator's commands and the vendor's app have it. */
const deployment = () => ({
  ...tableDeployment('http://memory.invalid', 'memory', 'grace'),
  table: world.table,
});

const by = (requestId: string) => ({ ...world.directory, origin: tokenOrigin('t1', requestId) });

/** The log as the stream's consumer has it by now, the first entry first, with who added and removed members. */
async function log(resourceId?: string) {
  await logChanges(world.table, changes.splice(0));
  const entries: AttributedEntry[] = [];
  const range = { since: '2026-11-01', until: '2027-01-01', resourceId };
  for await (const entry of readAttributedLog(world.table, world.tenant, range)) entries.unshift(entry);
  return entries;
}

test("a user's history tells what was done, who did it and in which request, and names no value", async () => {
  const { id } = await createUser(by('r1'), userAttributes('ann@example.com'));
  const group = await createGroup(by('r2'), { displayName: 'Sales' }, [{ id }]);
  await modifyUser(by('r3'), id, (attributes) => ({ ...attributes, title: 'Boss', active: false }));

  expect(await log(id)).toEqual([
    expect.objectContaining({ type: 'user.created', actor: 'token:t1', requestId: 'r1', active: true }),
    expect.objectContaining({ type: 'member.added', actor: 'token:t1', requestId: 'r2', groupId: group.id }),
    expect.objectContaining({
      type: 'user.deactivated',
      requestId: 'r3',
      active: false,
      changed: ['active', 'title'],
    }),
  ]);
});

test("what the vendor's app does to roles and sessions is in the log in its name", async () => {
  const { id } = await createUser(by('r1'), userAttributes('ann@example.com'));
  const app = rolesOf(world.table);
  const group = { by: 'displayName', group: 'Admins' } as const;
  await app.map('acme', { ...group, roles: ['billing', 'admin'] });
  await app.unmap('acme', group);
  await app.unmap('acme', group);
  expect(await app.mappings('acme')).toEqual([]);
  await sessionsOf(world.table).revokeAll('acme', id);
  await app.map('acme', { ...group, roles: ['admin'] });
  expect(await app.mappings('acme')).toEqual([{ ...group, roles: ['admin'] }]);
  world.clock.ms += 1_000;
  await runConsumers(world);

  const done = (await log()).filter(({ actor }) => actor === 'app');
  expect(done.map(({ type, resourceId, roles: given }) => ({ type, resourceId, roles: given }))).toEqual([
    { type: 'role.mapped', roles: ['admin', 'billing'] },
    { type: 'role.unmapped' },
    { type: 'sessions.revoked', resourceId: id },
    { type: 'role.mapped', roles: ['admin'] },
  ]);
  expect(new Set(done.map(({ requestId }) => requestId)).size).toBe(4);
});

test("an administrator's acts on roles and sessions are in the log once each", async () => {
  const { id } = await createUser(by('r1'), userAttributes('ann@example.com'));
  await roles.mapGroup(deployment(), { tenantId: 'acme', group: 'Admins', roles: ['admin'] });
  await roles.unmapGroup(deployment(), { tenantId: 'acme', group: 'Admins' });
  await rolesOf(world.table).map('acme', { by: 'displayName', group: 'Admins', roles: ['admin'] });
  await rolesOf(world.table).unmap('acme', { by: 'displayName', group: 'Admins' });
  await roles.unmapGroup(deployment(), { tenantId: 'acme', group: 'Admins' });
  await revokeSessions(deployment(), { tenantId: 'acme', userId: id });

  const done = (await log()).filter(({ actor }) => actor === 'admin:grace');
  expect(done.map(({ type }) => type).sort()).toEqual(['role.mapped', 'role.unmapped', 'sessions.revoked']);
});

test("a change of more members than an entry names is told by their number, and each member's entry has its request", async () => {
  const names = Array.from({ length: 120 }, (_, n) => `u${n}`);
  const users = await inParallel(names, (name) => createUser(by('r1'), userAttributes(name)));
  const { id } = await createGroup(by('r2'), { displayName: 'Sales' }, []);
  const ids = users.map((user) => user.id);
  await modifyGroup(by('r3'), id, undefined, {
    base: 'keep',
    add: new Map(ids.map((user) => [user, {}])),
    remove: new Set(),
  });
  world.clock.ms += 1_000;
  await modifyGroup(by('r4'), id, undefined, { base: 'keep', add: new Map(), remove: new Set(ids) });

  const entries = await log();
  const ofGroup = entries.filter(({ type }) => type === 'group.updated');
  expect(ofGroup.map(({ requestId, asked }) => ({ requestId, asked }))).toEqual([
    { requestId: 'r3', asked: { added: 120, removed: 0 } },
    { requestId: 'r4', asked: { added: 0, removed: 120 } },
  ]);
  const requestsOf = (what: string) =>
    entries.filter(({ type }) => type === what).map(({ requestId }) => requestId);
  expect(requestsOf('member.added')).toEqual(ids.map(() => 'r3'));
  expect(requestsOf('member.removed')).toEqual(ids.map(() => 'r4'));
});

test("a group's entries are read once, however many of its members' entries are attributed", async () => {
  // Midnight would make it two days.
  world.clock.ms += 3_600_000;
  const names = Array.from({ length: 30 }, (_, n) => `u${n}`);
  const users = await inParallel(names, (name) => createUser(by('r1'), userAttributes(name)));
  await createGroup(by('r2'), { displayName: 'Sales' }, users);
  const added = (await log()).filter(({ type }) => type === 'member.added');
  expect(added).toHaveLength(30);

  const calls: string[] = [];
  const metered = world.table.with({ onCall: ({ operation }) => calls.push(operation) });
  const attribution = new Attribution(metered, world.tenant);
  for (const entry of added.reverse()) {
    expect(await attribution.attributed([entry])).toMatchObject([{ requestId: 'r2' }]);
  }

  expect(calls).toEqual(['query', 'batchGet']);
});

test("a member's entry is attributed at the price of its group's day, however long the group's history is", async () => {
  const { id: ann } = await createUser(by('r1'), userAttributes('ann@example.com'));
  const { id: sales } = await createGroup(by('r2'), { displayName: 'Sales' }, []);
  const hours = Array.from({ length: 24 * 80 }, (_, hour) => world.clock.ms - hour * 3_600_000);
  const asked = { added: 30, removed: 0 };
  const others = hours.map((at) => {
    const entry = { type: 'group.updated', resourceId: sales, actor: 'token:t2', asked } as const;
    return entryPut(
      world.tenant,
      { ...entry, time: new Date(at).toISOString() },
      'other',
      DEFAULT_TENANT_SETTINGS,
    );
  });
  await world.table.batchWrite(others);
  world.clock.ms += 3_600_000;
  await modifyGroup(by('r3'), sales, undefined, {
    base: 'keep',
    add: new Map([[ann, {}]]),
    remove: new Set(),
  });
  await logChanges(world.table, changes.splice(0));

  const read: number[] = [];
  const metered = worldOf(world.store, world.clock, async (_, answer) => {
    const output = answer() as { Items?: unknown[]; Responses?: Record<string, unknown[]> };
    read.push((output.Items ?? Object.values(output.Responses ?? {}).flat()).length);
    return output;
  });
  const attribution = new Attribution(metered.table, world.tenant);
  const added = { type: 'member.added', resourceId: ann, groupId: sales } as const;
  const time = new Date(world.clock.ms).toISOString();
  const [entry] = await attribution.attributed([{ ...added, time, place: `${time}#~` }]);

  expect(entry).toMatchObject({ actor: 'token:t1', requestId: 'r3' });
  expect(read.reduce((sum, items) => sum + items)).toBeLessThan(10);
});

test('who loses a membership with its group is told by whom the group was deleted', async () => {
  const { id } = await createUser(by('r1'), userAttributes('ann@example.com'));
  const group = await createGroup(by('r2'), { displayName: 'Sales' }, [{ id }]);
  world.clock.ms += 1_000;
  await deleteGroup(by('r3'), group.id);
  await runConsumers(world);

  expect((await log(id)).at(-1)).toMatchObject({ type: 'member.removed', requestId: 'r3' });
});

test('an entry is kept for as long as the tenant wants at the moment of its making', async () => {
  const days = () =>
    world.store
      .all()
      .filter(({ pk }) => String(pk).startsWith('LOG#'))
      .map(
        ({ sk, expiresAt }) =>
          (Number(expiresAt) - Date.parse(String(sk).split('#')[0] ?? '') / 1000) / 86_400,
      );
  await createUser(by('r1'), userAttributes('ann@example.com'));
  await log();
  await changeSettings(world.table, world.tenant, { logDays: 30 });
  await createUser(by('r2'), userAttributes('bob@example.com'));
  await log();

  expect(days()).toEqual([90, 30]);
});

test('who asked in vain before the contrary was asked for is not whose change it was', async () => {
  const { id } = await createUser(by('r1'), userAttributes('ann@example.com'));
  const group = await createGroup(by('r2'), { displayName: 'Sales' }, []);
  const ask = (requestId: string, add: string[], remove: string[]) =>
    modifyGroup(by(requestId), group.id, undefined, {
      base: 'keep',
      add: new Map(add.map((member) => [member, {}])),
      remove: new Set(remove),
    });
  await ask('in vain', [], [id]);
  world.clock.ms += 2_000;
  await ask('r3', [id], []);
  world.clock.ms += 2_000;
  await deleteGroup(by('r4'), group.id);
  await runConsumers(world);

  expect((await log(id)).at(-1)).toMatchObject({ type: 'member.removed', requestId: 'r4' });
});

test('the checker takes the log for what belongs there', async () => {
  await createUser(by('r1'), userAttributes('ann@example.com'));
  await log();

  expect(await findingsIn(world)).toEqual([]);
});

test('a tenant goes with its log, which does not grow again by what its removal removes', async () => {
  const { id } = await createUser(by('r1'), userAttributes('ann@example.com'));
  await createGroup(by('r2'), { displayName: 'Sales' }, [{ id }]);
  await log();

  await removeTenant(world.table, world.tenant, { settleMs: 0, onProgress: () => {} });
  await logChanges(world.table, changes.splice(0));

  const prefixes = tenantPartitionPrefixes(world.tenant);
  expect(
    world.store.all().filter(({ pk }) => prefixes.some((prefix) => String(pk).startsWith(prefix))),
  ).toEqual([]);
});

test('a tenant is deleted part by part as well, however little time each part has', async () => {
  const { id } = await createUser(by('r1'), userAttributes('ann@example.com'));
  await createGroup(by('r2'), { displayName: 'Sales' }, [{ id }]);
  await log();
  const { tenant } = world;
  const late = { ...deployment(), table: world.table.with({ deadline: 0 }) };
  let parts = 0;
  const tenants = {
    delete: (input: { readonly tenantId: string; readonly confirm: string }) => {
      parts++;
      return deleteTenantPart(late, { ...input, settleMs: 0 });
    },
  };
  const pause = async () => {};
  const told: number[] = [];

  const removed = await deleteTenant({ tenants } as unknown as AdminClient, tenant, {
    pause,
    onProgress: (items) => told.push(items),
  });
  await logChanges(world.table, changes.splice(0));

  expect(parts).toBeGreaterThan(1);
  expect(removed).toBeGreaterThan(5);
  expect(told.at(-1)).toBe(removed);
  expect(world.store.all()).toEqual([]);
  await expect(deleteTenantPart(late, { tenantId: tenant, confirm: tenant })).rejects.toThrow(
    'no tenant "acme"',
  );
});

test('a deletion that somebody calls off by resuming the tenant begins anew when it is asked for again', async () => {
  const { tenant } = world;
  const ask = { tenantId: tenant, confirm: tenant, settleMs: 60_000 };
  expect(await deleteTenantPart(deployment(), ask)).toMatchObject({ deleted: false, waitSeconds: 60 });
  await resumeTenant(deployment(), { tenantId: tenant });
  expect((await world.table.get(tenantKey(tenant)))?.removal).toBeUndefined();
  expect(await deleteTenantPart(deployment(), { ...ask, settleMs: 0 })).toMatchObject({ deleted: true });
});

test.each([1, 3, 100])(
  'a long log with little of what is wanted is read in pages that have their time, none of it twice (limit %i)',
  async (limit) => {
    const days = [0, 0.5, 1, 29, 30, 31, 60, 200, 200.001, 364];
    const entries = days.flatMap((ago, n) =>
      ['token:t1', 'token:t2'].map((actor) => {
        const time = new Date(Date.now() - ago * 86_400_000 - 60_000).toISOString();
        const entry = { type: 'user.updated', resourceId: `u${n}`, actor, time } as const;
        return entryPut(world.tenant, entry, `${n}-${actor}`, { logDays: 400 });
      }),
    );
    await changeSettings(world.table, world.tenant, { logDays: 400 });
    await world.table.batchWrite(entries);
    const wanted = { tenantId: world.tenant, since: new Date(0), actor: 'token:t1' };
    const { entries: all } = await readPlaced(deployment(), wanted);

    const read: string[] = [];
    let [pages, before]: [number, string | undefined] = [0, undefined];
    do {
      const page = await readPlaced(deployment(), { ...wanted, limit, before, patienceMs: 0 });
      read.unshift(...page.entries.map(({ place }) => place));
      before = page.next;
      pages++;
    } while (before !== undefined);

    expect(all).toHaveLength(days.length);
    expect(read).toEqual(all.map(({ place }) => place));
    expect(pages).toBeGreaterThan(days.length);
  },
);
