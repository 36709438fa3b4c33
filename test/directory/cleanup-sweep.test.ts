import { createGroup, deleteGroup, getGroup, membersOf } from '../../src/directory/groups/groups';
import { journalChange } from '../../src/directory/groups/membership-journal';
import { memberPut } from '../../src/directory/groups/memberships';
import { cleanUp } from '../../src/directory/pending/cleanup';
import { sweepCleanups } from '../../src/directory/pending/cleanup-sweep';
import { LATE_WRITES_MS } from '../../src/directory/resources/late-writes';
import { memberPartition, resourceKey, tombstoneKey } from '../../src/directory/table/keys';
import { createUser, deleteUser } from '../../src/directory/users/users';
import { findingsIn, newWorld, pendingIn, type World } from './crash-points/world';

let world: World;
beforeEach(async () => {
  world = await newWorld();
});

const sweep = ({ table, clock }: World) =>
  sweepCleanups(table, { deadline: Number.POSITIVE_INFINITY, now: () => clock.ms });

test('a member that was added while the user was being deleted is gone after the second cleanup', async () => {
  const { directory, table, tenant, clock } = world;
  const user = await createUser(directory, { userName: 'ann' });
  const group = await createGroup(directory, { displayName: 'Sales' }, []);
  await deleteUser(directory, user.id);
  await cleanUp(directory, 'User', user.id);
  await table.write(memberPut(tenant, group.id, { kind: 'User', id: user.id }));

  clock.ms += LATE_WRITES_MS;
  const swept = await sweep(world);

  expect(swept).toMatchObject({ cleanups: 1, isComplete: true });
  expect(await membersOf(directory, group)).toEqual([]);
  expect(await getGroup(directory, group.id)).toMatchObject({ version: 2 });
});

test('members that were added while the group was being deleted are gone after the second cleanup', async () => {
  const { directory, table, tenant, clock } = world;
  const user = await createUser(directory, { userName: 'ann' });
  const group = await createGroup(directory, { displayName: 'Sales' }, []);
  await deleteGroup(directory, group.id);
  await cleanUp(directory, 'Group', group.id);
  await table.write(memberPut(tenant, group.id, { kind: 'User', id: user.id }));

  clock.ms += LATE_WRITES_MS;
  await sweep(world);

  expect(await table.queryAll({ pk: memberPartition(tenant, group.id) })).toEqual([]);
  expect(pendingIn(world)).toEqual([]);
});

test('the mark stays until nothing can be added any more', async () => {
  const { directory, table, tenant, clock } = world;
  const group = await createGroup(directory, { displayName: 'Sales' }, []);
  await deleteGroup(directory, group.id);

  clock.ms += LATE_WRITES_MS - 1;
  await cleanUp(directory, 'Group', group.id);
  const soon = await table.get(tombstoneKey(tenant, 'Group', group.id));
  clock.ms += 1;
  await cleanUp(directory, 'Group', group.id);

  expect(soon).toMatchObject({ cleanupPending: expect.any(Number), g1: expect.stringMatching(/^PENDING#/) });
  expect(await table.get(tombstoneKey(tenant, 'Group', group.id))).not.toHaveProperty('cleanupPending');
});

test('a large change that neither request nor stream carried out is carried out, without members deleted meanwhile', async () => {
  const { directory, table, tenant, clock } = world;
  const [stays, leaves] = [
    await createUser(directory, { userName: 'stays' }),
    await createUser(directory, { userName: 'leaves' }),
  ];
  const group = await createGroup(directory, { displayName: 'Sales' }, []);
  const add = [stays, leaves].map(({ id }) => ({ kind: 'User' as const, id }));
  const change = await journalChange(directory, group.id, { add, remove: [] });
  await table.write({
    kind: 'update',
    key: resourceKey(tenant, 'Group', group.id),
    update: 'SET #change = :change, g1 = :g1',
    names: { '#change': 'change' },
    values: { ':change': change, ':g1': `PENDING#${group.id.slice(0, 1)}` },
  });
  await deleteUser(directory, leaves.id);

  clock.ms += LATE_WRITES_MS;
  const swept = await sweep(world);

  expect(swept.changes).toBe(1);
  expect((await membersOf(directory, group)).map(({ id }) => id)).toEqual([stays.id]);
  expect(await findingsIn(world)).toEqual([]);
});
