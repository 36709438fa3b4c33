import { AAD_OPTSCIM_062020, create, DEFAULT, type Dialect, newUser } from './entra-dialects';
import { CORE_GROUP, ENTERPRISE, get, list, patch, post, remove, type Scenario, type Trace } from './trace';

const nobody = { totalResults: 0, Resources: [] };
const filter = (text: string) => ({ filter: text });

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

/** What only some of its tenants send. */
function oddities({ op }: Dialect): Scenario {
  return {
    name: 'no operation at all, and an address that is primary before it has a value, are taken',
    steps: [
      create('ines'),
      patch('sends no operation', '/Users/{ines}', []),
      patch('makes an address primary before it has a value', '/Users/{ines}', [
        { op: op('add'), path: 'emails[type eq "home"].primary', value: 'true' },
        { op: op('add'), path: 'emails[type eq "home"].value', value: 'home.{run}@contoso.example' },
      ]),
      get('reads it', '/Users/{ines}', {
        answer: { emails: [{ primary: false }, { primary: true, type: 'home' }] },
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
  scenarios: [lifeOfUser, lifeOfGroup, appRoles, oddities].map((scenario) => scenario(dialect)),
});

export const ENTRA_ID = traceOf('Entra ID', DEFAULT);
export const ENTRA_ID_OPTSCIM = traceOf('Entra ID, aadOptscim062020', AAD_OPTSCIM_062020);
