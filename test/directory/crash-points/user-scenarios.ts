import { NotFound, NotRestorable } from '../../../src/directory/errors';
import { createGroup, getGroup, membersOf } from '../../../src/directory/groups/groups';
import { membershipsOf } from '../../../src/directory/groups/memberships';
import type { Directory } from '../../../src/directory/resources/directory';
import type { ResourceId } from '../../../src/directory/table/keys';
import { tombstoneKey } from '../../../src/directory/table/keys';
import { DEFAULT_TENANT_SETTINGS } from '../../../src/directory/tenants/settings';
import { findUserByAppId, setAppId } from '../../../src/directory/users/app-id';
import { provisionUser } from '../../../src/directory/users/provision-user';
import { restoreUser } from '../../../src/directory/users/restore-user';
import { createUser, deleteUser, findUserId, getUser, modifyUser } from '../../../src/directory/users/users';
import type { JsonObject } from '../../../src/scim/json';
import { userAttributes } from '../../../testing/directory';
import { type Scenario, scenario } from './scenario';
import { runSweeps, type World } from './world';

const NAME = 'ann@example.com';
const set =
  (more: JsonObject) =>
  (attributes: JsonObject): JsonObject => ({ ...attributes, ...more });

/** A user with a live session. */
export async function userWithSession(world: World, name = NAME) {
  const user = await createUser(world.directory, userAttributes(name, { externalId: `x-${name}` }));
  const session = await world.sessions.issue(world.tenant, user.id);
  return { id: user.id, session };
}

export function expectTrue(condition: boolean, what: string): void {
  if (!condition) throw new Error(`Not as intended: ${what}`);
}

export async function expectNotFound(promise: Promise<unknown>): Promise<void> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
}

async function isAlive({ sessions }: World, { sessionToken }: { sessionToken: string }): Promise<boolean> {
  return (await sessions.verify(sessionToken)).active;
}

async function changed(world: World, id: string, wanted: JsonObject): Promise<void> {
  const user = await getUser(world.directory, id);
  for (const [name, value] of Object.entries(wanted)) {
    expectTrue(user?.attributes[name] === value, `${name} is ${JSON.stringify(user?.attributes[name])}`);
  }
  expectTrue(user?.version === 2, `version ${user?.version}: the change was made once`);
}

function change(
  name: string,
  wanted: JsonObject,
  more?: (world: World, id: string) => Promise<void>,
): Scenario {
  return scenario({
    name,
    prepare: (world) => userWithSession(world),
    run: (world, { id }) => modifyUser(world.directory, id, (present) => changeUnlessSame(present, wanted)),
    intended: async (world, { id, session }) => {
      await changed(world, id, wanted);
      await more?.(world, id);
      expectTrue((await isAlive(world, session)) === (wanted.active !== false), 'the session');
    },
  });
}

const changeUnlessSame = (present: JsonObject, wanted: JsonObject): JsonObject =>
  Object.entries(wanted).every(([name, value]) => present[name] === value) ? present : set(wanted)(present);

/**
 * What a client does whose POST got no answer: it looks for the userName and creates only when nobody has it (Entra
 * ID, Okta).
 */
async function createUnlessFound(world: World): Promise<unknown> {
  const found = await findUserId(world.directory, NAME);
  return found ?? createUser(world.directory, userAttributes(NAME));
}

async function memberOfGroups(world: World, groups: number) {
  const { id, session } = await userWithSession(world);
  const groupIds: ResourceId[] = [];
  for (let index = 0; index < groups; index++) {
    groupIds.push((await createGroup(world.directory, { displayName: `g${index}` }, [{ id }])).id);
  }
  return { id, session, groupIds };
}

function deletion(name: string, groups: number): Scenario {
  return scenario({
    name,
    prepare: (world) => memberOfGroups(world, groups),
    run: (world, { id }) => deleteUser(world.directory, id),
    retry: (world, { id }) => expectNotFound(deleteUser(world.directory, id)),
    intended: async (world, { id, session, groupIds }) => {
      expectTrue((await getUser(world.directory, id)) === undefined, 'the user is gone');
      expectTrue(
        (await world.table.get(tombstoneKey(world.tenant, 'User', id))) !== undefined,
        'a tombstone',
      );
      expectTrue(!(await isAlive(world, session)), 'the session is dead');
      for (const groupId of groupIds) {
        const group = await getGroup(world.directory, groupId);
        if (group === undefined) throw new Error('A group is gone.');
        expectTrue((await membersOf(world.directory, group)).length === 0, 'no member is left');
      }
      await createUser(world.directory, userAttributes(NAME));
    },
  });
}

/** A tenant that wants deleted users back by their externalId. */
const wantingBack = ({ directory }: World): Directory => ({
  ...directory,
  settings: { ...DEFAULT_TENANT_SETTINGS, reprovision: 'sameExternalId' },
});

/** @param settle what happens between the deletion and the creation */
function returning(name: string, groups: number, settle: (world: World) => Promise<void>): Scenario {
  const create = (world: World) =>
    provisionUser(wantingBack(world), userAttributes('bea@example.com', { externalId: `x-${NAME}` }));
  return scenario({
    name,
    prepare: async (world) => {
      const prepared = await memberOfGroups(world, groups);
      await deleteUser(wantingBack(world), prepared.id);
      await settle(world);
      return prepared;
    },
    run: create,
    // The identity provider looks for the user first.
    retry: async (world) => {
      if ((await findUserId(world.directory, 'bea@example.com')) === undefined) await create(world);
    },
    intended: async (world, { id, session }) => {
      const user = await getUser(world.directory, id);
      expectTrue(user?.version === 2, 'a version that nobody has seen');
      expectTrue((await findUserId(world.directory, 'bea@example.com')) === id, 'found by userName');
      expectTrue(!(await isAlive(world, session)), 'the old session stays dead');
      expectTrue((await membershipsOf(world.directory, id)).length === 0, 'no membership is back');
    },
  });
}

