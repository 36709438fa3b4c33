import { documented, type Guide, reported, type Step, unconfirmed } from './guide';
import { REVOKE_HERE, tokenRenewal } from './renewal';

const IDENTITY_MANAGEMENT = ['SSO Applications', 'Your application', 'Identity Management'];

const STEPS: readonly Step[] = [
  {
    id: 'application',
    title: 'Add the application',
    menu: ['Admin Portal', 'SSO Applications', 'Add New Application', 'Custom Application'],
    instructions: [
      'Press **Next**, tick **Export users to this app (Identity Management)**, then **Next**.',
      'Enter a **Display Label**, press **Save Application**, then **Configure Application**.',
    ],
    form: {
      title: 'Select the features you would like to enable',
      fields: [{ kind: 'check', label: 'Export users to this app (Identity Management)', isOn: true }],
      buttons: ['Next'],
    },
    confidence: 'reported',
  },
  {
    id: 'enter-connection',
    title: 'Enter the connection',
    menu: IDENTITY_MANAGEMENT,
    instructions: [
      'Choose SCIM 2.0 and paste the two values. The token goes in alone, without "Bearer".',
      'Enter the e-mail address of a person who is not here yet: JumpCloud uses it for its test. If that is refused, enter the address of somebody in JumpCloud.',
      'Enable the management of groups.',
    ],
    form: {
      title: 'Configuration Settings',
      fields: [
        { kind: 'choice', label: 'SCIM Version', value: 'SCIM 2.0' },
        { kind: 'text', label: 'Base URL', value: '{baseUrl}' },
        { kind: 'secret', label: 'Token Key', value: '{token}' },
        { kind: 'text', label: 'Test User Email', value: 'scim-test@your-company.example' },
        {
          kind: 'check',
          label: 'Enable management of User Groups and Group Membership in this application',
          isOn: true,
        },
      ],
      buttons: ['Test Connection', 'Activate', 'Save'],
    },
    confidence: 'reported',
  },
  {
    id: 'test-connection',
    title: 'Test and activate the connection',
    menu: IDENTITY_MANAGEMENT,
    instructions: [
      'Press **Test Connection** and watch this page: JumpCloud makes a test user and a test group, and removes both.',
      'Press **Activate**, then **Save**.',
    ],
    awaits: 'connection',
    confidence: 'documented',
  },
  {
    id: 'map-users',
    title: 'Know what arrives',
    instructions: ['There is nothing to set: custom applications have one mapping, which is in the table.'],
    mapping: 'User',
    confidence: 'documented',
  },
  {
    id: 'first-user',
    title: 'Bind a group with one person',
    menu: ['SSO Applications', 'Your application', 'User Groups'],
    instructions: [
      'Make a group with one person whom you may try this with, tick it here and press **Save**.',
      'The person arrives within some minutes.',
    ],
    awaits: 'user',
    confidence: 'reported',
  },
  {
    id: 'first-group',
    title: 'Look for the group',
    instructions: ['The bound group arrives with its person. An empty group is not created.'],
    mapping: 'Group',
    awaits: 'group',
    confidence: 'documented',
  },
  {
    id: 'everybody',
    title: 'Bind the other groups',
    menu: ['SSO Applications', 'Your application', 'User Groups'],
    instructions: ['Tick the groups whose people are to have access, then press **Save**.'],
    confidence: 'reported',
  },
];

