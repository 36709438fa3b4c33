import { UniquenessConflict } from '../../../src/directory/errors';
import { modifyGroup } from '../../../src/directory/groups/group-changes';
import { createGroup, deleteGroup, getGroup, membersOf } from '../../../src/directory/groups/groups';
import { restoreGroup } from '../../../src/directory/groups/restore-group';
import type { ResourceId } from '../../../src/directory/table/keys';
import { createUser, deleteUser } from '../../../src/directory/users/users';
import type { MemberChange } from '../../../src/scim/patch/members';
import { listByName } from './group-lookup';
import { type Scenario, scenario } from './scenario';
import { expectNotFound, expectTrue, unlessThere } from './user-scenarios';
import { runSweeps, type World } from './world';

const NAME = 'Sales';
/** More members than one transaction holds: the change is journaled. */
export const MANY = 105;

async function users(world: World, count: number): Promise<ResourceId[]> {
  const ids: ResourceId[] = [];
  for (let index = 0; index < count; index++) {
    ids.push((await createUser(world.directory, { userName: `user-${index}` })).id);
  }
  return ids.sort();
}

const adding = (ids: readonly string[], remove: readonly string[] = []): MemberChange => ({
  base: 'keep',
  add: new Map(ids.map((id) => [id, {}])),
  remove: new Set(remove),
});
const replacing = (ids: readonly string[]): MemberChange => ({ ...adding(ids), base: 'clear' });

async function expectMembers(world: World, id: string, wanted: readonly string[]): Promise<void> {
  const group = await getGroup(world.directory, id);
  if (group === undefined) throw new Error('The group is gone.');
  const members = (await membersOf(world.directory, group)).map((member) => member.id);
  expectTrue(JSON.stringify(members) === JSON.stringify([...wanted].sort()), `${members.length} members`);
}

interface GroupState {
  readonly id: ResourceId;
  readonly ids: readonly ResourceId[];
}

/** A group of which the first `members` of `count` users are members. */
async function groupOf(world: World, count: number, members: number): Promise<GroupState> {
  const ids = await users(world, count);
  const first = ids.slice(0, members).map((id) => ({ id }));
  return { id: (await createGroup(world.directory, { displayName: NAME }, first)).id, ids };
}

function memberChange(
  name: string,
  [count, members]: readonly [number, number],
  changeOf: (ids: readonly ResourceId[]) => MemberChange,
  wanted: (ids: readonly ResourceId[]) => readonly string[],
  attributes?: { displayName: string },
): Scenario {
  return scenario({
    name,
    prepare: (world) => groupOf(world, count, members),
    run: (world, { id, ids }) =>
      modifyGroup(
        world.directory,
        id,
        attributes === undefined ? undefined : (present) => ({ ...present, ...attributes }),
        changeOf(ids),
      ),
    intended: (world, { id, ids }) => expectMembers(world, id, wanted(ids)),
  });
}

function creation(name: string, members: number): Scenario {
  const create = (world: World, ids: readonly ResourceId[]) =>
    createGroup(
      world.directory,
      { displayName: NAME },
      ids.map((id) => ({ id })),
    );
  return scenario({
    name,
    prepare: (world) => users(world, members),
    run: create,
    // Entra ID repeats the POST and looks for the name after 409; Okta looks first.
    retry: (world, ids) => expectTaken(create(world, ids)),
    intended: async (world, ids) => {
      const found = await listByName(world, NAME);
      expectTrue(found.length === 1, `${found.length} groups of the name`);
      await expectMembers(world, found[0] ?? '', ids);
    },
  });
}

async function expectTaken(promise: Promise<unknown>): Promise<void> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof UniquenessConflict)) throw error;
  }
}

function deletion(name: string, members: number): Scenario {
  return scenario({
    name,
    prepare: (world) => groupOf(world, members, members),
    run: (world, { id }) => deleteGroup(world.directory, id),
    retry: (world, { id }) => expectNotFound(deleteGroup(world.directory, id)),
    intended: async (world, { id }) => {
      expectTrue((await getGroup(world.directory, id)) === undefined, 'the group is gone');
      const left = world.store.all().filter(({ pk }) => pk.includes(`#M#${id}`) || pk.includes(`#J#${id}`));
      expectTrue(left.length === 0, `${left.length} items of the group are left`);
      await createGroup(world.directory, { displayName: NAME }, []);
    },
  });
}

/** A group in a group, and one that is deleted while it is a member. */
const NESTED: readonly Scenario[] = [
  scenario({
    name: 'add a group to a group',
    prepare: async (world) => {
      const { id: child } = await createGroup(world.directory, { displayName: 'Child' }, []);
      const { id, ids } = await groupOf(world, 0, 0);
      return { id, ids, child };
    },
    run: (world, { id, child }) => modifyGroup(world.directory, id, undefined, adding([child])),
    intended: async (world, { id, child }) => {
      await expectMembers(world, id, [child]);
      expectTrue((await getGroup(world.directory, child))?.nested === true, 'marked as nested');
    },
  }),
  scenario({
    name: 'add a group and many users to a group',
    prepare: async (world) => {
      const { id: child } = await createGroup(world.directory, { displayName: 'Child' }, []);
      const { id, ids } = await groupOf(world, MANY, 0);
      return { id, ids, child };
    },
    run: (world, { id, ids, child }) => modifyGroup(world.directory, id, undefined, adding([...ids, child])),
    intended: async (world, { id, ids, child }) => {
      await expectMembers(world, id, [...ids, child]);
      expectTrue((await getGroup(world.directory, child))?.nested === true, 'marked as nested');
    },
  }),
  scenario({
    name: 'delete a group that is a member of a group',
    prepare: async (world) => {
      const { id: child } = await createGroup(world.directory, { displayName: 'Child' }, []);
      const { id } = await createGroup(world.directory, { displayName: NAME }, [
        { id: child, type: 'Group' },
      ]);
      return { id, child };
    },
    run: (world, { child }) => deleteGroup(world.directory, child),
    retry: (world, { child }) => expectNotFound(deleteGroup(world.directory, child)),
    intended: (world, { id }) => expectMembers(world, id, []),
  }),
];

