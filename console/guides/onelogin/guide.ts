import { documented, type Guide, reported, unconfirmed } from '../guide';
import { REVOKE_HERE, tokenRenewal } from '../renewal';
import { STEPS } from './steps';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** OneLogin by One Identity. */
export const ONELOGIN: Guide = {
  id: 'onelogin',
  name: 'OneLogin',
  summary: 'With the application “SCIM Provisioner with SAML (SCIM v2 Enterprise, full SAML)”.',
  before: {
    role: unconfirmed('**Super User** or **Account Owner**.'),
    edition: documented('**Advanced Directory**.'),
    further: [
      unconfirmed('Single sign-on need not run through the application.'),
      documented('Allow about 20 minutes.'),
    ],
  },
  features: [
    { name: 'Create and update people', works: 'yes' },
    { name: 'Deactivate who leaves', works: 'yes', note: '**Suspend**.' },
    { name: 'Delete people', works: 'yes', note: 'With **Delete** in place of **Suspend**.' },
    { name: 'Groups and their members', works: 'yes', note: 'By rules, from roles.' },
    { name: 'Nested groups', works: 'unconfirmed' },
    { name: 'Try one person at once', works: 'yes' },
    { name: 'OAuth', works: 'unconfirmed' },
    { name: 'Passwords', works: 'no', note: 'The template has none.' },
  ],
  methods: [
    {
      id: 'token',
      name: 'Token',
      choose: 'What OneLogin’s SCIM application asks for.',
      credential: 'token',
      steps: STEPS,
      renewal: tokenRenewal(
        unconfirmed(
          'Paste it under **Configuration**, press **Save**, and **Enable** again if the connection is off.',
        ),
        unconfirmed('Retry what has failed meanwhile under **Users**, **Provisioning**.'),
      ),
    },
  ],
  mappings: [
    {
      resourceType: 'User',
      menu: ['Your application', 'Configuration', 'SCIM JSON Template'],
      rows: [
        {
          source: '`{$parameters.scimusername}`',
          targets: ['userName'],
          need: 'required',
          change: 'Set it to **Email** under **Parameters** if people log in with that.',
        },
        { source: '`{$user.firstname}`', targets: ['name.givenName'], need: 'advised' },
        { source: '`{$user.lastname}`', targets: ['name.familyName'], need: 'advised' },
        { source: '`{$user.display_name}`', targets: ['displayName'], need: 'advised' },
        { source: '`{$user.email}`', targets: ['emails[type eq "work"].value'], need: 'advised' },
        { source: '`{$parameters.title}`', targets: ['title'], need: 'optional' },
        { source: '`{$parameters.department}`', targets: [`${ENTERPRISE}:department`], need: 'optional' },
        {
          source: '`{$parameters.external_manager_id}`',
          targets: [`${ENTERPRISE}:manager`],
          need: 'unused',
          note: 'Not in the template. Add it only if your managers are provisioned as well.',
        },
      ],
      notes: [
        documented('Leave groups and `id` out of the template.'),
        reported(
          'Templates with `urn:scim:schemas:core:1.0` or `"active": "…"` are in circulation. Replace them with the one here.',
        ),
        unconfirmed('No externalId comes by default: people are recognized by `userName`.'),
      ],
    },
    {
      resourceType: 'Group',
      rows: [
        { source: 'Role', targets: ['displayName'], need: 'required' },
        {
          source: 'People of the role who have access to the application',
          targets: ['members'],
          need: 'required',
        },
      ],
      notes: [],
    },
  ],
  scope: [
    documented('Whoever has access to the application is provisioned: by a role, or added one by one.'),
    documented('With admin approval on, nobody comes before somebody approves.'),
  ],
  groups: [
    reported('Groups come by rules, mostly one group for each role.'),
    unconfirmed(
      '**Entitlements**, **Refresh** reads the groups that are here, so that a rule can choose among them.',
    ),
  ],
  accessEnds: reported('Within seconds.'),
  timing: [
    reported('Changes come within seconds.'),
    documented('No cycle is known that would repeat what was missed.'),
  ],
  leaving: [
    {
      event: 'Access removed, or deleted in OneLogin, with **Suspend**',
      sends: '`active` is `false`',
      result: 'deactivated',
      when: 'Within seconds.',
      confidence: 'documented',
    },
    {
      event: 'The same with **Delete**',
      sends: 'DELETE',
      result: 'deleted',
      when: 'Within seconds.',
      confidence: 'documented',
    },
    {
      event: 'The same with **Do Nothing**',
      sends: 'Nothing',
      result: 'unchanged',
      confidence: 'documented',
    },
    {
      event: 'Given access again',
      sends: '`active` is `true`',
      result: 'reactivated',
      confidence: 'unconfirmed',
    },
  ],
  limits: [
    documented('OneLogin names neither its retries nor its rate.'),
    documented('Users are updated as a whole (PUT).'),
  ],
  errors: [
    {
      seen: 'A person who stays at Pending',
      means: 'Admin approval is on.',
      act: 'Approve them, then take approval off under **Provisioning**.',
      who: 'you',
      confidence: 'documented',
    },
    {
      seen: 'The connection is disabled by itself, or cannot be enabled',
      means: 'The token was refused, or the base URL is wrong.',
      act: 'Read the last refusal here, paste both values again, press **Save**, then **Enable**.',
      who: 'you',
      confidence: 'unconfirmed',
    },
    {
      seen: 'A person who came back fails to be created',
      means: 'They are here, inactive, and OneLogin has not found them.',
      act: 'Remove the application from the person, and add it again.',
      who: 'you',
      confidence: 'unconfirmed',
    },
  ],
  disconnecting: [
    unconfirmed('Press **Disable** under **Configuration**, **API Connection**. The label may differ.'),
    REVOKE_HERE,
  ],
  sources: [
    { title: 'OneLogin: SCIM provisioning for developers', url: 'https://developers.onelogin.com/scim' },
    { title: 'Set-up guides of PostHog, Scalekit and Sumo Logic' },
  ],
};
