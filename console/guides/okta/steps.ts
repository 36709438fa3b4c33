import type { Field, Step } from '../guide';

const WIZARD_MENU = ['Your application', 'Provisioning'];
const CATALOG_MENU = ['Your application', 'Provisioning', 'Configure API Integration'];
const PROVISIONING_MENU = ['Your application', 'Provisioning', 'Integration', 'Edit'];

const TO_APP: Step = {
  id: 'to-app',
  title: 'Say what Okta may do here',
  menu: ['Your application', 'Provisioning', 'To App', 'Edit'],
  instructions: ['Switch on the first three, and leave password sync off.', 'Press **Save**.'],
  form: {
    title: 'Provisioning to App',
    fields: [
      { kind: 'check', label: 'Create Users', isOn: true },
      { kind: 'check', label: 'Update User Attributes', isOn: true },
      {
        kind: 'check',
        label: 'Deactivate Users',
        isOn: true,
        note: 'Without it whoever leaves keeps their access.',
      },
      { kind: 'check', label: 'Sync Password', isOn: false },
    ],
    buttons: ['Save'],
  },
  confidence: 'documented',
};

const MAP_USERS: Step = {
  id: 'map-users',
  title: 'Check the mapping of people',
  menu: ['Your application', 'Provisioning', 'To App', 'Attribute Mappings'],
  instructions: [
    'Compare the rows with the table.',
    'Remove the rows that you do not use, by the X at their end.',
    'On the tab **Sign On**, set **Application username format** to what people log in with.',
  ],
  form: {
    title: 'Credentials Details',
    fields: [
      { kind: 'choice', label: 'Application username format', value: 'Email', note: 'Or **Okta username**.' },
      { kind: 'choice', label: 'Update application username on', value: 'Create and update' },
    ],
    buttons: ['Save'],
  },
  mapping: 'User',
  confidence: 'reported',
};

const FIRST_USER: Step = {
  id: 'first-user',
  title: 'Assign the first person',
  menu: ['Your application', 'Assignments', 'Assign', 'Assign to People'],
  instructions: [
    'Assign one person whom you may try this with. Okta sends them at once.',
    'Look here whether name, e-mail and externalId have arrived.',
    'People who have an account here already are matched by **Import**, **Import Now**.',
  ],
  seen: 'The person among the assignments, without a red mark.',
  awaits: 'user',
  confidence: 'reported',
};

const FIRST_GROUP: Step = {
  id: 'first-group',
  title: 'Push the first group',
  menu: ['Your application', 'Push Groups', 'Push Groups', 'Find groups by name'],
  instructions: [
    'Choose a group whose members are assigned already, but not by this very group: one group cannot be used for assigning and for pushing.',
    'Keep **Push group memberships immediately** ticked.',
    'Choose **Create Group**, or **Link Group** if the group is here already, then **Save**.',
  ],
  form: {
    title: 'Push groups by name',
    fields: [
      { kind: 'text', label: 'Enter a group to push', value: 'Engineering', note: 'The label may differ.' },
      { kind: 'check', label: 'Push group memberships immediately', isOn: true },
      {
        kind: 'choice',
        label: 'Match result & push action',
        value: 'Create Group',
        note: 'The label may differ.',
      },
    ],
    buttons: ['Save'],
  },
  mapping: 'Group',
  seen: 'The push status **Active**.',
  awaits: 'group',
  confidence: 'documented',
};

const EVERYBODY: Step = {
  id: 'everybody',
  title: 'Assign everybody, and push the other groups',
  menu: ['Your application', 'Assignments', 'Assign', 'Assign to Groups'],
  instructions: [
    'Assign the people or groups who are to have access: a group that is assigned brings its members, not itself.',
    'Push the groups that are to be known here.',
    'Look at **Dashboard**, **Tasks** for what has failed.',
  ],
  confidence: 'documented',
};

const AFTER_CONNECTION: readonly Step[] = [TO_APP, MAP_USERS, FIRST_USER, FIRST_GROUP, EVERYBODY];

const UNIQUE_IDENTIFIER: Field = {
  kind: 'text',
  label: 'Unique identifier field for users',
  value: 'userName',
  note: 'Keep.',
};

function testConnection(menu: readonly string[], button: string, seen: string): Step {
  return {
    id: 'test-connection',
    title: 'Test the connection',
    menu,
    instructions: [
      `Press **${button}** and watch this page: Okta asks for users and groups.`,
      'Then press **Save**.',
    ],
    seen,
    awaits: 'connection',
    confidence: 'reported',
  };
}

