import type { JsonValue } from '../../../src/scim/json';
import { AAD_OPTSCIM_062020, create, DEFAULT, newUser } from './entra-dialects';
import { ENTRA_ID } from './entra-id';
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

/*
 * The tests that Microsoft's validator makes before an application enters the gallery, under its own names
 * (github.com/AzureAD/SCIMReferenceCode, SCIM-Validation-Test-Overview.md of 2026). Names and pass criteria are those
 * of that page. The traffic is ours: for the tests that go through Entra ID's provisioning engine what the engine is
 * documented to send, for the others a request of the described form, since the validator makes its bodies from the
 * mappings of the application. Whether Entra ID's own audit log says "success", which it also asks, only Entra ID
 * knows.
 */

const { op, active, attributes, addMembers, removeMembers } = DEFAULT;
const MANAGER = `${ENTERPRISE}:manager`;

const findUser = (what: string, userName: string, answer: Step['answer']): Step =>
  list(what, '/Users', { filter: `userName eq "${userName}"` }, { answer });
const findGroup = (what: string, displayName: string, answer: Step['answer']): Step =>
  list(
    what,
    '/Groups',
    { excludedAttributes: 'members', filter: `displayName eq "${displayName}"` },
    { answer },
  );
const NOBODY = { totalResults: 0, Resources: [] };
const one = (id: string, more: Step['answer'] = {}) => ({ totalResults: 1, Resources: [{ id, ...more }] });

/** Matches, then creates: what a cycle does with somebody new, and provision on demand with one user at once. */
const provision = (name: string): Step[] => [
  findUser('matches', `${name}.{run}@contoso.example`, NOBODY),
  create(name),
  findUser('finds the user', `${name}.{run}@contoso.example`, one(`{${name}}`)),
];

