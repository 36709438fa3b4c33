import { randomUUID } from 'node:crypto';
import { checkTable } from '../../src/directory/check/check';
import { modifyGroup } from '../../src/directory/groups/group-changes';
import { createGroup, deleteGroup, getGroup, membersOf } from '../../src/directory/groups/groups';
import { memberPut, membershipsOf } from '../../src/directory/groups/memberships';
import { restoreGroup } from '../../src/directory/groups/restore-group';
import { cleanUp } from '../../src/directory/pending/cleanup';
import { MAX_BODY_BYTES } from '../../src/directory/resources/body';
import { countResources } from '../../src/directory/resources/counters';
import type { Directory } from '../../src/directory/resources/directory';
import { idsWithValue } from '../../src/directory/resources/index-items';
import { LATE_WRITES_MS } from '../../src/directory/resources/late-writes';
import { deletedIndexPut } from '../../src/directory/resources/tombstones';
import { type ResourceId, resourceKey, tombstoneKey } from '../../src/directory/table/keys';
import { deletedOfSortKey, formerNameKey, valuePartition } from '../../src/directory/table/value-keys';
import { DEFAULT_TENANT_SETTINGS } from '../../src/directory/tenants/settings';
import { createTenant } from '../../src/directory/tenants/tenants';
import { indexDeletedUsers } from '../../src/directory/users/deleted-users';
import { eraseUser } from '../../src/directory/users/erase-user';
import { provisionUser } from '../../src/directory/users/provision-user';
import { restoreUser } from '../../src/directory/users/restore-user';
import { createUser, deleteUser, findUserId, getUser, modifyUser } from '../../src/directory/users/users';
import { revokePending } from '../../src/offboarding/revoke';
import { SessionStore } from '../../src/sessions';
import { directoryOf, userAttributes } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { newWorld } from './crash-points/world';

const engine = useTestTable();
let directory: Directory;
beforeEach(async () => {
  directory = directoryOf(engine.table);
  await createTenant(engine.table, { tenantId: directory.tenant, name: 'Acme' });
});

const later = (ms: number): Directory => ({ ...directory, now: () => new Date(Date.now() + ms) });

const withRetention = async (days: string, action: () => Promise<void>) => {
  process.env.TOMBSTONE_RETENTION_DAYS = days;
  try {
    await action();
  } finally {
    delete process.env.TOMBSTONE_RETENTION_DAYS;
  }
};

const findings = async () =>
  (await checkTable(engine.table, { tenant: directory.tenant, secondLookAfterMs: 0 })).findings;

async function deletedUser(more = {}) {
  const user = await createUser(directory, userAttributes('ann@example.com', more));
  await deleteUser(directory, user.id);
  return user;
}

/** A group that was deleted so long ago that it can be restored. */
async function deletedGroup(displayName = 'Sales') {
  const group = await createGroup(directory, { displayName, externalId: 'g-1' }, []);
  await deleteGroup(directory, group.id);
  await cleanUp(later(LATE_WRITES_MS), 'Group', group.id);
  return group;
}

/** Long enough after the cleanup of `deletedGroup`. */
const afterCleanup = () => later(2 * LATE_WRITES_MS);

