import {
  documented,
  type Field,
  type Guide,
  reported,
  type Statement,
  type Step,
  unconfirmed,
} from './guide';
import { REVOKE_HERE, secretRenewal, tokenRenewal } from './renewal';

const NEW_CONNECTION = [
  'Integrations',
  'Provisioning',
  '+',
  'New Connection',
  'Identity Store',
  'SCIM Outbound',
];

function steps(instruction: string, credential: readonly Field[]): readonly Step[] {
  return [
    {
      id: 'enter-connection',
      title: 'Make a connection',
      menu: NEW_CONNECTION,
      instructions: ['Give the connection a name.', instruction],
      form: {
        title: 'Configure authentication',
        fields: [
          { kind: 'text', label: 'SCIM base URL', value: '{baseUrl}' },
          { kind: 'text', label: 'Users resource', value: '/Users' },
          { kind: 'text', label: 'Groups resource', value: '/Groups' },
          { kind: 'choice', label: 'SCIM version', value: '2.0' },
          ...credential,
        ],
        buttons: ['Test Connection'],
      },
      confidence: 'documented',
    },
    {
      id: 'test-connection',
      title: 'Test the connection',
      instructions: [
        'Press **Test Connection** and watch this page.',
        'Do not press **Continue** after **Test Connection Failed**: it saves a connection that does not work.',
      ],
      seen: 'Connection Successful',
      awaits: 'connection',
      confidence: 'documented',
    },
    {
      id: 'preferences',
      title: 'Say what PingOne may do here',
      menu: ['Integrations', 'Provisioning', 'Your connection', 'Preferences'],
      instructions: [
        'Set the filter and the identifier exactly so: the identifier cannot be changed without a new connection.',
        'Keep **Disable** for people who leave.',
        'Press **Save**, and switch the connection on.',
      ],
      form: {
        title: 'Preferences',
        fields: [
          {
            kind: 'text',
            label: 'User Filter Expression',
            value: 'userName eq "%s"',
            note: 'The label may differ.',
          },
          { kind: 'choice', label: 'Unique user identifier', value: 'userName' },
          { kind: 'check', label: 'Allow users to be created', isOn: true },
          { kind: 'check', label: 'Allow users to be updated', isOn: true },
          { kind: 'check', label: 'Allow users to be disabled', isOn: true },
          { kind: 'choice', label: 'Remove action', value: 'Disable' },
          {
            kind: 'choice',
            label: 'Group membership',
            value: 'Overwrite',
            note: 'Groups here are then as they are in PingOne; **Merge** keeps members who were added elsewhere. The label may differ.',
          },
        ],
        buttons: ['Save'],
      },
      confidence: 'documented',
    },
    {
      id: 'map-users',
      title: 'Make a rule, for one person first',
      menu: ['Integrations', 'Provisioning', '+', 'New Rule'],
      instructions: [
        'Choose PingOne as the source and this connection as the target.',
        'Under **User Filter**, choose a group with one person whom you may try this with.',
        'Under **Attribute Mapping**, compare the rows with the table.',
      ],
      form: {
        title: 'User Filter',
        fields: [
          { kind: 'choice', label: 'Attribute', value: 'Group Names' },
          { kind: 'choice', label: 'Operator', value: 'Contains' },
          { kind: 'text', label: 'Value', value: 'Pilot' },
        ],
        buttons: ['Save'],
      },
      mapping: 'User',
      confidence: 'documented',
    },
    {
      id: 'first-user',
      title: 'Switch the rule on',
      menu: ['Integrations', 'Provisioning', 'Your rule'],
      instructions: [
        'Switch the rule on: that starts the synchronization.',
        'The person arrives almost at once.',
      ],
      awaits: 'user',
      confidence: 'documented',
    },
    {
      id: 'first-group',
      title: 'Add a group',
      menu: ['Integrations', 'Provisioning', 'Your rule', 'Group Provisioning'],
      instructions: ['Choose the group, and accept the notice about merging or overwriting its members.'],
      mapping: 'Group',
      awaits: 'group',
      confidence: 'documented',
    },
    {
      id: 'everybody',
      title: 'Widen the rule',
      menu: ['Integrations', 'Provisioning', 'Your rule', 'User Filter'],
      instructions: [
        'Choose the groups whose people are to have access, and add the groups that are to be known here.',
      ],
      confidence: 'documented',
    },
  ];
}

const PASTE_NEW: Statement = unconfirmed(
  'Open the connection under **Integrations**, **Provisioning**, paste it, press **Test Connection**, then **Save**.',
);

