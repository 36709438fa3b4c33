import { documented, type Guide, reported, unconfirmed } from './guide';
import { REVOKE_HERE, tokenRenewal } from './renewal';

const APP = ['Apps', 'Web and mobile apps', 'Your application'];

/** Google Workspace and Cloud Identity. */
export const GOOGLE_WORKSPACE: Guide = {
  id: 'google-workspace',
  name: 'Google Workspace',
  summary: 'People only, and only through an application of Google’s catalog. Read before you start.',
  before: {
    role: reported('**Super administrator**.'),
    edition: documented(
      'Cloud Identity Free has no automatic provisioning; Business Starter and Frontline Starter have it for 3 applications, the other Business, Frontline and Enterprise editions for 100, Cloud Identity Premium for all.',
    ),
    further: [
      documented('Google provisions applications of its catalog alone, and only those for which it says so.'),
      documented('Single sign-on (SAML) of that application has to be set up first.'),
      reported(
        'Where this service is not in the catalog, others have used the entry **Keeper Web (SAML)**, which asks for an address and a token. Neither Google nor we support it: it may stop working.',
      ),
    ],
  },
  features: [
    { name: 'Create and update people', works: 'yes' },
    {
      name: 'Deactivate who leaves',
      works: 'unconfirmed',
      note: 'Deactivated or deleted: it depends on the entry of the catalog.',
    },
    { name: 'Delete people', works: 'unconfirmed', note: 'It depends on the entry of the catalog.' },
    { name: 'Groups and their members', works: 'no', note: 'Groups only narrow down who comes.' },
    { name: 'Nested groups', works: 'no' },
    { name: 'Try one person at once', works: 'no', note: 'Google comes every few hours.' },
    { name: 'OAuth', works: 'no' },
  ],
  methods: [
    {
      id: 'token',
      name: 'Token',
      choose: 'What automatic provisioning asks for.',
      credential: 'token',
      steps: [
        {
          id: 'application',
          title: 'Look whether your application can be provisioned',
          menu: APP,
          instructions: [
            'Open the application through which people log in.',
            'If it has no **Auto-provisioning**, Google does not provision it. Stop here, and ask whoever gave you the link for another way, such as an import of a file.',
          ],
          confidence: 'documented',
        },
        {
          id: 'enter-connection',
          title: 'Enter the connection',
          menu: [...APP, 'Auto-provisioning', 'Configure auto-provisioning'],
          instructions: [
            'Paste the token, press **Continue**, then paste the address.',
            'The token goes in alone, without "Bearer".',
          ],
          form: {
            title: 'Auto-provisioning',
            fields: [
              { kind: 'secret', label: 'Access token', value: '{token}' },
              { kind: 'text', label: 'Endpoint URL', value: '{baseUrl}' },
            ],
            buttons: ['Continue'],
          },
          confidence: 'reported',
        },
        {
          id: 'map-users',
          title: 'Map the attributes',
          menu: [...APP, 'Auto-provisioning', 'Attribute mapping'],
          instructions: ['Map at least the attributes with an asterisk, as the table says.'],
          mapping: 'User',
          confidence: 'documented',
        },
        {
          id: 'scope',
          title: 'Narrow down who comes, and say when access ends',
          menu: [...APP, 'Auto-provisioning'],
          instructions: [
            'Choose a group with one person whom you may try this with.',
            'Choose the shortest time for each of the three: until then whoever leaves keeps their access here.',
            'Press **Finish**.',
          ],
          form: {
            title: 'Deprovisioning',
            fields: [
              {
                kind: 'choice',
                label: 'The app is turned off for a user',
                value: 'after 24 hours',
                note: 'The label may differ.',
              },
              {
                kind: 'choice',
                label: 'A user is suspended',
                value: 'after 24 hours',
                note: 'The label may differ.',
              },
              {
                kind: 'choice',
                label: 'A user is deleted',
                value: 'after 24 hours',
                note: 'The label may differ.',
              },
            ],
            buttons: ['Finish'],
          },
          confidence: 'documented',
        },
        {
          id: 'activate',
          title: 'Switch it on',
          menu: [...APP, 'Auto-provisioning'],
          instructions: ['Set the switch to **Active**.', 'The first request comes at once or within hours.'],
          awaits: 'connection',
          confidence: 'reported',
        },
        {
          id: 'first-user',
          title: 'Wait for the first person',
          instructions: ['Google comes every few hours. You can close this page: it goes on where it was.'],
          awaits: 'user',
          confidence: 'documented',
        },
        {
          id: 'everybody',
          title: 'Widen the scope',
          menu: [...APP, 'Auto-provisioning'],
          instructions: ['Choose the groups whose people are to have access, or take the limit off.'],
          confidence: 'documented',
        },
      ],
      renewal: tokenRenewal(
        unconfirmed(
          'Enter it under **Auto-provisioning** in place of the first one. Where exactly is not described.',
        ),
        unconfirmed('Google comes every few hours: allow a day before you end the first one.'),
      ),
    },
  ],
  mappings: [
    {
      resourceType: 'User',
      menu: [...APP, 'Auto-provisioning', 'Attribute mapping'],
      rows: [
        { source: '**Basic Information**, **Primary email**', targets: ['userName'], need: 'required' },
        { source: '**Basic Information**, **First name**', targets: ['name.givenName'], need: 'advised' },
        { source: '**Basic Information**, **Last name**', targets: ['name.familyName'], need: 'advised' },
        {
          source: '**Basic Information**, **Primary email**',
          targets: ['emails[type eq "work"].value'],
          need: 'advised',
        },
      ],
      notes: [unconfirmed('The entry of the catalog decides which attributes there are, and their names.')],
    },
  ],
  scope: [
    documented('Whoever the application is turned on for is provisioned; groups narrow that down.'),
    documented('People who are archived are not covered.'),
  ],
  groups: [documented('Groups are not provisioned. Roles by group cannot be given this way.')],
  accessEnds: documented('After a day to 30 days, as you choose.'),
  timing: [documented('Google comes every few hours.')],
  leaving: [
    {
      event: 'Application turned off for the person, suspended, or deleted',
      sends: '`active` is `false` or DELETE: it depends on the entry of the catalog',
      result: 'deactivated',
      when: 'After the time chosen, from 24 hours to 30 days. Until then access goes on.',
      confidence: 'unconfirmed',
    },
  ],
  limits: [
    documented('The number of applications that may be provisioned depends on the edition.'),
    documented(
      'Access ends a day after somebody has left, at the earliest. If that is too late, have whoever gave you the link take it away.',
    ),
  ],
  errors: [
    {
      seen: 'The application has no Auto-provisioning',
      means: 'It is not in the catalog, or its entry does not offer provisioning.',
      act: 'Ask whoever gave you the link for another way.',
      who: 'vendor',
      confidence: 'documented',
    },
    {
      seen: 'Nothing arrives',
      means: 'Google has not come yet, or nobody is in scope.',
      act: 'Wait some hours. Then look at the group in the scope, and at the last refusal here.',
      who: 'you',
      confidence: 'documented',
    },
  ],
  disconnecting: [
    reported('Set the switch of **Auto-provisioning** to **Inactive**. The label may differ.'),
    REVOKE_HERE,
  ],
  sources: [
    {
      title: 'Google: About automated user provisioning',
      url: 'https://support.google.com/a/answer/7681608',
    },
    { title: 'Set-up guides of Ory and authn.sh' },
  ],
};
