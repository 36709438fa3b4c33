import type { JsonObject, JsonValue } from '../../../src/scim/json';
import {
  CORE_GROUP,
  CORE_USER,
  ENTERPRISE,
  get,
  list,
  patch,
  post,
  remove,
  type Scenario,
  type Step,
  type Trace,
} from './trace';

/** How one of the two dialects writes the changes that both send. */
interface Dialect {
  readonly op: (op: 'add' | 'replace' | 'remove') => string;
  /** Several plain attributes at once. */
  readonly attributes: (values: JsonObject) => JsonValue[];
  readonly active: (active: boolean) => JsonObject;
  readonly addMembers: (...ids: string[]) => JsonValue[];
  readonly removeMembers: (...ids: string[]) => JsonValue[];
}

const capitalized = (op: string) => op.slice(0, 1).toUpperCase() + op.slice(1);

/** An operation per attribute, booleans as strings, members removed by a list. */
const DEFAULT: Dialect = {
  op: capitalized,
  attributes: (values) =>
    Object.entries(values).map(([path, value]) => ({ op: 'Replace', path, value: value ?? null })),
  active: (active) => ({ op: 'Replace', path: 'active', value: active ? 'True' : 'False' }),
  addMembers: (...ids) => [
    { op: 'Add', path: 'members', value: ids.map((value) => ({ $ref: null, value })) },
  ],
  removeMembers: (...ids) => ids.map((value) => ({ op: 'Remove', path: 'members', value: [{ value }] })),
};

