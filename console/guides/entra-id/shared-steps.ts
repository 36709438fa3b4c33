import type { Field, Step } from '../guide';

export const CONNECTION_MENU = ['Your application', 'Provisioning', 'New configuration'];
const FORMER_CONNECTION_MENU = ['Your application', 'Provisioning', 'Get started', 'Admin Credentials'];

/** The application and the page on which the connection is entered: the same for each way to authenticate. */
export const CREATE_APPLICATION: Step = {
  id: 'create-application',
  title: 'Create an application in Entra ID',
  menu: ['Entra ID', 'Enterprise apps', 'New application', 'Create your own application'],
  formerMenu: [
    'Azure Active Directory',
    'Enterprise applications',
    'New application',
    'Create your own application',
  ],
  instructions: [
    'Sign in to `https://entra.microsoft.com`.',
    'Give the application a name that your colleagues will recognize.',
    'Choose **Integrate any other application you don’t find in the gallery (Non-gallery)**, then **Create**.',
    'If single sign-on runs through a gallery or SAML application already, use that one and skip this step.',
    'If it runs through an application of **App registrations** (OpenID Connect), create this second one: that kind has no automatic provisioning.',
  ],
  seen: 'The overview of the new application.',
  confidence: 'documented',
};

export const OPEN_PROVISIONING: Step = {
  id: 'open-provisioning',
  title: 'Open its provisioning',
  menu: CONNECTION_MENU,
  formerMenu: ['Your application', 'Provisioning', 'Get started'],
  instructions: [
    'Select **Provisioning** in the application, then **New configuration**.',
    'The button may also be called **Connect your application** or **Get started**.',
    'On the older page, set **Provisioning Mode** to **Automatic**.',
  ],
  seen: 'A form that asks for a Tenant URL.',
  confidence: 'documented',
};

export function enterConnection(instructions: readonly string[], fields: readonly Field[]): Step {
  return {
    id: 'enter-connection',
    title: 'Enter the connection',
    menu: CONNECTION_MENU,
    formerMenu: FORMER_CONNECTION_MENU,
    instructions,
    form: { title: 'New provisioning configuration', fields, buttons: ['Test Connection'] },
    confidence: 'documented',
  };
}

const TEST_CONNECTION: Step = {
  id: 'test-connection',
  title: 'Test the connection',
  instructions: [
    'Press **Test Connection** and watch this page: Entra ID looks for a user who does not exist, and is content with an empty answer.',
    'Then press **Create**. On the older page, press **Save**: mappings and settings appear only afterwards.',
  ],
  seen: 'Connection test for your application was successful.',
  awaits: 'connection',
  confidence: 'documented',
};

const MAP_USERS: Step = {
  id: 'map-users',
  title: 'Match people by their object id',
  menu: ['Your application', 'Provisioning', 'Attribute mapping', 'Provision Microsoft Entra ID Users'],
  formerMenu: ['Your application', 'Provisioning', 'Mappings', 'Provision Azure Active Directory Users'],
  instructions: [
    'Delete the row from `mailNickname` to `externalId`.',
    'Add a row from `objectId` to `externalId`, with **Match objects using this attribute** on **Yes** and **Matching precedence** 1.',
    'Keep `userPrincipalName` to `userName`, with matching precedence 2.',
    'Delete the rows that the table calls not needed.',
    'Press **Save**.',
  ],
  form: {
    title: 'Edit Attribute',
    fields: [
      { kind: 'choice', label: 'Mapping type', value: 'Direct' },
      { kind: 'choice', label: 'Source attribute', value: 'objectId' },
      { kind: 'choice', label: 'Target attribute', value: 'externalId' },
      { kind: 'choice', label: 'Match objects using this attribute', value: 'Yes' },
      { kind: 'text', label: 'Matching precedence', value: '1' },
      { kind: 'choice', label: 'Apply this mapping', value: 'Always' },
    ],
    buttons: ['Ok', 'Save'],
  },
  mapping: 'User',
  confidence: 'documented',
};

