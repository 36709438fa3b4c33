import type { JsonObject } from '../../../src/scim/json';
import { CORE_GROUP, CORE_USER, get, list, patch, post, put, remove, type Trace } from './trace';

const user = (name: string, more: JsonObject = {}): JsonObject => ({
  schemas: [CORE_USER],
  active: true,
  emails: [{ primary: true, type: 'other', value: `${name}.{run}@authentik.example` }],
  externalId: `${name}-{run}`,
  name: { familyName: ' ', formatted: 'Gro ', givenName: 'Gro' },
  displayName: 'Gro',
  userName: `${name}.{run}`,
  ...more,
});

const group = (more: JsonObject = {}): JsonObject => ({
  schemas: [CORE_GROUP],
  externalId: 'rope-{run}',
  displayName: 'Rope {run}',
  ...more,
});

export const AUTHENTIK: Trace = {
  client: 'authentik',
  source: 'github.com: goauthentik/authentik, authentik/providers/scim/clients',
  headers: { accept: 'application/scim+json', 'content-type': 'application/scim+json' },
  blank: '%20',
  scenarios: [
    {
      name: 'users are created, looked up after a conflict, and updated by PUT or PATCH',
      steps: [
        get('reads what is supported', '/ServiceProviderConfig', {
          answer: { patch: { supported: true }, filter: { supported: true }, bulk: { supported: true } },
        }),
        post('creates', '/Users', user('gro'), { save: 'gro' }),
        post('creates again', '/Users', user('gro'), { status: 409 }),
        list(
          'looks the user up',
          '/Users',
          { filter: 'userName eq "gro.{run}"' },
          {
            answer: { totalResults: 1, Resources: [{ id: '{gro}' }] },
          },
        ),
        put('updates', '/Users/{gro}', user('gro', { id: '{gro}', active: false }), {
          answer: { active: false },
        }),
        patch('updates by PATCH', '/Users/{gro}', [{ op: 'replace', value: user('gro', { id: '{gro}' }) }]),
        get('reads it', '/Users/{gro}', { answer: { active: true } }),
        list('reads all users', '/Users', {}, { answer: { startIndex: 1 } }),
        list('reads on without a count', '/Users', { startIndex: '2' }, { answer: { startIndex: 2 } }),
        ...remove('deletes', '/Users/{gro}'),
        { what: 'deletes again', method: 'DELETE', path: '/Users/{gro}', status: 404 },
      ],
    },
    {
      name: 'a group is created empty, filled one operation a member, and compared',
      steps: [
        post('creates a user', '/Users', user('a'), { save: 'a' }),
        post('creates another', '/Users', user('b'), { save: 'b' }),
        post('creates the group', '/Groups', group(), { save: 'rope' }),
        patch(
          'adds members',
          '/Groups/{rope}',
          ['{a}', '{b}'].map((value) => ({ op: 'add', path: 'members', value: [{ value }] })),
        ),
        patch('updates the group', '/Groups/{rope}', [{ op: 'replace', value: group({ id: '{rope}' }) }]),
        get('compares the members', '/Groups/{rope}', { members: ['{a}', '{b}'] }),
        patch('removes one, older', '/Groups/{rope}', [
          { op: 'remove', path: 'members', value: [{ value: '{a}' }] },
        ]),
        patch('removes one, newer', '/Groups/{rope}', [{ op: 'remove', path: 'members[value eq "{b}"]' }]),
        get('compares the members', '/Groups/{rope}', { members: [] }),
        list(
          'looks the group up',
          '/Groups',
          { filter: 'displayName eq "Rope {run}"' },
          {
            answer: { totalResults: 1, Resources: [{ id: '{rope}' }] },
          },
        ),
        ...remove('deletes', '/Groups/{rope}'),
      ],
    },
  ],
};
