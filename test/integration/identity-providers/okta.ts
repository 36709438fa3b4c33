import type { JsonObject } from '../../../src/scim/json';
import {
  CORE_GROUP,
  CORE_USER,
  get,
  list,
  patch,
  post,
  put,
  remove,
  type Scenario,
  type Step,
  type Trace,
} from './trace';

const nobody = { totalResults: 0, Resources: [], startIndex: 1 };
const match = (attribute: string, value: string) => ({
  filter: `${attribute} eq "${value}"`,
  startIndex: '1',
  count: '100',
});

const profile = (userName: string, more: JsonObject = {}): JsonObject => ({
  schemas: [CORE_USER],
  userName,
  name: { givenName: 'Tove', familyName: 'Berg' },
  emails: [{ primary: true, value: userName, type: 'work' }],
  displayName: 'Tove Berg',
  locale: 'en-US',
  externalId: `00u-${userName}`,
  groups: [],
  active: true,
  ...more,
});

const create = (name: string): Step =>
  post(`assigns ${name}`, '/Users', profile(`${name}.{run}@atko.example`, { password: 'Never-kept-1' }), {
    save: name,
    answer: { userName: `${name}.{run}@atko.example`, active: true },
    lacks: ['password', 'groups'],
  });

/** What a PUT brings back: all that was read, changed here and there. */
const readBack = (name: string, more: JsonObject = {}) =>
  profile(`${name}.{run}@atko.example`, {
    id: `{${name}}`,
    meta: { resourceType: 'User' },
    name: { givenName: 'Tove', familyName: 'Berg', middleName: '' },
    emails: [
      {
        primary: true,
        value: `${name}.{run}@atko.example`,
        type: 'work',
        display: `${name}.{run}@atko.example`,
      },
    ],
    ...more,
  });

const connector: Scenario = {
  name: 'the connector is tested',
  steps: [
    list('reads users', '/Users', { startIndex: '1', count: '2' }, { answer: { startIndex: 1 } }),
    list('reads groups', '/Groups', { startIndex: '1', count: '100' }, { answer: { startIndex: 1 } }),
    list('asks for nobody', '/Users', match('userName', 'nobody.{run}@atko.example'), { answer: nobody }),
    get('asks for an id that is none', '/Users/00919288221112222', {
      status: 404,
      answer: { status: '404', schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] },
    }),
  ],
};

function lifeOfUser(name: string, deactivate: (active: boolean) => Step): Scenario {
  return {
    name,
    steps: [
      list('matches', '/Users', match('userName', 'tove.{run}@atko.example'), { answer: nobody }),
      create('tove'),
      post('assigns again after a timeout', '/Users', profile('tove.{run}@atko.example'), {
        status: 409,
        answer: { scimType: 'uniqueness' },
      }),
      get('reads before a change', '/Users/{tove}', { answer: { id: '{tove}' } }),
      put(
        'changes the profile and clears a phone number',
        '/Users/{tove}',
        readBack('tove', { title: 'Smith', phoneNumbers: [{ value: '', type: 'work', primary: true }] }),
        { answer: { title: 'Smith' }, lacks: ['phoneNumbers', 'name middleName'] },
      ),
      deactivate(false),
      get('reads it', '/Users/{tove}', { answer: { active: false } }),
      list('finds it when it is assigned again', '/Users', match('userName', 'TOVE.{run}@atko.example'), {
        answer: { totalResults: 1, Resources: [{ id: '{tove}', active: false }] },
      }),
      deactivate(true),
      get('reads it', '/Users/{tove}', { answer: { active: true } }),
      put('renames', '/Users/{tove}', readBack('tove', { userName: 'tove.b.{run}@atko.example' }), {
        answer: { id: '{tove}', userName: 'tove.b.{run}@atko.example' },
        lacks: ['title'],
      }),
    ],
  };
}