/** JumpCloud. */
export const JUMPCLOUD: Guide = {
  id: 'jumpcloud',
  name: 'JumpCloud',
  summary: 'With a custom application of JumpCloud’s identity management.',
  before: {
    role: unconfirmed('An administrator of the Admin Portal who may change applications.'),
    edition: documented('JumpCloud’s texts do not name the package.'),
    further: [
      documented('The service needs no single sign-on to be set up.'),
      reported('The e-mail address of a test user.'),
      documented('Allow about 15 minutes.'),
    ],
  },
  features: [
    { name: 'Create and update people', works: 'yes' },
    { name: 'Deactivate who leaves', works: 'yes' },
    {
      name: 'Delete people',
      works: 'unconfirmed',
      note: 'JumpCloud has the event, without saying when it comes.',
    },
    { name: 'Groups and their members', works: 'yes', note: 'If their management is enabled.' },
    { name: 'Nested groups', works: 'unconfirmed' },
    { name: 'Try one person at once', works: 'yes', note: 'Within some minutes.' },
    { name: 'OAuth', works: 'unconfirmed' },
    { name: 'Attributes of your choice', works: 'no', note: 'Custom applications have one mapping.' },
  ],
  methods: [
    {
      id: 'token',
      name: 'Token',
      choose: 'What JumpCloud’s custom application asks for.',
      credential: 'token',
      steps: STEPS,
      renewal: tokenRenewal(
        unconfirmed(
          'Paste it into **Token Key** under **Identity Management**, enter a test user again, then **Test Connection**, **Activate**, **Save**.',
        ),
      ),
    },
  ],
  mappings: [
    {
      resourceType: 'User',
      rows: [
        { source: 'Username', targets: ['userName'], need: 'required' },
        { source: 'First name', targets: ['name.givenName'], need: 'advised' },
        { source: 'Last name', targets: ['name.familyName'], need: 'advised' },
        { source: 'Company email', targets: ['emails[type eq "work"].value'], need: 'advised' },
        { source: 'State', targets: ['active'], need: 'required' },
      ],
      notes: [
        documented('Custom applications have no mapping of their own and no extension schemas.'),
        unconfirmed('Further attributes may arrive, such as addresses and phone numbers. They are kept.'),
      ],
    },
    {
      resourceType: 'Group',
      rows: [
        { source: 'Group name', targets: ['displayName'], need: 'required' },
        { source: 'People of the group', targets: ['members'], need: 'required' },
      ],
      notes: [],
    },
  ],
  scope: [reported('People come by the user groups that are bound to the application.')],
  groups: [
    documented('Empty groups are not created.'),
    documented('A group of the same name that is here already is taken over, with its members.'),
    documented('A group that is renamed in JumpCloud is renamed here.'),
    documented(
      'Unbinding a group keeps it here, and deactivates its people who are in no other bound group.',
    ),
    documented('Deleting a group that JumpCloud manages deletes it here.'),
  ],
  accessEnds: reported('Within some minutes.'),
  timing: [reported('Changes come within some minutes.')],
  leaving: [
    {
      event: 'In no bound group any more',
      sends: '`active` is `false`',
      result: 'deactivated',
      when: 'Within some minutes.',
      confidence: 'documented',
    },
    {
      event: 'Suspended or deleted in JumpCloud',
      sends: '`active` is `false`; DELETE is possible',
      result: 'deactivated',
      when: 'Within some minutes.',
      confidence: 'unconfirmed',
    },
    {
      event: 'Managed group deleted',
      sends: 'DELETE of the group',
      result: 'group-deleted',
      confidence: 'documented',
    },
    {
      event: 'Put back into a bound group',
      sends: '`active` is `true`',
      result: 'reactivated',
      confidence: 'unconfirmed',
    },
  ],
  limits: [
    documented('Each change of the configuration asks for a test user again.'),
    documented('JumpCloud names neither its retries nor its rate.'),
  ],
  errors: [
    {
      seen: 'The test fails',
      means: 'The base URL or the token is wrong, or the test user is here already.',
      act: 'Read the last refusal here. Enter another test address if it says that the user exists.',
      who: 'you',
      confidence: 'unconfirmed',
    },
    {
      seen: 'user_lookup_provision, user_create_provision, user_update_provision, user_deprovision in Directory Insights',
      means: 'What JumpCloud has done, with its result.',
      act: 'Filter Directory Insights by these events to find the person, then compare with the log here.',
      who: 'you',
      confidence: 'documented',
    },
  ],
  disconnecting: [
    unconfirmed('Deactivate the integration under **Identity Management**. The label may differ.'),
    REVOKE_HERE,
  ],
  sources: [
    {
      title: 'JumpCloud: SCIM identity management for custom applications',
    },
    { title: 'Set-up guides of Scalekit, PropelAuth and Currents' },
  ],
};