describe('restoreUser', () => {
  test('gives the user back under the same id, with everything that it was found by', async () => {
    const user = await deletedUser();

    const restored = await restoreUser(directory, user.id);

    expect(restored.user).toMatchObject({ id: user.id, created: user.created, attributes: user.attributes });
    expect(await getUser(directory, user.id)).toEqual({
      ...restored.user,
      revocationPending: expect.any(Number),
    });
    expect(await findUserId(directory, 'ANN@example.com')).toBe(user.id);
    expect(await idsWithValue(directory, 'User', 'ext-ann@example.com')).toEqual([user.id]);
    expect(await countResources(directory, 'User')).toMatchObject({ total: 1 });
    expect(await findings()).toEqual([]);
  });

  test('gives a version that no writer from before the deletion can have read', async () => {
    const user = await deletedUser();

    expect((await restoreUser(directory, user.id)).user.version).toBe(user.version + 1);
  });

  test('lets whoever was inactive come back inactive', async () => {
    const { id } = await deletedUser({ active: false });

    await restoreUser(directory, id);

    expect((await getUser(directory, id))?.attributes.active).toBe(false);
    expect(await engine.table.get(resourceKey(directory.tenant, 'User', id))).toMatchObject({
      active: false,
    });
  });

  test.each(['before', 'after'])('accepts no old session when it comes %s the revoker', async (order) => {
    const sessions = new SessionStore(engine.table);
    const { id } = await createUser(directory, userAttributes('ann@example.com'));
    const old = await sessions.issue(directory.tenant, id);
    await sessions.revokeAll(directory.tenant, id);
    await deleteUser(directory, id);
    if (order === 'after') await revokePending(engine.table, directory.tenant, id);

    await restoreUser(directory, id);
    const fresh = await sessions.issue(directory.tenant, id);
    await revokePending(engine.table, directory.tenant, id);

    expect(await sessions.verify(old.sessionToken)).toMatchObject({ active: false });
    expect(await sessions.verify(fresh.sessionToken)).toMatchObject({ active: true });
    expect(await getUser(directory, id)).not.toHaveProperty('revocationPending', expect.any(Number));
    expect(await findings()).toEqual([]);
  });

  test('puts the user back into the groups that the deletion took them out of, and gives these a new version', async () => {
    const { id } = await createUser(directory, userAttributes('ann@example.com'));
    const sales = await createGroup(directory, { displayName: 'Sales' }, [{ id }]);
    const gone = await createGroup(directory, { displayName: 'Gone' }, [{ id }]);
    await deleteUser(directory, id);
    await deleteGroup(directory, gone.id);
    const before = await getGroup(directory, sales.id);

    const restored = await restoreUser(directory, id);

    expect(restored).toMatchObject({ groups: [sales.id], groupsLeftOut: [gone.id] });
    const after = await getGroup(directory, sales.id);
    expect(after?.version).toBe((before?.version ?? 0) + 1);
    expect(after && (await membersOf(directory, after))).toEqual([{ kind: 'User', id }]);
    expect(await findings()).toEqual([]);
  });

  test('keeps the names that the user had in another store of sessions, for as long as the user is there', async () => {
    Object.assign(process.env, { TARGET_USERNAME: 'userName', TARGET_TENANT: directory.tenant });
    try {
      const { id } = await createUser(directory, userAttributes('ann@example.com'));
      await modifyUser(directory, id, (attributes) => ({ ...attributes, userName: 'bea@example.com' }));
      await deleteUser(directory, id);
      await restoreUser(directory, id);

      const former = await engine.table.get(formerNameKey(directory.tenant, 'ann@example.com', id));
      expect(former).not.toHaveProperty('expiresAt');
      expect(await getUser(directory, id)).toMatchObject({ formerNames: ['ann@example.com'] });
    } finally {
      delete process.env.TARGET_USERNAME;
      delete process.env.TARGET_TENANT;
    }
  });

  test('keeps the memberships of a restored user from a cleanup of the deletion that is still running', async () => {
    const { id } = await createUser(directory, userAttributes('ann@example.com'));
    const group = await createGroup(directory, { displayName: 'Sales' }, [{ id }]);
    await deleteUser(directory, id);
    // The user comes back behind the first look of the cleaner at the tombstone.
    const { table } = engine;
    const slow = Object.assign(Object.create(table) as typeof table, {
      get: async (...call: Parameters<typeof table.get>) => {
        const item = await table.get(...call);
        await restoreUser(directory, id);
        return item;
      },
    });

    await cleanUp({ ...later(LATE_WRITES_MS), table: slow }, 'User', id);

    expect(await membersOf(directory, group)).toEqual([{ kind: 'User', id }]);
  });

  test('can be deleted and restored again and again', async () => {
    const { id } = await deletedUser();
    await restoreUser(directory, id);
    await modifyUser(directory, id, (attributes) => ({ ...attributes, title: 'Engineer' }));
    await deleteUser(directory, id);

    const { user } = await restoreUser(directory, id);

    expect(user).toMatchObject({ version: 4, attributes: { title: 'Engineer' } });
    expect(await findings()).toEqual([]);
  });

  test('refuses when somebody else has the userName meanwhile, and leaves everything as it is', async () => {
    const { id } = await deletedUser();
    const other = await createUser(directory, userAttributes('ANN@example.com'));

    await expect(restoreUser(directory, id)).rejects.toMatchObject({
      reason: 'name-taken',
      message: expect.stringContaining('Another user has the userName "ann@example.com"'),
    });
    expect(await findUserId(directory, 'ann@example.com')).toBe(other.id);
    await deleteUser(directory, other.id);
    await restoreUser(directory, id);
  });

  test('refuses what is there, and what never was', async () => {
    const { id } = await createUser(directory, userAttributes('ann@example.com'));

    await expect(restoreUser(directory, id)).rejects.toMatchObject({ reason: 'there-already' });
    await expect(restoreUser(directory, randomUUID())).rejects.toMatchObject({ reason: 'never-there' });
    await expect(restoreUser(directory, 'no id')).rejects.toMatchObject({ reason: 'never-there' });
  });

  test('refuses when the retention is over, although the tombstone is still there', async () => {
    const { id } = await deletedUser();

    await expect(restoreUser(later(30 * 86_400_000), id)).rejects.toMatchObject({
      reason: 'retention-over',
    });
  });

  test('refuses when two restore at once: one of them comes second', async () => {
    const { id } = await deletedUser();

    const outcomes = await Promise.allSettled([restoreUser(directory, id), restoreUser(directory, id)]);

    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toMatchObject([{ reason: 'there-already' }]);
    expect(await countResources(directory, 'User')).toMatchObject({ total: 1 });
  });

  test('has nothing of a user to give back where the retention is 0 days', () =>
    withRetention('0', async () => {
      const { id } = await deletedUser();

      const tombstone = await engine.table.get(tombstoneKey(directory.tenant, 'User', id));
      expect(tombstone).not.toHaveProperty('kept');
      expect(JSON.stringify(tombstone)).not.toContain('ann@example.com');
      // The marks on it outlive the request, so it does.
      expect(tombstone?.expiresAt).toBeGreaterThan(Date.now() / 1000 + 3_600);
      await expect(restoreUser(directory, id)).rejects.toMatchObject({
        reason: 'not-kept',
        message: expect.stringContaining('0 days'),
      });
    }));

  test('gives a user of the greatest size back', async () => {
    const attributes = userAttributes('ann@example.com', { title: '' });
    const title = 'x'.repeat(MAX_BODY_BYTES - Buffer.byteLength(JSON.stringify(attributes)));
    const { id } = await deletedUser({ title });

    expect((await restoreUser(directory, id)).user.attributes.title).toBe(title);
  });

  test('deletes whoever has no room in a tombstone all the same, and says that nothing was kept', async () => {
    const { id } = await createUser(directory, userAttributes('ann@example.com', { title: '' }));
    const body = JSON.stringify(
      userAttributes('ann@example.com', { title: 'x'.repeat(MAX_BODY_BYTES + 500) }),
    );
    // As it was before room was kept.
    await engine.table.write({
      kind: 'update',
      key: resourceKey(directory.tenant, 'User', id),
      update: 'SET body = :body',
      values: { ':body': body },
    });

    await deleteUser(directory, id);

    await expect(restoreUser(directory, id)).rejects.toMatchObject({
      reason: 'not-kept',
      message: expect.stringContaining('too large'),
    });
  });
});

