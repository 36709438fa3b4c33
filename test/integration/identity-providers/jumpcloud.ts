import type { JsonObject } from '../../../src/scim/json';
import { CORE_GROUP, CORE_USER, ENTERPRISE, get, list, patch, post, put, remove, type Trace } from './trace';

const user = (name: string, more: JsonObject = {}): JsonObject => ({
  schemas: [ENTERPRISE, CORE_USER],
  active: true,
  addresses: [
    { type: 'work', primary: true, streetAddress: '1 Pier', locality: 'Bergen', country: 'Norway' },
  ],
  displayName: 'Siv Haug',
  emails: [{ type: 'work', primary: true, value: `${name}.{run}@jumpcloud.example` }],
  externalId: '5f9f1f77bcf86cd799439011',
  locale: 'en_US',
  name: { givenName: 'Siv', familyName: 'Haug' },
  phoneNumbers: [{ type: 'work', value: 'tel:+1-555-555-0123' }],
  preferredLanguage: 'en',
  userName: `${name}.{run}@jumpcloud.example`,
  ...more,
});

export const JUMPCLOUD: Trace = {
  client: 'JumpCloud',
  source: 'jumpcloud.com/support: identity management connector; samples of ShiftControl-io/scim-v2-rust',
  headers: { 'content-type': 'application/scim+json' },
  blank: '%20',
  scenarios: [
    {
      name: 'activation makes a test user and a test group, and takes them away',
      steps: [
        list('validates', '/Users', {}, { answer: { startIndex: 1 } }),
        post('creates the test user', '/Users', user('test'), {
          save: 'test',
          answer: { phoneNumbers: [{ type: 'work', value: 'tel:+1-555-555-0123' }] },
        }),
        post(
          'creates the test group',
          '/Groups',
          { schemas: [CORE_GROUP], displayName: 'Test {run}' },
          { save: 'group' },
        ),
        patch('deactivates the test user', '/Users/{test}', [
          { op: 'replace', path: 'active', value: false },
        ]),
        ...remove('removes the test user', '/Users/{test}'),
        ...remove('removes the test group', '/Groups/{group}'),
      ],
    },
    {
      name: 'a user is replaced whole and in its least form, and patched attribute by attribute',
      steps: [
        post('creates', '/Users', user('siv'), { save: 'siv' }),
        put(
          'replaces it whole',
          '/Users/{siv}',
          user('siv', {
            addresses: [],
            phoneNumbers: [],
            photos: [{ value: 'https://example.com/siv.png' }],
            [ENTERPRISE]: { employeeNumber: '12' },
          }),
          {
            answer: {
              photos: [{ value: 'https://example.com/siv.png' }],
              [ENTERPRISE]: { employeeNumber: '12' },
            },
            lacks: ['addresses', 'phoneNumbers'],
          },
        ),
        put(
          'replaces it with the least',
          '/Users/{siv}',
          { schemas: [CORE_USER], userName: 'siv.{run}@jumpcloud.example', emails: null, active: true },
          { lacks: ['emails', 'displayName'] },
        ),
        patch('patches attributes one by one', '/Users/{siv}', [
          { op: 'replace', path: 'name.familyName', value: 'Haugen' },
          { op: 'replace', path: 'active', value: false },
        ]),
        get('reads it', '/Users/{siv}', { answer: { active: false, name: { familyName: 'Haugen' } } }),
      ],
    },
    {
      name: 'members are added again and again, and removed by a list',
      steps: [
        post('creates a user', '/Users', user('a'), { save: 'a' }),
        post('creates another', '/Users', user('b'), { save: 'b' }),
        post(
          'creates the group',
          '/Groups',
          { schemas: [CORE_GROUP], displayName: 'Dock {run}' },
          { save: 'dock' },
        ),
        ...['a', 'b', 'a'].map((name) =>
          patch(`adds ${name}`, '/Groups/{dock}', [
            { op: 'add', path: 'members', value: [{ value: `{${name}}` }] },
          ]),
        ),
        get('reads it', '/Groups/{dock}', { members: ['{a}', '{b}'] }),
        patch('removes one by a list', '/Groups/{dock}', [
          { op: 'remove', path: 'members', value: [{ value: '{a}' }] },
        ]),
        get('reads it', '/Groups/{dock}', { members: ['{b}'] }),
      ],
    },
  ],
};
