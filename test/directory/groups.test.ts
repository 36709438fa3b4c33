import { randomUUID } from 'node:crypto';
import { modifyGroup } from '../../src/directory/groups/group-changes';
import { groupsOfUsers } from '../../src/directory/groups/group-membership';
import { createGroup, deleteGroup, getGroup, membersOf } from '../../src/directory/groups/groups';
import { journalChange, rollForward } from '../../src/directory/groups/membership-journal';
import { cleanUp } from '../../src/directory/pending/cleanup';
import type { Directory } from '../../src/directory/resources/directory';
import type { StoredGroup } from '../../src/directory/resources/items';
import { LATE_WRITES_MS } from '../../src/directory/resources/late-writes';
import {
  hiddenMembersPartition,
  memberPartition,
  resourceKey,
  tombstoneKey,
} from '../../src/directory/table/keys';
import { inParallel } from '../../src/directory/table/parallel';
import { createUser, deleteUser } from '../../src/directory/users/users';
import type { MemberChange } from '../../src/scim/patch/members';
import { directoryOf, userAttributes } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { stalledBefore } from './stalled-process';

const engine = useTestTable();
let directory: Directory;
beforeEach(() => {
  directory = directoryOf(engine.table);
});

async function users(count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `u${index}-${randomUUID()}`);
  const created = await inParallel(names, (name) => createUser(directory, userAttributes(name)));
  return created.map(({ id }) => id).sort();
}

const adding = (...ids: string[]): MemberChange => ({
  base: 'keep',
  add: new Map(ids.map((id) => [id, {}])),
  remove: new Set(),
});
const removing = (...ids: string[]): MemberChange => ({ base: 'keep', add: new Map(), remove: new Set(ids) });
const replacing = (...ids: string[]): MemberChange => ({
  base: 'clear',
  add: new Map(ids.map((id) => [id, {}])),
  remove: new Set(),
});

async function memberIds(id: string): Promise<string[]> {
  const group = await getGroup(directory, id);
  if (group === undefined) throw new Error('The group is gone.');
  return (await membersOf(directory, group)).map((member) => member.id);
}

/** When nothing that was under way at a deletion can be written any more. */
const later = (soon: Directory): Directory => ({ ...soon, now: () => new Date(Date.now() + LATE_WRITES_MS) });

const emptyGroup = (displayName = 'Sales'): Promise<StoredGroup> =>
  createGroup(directory, { displayName }, []);