/** PingOne; PingFederate has the same fields. */
export const PINGONE: Guide = {
  id: 'pingone',
  name: 'PingOne',
  summary: 'Also for PingFederate’s SCIM provisioner, which has the same fields.',
  before: {
    role: unconfirmed('An administrator who may change integrations.'),
    edition: documented('Ping’s texts do not name the licence.'),
    further: [
      documented('The service needs no single sign-on to be set up.'),
      documented('Allow about 15 minutes.'),
    ],
  },
  features: [
    { name: 'Create and update people', works: 'yes' },
    { name: 'Deactivate who leaves', works: 'yes', note: '**Disable**.' },
    { name: 'Delete people', works: 'yes', note: 'With **Delete** in place of **Disable**.' },
    { name: 'Groups and their members', works: 'yes', note: 'Those made in PingOne itself; early access.' },
    { name: 'Nested groups', works: 'unconfirmed' },
    {
      name: 'Try one person at once',
      works: 'unconfirmed',
      note: 'A rule for a group of one person does it.',
    },
    { name: 'OAuth', works: 'yes', note: 'Client credentials.' },
    { name: 'Emptying an attribute', works: 'no' },
  ],
  methods: [
    {
      id: 'client-credentials',
      name: 'OAuth client credentials',
      choose: 'Advised: what PingOne uses from request to request ends within the hour.',
      credential: 'client',
      steps: steps('Choose **OAuth 2 Client Credentials** and paste the four values.', [
        { kind: 'choice', label: 'Authentication Method', value: 'OAuth 2 Client Credentials' },
        { kind: 'text', label: 'OAuth Token Request', value: '{tokenUrl}' },
        { kind: 'text', label: 'Client ID', value: '{clientId}', note: 'The label may differ.' },
        { kind: 'secret', label: 'Client Secret', value: '{clientSecret}', note: 'The label may differ.' },
      ]),
      renewal: secretRenewal(PASTE_NEW),
    },
    {
      id: 'token',
      name: 'Token',
      choose: 'Where client credentials cannot be chosen.',
      credential: 'token',
      steps: steps('Choose **OAuth 2 Bearer Token** and paste the two values.', [
        { kind: 'choice', label: 'Authentication Method', value: 'OAuth 2 Bearer Token' },
        { kind: 'secret', label: 'OAuth Access Token', value: '{token}' },
        { kind: 'choice', label: 'Auth Type Header', value: 'Bearer' },
      ]),
      renewal: tokenRenewal(PASTE_NEW),
    },
  ],
  mappings: [
    {
      resourceType: 'User',
      menu: ['Integrations', 'Provisioning', 'Your rule', 'Attribute Mapping'],
      rows: [
        { source: 'Username', targets: ['userName'], need: 'required' },
        { source: 'Given Name', targets: ['name.givenName'], need: 'advised' },
        { source: 'Family Name', targets: ['name.familyName'], need: 'advised' },
        { source: 'Email Address', targets: ['emails[type eq "work"].value'], need: 'advised' },
        { source: 'Formatted', targets: ['displayName'], need: 'optional' },
        { source: 'Title', targets: ['title'], need: 'optional' },
        { source: 'User ID', targets: ['externalId'], need: 'advised' },
        { source: 'Enabled', targets: ['active'], need: 'required' },
      ],
      notes: [
        unconfirmed('The rows that PingOne starts with, and the names of its attributes, may differ.'),
        documented('Of several values of one type, only the first comes.'),
        documented('An attribute that was set once cannot be emptied.'),
      ],
    },
    {
      resourceType: 'Group',
      rows: [
        { source: 'Group name', targets: ['displayName'], need: 'required' },
        { source: 'Members', targets: ['members'], need: 'required' },
      ],
      notes: [],
    },
  ],
  scope: [
    documented('Whoever the rule’s **User Filter** matches is provisioned, mostly by **Group Names**.'),
  ],
  groups: [
    documented('Only groups that were made in PingOne itself can be provisioned.'),
    documented(
      '**Overwrite** makes a group here as it is in PingOne; **Merge** keeps members who were added elsewhere.',
    ),
    documented('PingFederate finds groups by listing all of them.'),
  ],
  accessEnds: reported('Within moments.'),
  timing: [reported('Changes come almost at once.')],
  leaving: [
    {
      event: 'Out of the rule’s filter, or disabled in PingOne, with **Disable**',
      sends: '`active` is `false`',
      result: 'deactivated',
      confidence: 'documented',
    },
    { event: 'The same with **Delete**', sends: 'DELETE', result: 'deleted', confidence: 'documented' },
    {
      event: 'Taken out of a provisioned group',
      sends: 'The group without them',
      result: 'membership-ended',
      confidence: 'documented',
    },
    {
      event: 'In the filter again',
      sends: '`active` is `true`',
      result: 'reactivated',
      confidence: 'unconfirmed',
    },
  ],
  limits: [
    documented('Users are updated as a whole (PUT).'),
    documented('The unique user identifier cannot be changed in a connection.'),
    documented('Ping names neither its retries nor its rate.'),
  ],
  errors: [
    {
      seen: 'Test Connection Failed',
      means: 'The base URL, the token URL or the credential is wrong.',
      act: 'Read the last refusal here, and paste the values again. Do not press **Continue**.',
      who: 'you',
      confidence: 'documented',
    },
    {
      seen: 'A person is not updated',
      means: 'PingOne looks them up by `userName`, and does not find them.',
      act: 'Compare the filter under **Preferences** with the one in this guide.',
      who: 'you',
      confidence: 'unconfirmed',
    },
  ],
  disconnecting: [documented('Switch the rule off, then the connection.'), REVOKE_HERE],
  sources: [
    {
      title: 'Ping Identity: Outbound provisioning over SCIM',
      url: 'https://docs.pingidentity.com/pingone/',
    },
    { title: 'Ping Identity: SCIM provisioner for PingFederate' },
    { title: 'Set-up guide of Scalekit' },
  ],
};