describe('restoreGroup', () => {
  test('gives the group back under the same id and name, without members', async () => {
    const group = await deletedGroup();

    const restored = await restoreGroup(afterCleanup(), group.id);

    expect(restored).toMatchObject({
      id: group.id,
      version: 2,
      attributes: group.attributes,
      uniqueName: true,
    });
    expect(await getGroup(directory, group.id)).toEqual(restored);
    await expect(createGroup(directory, { displayName: 'SALES' }, [])).rejects.toMatchObject({
      code: 'uniqueness',
    });
    expect(await countResources(directory, 'Group')).toMatchObject({ total: 1 });
    expect(await findings()).toEqual([]);
  });

  test('keeps the mark of a group that was in another one', async () => {
    const { id } = await createGroup(directory, { displayName: 'Inner' }, []);
    await createGroup(directory, { displayName: 'Outer' }, [{ id, type: 'Group' }]);
    await deleteGroup(directory, id);
    await cleanUp(later(LATE_WRITES_MS), 'Group', id);

    await restoreGroup(afterCleanup(), id);

    expect(await getGroup(directory, id)).toMatchObject({ nested: true });
    expect(await findings()).toEqual([]);
  });

  test('refuses while members may still be under removal', async () => {
    const { id } = await createGroup(directory, { displayName: 'Sales' }, []);
    await deleteGroup(directory, id);

    await expect(restoreGroup(directory, id)).rejects.toMatchObject({ reason: 'cleanup-pending' });
    await cleanUp(later(LATE_WRITES_MS), 'Group', id);
    await expect(restoreGroup(directory, id)).rejects.toMatchObject({ reason: 'cleanup-pending' });
  });

  test('refuses when another group has the displayName meanwhile', async () => {
    const { id } = await deletedGroup();
    await createGroup(directory, { displayName: 'sales' }, []);

    await expect(restoreGroup(afterCleanup(), id)).rejects.toMatchObject({
      reason: 'name-taken',
      message: expect.stringContaining('Another group has the displayName "Sales"'),
    });
  });

  test('can be given members again', async () => {
    const { id } = await deletedGroup();
    const user = await createUser(directory, userAttributes('ann@example.com'));
    await restoreGroup(afterCleanup(), id);

    await modifyGroup(directory, id, undefined, {
      base: 'keep',
      add: new Map([[user.id, {}]]),
      remove: new Set(),
    });

    const group = await getGroup(directory, id);
    expect(group && (await membersOf(directory, group))).toEqual([{ kind: 'User', id: user.id }]);
  });
});

