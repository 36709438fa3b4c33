import { documented, type Guide, reported } from '../guide';
import { REVOKE_HERE, tokenRenewal } from '../renewal';
import { ERRORS } from './errors';
import { GROUP_MAPPING, USER_MAPPING } from './mappings';
import { CLASSIC_STEPS, HEADER_AUTH_STEPS, INTEGRATION_WIZARD_STEPS } from './steps';

const RENEWAL = tokenRenewal(
  documented(
    'Open **Provisioning**, **Integration**, **Edit**, paste it as the first one was pasted, test it and press **Save**.',
  ),
  reported('Select what has failed meanwhile under **Dashboard**, **Tasks**, then **Retry Selected**.'),
);

/** Okta Workforce Identity. */
export const OKTA: Guide = {
  id: 'okta',
  name: 'Okta',
  summary: 'Workforce Identity; for an application of yours or one of the catalog.',
  before: {
    role: documented('An administrator who may change applications; Okta’s texts do not name the role.'),
    edition: reported('**Lifecycle Management**. Ask Okta’s support if an application has no provisioning.'),
    further: [
      documented(
        'A SAML or SWA application of yours, or one made with the Okta Integration Wizard. An OpenID Connect application of the older wizard has no SCIM.',
      ),
      documented('The service needs no single sign-on to be set up.'),
      documented('Allow about 20 minutes.'),
    ],
  },
  features: [
    { name: 'Create and update people', works: 'yes' },
    { name: 'Deactivate who leaves', works: 'yes' },
    { name: 'Delete people', works: 'no', note: 'Okta deactivates, and never deletes.' },
    { name: 'Groups and their members', works: 'yes', note: '**Push Groups**.' },
    { name: 'Nested groups', works: 'no' },
    { name: 'Try one person at once', works: 'yes', note: 'An assignment is sent at once.' },
    {
      name: 'OAuth',
      works: 'no',
      note: 'Okta takes authorization codes alone, which this service does not offer.',
    },
    { name: 'Passwords', works: 'no', note: 'A random one is sent, and thrown away here.' },
  ],
  methods: [
    {
      id: 'classic',
      name: 'SAML or SWA application',
      choose: 'Advised: the application through which people log in, or one beside it.',
      credential: 'token',
      steps: CLASSIC_STEPS,
      renewal: RENEWAL,
    },
    {
      id: 'integration-wizard',
      name: 'Okta Integration Wizard',
      choose: 'For an application that was made with the newer wizard, OpenID Connect included.',
      credential: 'token',
      steps: INTEGRATION_WIZARD_STEPS,
      renewal: RENEWAL,
    },
    {
      id: 'header-auth',
      name: 'Catalog application with header',
      choose: 'For provisioning alone, without an application of yours.',
      credential: 'token',
      steps: HEADER_AUTH_STEPS,
      renewal: RENEWAL,
    },
  ],
  mappings: [USER_MAPPING, GROUP_MAPPING],
  scope: [
    documented('Whoever is assigned to the application, directly or by a group, is provisioned.'),
    reported('With several assigned groups, attributes come from the one of first priority.'),
  ],
  groups: [
    documented('A group that is assigned brings its members. The group itself comes only if it is pushed.'),
    documented('Do not use the same group for assigning and for pushing.'),
    documented('Assign members first: a push leaves out who is not here, and who is inactive.'),
    reported('Nested groups are not pushed.'),
    documented('A group is matched by its name, in any case: two groups of one name do not both come.'),
  ],
  accessEnds: reported('Within moments.'),
  timing: [
    reported('Assignments, changes and pushes are sent at once; there is no cycle.'),
    documented(
      'Refused for too many requests, Okta waits as long as it is told, or five minutes, doubling, ten times at most.',
    ),
  ],
  leaving: [
    {
      event: 'Unassigned from the application',
      sends: '`active` is `false`',
      result: 'deactivated',
      when: 'At once.',
      confidence: 'documented',
    },
    {
      event: 'Deactivated in Okta',
      sends: '`active` is `false`',
      result: 'deactivated',
      when: 'At once.',
      confidence: 'documented',
    },
    {
      event: 'Deleted in Okta, after being deactivated',
      sends: 'Nothing: they stay deactivated',
      result: 'unchanged',
      confidence: 'documented',
    },
    {
      event: 'Suspended in Okta',
      sends: 'Nothing, as far as is known: unassign whoever is to lose access',
      result: 'unchanged',
      confidence: 'unconfirmed',
    },
    {
      event: 'Taken out of a pushed group',
      sends: 'The group without them',
      result: 'membership-ended',
      when: 'At once.',
      confidence: 'documented',
    },
    {
      event: 'Push unlinked with **Delete the group in the target app**',
      sends: 'DELETE of the group',
      result: 'group-deleted',
      confidence: 'documented',
    },
    {
      event: 'Push unlinked with **Leave the group in the target app**',
      sends: 'Nothing: the group stays with its members',
      result: 'unchanged',
      confidence: 'documented',
    },
    {
      event: 'Assigned again',
      sends: 'A search by `userName`, then `active` is `true`',
      result: 'reactivated',
      when: 'At once.',
      confidence: 'documented',
    },
  ],
  limits: [
    documented('Okta waits 60 seconds for an answer.'),
    documented('An import stops when it would lose more than 20 % of the people.'),
    reported('What changes while provisioning is off is not sent later: unassign and assign again.'),
    documented('Okta has no quarantine: each task that fails waits for a person.'),
    documented('Pushed by a SAML or SWA application of yours, users are updated as a whole (PUT).'),
  ],
  errors: ERRORS,
  disconnecting: [
    documented('Untick **Enable API Integration** under **Provisioning**, **Integration**.'),
    REVOKE_HERE,
  ],
  sources: [
    { title: 'Okta: Add SCIM provisioning to app integrations (app integration wizard)' },
    {
      title: 'Okta: Connect your SCIM API service with Okta',
      url: 'https://developer.okta.com/docs/guides/scim-provisioning-integration-connect/main/',
    },
    {
      title: 'Okta: Understand SCIM, and its technical questions',
      url: 'https://developer.okta.com/docs/concepts/scim/',
    },
    { title: 'Okta: Manage Group Push' },
    { title: 'Set-up guides of GitLab, HashiCorp, Sentry, Datadog, Airbyte and Sourcegraph' },
  ],
};