const createGroup = (name: string): Step =>
  post(
    `creates ${name}`,
    '/Groups',
    {
      schemas: [CORE_GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
      externalId: `object-${name}-{run}`,
      displayName: `LACreateGroup-(${name}-{run})`,
      meta: { resourceType: 'Group' },
    },
    { save: name, answer: { displayName: `LACreateGroup-(${name}-{run})` } },
  );
const provisionGroup = (name: string): Step[] => [
  findGroup('matches', `LACreateGroup-(${name}-{run})`, NOBODY),
  createGroup(name),
  findGroup('finds the group', `LACreateGroup-(${name}-{run})`, one(`{${name}}`)),
];

const managerIs = (id: string): Step =>
  get('reads it', '/Users/{mia}', { answer: { [ENTERPRISE]: { manager: { value: id } } } });
const setManager = (what: string, operation: 'add' | 'replace', value: string): Step =>
  patch(what, '/Users/{mia}', [{ op: op(operation), path: MANAGER, value }]);
/** Sets, changes and removes a manager, and looks each time. */
const managers: Step[] = [
  ...['mia', 'ned', 'ola'].map(create),
  setManager('sets', 'add', '{ned}'),
  managerIs('{ned}'),
  setManager('changes', 'replace', '{ola}'),
  managerIs('{ola}'),
  setManager('removes', 'replace', ''),
  get('reads it', '/Users/{mia}', { lacks: [`${ENTERPRISE} manager`] }),
];

const OPTIONAL_NAMES = ['nickName', 'title', 'name.middleName', `${ENTERPRISE}:costCenter`];
const all = (value: JsonValue) => Object.fromEntries(OPTIONAL_NAMES.map((name) => [name, value]));
const phone = (value: JsonValue) => ({
  op: 'Replace',
  path: 'phoneNumbers[type eq "work"].value',
  value,
});
const lacksAll = get('reads it', '/Users/{ute}', {
  lacks: ['nickName', 'title', 'name middleName', `${ENTERPRISE} costCenter`, 'phoneNumbers'],
});
/** An operation per path, or one without path for all plain attributes: the validator has both. */
const clearings = [DEFAULT, AAD_OPTSCIM_062020].flatMap((dialect): Step[] => [
  patch('sets the optional attributes', '/Users/{ute}', [...dialect.attributes(all('5')), phone('5')]),
  patch('sets them to ""', '/Users/{ute}', [...dialect.attributes(all('')), phone('')]),
  lacksAll,
  patch('sets them to null', '/Users/{ute}', [...dialect.attributes(all(null)), phone(null)]),
  lacksAll,
]);

const VALUES = {
  displayName: 'Vera V.',
  title: 'Pilot',
  preferredLanguage: 'sv-SE',
  'name.givenName': 'Vera',
  [`${ENTERPRISE}:employeeNumber`]: '12',
  [`${ENTERPRISE}:department`]: 'Sea',
};

/** Pages of five over at least eleven; each says where it begins. */
const pages = (path: string): Step[] =>
  [1, 6, 11].map((startIndex) =>
    list(
      `reads from ${startIndex}`,
      path,
      { startIndex: String(startIndex), count: '5' },
      {
        answer: { startIndex, ...(startIndex === 11 ? {} : { itemsPerPage: 5 }) },
      },
    ),
  );
const eleven = (prefix: string) => Array.from({ length: 11 }, (_, index) => `${prefix}${index}`);

const USER_TESTS: readonly Scenario[] = [
  { name: 'Create_User_Test', steps: provision('una') },
  {
    name: 'Update_User_Test',
    steps: [
      create('una'),
      patch(
        'changes mapped attributes',
        '/Users/{una}',
        attributes({ title: 'Mate', [`${ENTERPRISE}:department`]: 'Sea' }),
      ),
      get('reads it', '/Users/{una}', { answer: { title: 'Mate', [ENTERPRISE]: { department: 'Sea' } } }),
    ],
  },
  {
    name: 'Disable_User_Test',
    steps: [
      create('una'),
      patch('disables', '/Users/{una}', [active(false)]),
      findUser('finds the user', 'una.{run}@contoso.example', one('{una}', { active: false })),
    ],
  },
  {
    name: 'Delete_User_Test',
    steps: [
      create('una'),
      patch('soft delete', '/Users/{una}', [active(false)]),
      ...remove('purge', '/Users/{una}'),
      findUser('finds nobody', 'una.{run}@contoso.example', NOBODY),
    ],
  },
  { name: 'User_Update_Manager_Test', steps: managers },
  {
    // The overview has two tags for this one, SoftDeleteRestore and UnassignReassign: both ways are gone.
    name: 'Restore_User_Test',
    steps: [
      ...provision('una'),
      patch('unassigns', '/Users/{una}', [active(false)]),
      get('reads it', '/Users/{una}', { answer: { active: false } }),
      findUser('assigns again and matches', 'una.{run}@contoso.example', one('{una}', { active: false })),
      patch('restores', '/Users/{una}', [active(true)]),
      findUser('finds the user', 'una.{run}@contoso.example', one('{una}', { active: true })),
      ...remove('deletes', '/Users/{una}'),
      findUser('assigns again and matches', 'una.{run}@contoso.example', NOBODY),
      post('creates the user anew', '/Users', newUser('una.{run}@contoso.example'), { save: 'again' }),
      findUser('finds the user', 'una.{run}@contoso.example', one('{again}', { active: true })),
    ],
  },
  {
    name: 'POD_User_Test',
    steps: [
      // It begins with what the button "Test connection" asks, and in either dialect, whatever the tenant URL says.
      findUser('tests the connection', '6b3d9f4e-90ab-4be4-9f8c-3ad3c1b7a1e2', NOBODY),
      ...provision('una'),
      patch(
        'changes the user',
        '/Users/{una}',
        AAD_OPTSCIM_062020.attributes({ displayName: 'Una U.', title: 'Cook' }),
      ),
      get('reads it', '/Users/{una}', { answer: { displayName: 'Una U.', title: 'Cook' } }),
    ],
  },
];

const GROUP_TESTS: readonly Scenario[] = [
  { name: 'Create_Group_Test', steps: provisionGroup('crew') },
  {
    name: 'Update_Group_Test',
    steps: [
      createGroup('crew'),
      patch('renames', '/Groups/{crew}', attributes({ displayName: 'LAUpdatedGroup-({run})' }), {
        status: 204,
      }),
      findGroup('finds the new name', 'LAUpdatedGroup-({run})', one('{crew}')),
      findGroup('does not find the old one', 'LACreateGroup-(crew-{run})', NOBODY),
    ],
  },
  {
    name: 'Delete_Group_Test',
    steps: [
      createGroup('crew'),
      ...remove('deletes', '/Groups/{crew}'),
      findGroup('finds none', 'LACreateGroup-(crew-{run})', NOBODY),
    ],
  },
  {
    name: 'Group_Update_Add_Member_Test',
    steps: [
      create('una'),
      createGroup('crew'),
      patch('adds a member', '/Groups/{crew}', addMembers('{una}'), { status: 204 }),
      get('reads it', '/Groups/{crew}', { members: ['{una}'] }),
    ],
  },
  {
    name: 'Group_Update_Remove_Member_Test',
    steps: [
      ...['una', 'vito'].map(create),
      createGroup('crew'),
      patch('adds members', '/Groups/{crew}', addMembers('{una}', '{vito}'), { status: 204 }),
      patch('removes one', '/Groups/{crew}', removeMembers('{vito}'), { status: 204 }),
      get('reads it', '/Groups/{crew}', { members: ['{una}'] }),
    ],
  },
  {
    // On demand up to five members of a group come with it.
    name: 'POD_Group_Test',
    steps: [
      ...['una', 'vito'].map(create),
      ...provisionGroup('crew'),
      patch('adds members', '/Groups/{crew}', addMembers('{una}', '{vito}'), { status: 204 }),
      get('reads it', '/Groups/{crew}', { members: ['{una}', '{vito}'] }),
    ],
  },
  {
    name: 'Restore_Group_Test',
    steps: [
      ...provisionGroup('crew'),
      ...remove('unassigns', '/Groups/{crew}'),
      findGroup('assigns again and matches', 'LACreateGroup-(crew-{run})', NOBODY),
      { ...createGroup('crew'), save: 'again' },
      findGroup('finds the group', 'LACreateGroup-(crew-{run})', one('{again}')),
    ],
  },
];

const DIRECT_TESTS: readonly Scenario[] = [
  { name: 'SCIM_Null_Update_Test', steps: [create('ute'), ...clearings] },
  {
    name: 'SCIM_User_Create_Test',
    steps: [
      post(
        'creates',
        '/Users',
        { schemas: [CORE_USER], userName: 'Direct.{run}@contoso.example', active: true },
        { save: 'direct', answer: { userName: 'Direct.{run}@contoso.example' } },
      ),
      get('reads it', '/Users/{direct}', { answer: { id: '{direct}' } }),
    ],
  },
  {
    name: 'SCIM_User_Update_Test',
    steps: [DEFAULT, AAD_OPTSCIM_062020].flatMap((dialect, index) => {
      const name = `vera${index}`;
      return [
        create(name),
        patch('changes single-valued attributes', `/Users/{${name}}`, dialect.attributes(VALUES)),
        get('reads it', `/Users/{${name}}`, {
          answer: {
            displayName: 'Vera V.',
            title: 'Pilot',
            preferredLanguage: 'sv-SE',
            name: { givenName: 'Vera' },
            [ENTERPRISE]: { employeeNumber: '12', department: 'Sea' },
          },
        }),
      ];
    }),
  },
  {
    name: 'SCIM_Group_Create_Test',
    steps: [createGroup('direct'), get('reads it', '/Groups/{direct}', { answer: { id: '{direct}' } })],
  },
  {
    name: 'SCIM_Group_Update_Test',
    steps: [
      createGroup('direct'),
      patch(
        'changes it',
        '/Groups/{direct}',
        attributes({ displayName: 'Direct-({run})', externalId: 'direct-{run}' }),
        { status: 204 },
      ),
      get('reads it', '/Groups/{direct}', {
        answer: { displayName: 'Direct-({run})', externalId: 'direct-{run}' },
      }),
    ],
  },
  { name: 'SCIM_User_Pagination_Test', steps: [...eleven('page').map(create), ...pages('/Users')] },
  { name: 'SCIM_Group_Pagination_Test', steps: [...eleven('page').map(createGroup), ...pages('/Groups')] },
  { name: 'SCIM_Update_Manager_Test', steps: managers },
];

/**
 * 22 of the 25. The others are no exchange of SCIM messages alone: `Schema_Discoverability_Test` compares /Schemas with
 * the mappings (entra-mappings.ts), `Validate_Credentials_Test` and `Federated_Identity_Test` get tokens.
 */
export const VALIDATOR: Trace = {
  ...ENTRA_ID,
  client: "Microsoft's validator for the gallery",
  source: 'github.com/AzureAD/SCIMReferenceCode: SCIM-Validation-Test-Overview.md',
  scenarios: [...USER_TESTS, ...GROUP_TESTS, ...DIRECT_TESTS],
};