describe('modifyGroup', () => {
  test('adds and removes members without reading the others, and raises the version', async () => {
    const [a, b, c] = (await users(3)) as [string, string, string];
    const group = await createGroup(directory, { displayName: 'Sales' }, [{ id: a }]);

    const added = await modifyGroup(directory, group.id, undefined, adding(b, c));
    const removed = await modifyGroup(directory, group.id, undefined, removing(a));

    expect(await memberIds(group.id)).toEqual([b, c]);
    expect([added.version, removed.version]).toEqual([2, 3]);
  });

  test('leaves out members that do not exist and keeps the others', async () => {
    const [a] = (await users(1)) as [string];
    const group = await emptyGroup();

    await modifyGroup(directory, group.id, undefined, adding(randomUUID(), a, '00u-never-provisioned'));

    expect(await memberIds(group.id)).toEqual([a]);
  });

  test('keeps every member that 32 concurrent requests add', async () => {
    const ids = await users(96);
    const group = await emptyGroup();
    const waiting = ids.values();
    const client = async () => {
      for (const id of waiting) await modifyGroup(directory, group.id, undefined, adding(id));
    };

    await Promise.all(Array.from({ length: 32 }, client));

    expect(await memberIds(group.id)).toEqual(ids);
  });

  test('changes attributes and members all together', async () => {
    const [a] = (await users(1)) as [string];
    const group = await emptyGroup();

    await modifyGroup(directory, group.id, () => ({ displayName: 'Support' }), adding(a));

    expect((await getGroup(directory, group.id))?.attributes).toEqual({ displayName: 'Support' });
    expect(await memberIds(group.id)).toEqual([a]);
  });

  test('applies a replace as a difference', async () => {
    const [a, b, c] = (await users(3)) as [string, string, string];
    const group = await createGroup(directory, { displayName: 'Sales' }, [{ id: a }, { id: b }]);

    await modifyGroup(directory, group.id, undefined, replacing(b, c));

    expect(await memberIds(group.id)).toEqual([b, c]);
  });

  test('writes nothing when a replace names the present members', async () => {
    const [a] = (await users(1)) as [string];
    const group = await createGroup(directory, { displayName: 'Sales' }, [{ id: a }]);

    expect(await modifyGroup(directory, group.id, undefined, replacing(a))).toMatchObject({ version: 1 });
  });

  test('refuses a stale version on the fast path, too', async () => {
    const [a] = (await users(1)) as [string];
    const group = await emptyGroup();
    await modifyGroup(directory, group.id, undefined, adding(a));

    await expect(
      modifyGroup(directory, group.id, undefined, removing(a), (version) => version === 1),
    ).rejects.toMatchObject({ code: 'precondition-failed' });
    expect(await memberIds(group.id)).toEqual([a]);
  });

  test('answers not found for a group that is not there', async () => {
    await expect(
      modifyGroup(directory, randomUUID(), undefined, removing(randomUUID())),
    ).rejects.toMatchObject({ code: 'not-found' });
    await expect(modifyGroup(directory, randomUUID(), () => ({}), undefined)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('accepts a group that is its own member, and groups in groups in a circle', async () => {
    const first = await emptyGroup();
    const second = await emptyGroup('Support');

    await modifyGroup(directory, first.id, undefined, adding(first.id, second.id));
    await modifyGroup(directory, second.id, () => ({ displayName: 'B' }), adding(first.id));

    expect(await memberIds(first.id)).toEqual([first.id, second.id].sort());
    expect(await memberIds(second.id)).toEqual([first.id]);
  });
});

describe('a membership change too large for one transaction', () => {
  test('adds, replaces and creates with more than a hundred members', async () => {
    const ids = await users(240);
    const group = await createGroup(
      directory,
      { displayName: 'All' },
      ids.slice(0, 120).map((id) => ({ id })),
    );
    expect(await memberIds(group.id)).toEqual(ids.slice(0, 120));

    await modifyGroup(directory, group.id, undefined, adding(...ids));
    expect(await memberIds(group.id)).toEqual(ids);

    await modifyGroup(directory, group.id, () => ({ displayName: 'Few' }), replacing(...ids.slice(110)));
    expect(await memberIds(group.id)).toEqual(ids.slice(110));
    expect((await getGroup(directory, group.id))?.change).toBeUndefined();
  });

  test('is seen whole by readers before it is rolled forward, and by the next writer', async () => {
    const ids = await users(6);
    const group = await createGroup(
      directory,
      { displayName: 'All' },
      ids.slice(0, 3).map((id) => ({ id })),
    );
    const change = await journalChange(directory, group.id, {
      add: ids.slice(3, 5).map((id) => ({ kind: 'User', id })),
      remove: ids.slice(0, 2),
    });
    await commitOnly(group.id, change);

    expect(await memberIds(group.id)).toEqual(ids.slice(2, 5));
    await modifyGroup(directory, group.id, undefined, adding(ids[5] ?? ''));

    expect(await memberIds(group.id)).toEqual(ids.slice(2));
    expect((await getGroup(directory, group.id))?.change).toBeUndefined();
  });

  test('cannot undo later writes when a process that was thought dead goes on with it', async () => {
    const [a] = (await users(1)) as [string];
    const group = await createGroup(directory, { displayName: 'All' }, [{ id: a }]);
    const change = await journalChange(directory, group.id, { add: [], remove: [a] });
    await commitOnly(group.id, change);
    await rollForward(directory, group.id, change);
    await modifyGroup(directory, group.id, undefined, adding(a));

    await rollForward(directory, group.id, change);

    expect(await memberIds(group.id)).toEqual([a]);
  });

  test('cannot undo later writes either with the chunks that such a process had read', async () => {
    const [a] = (await users(1)) as [string];
    const group = await createGroup(directory, { displayName: 'All' }, [{ id: a }]);
    const change = await journalChange(directory, group.id, { add: [], remove: [a] });
    await commitOnly(group.id, change);
    const dead = stalledBefore(directory, 'transact');
    const late = rollForward(dead.directory, group.id, change);
    await dead.stalled;
    await rollForward(directory, group.id, change);
    await modifyGroup(directory, group.id, undefined, adding(a));

    dead.goOn();
    await late;

    expect(await memberIds(group.id)).toEqual([a]);
  });

  async function commitOnly(groupId: string, change: { id: string; chunks: number }): Promise<void> {
    await directory.table.write({
      kind: 'update',
      key: resourceKey(directory.tenant, 'Group', groupId),
      update: 'SET #change = :change',
      names: { '#change': 'change' },
      values: { ':change': change },
    });
  }
});

describe('deletion', () => {
  test('takes a user out of its few groups in the same transaction and gives them new versions', async () => {
    const [a, b] = (await users(2)) as [string, string];
    const group = await createGroup(directory, { displayName: 'Sales' }, [{ id: a }, { id: b }]);

    await deleteUser(directory, a);

    expect(await memberIds(group.id)).toEqual([b]);
    expect((await getGroup(directory, group.id))?.version).toBe(2);
  });

  test('hides a user of many groups from all of them at once, and the cleanup leaves nothing', async () => {
    const [a] = (await users(1)) as [string];
    const groups = await Promise.all(
      Array.from({ length: 30 }, (_, n) => createGroup(directory, { displayName: `G${n}` }, [{ id: a }])),
    );

    await deleteUser(directory, a);

    const { tenant, table } = directory;
    expect(await Promise.all(groups.map(({ id }) => memberIds(id)))).toEqual(groups.map(() => []));
    expect(await table.queryAll({ pk: hiddenMembersPartition(tenant) })).toHaveLength(1);
    await cleanUp(later(directory), 'User', a);
    expect(await table.queryAll({ pk: hiddenMembersPartition(tenant) })).toEqual([]);
    expect(await table.queryAll({ pk: memberPartition(tenant, groups[0]?.id ?? '') })).toEqual([]);
    expect(await table.get(tombstoneKey(tenant, 'User', a))).not.toHaveProperty('cleanupPending');
  });

  test('shows a deleted group in no user’s groups before the cleanup, and leaves no member item after it', async () => {
    const [a] = (await users(1)) as [string];
    const group = await createGroup(directory, { displayName: 'Sales' }, [{ id: a }]);

    await deleteGroup(directory, group.id);

    expect((await groupsOfUsers(directory, [a])).get(a)).toEqual([]);
    await cleanUp(later(directory), 'Group', group.id);
    expect(await engine.table.queryAll({ pk: memberPartition(directory.tenant, group.id) })).toEqual([]);
    expect(await engine.table.get(tombstoneKey(directory.tenant, 'Group', group.id))).not.toHaveProperty(
      'g1',
    );
  });
});

describe('groupsOfUsers', () => {
  test('tells direct from indirect groups and survives a circle', async () => {
    const [a] = (await users(1)) as [string];
    const inner = await createGroup(directory, { displayName: 'Inner' }, [{ id: a }]);
    const outer = await createGroup(directory, { displayName: 'Outer' }, [{ id: inner.id, type: 'Group' }]);
    await modifyGroup(directory, inner.id, undefined, adding(outer.id));

    const groups = (await groupsOfUsers(directory, [a])).get(a);

    expect(groups).toEqual(
      [
        { value: inner.id, display: 'Inner', type: 'direct' },
        { value: outer.id, display: 'Outer', type: 'indirect' },
      ].sort((one, other) => (one.value < other.value ? -1 : 1)),
    );
  });
});

describe('the groups of a page of users', () => {
  test('are the same whether the groups are asked or the users', async () => {
    const ids = await users(60);
    const inner = await createGroup(
      directory,
      { displayName: 'Inner' },
      ids.slice(0, 40).map((id) => ({ id })),
    );
    await createGroup(directory, { displayName: 'Outer' }, [
      { id: inner.id, type: 'Group' },
      { id: ids[50] ?? '' },
    ]);
    const gone = await createGroup(
      directory,
      { displayName: 'Gone' },
      ids.map((id) => ({ id })),
    );
    await deleteGroup(directory, gone.id);

    const together = await groupsOfUsers(directory, ids);
    const oneByOne = await Promise.all(
      ids.map(async (id) => [id, (await groupsOfUsers(directory, [id])).get(id)] as const),
    );

    expect([...together]).toEqual(oneByOne);
    expect(together.get(ids[0] ?? '')).toHaveLength(2);
  });
});