const pushedByPatch: Scenario = {
  name: 'a group is pushed by PATCH',
  steps: [
    create('liv'),
    create('per'),
    list('matches', '/Groups', match('displayName', 'Forge {run}'), { answer: nobody }),
    post(
      'creates',
      '/Groups',
      { schemas: [CORE_GROUP], displayName: 'Forge {run}', members: [] },
      { save: 'forge' },
    ),
    patch('sends the name with every change', '/Groups/{forge}', [
      { op: 'replace', value: { id: '{forge}', displayName: 'Forge {run}' } },
    ]),
    patch('adds members', '/Groups/{forge}', [
      {
        op: 'add',
        path: 'members',
        value: [
          { value: '{liv}', display: 'liv.{run}@atko.example' },
          { value: '{per}', display: 'per.{run}@atko.example' },
        ],
      },
    ]),
    patch('sends the name with every change', '/Groups/{forge}', [
      { op: 'replace', value: { id: '{forge}', displayName: 'Forge 2 {run}' } },
    ]),
    get('reads it', '/Groups/{forge}', {
      answer: { displayName: 'Forge 2 {run}' },
      members: ['{liv}', '{per}'],
    }),
    patch('removes one and adds one who is there', '/Groups/{forge}', [
      { op: 'remove', path: 'members[value eq "{liv}"]' },
      { op: 'add', path: 'members', value: [{ value: '{per}', display: 'per.{run}@atko.example' }] },
    ]),
    get('reads it', '/Groups/{forge}', { members: ['{per}'] }),
    patch('pushes all, one of them unknown', '/Groups/{forge}', [
      {
        op: 'replace',
        path: 'members',
        value: [{ value: '{liv}' }, { value: '7d0a6a52-19c5-4d6f-a4a1-3a5f2f4f1a10' }],
      },
    ]),
    get('reads it', '/Groups/{forge}', { members: ['{liv}'] }),
    patch('pushes all without path', '/Groups/{forge}', [
      { op: 'replace', value: { members: [{ value: '{per}', display: 'per.{run}@atko.example' }] } },
    ]),
    get('reads it', '/Groups/{forge}', { members: ['{per}'] }),
    patch('pushes the empty group', '/Groups/{forge}', [{ op: 'replace', path: 'members', value: [] }]),
    get('reads it', '/Groups/{forge}', { members: [] }),
    ...remove('unlinks', '/Groups/{forge}'),
  ],
};

const pushedByPut: Scenario = {
  name: 'a group is pushed by PUT',
  steps: [
    create('ida'),
    list('matches', '/Groups', match('displayName', 'Mill {run}'), { answer: nobody }),
    post(
      'creates with members',
      '/Groups',
      {
        schemas: [CORE_GROUP],
        displayName: 'Mill {run}',
        members: [{ value: '{ida}', display: 'ida.{run}' }],
      },
      { save: 'mill', members: ['{ida}'] },
    ),
    get('reads it', '/Groups/{mill}', { members: ['{ida}'] }),
    create('ole'),
    put(
      'sends the whole group',
      '/Groups/{mill}',
      {
        schemas: [CORE_GROUP],
        id: '{mill}',
        displayName: 'Mill {run}',
        members: [{ value: '{ole}', display: null }],
      },
      { members: ['{ole}'] },
    ),
    put(
      'empties it',
      '/Groups/{mill}',
      { schemas: [CORE_GROUP], id: '{mill}', displayName: 'Mill {run}', members: [] },
      {
        members: [],
      },
    ),
  ],
};

const imports: Scenario = {
  name: 'users and groups are imported page by page',
  steps: [
    create('ask'),
    list('first page', '/Users', { startIndex: '1', count: '100' }, { answer: { startIndex: 1 } }),
    list(
      'beyond the end',
      '/Users',
      { startIndex: '9999', count: '100' },
      { answer: { startIndex: 9999, Resources: [] } },
    ),
    list('groups', '/Groups', { startIndex: '1', count: '100' }, { answer: { startIndex: 1 } }),
  ],
};

const headers = {
  'user-agent': 'Okta SCIM Client 1.0.0',
  accept: 'application/scim+json',
  'accept-charset': 'utf-8',
  'content-type': 'application/scim+json; charset=utf-8',
};
const source = 'developer.okta.com: reference/scim/scim-20, concepts/scim';

export const OKTA_OIN: Trace = {
  client: 'Okta, integration network',
  source,
  headers,
  blank: '%20',
  scenarios: [
    connector,
    lifeOfUser('a user is assigned, changed by PUT, unassigned by PATCH and assigned again', (active) =>
      patch(active ? 'assigns again' : 'unassigns', '/Users/{tove}', [{ op: 'replace', value: { active } }], {
        answer: { active },
        status: 200,
      }),
    ),
    {
      name: 'a password is synchronized and never shown',
      steps: [
        create('unn'),
        patch('sends the password', '/Users/{unn}', [{ op: 'replace', value: { password: 'Never-kept-2' } }]),
        get('reads it', '/Users/{unn}', { lacks: ['password'] }),
      ],
    },
    pushedByPatch,
    imports,
  ],
};

export const OKTA_CUSTOM: Trace = {
  client: 'Okta, custom app',
  source,
  headers,
  blank: '%20',
  scenarios: [
    connector,
    lifeOfUser('a user is assigned, changed, unassigned and assigned again, all by PUT', (active) =>
      put(active ? 'assigns again' : 'unassigns', '/Users/{tove}', readBack('tove', { active }), {
        answer: { active },
      }),
    ),
    pushedByPut,
    imports,
  ],
};