describe('provisionUser, where deleted users are wanted back by their externalId', () => {
  beforeEach(() => {
    directory = { ...directory, settings: { ...DEFAULT_TENANT_SETTINGS, reprovision: 'sameExternalId' } };
  });
  const provision = (userName: string, more = {}) =>
    provisionUser(directory, userAttributes(userName, { externalId: 'ext-1', ...more }));
  const deleted = async (more = {}) => {
    const user = await provision('ann@example.com', more);
    await deleteUser(directory, user.id);
    return user;
  };
  const leads = async (externalId = 'ext-1') =>
    (await engine.table.queryAll({ pk: valuePartition(directory.tenant, externalId) })).filter(
      ({ sk }) => deletedOfSortKey(sk) !== undefined,
    );
  const groupsOf = async (id: string) => (await membershipsOf(directory, id)).map(({ groupId }) => groupId);

  test('gives the deleted user back under the same id, with the attributes that are asked for', async () => {
    const before = await deleted({ title: 'Boss', active: false });

    const user = await provision('ann.new@example.com');

    expect(user).toMatchObject({ id: before.id, created: before.created, version: before.version + 1 });
    expect(user.attributes).toEqual(
      userAttributes('ann.new@example.com', { externalId: 'ext-1', active: true }),
    );
    expect((await getUser(directory, user.id))?.attributes).toEqual(user.attributes);
    expect(await findUserId(directory, 'ann.new@example.com')).toBe(user.id);
    expect(await findUserId(directory, 'ann@example.com')).toBeUndefined();
    expect(await idsWithValue(directory, 'User', 'ext-1')).toEqual([user.id]);
    expect(await countResources(directory, 'User')).toMatchObject({ total: 1 });
    expect(await leads()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test('can do so again and again, and an administrator in between', async () => {
    const { id } = await deleted();
    await restoreUser(directory, id);
    expect(await leads()).toEqual([]);
    await deleteUser(directory, id);

    expect((await provision('ann@example.com')).id).toBe(id);
    await deleteUser(directory, id);
    expect((await provision('ann@example.com')).id).toBe(id);
    expect(await findings()).toEqual([]);
  });

  test('accepts no old session', async () => {
    const sessions = new SessionStore(engine.table);
    const { id } = await provision('ann@example.com');
    const old = await sessions.issue(directory.tenant, id);
    await deleteUser(directory, id);

    await provision('ann@example.com');
    const fresh = await sessions.issue(directory.tenant, id);
    await revokePending(engine.table, directory.tenant, id);

    expect(await sessions.verify(old.sessionToken)).toMatchObject({ active: false });
    expect(await sessions.verify(fresh.sessionToken)).toMatchObject({ active: true });
  });

  test('makes a new user for another externalId, one in another case, and one whom nobody was', async () => {
    const { id } = await deleted();

    const others = [
      await provision('bea@example.com', { externalId: 'EXT-1' }),
      await provision('cid@example.com', { externalId: 'ext-2' }),
      await provisionUser(directory, { userName: 'dan@example.com' }),
    ];

    expect(others.map((user) => user.id)).not.toContain(id);
    expect(await leads()).toHaveLength(1);
  });

  test('gives back who was deleted last, of several', async () => {
    const first = await provision('ann@example.com');
    const second = await provision('bea@example.com');
    await deleteUser(directory, second.id);
    await deleteUser(later(1_000), first.id);

    expect((await provision('cid@example.com')).id).toBe(first.id);
    // The externalId is somebody's now.
    expect([first.id, second.id]).not.toContain((await provision('dan@example.com')).id);
    expect(await leads()).toHaveLength(1);
  });

  test('of two requests at once gives the user to one; the other meets the userName', async () => {
    const { id } = await deleted();

    const outcomes = await Promise.allSettled([provision('ann@example.com'), provision('ann@example.com')]);

    const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.id] : []));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect([made, refused]).toEqual([[id], [expect.objectContaining({ code: 'uniqueness' })]]);
    expect(await countResources(directory, 'User')).toMatchObject({ total: 1 });
    expect(await findings()).toEqual([]);
  });

  test('refuses a userName that somebody has, and leaves the deleted user as it is', async () => {
    const { id } = await deleted();
    await createUser(directory, userAttributes('bea@example.com'));

    await expect(provision('BEA@example.com')).rejects.toMatchObject({
      code: 'uniqueness',
      attribute: 'userName',
      value: 'BEA@example.com',
    });
    expect((await provision('ann@example.com')).id).toBe(id);
  });

  test('gives no membership back, also none that the cleaner has not got to', async () => {
    const { id } = await provision('ann@example.com');
    const groups = await Promise.all(
      ['Sales', 'Staff'].map((displayName) => createGroup(directory, { displayName }, [{ id }])),
    );
    await deleteUser(directory, id);
    // A request that was under way at the deletion.
    await engine.table.write(memberPut(directory.tenant, groups[0]?.id ?? '', { kind: 'User', id }));

    await provision('ann@example.com');

    expect(await groupsOf(id)).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test('asks to come again while the user is being taken out of many groups, and comes without them then', async () => {
    const { id } = await provision('ann@example.com');
    for (let n = 0; n < 21; n++) await createGroup(directory, { displayName: `g${n}` }, [{ id }]);
    await deleteUser(directory, id);

    await expect(provision('ann@example.com')).rejects.toMatchObject({ code: 'throttled' });
    await cleanUp(directory, 'User', id);
    expect((await provision('ann@example.com')).id).toBe(id);
    expect(await groupsOf(id)).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  test('is not undone by a cleanup of the deletion that is still running', async () => {
    const { id } = await deleted();
    const group = await createGroup(directory, { displayName: 'Sales' }, []);
    const { table } = engine;
    const slow = Object.assign(Object.create(table) as typeof table, {
      get: async (...call: Parameters<typeof table.get>) => {
        const item = await table.get(...call);
        await provision('ann@example.com');
        await engine.table.write(memberPut(directory.tenant, group.id, { kind: 'User', id }));
        return item;
      },
    });

    await cleanUp({ ...later(LATE_WRITES_MS), table: slow }, 'User', id);

    expect(await groupsOf(id)).toEqual([group.id]);
    expect(await getUser(directory, id)).toBeDefined();
  });

  test('makes a new user when the retention is over, and when the old one was erased, who leaves nothing', async () => {
    const over = await deleted();
    directory = later(30 * 86_400_000);
    const erased = await provision('bea@example.com');
    expect(erased.id).not.toBe(over.id);
    await deleteUser(directory, erased.id);
    const act = { kind: 'put', item: { pk: 'LOG#x#2026-11-26', sk: 'act' } } as const;
    await eraseUser(directory, erased.id, act);

    expect((await leads()).map(({ sk }) => deletedOfSortKey(sk))).toEqual([over.id]);
    expect([over.id, erased.id]).not.toContain((await provision('cid@example.com')).id);
  });

  test('finds those who were deleted before that was wanted, once they are indexed', async () => {
    const wanted = directory;
    directory = { ...directory, settings: DEFAULT_TENANT_SETTINGS };
    const before = await deleted();
    const nameless = await createUser(directory, { userName: 'nobody' });
    await deleteUser(directory, nameless.id);
    expect(await leads()).toEqual([]);
    directory = wanted;

    const atOnce = [await indexDeletedUsers(directory), await indexDeletedUsers(directory)];
    expect(atOnce).toEqual([
      { users: 1, isDone: true },
      { users: 0, isDone: true },
    ]);
    expect(await leads()).toHaveLength(1);
    expect(await findings()).toEqual([]);
    expect((await provision('ann@example.com')).id).toBe(before.id);
    expect(await leads()).toEqual([]);
  });

  test('finds many of them in parts, each of which has its time', async () => {
    const world = await newWorld();
    const ids = Array.from(
      { length: 203 },
      (_, n) => `a${String(n).padStart(7, '0')}-0000-4000-8000-000000000000` as ResourceId,
    );
    for (const [n, id] of ids.entries()) {
      await createUser(world.directory, { userName: `user-${n}`, externalId: `x-${n}` }, id);
      await deleteUser(world.directory, id);
    }

    expect(await indexDeletedUsers(world.directory, 0)).toEqual({ users: 200, isDone: false });
    expect(await indexDeletedUsers(world.directory)).toEqual({ users: 3, isDone: true });
  });

  test.each<[string, (slow: Directory, id: string) => Promise<unknown>]>([
    ['restored', (slow, id) => restoreUser(slow, id)],
    ['erased', (slow, id) => eraseUser(slow, id, { kind: 'put', item: { pk: 'LOG#x#2026-11-26', sk: id } })],
  ])('leaves nothing that leads to who is %s while the deleted are being indexed', async (_, act) => {
    const wanted = directory;
    directory = { ...directory, settings: DEFAULT_TENANT_SETTINGS };
    const { id } = await deleted();
    directory = wanted;
    const { table } = engine;
    const slow = Object.assign(Object.create(table) as typeof table, {
      get: async (...call: Parameters<typeof table.get>) => {
        const item = await table.get(...call);
        await indexDeletedUsers(directory);
        return item;
      },
    });

    await act({ ...directory, table: slow }, id);

    expect(await leads()).toEqual([]);
  });

  test('keeps the names of an account in another store of sessions, also the one before', async () => {
    Object.assign(process.env, { TARGET_USERNAME: 'userName', TARGET_TENANT: directory.tenant });
    try {
      const { id } = await deleted();

      await provision('ann.new@example.com');

      const former = await engine.table.get(formerNameKey(directory.tenant, 'ann@example.com', id));
      expect(former).toBeDefined();
      expect(former).not.toHaveProperty('expiresAt');
      expect(await getUser(directory, id)).toMatchObject({ formerNames: ['ann@example.com'] });
    } finally {
      delete process.env.TARGET_USERNAME;
      delete process.env.TARGET_TENANT;
    }
  });

  test('the checker takes away what leads to a user who is not kept', async () => {
    const { id } = await provision('ann@example.com');
    const expiresAt = Math.floor(Date.now() / 1000) + 86_400;
    await engine.table.write(deletedIndexPut(directory.tenant, 'ext-1', id, expiresAt));

    const options = { tenant: directory.tenant, secondLookAfterMs: 0 };
    const { findings: found } = await checkTable(engine.table, { ...options, repair: true });

    expect(found).toMatchObject([{ code: 'index-item-stale', outcome: 'repaired' }]);
    expect(await leads()).toEqual([]);
  });
});

test('where deleted users are not wanted back, a deletion leaves nothing by which they are found', async () => {
  const { id } = await deletedUser();

  expect((await provisionUser(directory, userAttributes('ann@example.com'))).id).not.toBe(id);
  const items = await engine.table.queryAll({ pk: valuePartition(directory.tenant, 'ext-ann@example.com') });
  expect(items.filter(({ sk }) => deletedOfSortKey(sk) !== undefined)).toEqual([]);
});
