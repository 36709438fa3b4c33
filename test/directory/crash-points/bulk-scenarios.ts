import { createGroup, deleteGroup, getGroup, membersOf } from '../../../src/directory/groups/groups';
import type { ResourceId } from '../../../src/directory/table/keys';
import { createUser, deleteUser, findUserId, getUser } from '../../../src/directory/users/users';
import { bulkEndpoint } from '../../../src/endpoints/scim/bulk';
import { parsedBody, type ScimResponse } from '../../../src/endpoints/scim/message';
import { scimErrorOf } from '../../../src/endpoints/scim/scim-error-of';
import type { JsonObject } from '../../../src/scim/json';
import { userAttributes } from '../../../testing/directory';
import { REGISTRY } from '../../../testing/registry';
import { listByName } from './group-lookup';
import { type Scenario, scenario } from './scenario';
import { expectTrue, userWithSession } from './user-scenarios';
import type { World } from './world';

const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Hires one, groups them with one who is there, and lets a third one go. */
const operations = (present: string, leaver: string): JsonObject[] => [
  {
    method: 'POST',
    path: '/Users',
    bulkId: 'hire',
    data: { schemas: [USER], userName: 'hire@example.com' },
  },
  {
    method: 'POST',
    path: '/Groups',
    bulkId: 'team',
    data: { schemas: [GROUP], displayName: 'Team', members: [{ value: 'bulkId:hire' }, { value: present }] },
  },
  {
    method: 'PATCH',
    path: `/Users/${leaver}`,
    data: { schemas: [PATCH], Operations: [{ op: 'replace', value: { active: false } }] },
  },
];

function send(world: World, present: string, leaver: string): Promise<ScimResponse> {
  const body = parsedBody({ schemas: [BULK], Operations: operations(present, leaver) });
  const request = { method: 'POST', resource: 'Bulk', query: {}, headers: {}, body, baseUrl: 'https://scim' };
  return bulkEndpoint({ ...world.directory, registry: REGISTRY }, request, answerTo);
}

/** As the middleware does: what means nothing in SCIM is the service's fault. */
function answerTo(error: unknown): ScimResponse {
  const known = scimErrorOf(error);
  return known === undefined
    ? { status: 500, body: {} }
    : { status: known.status, body: { detail: known.detail } };
}

export const BULK_SCENARIOS: readonly Scenario[] = [
  scenario({
    name: 'a Bulk request of a user, a group of it and a deactivation',
    prepare: async (world) => ({
      present: await userWithSession(world, 'present@example.com'),
      leaver: await userWithSession(world, 'leaver@example.com'),
    }),
    run: async (world, { present, leaver }) => {
      const response = await send(world, present.id, leaver.id);
      const failed = JSON.stringify(response.body).match(/"status":"?5\d\d/);
      if (failed !== null) throw new BulkIncomplete();
      return response;
    },
    intended: async (world, { present, leaver }) => {
      const hire = await findUserId(world.directory, 'hire@example.com');
      const teams = await listByName(world, 'Team');
      expectTrue(hire !== undefined && teams.length === 1, `${teams.length} teams`);
      const team = await getGroup(world.directory, teams[0] ?? '');
      const members = team === undefined ? [] : await membersOf(world.directory, team);
      expectTrue(members.length === 2 && members.some(({ id }) => id === present.id), 'two members');
      expectTrue(
        (await getUser(world.directory, leaver.id))?.attributes.active === false,
        'the leaver is out',
      );
      expectTrue(!(await world.sessions.verify(leaver.session.sessionToken)).active, 'and has no session');
    },
  }),
  scenario({
    name: 'an attempt that goes on after what another one created was deleted',
    prepare: async (world) => {
      const user = await createUser(world.directory, userAttributes('late@example.com'), ALLOTTED);
      const session = await world.sessions.issue(world.tenant, user.id);
      const group = await createGroup(world.directory, { displayName: 'Late' }, [{ id: user.id }], ALLOTTED);
      await deleteUser(world.directory, user.id);
      await deleteGroup(world.directory, group.id);
      return session;
    },
    run: async ({ directory }) => [
      await outcomeOf(createUser(directory, userAttributes('late@example.com'), ALLOTTED)),
      await outcomeOf(createGroup(directory, { displayName: 'Late' }, [], ALLOTTED)),
    ],
    intended: async (world, session, given) => {
      expectTrue(JSON.stringify(given) === '[409,409]', `answered ${JSON.stringify(given)}`);
      expectTrue((await getUser(world.directory, ALLOTTED)) === undefined, 'the user stays deleted');
      expectTrue((await getGroup(world.directory, ALLOTTED)) === undefined, 'the group stays deleted');
      expectTrue(!(await world.sessions.verify(session.sessionToken)).active, 'the session is dead');
    },
  }),
];

const ALLOTTED = '5d9d1f0c-52b0-8c6e-a1f5-9e3b6f0c7a42' as ResourceId;

async function outcomeOf(creation: Promise<unknown>): Promise<unknown> {
  try {
    return await creation;
  } catch (error) {
    const known = scimErrorOf(error);
    if (known !== undefined) return known.status;
    throw error;
  }
}

/** An operation was answered 500, which a client repeats. */
class BulkIncomplete extends Error {
  constructor() {
    super('An operation of the Bulk request failed.');
    this.name = 'Crash';
  }
}
