import { findUserId, getUser } from '../../../directory/users';
import { getGroup, membersOf } from '../../../directory/groups';
import { bulkEndpoint } from '../../../endpoints/bulk';
import type { ScimResponse } from '../../../endpoints/message';
import type { JsonObject } from '../../../scim/json';
import { ScimError } from '../../../scim/errors';
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
  const body = { schemas: [BULK], Operations: operations(present, leaver) };
  const request = { method: 'POST', resource: 'Bulk', query: {}, headers: {}, body, baseUrl: 'https://scim' };
  return bulkEndpoint(world.directory, request, answerTo);
}

/** As the middleware does: what is not a ScimError is the service's fault. */
function answerTo(error: unknown): ScimResponse {
  if (!(error instanceof ScimError)) return { status: 500, body: {} };
  return { status: error.status, body: { detail: error.detail } };
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
      expectTrue(!(await world.sessions.verify(leaver.session.sessionToken)).alive, 'and has no session');
    },
  }),
];

/** An operation was answered 500, which a client repeats. */
class BulkIncomplete extends Error {
  constructor() {
    super('An operation of the Bulk request failed.');
    this.name = 'Crash';
  }
}
