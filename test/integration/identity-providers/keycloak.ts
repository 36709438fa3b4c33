import type { JsonObject } from '../../../src/scim/json';
import { CORE_GROUP, CORE_USER, get, list, patch, post, put, remove, type Trace } from './trace';

const user = (name: string, more: JsonObject = {}): JsonObject => ({
  schemas: [CORE_USER],
  externalId: `${name}-{run}`,
  userName: `${name}.{run}`,
  displayName: 'Jon Vik',
  name: { givenName: 'Jon', familyName: 'Vik' },
  // Neither type nor primary.
  emails: [{ value: `${name}.{run}@keycloak.example` }],
  roles: [{ value: 'sailor' }],
  active: true,
  ...more,
});

const member = (name: string): JsonObject => ({ value: `{${name}}`, type: 'User', $ref: `Users/{${name}}` });
const group = (...names: string[]): JsonObject => ({
  schemas: [CORE_GROUP],
  externalId: 'sail-{run}',
  displayName: 'Sail {run}',
  members: names.map(member),
});

/** Without these the plugin fails on its own. */
const whole = (name: string, active: boolean): JsonObject => ({
  id: `{${name}}`,
  userName: `${name}.{run}`,
  displayName: 'Jon Vik',
  active,
});

export const KEYCLOAK: Trace = {
  client: 'Keycloak plugins',
  source: 'github.com: mitodl/keycloak-scim, Captain-P-Goldfish/scim-for-keycloak',
  headers: { 'content-type': 'application/scim+json' },
  blank: '%20',
  scenarios: [
    {
      name: 'a user is created, replaced, disabled with a string and imported',
      steps: [
        post('creates', '/Users', user('jon'), { save: 'jon' }),
        put('replaces', '/Users/{jon}', user('jon', { active: false }), { answer: whole('jon', false) }),
        patch('enables', '/Users/{jon}', [{ op: 'replace', path: 'active', value: 'true' }], {
          status: 200,
          answer: whole('jon', true),
        }),
        list('imports', '/Users', {}, { answer: { startIndex: 1 } }),
        ...remove('deletes', '/Users/{jon}'),
      ],
    },
    {
      name: 'a group has relative references and is emptied without a value',
      steps: [
        post('creates a user', '/Users', user('a'), { save: 'a' }),
        post('creates another', '/Users', user('b'), { save: 'b' }),
        post('creates the group', '/Groups', group('a'), { save: 'sail', members: ['{a}'] }),
        put('replaces it', '/Groups/{sail}', group('a', 'b'), { members: ['{a}', '{b}'] }),
        patch('patches all of it', '/Groups/{sail}', [
          { op: 'replace', path: 'externalId', value: 'sail-{run}' },
          { op: 'replace', path: 'displayName', value: 'Sail {run}' },
          { op: 'replace', path: 'members', value: [member('b')] },
        ]),
        get('reads it', '/Groups/{sail}', { members: ['{b}'] }),
        patch('empties it', '/Groups/{sail}', [{ op: 'remove', path: 'members' }]),
        get('reads it', '/Groups/{sail}', { members: [] }),
        list(
          'looks it up with an operator in capitals',
          '/Groups',
          { filter: 'displayName EQ "Sail {run}"' },
          {
            answer: { totalResults: 1, Resources: [{ id: '{sail}' }] },
          },
        ),
        list('imports', '/Groups', {}, { answer: { startIndex: 1 } }),
      ],
    },
  ],
};
