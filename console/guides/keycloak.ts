import { documented, type Guide, type Mapping, reported, type Step, unconfirmed } from './guide';
import { REVOKE_HERE, tokenRenewal } from './renewal';

const FIRST_USER: Step = {
  id: 'first-user',
  title: 'Make the first person',
  menu: ['Users', 'Add user'],
  instructions: [
    'Make a person with name and e-mail address, or change one who is there.',
    'They are sent at once.',
  ],
  awaits: 'user',
  confidence: 'documented',
};

const FIRST_GROUP: Step = {
  id: 'first-group',
  title: 'Make the first group',
  menu: ['Groups', 'Create group'],
  instructions: ['Make a group, and have the person join it.'],
  mapping: 'Group',
  awaits: 'group',
  confidence: 'documented',
};

const PLUGIN_STEPS: readonly Step[] = [
  {
    id: 'install',
    title: 'Install the plugin',
    instructions: [
      'Put the JAR of `mitodl/keycloak-scim` into `/opt/keycloak/providers` on each node.',
      'Run `kc.sh build` if your Keycloak is started optimized, then restart it.',
    ],
    confidence: 'documented',
  },
  {
    id: 'listen',
    title: 'Have it listen to events',
    menu: ['Realm settings', 'Events', 'Event listeners'],
    formerMenu: ['Events', 'Config', 'Event listeners'],
    instructions: ['Add `scim` to the event listeners, then press **Save**.'],
    form: {
      title: 'Event listeners',
      fields: [{ kind: 'text', label: 'Event listeners', value: 'jboss-logging, scim' }],
      buttons: ['Save'],
    },
    confidence: 'documented',
  },
  {
    id: 'enter-connection',
    title: 'Add the provider',
    menu: ['User federation', 'Add provider', 'scim'],
    instructions: [
      'Paste the two values. The token goes in alone, without "Bearer".',
      'Leave the import at **Nothing**. **Delete Remote** would delete people here who are not in Keycloak.',
      'Switch both periodic syncs on: an event is sent once, and is lost if the service is away.',
    ],
    form: {
      title: 'Add scim provider',
      fields: [
        { kind: 'text', label: 'SCIM 2.0 endpoint', value: '{baseUrl}', note: 'The label may differ.' },
        { kind: 'choice', label: 'Endpoint content type', value: 'application/scim+json' },
        { kind: 'choice', label: 'Auth mode', value: 'Bearer' },
        { kind: 'secret', label: 'Auth password/token', value: '{token}', note: 'The label may differ.' },
        { kind: 'check', label: 'Enable user propagation', isOn: true },
        { kind: 'check', label: 'Enable group propagation', isOn: true },
        { kind: 'choice', label: 'Import action', value: 'Nothing', note: 'Never **Delete Remote**.' },
        { kind: 'check', label: 'Periodic full sync', isOn: true },
        { kind: 'check', label: 'Periodic changed users sync', isOn: true },
      ],
      buttons: ['Save'],
    },
    confidence: 'documented',
  },
  {
    id: 'test-connection',
    title: 'Sync once',
    menu: ['User federation', 'scim', 'Action', 'Sync all users'],
    instructions: [
      'There is no button to test the connection. Start a full sync and watch this page.',
      'It sends everybody: try it in a realm of its own first if that is too much.',
    ],
    mapping: 'User',
    awaits: 'connection',
    confidence: 'documented',
  },
  FIRST_USER,
  FIRST_GROUP,
];

const COMMERCIAL_STEPS: readonly Step[] = [
  {
    id: 'enter-connection',
    title: 'Add a remote provider',
    menu: ['SCIM', 'Remote SCIM Provider', '+'],
    instructions: [
      'Enter the address and choose **Use default configuration**.',
      'Choose **Long Life Bearer Token** and paste the token alone, without "Bearer".',
    ],
    form: {
      title: 'Remote SCIM Provider',
      fields: [
        { kind: 'text', label: 'Base URL', value: '{baseUrl}' },
        {
          kind: 'choice',
          label: 'Authentication',
          value: 'Long Life Bearer Token',
          note: 'The label may differ.',
        },
        { kind: 'secret', label: 'Token', value: '{token}', note: 'The label may differ.' },
      ],
      buttons: ['Save'],
    },
    confidence: 'reported',
  },
  {
    id: 'schemas',
    title: 'Read the schemas, and assign the realm',
    menu: ['SCIM', 'Remote SCIM Provider', 'Your provider'],
    instructions: [
      'Under **Schemas**, have the plugin read what is offered here.',
      'Under **Realm Assignments**, choose the realms whose people are to come.',
    ],
    mapping: 'User',
    awaits: 'connection',
    confidence: 'reported',
  },
  {
    id: 'synchronize',
    title: 'Synchronize',
    menu: ['SCIM', 'Remote SCIM Provider', 'Your provider', 'Synchronization'],
    instructions: ['Start the synchronization of users, then that of groups.'],
    confidence: 'reported',
  },
  FIRST_USER,
  FIRST_GROUP,
];