/** A change is committed but not carried out, and something else comes first. */
const OVER_PENDING: readonly Scenario[] = [
  scenario({
    name: 'delete a user whom a pending change adds',
    prepare: async (world) => {
      const { id, ids } = await groupOf(world, MANY, 0);
      return { id, ids, gone: ids[3] ?? '' };
    },
    run: async (world, { id, ids, gone }) => {
      await modifyGroup(world.directory, id, undefined, adding(ids));
      await deleteUser(world.directory, gone);
    },
    retry: async (world, { id, ids, gone }) => {
      await modifyGroup(world.directory, id, undefined, adding(ids));
      await expectNotFound(deleteUser(world.directory, gone));
    },
    intended: (world, { id, ids, gone }) =>
      expectMembers(
        world,
        id,
        ids.filter((each) => each !== gone),
      ),
  }),
  scenario({
    name: 'delete a group while it changes',
    prepare: (world) => groupOf(world, MANY, 0),
    run: async (world, { id, ids }) => {
      await modifyGroup(world.directory, id, undefined, adding(ids));
      await deleteGroup(world.directory, id);
    },
    retry: (world, { id }) => expectNotFound(deleteGroup(world.directory, id)),
    intended: async (world, { id }) => {
      expectTrue((await getGroup(world.directory, id)) === undefined, 'the group is gone');
    },
  }),
];

/** Every write of a group. */
export const GROUP_SCENARIOS: readonly Scenario[] = [
  creation('create a group', 0),
  creation('create a group with 5 members', 5),
  creation(`create a group with ${MANY} members`, MANY),
  scenario({
    name: 'rename a group',
    prepare: (world) => groupOf(world, 2, 2),
    run: (world, { id }) =>
      modifyGroup(world.directory, id, (present) => ({ ...present, displayName: 'New' }), undefined),
    intended: async (world, { id, ids }) => {
      expectTrue((await listByName(world, 'New'))[0] === id, 'found by the new name');
      expectTrue((await listByName(world, NAME)).length === 0, 'not found by the old name');
      await expectMembers(world, id, ids);
      await createGroup(world.directory, { displayName: NAME }, []);
    },
  }),
  scenario({
    name: 'add a member with If-Match',
    prepare: (world) => groupOf(world, 1, 0),
    run: (world, { id, ids }) =>
      modifyGroup(world.directory, id, undefined, adding(ids), (version) => version === 1),
    // 412 after a lost answer: the client reads the present version and repeats.
    retry: (world, { id, ids }) => modifyGroup(world.directory, id, undefined, adding(ids), () => true),
    intended: (world, { id, ids }) => expectMembers(world, id, ids),
  }),
  memberChange(
    'add 1 member',
    [1, 0],
    (ids) => adding(ids),
    (ids) => ids,
  ),
  memberChange(
    'add 5 members',
    [5, 0],
    (ids) => adding(ids),
    (ids) => ids,
  ),
  memberChange(
    'remove 5 members',
    [6, 6],
    (ids) => adding([], ids.slice(1)),
    (ids) => ids.slice(0, 1),
  ),
  memberChange(
    `add ${MANY} members`,
    [MANY, 0],
    (ids) => adding(ids),
    (ids) => ids,
  ),
  memberChange(
    `rename and add ${MANY} members`,
    [MANY, 0],
    (ids) => adding(ids),
    (ids) => ids,
    { displayName: 'New' },
  ),
  memberChange(
    'replace all of 6 members',
    [6, 3],
    (ids) => replacing(ids.slice(2)),
    (ids) => ids.slice(2),
  ),
  memberChange(
    `replace all of ${MANY} members`,
    [MANY + 5, MANY],
    (ids) => replacing(ids.slice(MANY)),
    (ids) => ids.slice(MANY),
  ),
  ...NESTED,
  ...OVER_PENDING,
  scenario({
    name: 'restore a group',
    prepare: async (world) => {
      const { id, ids } = await groupOf(world, 2, 2);
      await deleteGroup(world.directory, id);
      await runSweeps(world);
      return { id, ids };
    },
    run: (world, { id }) => restoreGroup(world.directory, id),
    retry: (world, { id }) => unlessThere(restoreGroup(world.directory, id)),
    intended: async (world, { id, ids }) => {
      expectTrue((await listByName(world, NAME))[0] === id, 'found by the name');
      await modifyGroup(world.directory, id, undefined, adding(ids));
      await expectMembers(world, id, ids);
    },
  }),
  deletion('delete a group of 3', 3),
  deletion(`delete a group of ${MANY}`, MANY),
];