/** One operation without path for all plain attributes, real booleans, members removed by a filter. */
const AAD_OPTSCIM_062020: Dialect = {
  op: (op) => op,
  attributes: (value) => [{ op: 'replace', value }],
  active: (value) => ({ op: 'replace', path: 'active', value }),
  addMembers: (...ids) => [{ op: 'add', path: 'members', value: ids.map((value) => ({ value })) }],
  removeMembers: (...ids) => ids.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` })),
};

const nobody = { totalResults: 0, Resources: [] };
const filter = (text: string) => ({ filter: text });

const newUser = (userName: string): JsonObject => ({
  schemas: [CORE_USER, ENTERPRISE],
  externalId: `object-${userName}`,
  userName,
  active: true,
  addresses: null,
  displayName: 'Nora Lindqvist',
  emails: [{ primary: true, type: 'work', value: userName }],
  meta: { resourceType: 'User' },
  name: { formatted: 'Nora Lindqvist', familyName: 'Lindqvist', givenName: 'Nora' },
  phoneNumbers: null,
  roles: [],
  title: null,
  [ENTERPRISE]: { department: 'Harbour', employeeNumber: 4711, manager: null },
});

const create = (name: string): Step =>
  post(`creates ${name}`, '/Users', newUser(`${name}.{run}@contoso.example`), {
    save: name,
    answer: { userName: `${name}.{run}@contoso.example`, active: true },
  });

function lifeOfUser({ op, attributes, active }: Dialect): Scenario {
  const parts = ['streetAddress', 'locality', 'region', 'postalCode', 'country', 'formatted'];
  return {
    name: 'a user is matched, created, changed, disabled, restored and deleted',
    steps: [
      list('tests the connection', '/Users', filter('userName eq "2b6f4f0e-11aa-4c1f-9a0e-5f3c0a6d77b1"'), {
        answer: nobody,
      }),
      list('matches', '/Users', filter('userName eq "nora.{run}@contoso.example"'), { answer: nobody }),
      create('nora'),
      post('creates again after a lost answer', '/Users', newUser('NORA.{run}@contoso.example'), {
        status: 409,
        answer: { scimType: 'uniqueness', status: '409' },
      }),
      list('matches by name', '/Users', filter('userName eq "nora.{run}@contoso.example"'), {
        answer: { totalResults: 1, Resources: [{ id: '{nora}' }] },
      }),
      list('matches by externalId', '/Users', filter('externalId eq "object-nora.{run}@contoso.example"'), {
        answer: { totalResults: 1, Resources: [{ id: '{nora}' }] },
      }),
      list(
        'matches by e-mail',
        '/Users',
        filter('emails[type eq "work"].value eq "nora.{run}@contoso.example"'),
        {
          answer: { totalResults: 1, Resources: [{ id: '{nora}' }] },
        },
      ),
      patch('changes the profile', '/Users/{nora}', [
        ...attributes({
          displayName: 'Nora L.',
          'name.givenName': 'Nora Maria',
          title: 'Pilot',
          [`${ENTERPRISE}:department`]: 'Sea',
        }),
        { op: op('replace'), path: 'emails[type eq "work"].value', value: 'n.{run}@contoso.example' },
        { op: op('add'), path: 'phoneNumbers[type eq "mobile"].value', value: '+46 70 000 00 00' },
        { op: op('replace'), path: 'emails[type eq "other"].Value', value: 'o.{run}@contoso.example' },
        ...parts.map((part) => ({ op: op('add'), path: `addresses[type eq "work"].${part}`, value: part })),
      ]),
      get('reads it', '/Users/{nora}', {
        answer: {
          displayName: 'Nora L.',
          name: { givenName: 'Nora Maria', familyName: 'Lindqvist' },
          title: 'Pilot',
          emails: [
            { type: 'work', value: 'n.{run}@contoso.example', primary: true },
            { type: 'other', value: 'o.{run}@contoso.example' },
          ],
          phoneNumbers: [{ type: 'mobile', value: '+46 70 000 00 00' }],
          addresses: [{ type: 'work', ...Object.fromEntries(parts.map((part) => [part, part])) }],
          [ENTERPRISE]: { department: 'Sea', employeeNumber: '4711' },
        },
      }),
      create('olav'),
      patch('sets the manager, a bare id', '/Users/{nora}', [
        { op: op('add'), path: `${ENTERPRISE}:manager`, value: '{olav}' },
      ]),
      get('reads it', '/Users/{nora}', { answer: { [ENTERPRISE]: { manager: { value: '{olav}' } } } }),
      patch('clears the manager', '/Users/{nora}', [
        { op: op('replace'), path: `${ENTERPRISE}:manager`, value: '' },
      ]),
      get('reads it', '/Users/{nora}', { lacks: [`${ENTERPRISE} manager`] }),
      patch('renames', '/Users/{nora}', attributes({ userName: 'nora.l.{run}@contoso.example' })),
      list('looks for the old name', '/Users', filter('userName eq "nora.{run}@contoso.example"'), {
        answer: nobody,
      }),
      patch('disables', '/Users/{nora}', [active(false)]),
      get('reads it', '/Users/{nora}', { answer: { id: '{nora}', active: false } }),
      list('still finds it', '/Users', filter('userName eq "nora.l.{run}@contoso.example"'), {
        answer: { totalResults: 1, Resources: [{ id: '{nora}', active: false }] },
      }),
      patch('restores', '/Users/{nora}', [active(true)]),
      patch('restores again', '/Users/{nora}', [active(true)]),
      get('reads it', '/Users/{nora}', { answer: { active: true } }),
      ...remove('deletes', '/Users/{nora}'),
      post('creates the same person anew', '/Users', newUser('nora.l.{run}@contoso.example')),
    ],
  };
}

function lifeOfGroup({ op, active, attributes, addMembers, removeMembers }: Dialect): Scenario {
  const byName = { excludedAttributes: 'members', filter: 'displayName eq "Crew (night) {run}"' };
  return {
    name: 'a group is created empty, filled, renamed and deleted',
    steps: [
      create('ada'),
      create('bo'),
      list('matches', '/Groups', byName, { answer: nobody }),
      post(
        'creates it, with a URN of its own',
        '/Groups',
        {
          schemas: [CORE_GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
          externalId: 'group-{run}',
          displayName: 'Crew (night) {run}',
          meta: { resourceType: 'Group' },
        },
        { save: 'crew', answer: { displayName: 'Crew (night) {run}' } },
      ),
      list('matches', '/Groups', byName, { answer: { totalResults: 1, Resources: [{ id: '{crew}' }] } }),
      patch('adds members', '/Groups/{crew}', addMembers('{ada}', '{bo}'), { status: 204 }),
      patch('adds one again', '/Groups/{crew}', addMembers('{ada}'), { status: 204 }),
      get('reads it', '/Groups/{crew}', { members: ['{ada}', '{bo}'] }),
      list(
        'reads it without members',
        '/Groups/{crew}',
        { excludedAttributes: 'members' },
        { lacks: ['members'] },
      ),
      patch('removes one', '/Groups/{crew}', removeMembers('{bo}'), { status: 204 }),
      patch('removes one again', '/Groups/{crew}', removeMembers('{bo}'), { status: 204 }),
      get('reads it', '/Groups/{crew}', { members: ['{ada}'] }),
      patch('renames', '/Groups/{crew}', attributes({ displayName: 'Night crew {run}' }), { status: 204 }),
      patch('names the externalId', '/Groups/{crew}', [
        { op: op('replace'), path: 'externalId', value: 'group-2-{run}' },
      ]),
      patch('disables a member, whose membership is not sent again', '/Users/{ada}', [active(false)]),
      patch('restores the member', '/Users/{ada}', [active(true)]),
      get('reads it', '/Groups/{crew}', { answer: { displayName: 'Night crew {run}' }, members: ['{ada}'] }),
      ...remove('deletes', '/Groups/{crew}'),
    ],
  };
}

function appRoles({ op }: Dialect): Scenario {
  const role = '{"id":"r-1","value":"Skipper","displayName":"Skipper"}';
  return {
    name: 'app roles are added, alone or as JSON text',
    steps: [
      create('eva'),
      patch('assigns one role', '/Users/{eva}', [
        { op: op('add'), path: 'roles[primary eq "True"].display', value: 'Mate' },
        { op: op('add'), path: 'roles[primary eq "True"].value', value: 'mate' },
      ]),
      get('reads it', '/Users/{eva}', {
        answer: { roles: [{ primary: true, value: 'mate', display: 'Mate' }] },
      }),
      patch('replaces all roles', '/Users/{eva}', [
        { op: op('replace'), path: 'roles', value: [{ primary: 'True', type: 'AppRole', value: 'cook' }] },
      ]),
      get('reads it', '/Users/{eva}', {
        answer: { roles: [{ primary: true, type: 'AppRole', value: 'cook' }] },
      }),
      patch('adds a role as JSON text', '/Users/{eva}', [
        { op: op('add'), path: 'roles', value: [{ value: role }] },
      ]),
      get('reads it', '/Users/{eva}', { answer: { roles: [{ value: 'cook' }, { value: role }] } }),
    ],
  };
}

/** Microsoft's validator sets everything, clears it in two ways and pages. */
function validator({ op, attributes }: Dialect): Scenario {
  const cleared = (value: null | ''): Step[] => [
    patch(`sets attributes`, '/Users/{ines}', [
      ...attributes({ nickName: 'In', 'name.middleName': 'M', [`${ENTERPRISE}:costCenter`]: '7' }),
      { op: op('replace'), path: 'phoneNumbers[type eq "work"].value', value: '5' },
    ]),
    patch(`clears them with ${JSON.stringify(value)}`, '/Users/{ines}', [
      ...attributes({ nickName: value, 'name.middleName': value, [`${ENTERPRISE}:costCenter`]: value }),
      { op: op('replace'), path: 'phoneNumbers[type eq "work"].value', value },
      { op: op('replace'), path: 'phoneNumbers[type eq "fax"].value', value },
    ]),
    get('reads it', '/Users/{ines}', {
      lacks: ['nickName', 'name middleName', 'phoneNumbers', `${ENTERPRISE} costCenter`],
    }),
  ];
  return {
    name: 'the validator sets, clears and pages',
    steps: [
      create('ines'),
      ...cleared(''),
      ...cleared(null),
      patch('sends no operation', '/Users/{ines}', []),
      patch('makes an address primary before it has a value', '/Users/{ines}', [
        { op: op('add'), path: 'emails[type eq "home"].primary', value: 'true' },
        { op: op('add'), path: 'emails[type eq "home"].value', value: 'home.{run}@contoso.example' },
      ]),
      get('reads it', '/Users/{ines}', {
        answer: { emails: [{ primary: false }, { primary: true, type: 'home' }] },
      }),
      list(
        'pages',
        '/Users',
        { startIndex: '1', count: '1' },
        { answer: { startIndex: 1, itemsPerPage: 1 } },
      ),
      list('pages on', '/Users', { startIndex: '2', count: '1' }, { answer: { startIndex: 2 } }),
      get('reads the schemas', '/Schemas', {
        answer: { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'] },
      }),
    ],
  };
}

const traceOf = (client: string, dialect: Dialect): Trace => ({
  client,
  source:
    'learn.microsoft.com: use-scim-to-provision-users-and-groups, application-provisioning-config-problem-scim-compatibility',
  headers: { 'content-type': 'application/scim+json' },
  blank: '+',
  scenarios: [lifeOfUser, lifeOfGroup, appRoles, validator].map((scenario) => scenario(dialect)),
});

export const ENTRA_ID = traceOf('Entra ID', DEFAULT);
export const ENTRA_ID_OPTSCIM = traceOf('Entra ID, aadOptscim062020', AAD_OPTSCIM_062020);