const MAPPINGS: readonly Mapping[] = [
  {
    resourceType: 'User',
    rows: [
      { source: 'Username', targets: ['userName'], need: 'required' },
      { source: 'Id', targets: ['externalId'], need: 'required' },
      { source: 'First name', targets: ['name.givenName'], need: 'advised' },
      { source: 'Last name', targets: ['name.familyName'], need: 'advised' },
      { source: 'First and last name', targets: ['displayName'], need: 'advised' },
      { source: 'Email', targets: ['emails.value'], need: 'advised', note: 'Comes without a type.' },
      { source: 'Enabled', targets: ['active'], need: 'required' },
      { source: 'Roles of the realm', targets: ['roles.value'], need: 'optional' },
    ],
    notes: [
      documented('`mitodl/keycloak-scim` has this one mapping; nothing is to be set.'),
      unconfirmed('scim-for-keycloak may send further attributes.'),
    ],
  },
  {
    resourceType: 'Group',
    rows: [
      { source: 'Name', targets: ['displayName'], need: 'required' },
      { source: 'Id', targets: ['externalId'], need: 'required' },
      { source: 'Members', targets: ['members'], need: 'required' },
    ],
    notes: [],
  },
];

/** Keycloak with a plugin that sends SCIM. */
export const KEYCLOAK: Guide = {
  id: 'keycloak',
  name: 'Keycloak',
  summary: 'With a plugin: Keycloak itself receives SCIM, and sends none.',
  before: {
    role: documented('Administrator of the realm, and of the host on which Keycloak runs.'),
    edition: reported('`mitodl/keycloak-scim` is free; scim-for-keycloak is commercial.'),
    further: [
      documented('Keycloak’s own SCIM interface, and the plugin of Metatavu, only receive.'),
      documented('Allow about 30 minutes, and a restart of Keycloak.'),
    ],
  },
  features: [
    { name: 'Create and update people', works: 'yes' },
    { name: 'Deactivate who leaves', works: 'yes', note: '**Enabled** off.' },
    { name: 'Delete people', works: 'yes' },
    { name: 'Groups and their members', works: 'yes' },
    { name: 'Nested groups', works: 'unconfirmed' },
    { name: 'Try one person at once', works: 'yes' },
    { name: 'OAuth', works: 'unconfirmed' },
    { name: 'Choosing who comes', works: 'no', note: 'The whole realm comes.' },
  ],
  methods: [
    {
      id: 'keycloak-scim',
      name: 'mitodl/keycloak-scim',
      choose: 'Free, and the one of which we know the traffic.',
      credential: 'token',
      steps: PLUGIN_STEPS,
      renewal: tokenRenewal(
        unconfirmed('Open **User federation**, the provider, paste it and press **Save**.'),
        unconfirmed('Run a full sync, which also sends what was lost meanwhile.'),
      ),
    },
    {
      id: 'scim-for-keycloak',
      name: 'scim-for-keycloak',
      choose: 'If you have a licence for it.',
      credential: 'token',
      steps: COMMERCIAL_STEPS,
      renewal: tokenRenewal(
        unconfirmed('Open **Remote SCIM Provider**, your provider, paste it and press **Save**.'),
        unconfirmed('Synchronize, which also sends what was lost meanwhile.'),
      ),
    },
  ],
  mappings: MAPPINGS,
  scope: [documented('Everybody in the realm is sent. Use a realm of its own where that is too much.')],
  groups: [
    documented('Groups are sent with their members.'),
    documented('A group that is emptied is sent without members, and is empty here then.'),
  ],
  accessEnds: documented('Within moments; with the next periodic sync if the service was away.'),
  timing: [
    documented('Changes are sent at once, and once: what fails is repeated by the periodic sync alone.'),
  ],
  leaving: [
    {
      event: '**Enabled** off',
      sends: '`active` is `false`',
      result: 'deactivated',
      when: 'At once.',
      confidence: 'documented',
    },
    {
      event: 'Deleted in Keycloak',
      sends: 'DELETE',
      result: 'deleted',
      when: 'At once.',
      confidence: 'documented',
    },
    {
      event: 'Taken out of a group',
      sends: 'The group without them',
      result: 'membership-ended',
      when: 'At once.',
      confidence: 'documented',
    },
    {
      event: '**Enabled** on again',
      sends: '`active` is `true`',
      result: 'reactivated',
      when: 'At once.',
      confidence: 'documented',
    },
  ],
  limits: [
    documented('`mitodl/keycloak-scim` waits 5 seconds for an answer.'),
    documented('Its import reads the first page alone: leave the import at **Nothing**.'),
  ],
  errors: [
    {
      seen: 'A change that has not arrived',
      means: 'The service was away for a moment, or refused it. The plugin does not repeat it.',
      act: 'Read the log of Keycloak and the last refusal here, then run a full sync.',
      who: 'you',
      confidence: 'documented',
    },
    {
      seen: '401 in the log of Keycloak',
      means: 'The token was refused.',
      act: 'Paste it anew, alone, with **Auth mode** at **Bearer**.',
      who: 'you',
      confidence: 'documented',
    },
  ],
  disconnecting: [
    documented('Remove the provider under **User federation**, and `scim` from the event listeners.'),
    REVOKE_HERE,
  ],
  sources: [
    { title: 'mitodl/keycloak-scim', url: 'https://github.com/mitodl/keycloak-scim' },
    { title: 'scim-for-keycloak, as set up by mitodl/mitol-django-scim' },
  ],
};