export const CLASSIC_STEPS: readonly Step[] = [
  {
    id: 'application',
    title: 'Choose the application',
    menu: ['Applications', 'Applications', 'Create App Integration'],
    formerMenu: ['Applications', 'Add Application', 'Create New App'],
    instructions: [
      'If single sign-on runs through a SAML or SWA application of yours, use that one and skip this step.',
      'Otherwise choose **SWA - Secure Web Authentication**, give it a name and any login address, and hide its icon from users.',
      'An OpenID Connect application of this wizard has no provisioning: make a SWA application beside it.',
      'Newer pages have the menu at **Applications and Resources**, **Applications**.',
    ],
    confidence: 'documented',
  },
  {
    id: 'enable-scim',
    title: 'Switch SCIM on',
    menu: ['Your application', 'General', 'App Settings', 'Edit'],
    instructions: ['Set **Provisioning** to **SCIM**, then **Save**. The tab **Provisioning** appears.'],
    form: {
      title: 'App Settings',
      fields: [
        {
          kind: 'choice',
          label: 'Provisioning',
          otherLabels: ['Enable SCIM provisioning'],
          value: 'SCIM',
          note: 'Older pages have a box to tick.',
        },
      ],
      buttons: ['Save'],
    },
    seen: 'The tab **Provisioning**.',
    confidence: 'documented',
  },
  {
    id: 'enter-connection',
    title: 'Enter the connection',
    menu: PROVISIONING_MENU,
    instructions: [
      'Paste the two values. The token goes in alone: this form writes "Bearer" before it.',
      'Tick the pushes, and imports only if people have accounts here already.',
    ],
    form: {
      title: 'SCIM Connection',
      fields: [
        {
          kind: 'text',
          label: 'SCIM connector base URL',
          value: '{baseUrl}',
          note: 'Without a slash at its end.',
        },
        UNIQUE_IDENTIFIER,
        {
          kind: 'check',
          label: 'Import New Users and Profile Updates',
          isOn: false,
          note: 'Only if people have accounts here already.',
        },
        { kind: 'check', label: 'Push New Users', isOn: true },
        { kind: 'check', label: 'Push Profile Updates', isOn: true },
        { kind: 'check', label: 'Push Groups', isOn: true },
        { kind: 'choice', label: 'Authentication Mode', value: 'HTTP Header' },
        { kind: 'secret', label: 'Authorization', value: '{token}', note: 'Without "Bearer".' },
      ],
      buttons: ['Test Connector Configuration', 'Save'],
    },
    confidence: 'documented',
  },
  testConnection(PROVISIONING_MENU, 'Test Connector Configuration', 'Connector configured successfully'),
  ...AFTER_CONNECTION,
];

export const INTEGRATION_WIZARD_STEPS: readonly Step[] = [
  {
    id: 'application',
    title: 'Open the application',
    menu: ['Applications', 'Applications', 'Your application'],
    instructions: [
      'Open the application that was made with the Okta Integration Wizard. OpenID Connect applications of that wizard may have SCIM as well.',
      'Choose SCIM as its provisioning.',
    ],
    confidence: 'documented',
  },
  {
    id: 'enter-connection',
    title: 'Enter the connection',
    menu: WIZARD_MENU,
    instructions: [
      'Paste the two values, and keep "Bearer" out of the token unless the form asks for the whole header.',
      'Tick what is to be provisioned, and keep PATCH.',
    ],
    form: {
      title: 'SCIM',
      fields: [
        { kind: 'text', label: 'Base URL', value: '{baseUrl}' },
        { kind: 'secret', label: 'API token', value: '{token}', note: 'The label may differ.' },
        { kind: 'check', label: 'Users', isOn: true },
        { kind: 'check', label: 'Groups', isOn: true },
        { kind: 'check', label: 'Create', isOn: true },
        { kind: 'check', label: 'Read', isOn: true },
        { kind: 'check', label: 'Update', isOn: true },
        { kind: 'check', label: 'Deactivate', isOn: true },
        { kind: 'check', label: 'Change password', isOn: false },
        { kind: 'check', label: 'Support PATCH', isOn: true },
      ],
    },
    confidence: 'documented',
  },
  testConnection(WIZARD_MENU, 'Test', 'A message that the test was successful.'),
  ...AFTER_CONNECTION,
];

export const HEADER_AUTH_STEPS: readonly Step[] = [
  {
    id: 'application',
    title: 'Add the application from the catalog',
    menu: ['Applications', 'Applications', 'Browse App Catalog'],
    instructions: [
      'Look for `SCIM 2.0 Test App (Header Auth)` and press **Add integration**.',
      'Give it the name of this service, hide its icon from users, and press **Next**.',
      'Choose **SWA** among the sign-on options if it is for provisioning alone, then **Done**.',
    ],
    confidence: 'documented',
  },
  {
    id: 'enter-connection',
    title: 'Enter the connection',
    menu: CATALOG_MENU,
    instructions: [
      'Tick **Enable API Integration** and paste the two values.',
      'In this field the word `Bearer` and a space stand before the token. In the sibling `SCIM 2.0 Test App (OAuth Bearer Token)` the token goes in alone.',
    ],
    form: {
      title: 'Integration',
      fields: [
        { kind: 'check', label: 'Enable API Integration', isOn: true },
        { kind: 'text', label: 'Base URL', value: '{baseUrl}' },
        { kind: 'secret', label: 'API Token', value: 'Bearer {token}' },
      ],
      buttons: ['Test API Credentials', 'Save'],
    },
    confidence: 'documented',
  },
  testConnection(CATALOG_MENU, 'Test API Credentials', 'The app was verified successfully'),
  ...AFTER_CONNECTION,
];