const MAP_GROUPS: Step = {
  id: 'map-groups',
  title: 'Keep the mapping of groups',
  menu: ['Your application', 'Provisioning', 'Attribute mapping', 'Provision Microsoft Entra ID Groups'],
  formerMenu: ['Your application', 'Provisioning', 'Mappings', 'Provision Azure Active Directory Groups'],
  instructions: [
    'Open the mapping of groups and look that **Enabled** is on **Yes**.',
    'Set it to **No** if this application is to get people only.',
    'Change nothing else.',
  ],
  form: {
    title: 'Attribute Mapping',
    fields: [
      { kind: 'choice', label: 'Enabled', value: 'Yes' },
      { kind: 'check', label: 'Create', isOn: true },
      { kind: 'check', label: 'Update', isOn: true },
      { kind: 'check', label: 'Delete', isOn: true },
    ],
  },
  mapping: 'Group',
  confidence: 'documented',
};

const ASSIGN: Step = {
  id: 'assign',
  title: 'Assign one person and one group',
  menu: ['Your application', 'Users and groups', 'Add user/group'],
  instructions: [
    'Assign one person whom you may try this with, and one small group.',
    'Groups have to be security-enabled, and nested groups are not resolved: only direct members come.',
    'Leave the scope at **Sync only assigned users and groups**: changing it back from all takes a restart.',
  ],
  form: {
    title: 'Settings',
    fields: [
      {
        kind: 'choice',
        label: 'Scope',
        value: 'Sync only assigned users and groups',
        note: 'What a new application has. On the older page it is under **Settings**.',
      },
    ],
  },
  confidence: 'documented',
};

const FIRST_USER: Step = {
  id: 'first-user',
  title: 'Provision the first person',
  menu: ['Your application', 'Provisioning', 'Provision on demand'],
  instructions: [
    'Choose the person and press **Provision**. It takes less than 30 seconds.',
    'Look here whether name, e-mail and externalId have arrived.',
  ],
  seen: 'Four steps with a green tick: import, scope, match, action.',
  awaits: 'user',
  confidence: 'documented',
};

const FIRST_GROUP: Step = {
  id: 'first-group',
  title: 'Provision the first group',
  menu: ['Your application', 'Provisioning', 'Provision on demand'],
  instructions: [
    'Choose the group, then up to five of its members, and press **Provision**.',
    'Members who were not provisioned before are left out, and named here. Provision them first, then the group again.',
  ],
  seen: 'The group, and each chosen member, with a green tick.',
  awaits: 'group',
  confidence: 'documented',
};

const SAFEGUARDS: Step = {
  id: 'safeguards',
  title: 'Say who is told when it fails',
  menu: ['Your application', 'Provisioning', 'Overview', 'Properties'],
  formerMenu: ['Your application', 'Provisioning', 'Settings'],
  instructions: [
    'Enter the address of a team rather than of a person: Entra ID writes once when it goes into quarantine.',
    'Accidental deletion prevention holds back every removal of a cycle above its threshold until somebody allows it: set it above the number of people who leave you in an hour, or leave it off.',
    'Press **Apply**.',
  ],
  form: {
    title: 'Properties',
    fields: [
      { kind: 'text', label: 'Notification Email', value: 'it-team@your-company.example' },
      {
        kind: 'check',
        label: 'Send an email notification when a failure occurs',
        isOn: true,
        note: 'The label may differ.',
      },
      {
        kind: 'check',
        label: 'Prevent accidental deletion',
        otherLabels: ['Accidental deletions prevention'],
        isOn: true,
      },
      { kind: 'text', label: 'Accidental deletion threshold', value: '500', note: 'The label may differ.' },
    ],
    buttons: ['Apply'],
  },
  confidence: 'documented',
};

const START: Step = {
  id: 'start',
  title: 'Start provisioning',
  menu: ['Your application', 'Provisioning', 'Overview', 'Start provisioning'],
  formerMenu: ['Your application', 'Provisioning', 'Provisioning Status: On', 'Save'],
  instructions: [
    'Assign everybody who is to have access.',
    'Press **Start provisioning**.',
    'The first cycle takes from 20 minutes to some hours; then Entra ID comes every 40 minutes.',
  ],
  seen: 'The overview shows the current cycle and its progress.',
  confidence: 'documented',
};

export const AFTER_CONNECTION = [
  TEST_CONNECTION,
  MAP_USERS,
  MAP_GROUPS,
  ASSIGN,
  FIRST_USER,
  FIRST_GROUP,
  SAFEGUARDS,
  START,
] as const;
