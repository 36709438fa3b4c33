import { CORE_GROUP, CORE_USER, ENTERPRISE, get, list, patch, post, put, remove, type Trace } from './trace';

/** The body is a template that the administrator writes; these are the forms that were seen. */
const template = (more: object = {}) => ({
  schemas: [CORE_USER, ENTERPRISE],
  id: null,
  userName: 'rune.{run}@onelogin.example',
  externalId: null,
  active: 'true',
  name: { givenName: 'Rune', familyName: 'Dahl' },
  // One object where a list belongs.
  emails: { value: 'rune.{run}@onelogin.example', type: 'work' },
  [ENTERPRISE]: { department: 'Yard', manager: { managerId: 'm-{run}', displayName: 'Somebody' } },
  ...more,
});

export const ONELOGIN: Trace = {
  client: 'OneLogin',
  source: 'github.com: onelogin/onelogin-scim-node, reports at goauthentik/authentik and 15five/django-scim2',
  headers: { 'user-agent': '', 'content-type': 'application/scim+json' },
  blank: '%20',
  scenarios: [
    {
      name: 'a user is created from a template, updated by PUT, suspended and deleted',
      steps: [
        list('tests the connection', '/Users', {}, { answer: { startIndex: 1 } }),
        post('creates', '/Users', template(), {
          save: 'rune',
          answer: {
            active: true,
            emails: [{ value: 'rune.{run}@onelogin.example', type: 'work' }],
            [ENTERPRISE]: { department: 'Yard', manager: { value: 'm-{run}' } },
          },
        }),
        put('updates', '/Users/{rune}', template({ title: 'Rigger' }), { answer: { title: 'Rigger' } }),
        put('suspends', '/Users/{rune}', template({ active: 'false' }), { answer: { active: false } }),
        put('reactivates', '/Users/{rune}', template({ active: true }), { answer: { active: true } }),
        ...remove('deletes', '/Users/{rune}'),
      ],
    },
    {
      name: 'a group gets a member by PATCH',
      steps: [
        post('creates a user', '/Users', template(), { save: 'rune' }),
        post(
          'creates the group',
          '/Groups',
          { schemas: [CORE_GROUP], displayName: 'Yard {run}' },
          { save: 'yard' },
        ),
        patch('adds the member', '/Groups/{yard}', [
          { op: 'add', path: 'members', value: [{ value: '{rune}' }] },
        ]),
        get('reads it', '/Groups/{yard}', { members: ['{rune}'] }),
        list('reads all groups', '/Groups', {}, { answer: { startIndex: 1 } }),
      ],
    },
  ],
};
