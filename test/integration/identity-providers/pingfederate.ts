import type { JsonObject } from '../../../src/scim/json';
import { CORE_GROUP, CORE_USER, ENTERPRISE, get, list, post, put, remove, type Trace } from './trace';

const user = (more: JsonObject = {}): JsonObject => ({
  schemas: [CORE_USER, ENTERPRISE],
  userName: 'kari.{run}@ping.example',
  name: { givenName: 'Kari', familyName: 'Moe' },
  emails: [{ value: 'kari.{run}@ping.example', type: 'work', primary: true }],
  active: true,
  [ENTERPRISE]: { employeeNumber: '77' },
  ...more,
});

/** A group goes by its distinguished name. */
const displayName = 'CN=Anchor (day) {run},OU=Crews,DC=ping,DC=example';

export const PINGFEDERATE: Trace = {
  client: 'PingFederate',
  source: 'docs.pingidentity.com: SCIM Provisioner for PingFederate',
  headers: { 'user-agent': 'Apache-HttpClient/4.5.13', 'content-type': 'application/scim+json' },
  blank: '+',
  scenarios: [
    {
      name: 'a user is looked up in several ways, updated by PUT and disabled',
      steps: [
        list(
          'looks the user up',
          '/Users',
          { filter: 'username eq "kari.{run}@ping.example"' },
          {
            answer: { totalResults: 0 },
          },
        ),
        post('creates', '/Users', user(), { save: 'kari' }),
        list(
          'looks up by e-mail',
          '/Users',
          { filter: 'emails eq "kari.{run}@ping.example"' },
          {
            answer: { totalResults: 1, Resources: [{ id: '{kari}' }] },
          },
        ),
        list(
          'looks up by an own template',
          '/Users',
          { filter: 'emails co "kari.{run}@"' },
          {
            answer: { totalResults: 1, Resources: [{ id: '{kari}' }] },
          },
        ),
        put('updates', '/Users/{kari}', user({ title: 'Diver' }), { answer: { title: 'Diver' } }),
        put('disables', '/Users/{kari}', user({ active: false }), {
          answer: { active: false },
          lacks: ['title'],
        }),
        ...remove('deletes, by setting', '/Users/{kari}'),
      ],
    },
    {
      name: 'groups with distinguished names are matched in the list of all, and written by PUT',
      steps: [
        post('creates a user', '/Users', user(), { save: 'kari' }),
        list(
          'lists all groups',
          '/Groups',
          { startIndex: '1', count: '1000' },
          { answer: { startIndex: 1 } },
        ),
        post('creates', '/Groups', { schemas: [CORE_GROUP], displayName }, { save: 'anchor' }),
        put(
          'sends the members',
          '/Groups/{anchor}',
          { schemas: [CORE_GROUP], displayName, members: [{ value: '{kari}' }] },
          { members: ['{kari}'] },
        ),
        list(
          'looks it up by name',
          '/Groups',
          { filter: `displayName eq "${displayName}"` },
          {
            answer: { totalResults: 1, Resources: [{ id: '{anchor}', displayName }] },
          },
        ),
        get('reads it', '/Groups/{anchor}', { members: ['{kari}'] }),
        ...remove('deletes', '/Groups/{anchor}'),
      ],
    },
  ],
};