/** What an administrator sees who repeats the command: the user is there. */
export async function unlessThere(restoration: Promise<unknown>): Promise<void> {
  try {
    await restoration;
  } catch (error) {
    if (!(error instanceof NotRestorable && error.reason === 'there-already')) throw error;
  }
}

/** @param settle what happens between the deletion and the restoration */
function restoration(
  name: string,
  groups: number,
  settle: (world: World) => Promise<void>,
  comesBackTo: number,
): Scenario {
  return scenario({
    name,
    prepare: async (world) => {
      const prepared = await memberOfGroups(world, groups);
      await deleteUser(world.directory, prepared.id);
      await settle(world);
      return prepared;
    },
    run: (world, { id }) => restoreUser(world.directory, id),
    retry: (world, { id }) => unlessThere(restoreUser(world.directory, id)),
    intended: async (world, { id, session, groupIds }) => {
      const user = await getUser(world.directory, id);
      expectTrue(user?.version === 2, 'a version that nobody has seen');
      expectTrue((await findUserId(world.directory, NAME)) === id, 'found by userName');
      expectTrue(!(await isAlive(world, session)), 'the old session stays dead');
      const fresh = await world.sessions.issue(world.tenant, id);
      expectTrue(await isAlive(world, fresh), 'a new session lives');
      let found = 0;
      for (const groupId of groupIds) {
        const group = await getGroup(world.directory, groupId);
        if (group !== undefined) found += (await membersOf(world.directory, group)).length;
      }
      expectTrue(found === comesBackTo, `a member of ${found} groups`);
    },
  });
}

/** Every write of a user. */
export const USER_SCENARIOS: readonly Scenario[] = [
  scenario({
    name: 'create a user',
    prepare: async () => undefined,
    run: (world) => createUser(world.directory, userAttributes(NAME)),
    retry: createUnlessFound,
    intended: async (world) => {
      expectTrue((await findUserId(world.directory, NAME)) !== undefined, 'found by userName');
    },
  }),
  change('change an attribute', { title: 'Engineer' }),
  change('replace with other looked-up values', { externalId: 'other', displayName: 'Ann' }),
  change('rename', { userName: 'bea@example.com' }, async (world, id) => {
    expectTrue((await findUserId(world.directory, 'bea@example.com')) === id, 'found by the new name');
    expectTrue((await findUserId(world.directory, NAME)) === undefined, 'not found by the old one');
  }),
  change('deactivate', { active: false }),
  change('deactivate and rename', { active: false, userName: 'bea@example.com' }),
  scenario({
    name: 'set the id in the vendor’s app',
    prepare: async (world) => {
      const prepared = await userWithSession(world);
      await setAppId(world.directory, prepared.id, 'account-1');
      return prepared;
    },
    run: (world, { id }) => setAppId(world.directory, id, 'account-2'),
    intended: async (world, { id, session }) => {
      expectTrue((await findUserByAppId(world.directory, 'account-2'))?.id === id, 'found by it');
      expectTrue((await findUserByAppId(world.directory, 'account-1')) === undefined, 'not by the old one');
      expectTrue(await isAlive(world, session), 'the session');
    },
  }),
  scenario({
    name: 'change with If-Match',
    prepare: (world) => userWithSession(world),
    run: (world, { id }) => modifyUser(world.directory, id, set({ title: 'x' }), (version) => version === 1),
    // The client reads again, finds what it wanted, and is content.
    retry: async (world, { id }) => {
      const present = await getUser(world.directory, id);
      if (present?.attributes.title === 'x') return present;
      return modifyUser(world.directory, id, set({ title: 'x' }), (version) => version === 1);
    },
    intended: (world, { id }) => changed(world, id, { title: 'x' }),
  }),
  scenario({
    name: 'reactivate',
    prepare: async (world) => {
      const prepared = await userWithSession(world);
      await modifyUser(world.directory, prepared.id, set({ active: false }));
      return prepared;
    },
    run: (world, { id }) =>
      modifyUser(world.directory, id, (present) => changeUnlessSame(present, { active: true })),
    intended: async (world, { id, session }) => {
      expectTrue(!(await isAlive(world, session)), 'the old session stays dead');
      const fresh = await world.sessions.issue(world.tenant, id);
      expectTrue(await isAlive(world, fresh), 'a new session lives');
    },
  }),
  deletion('delete a user without groups', 0),
  deletion('delete a user in 3 groups', 3),
  deletion('delete a user in 25 groups', 25),
  returning('give a deleted user back to whoever creates one with the externalId', 3, async () => {}),
  returning('give a user back who was in 25 groups', 25, runSweeps),
  restoration('restore a user whose sessions are still to be removed', 3, async () => {}, 3),
  restoration('restore a user of whom nothing else is left', 3, runSweeps, 3),
  restoration('restore a user who was in 25 groups', 25, runSweeps, 0),
];
