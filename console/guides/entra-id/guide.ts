import { documented, type Guide, reported } from '../guide';
import { REVOKE_HERE, secretRenewal, tokenRenewal } from '../renewal';
import { ERRORS } from './errors';
import { GROUP_MAPPING, USER_MAPPING } from './mappings';
import { CLIENT_CREDENTIALS_STEPS, FEDERATION_STEPS, TOKEN_STEPS } from './steps';

const UPDATE_CREDENTIALS =
  'Open **Provisioning**, **Update credentials** (older page: **Admin Credentials**), paste it, press **Test Connection**, then **Save**.';

/** Microsoft Entra ID, which was Azure Active Directory. */
export const ENTRA_ID: Guide = {
  id: 'entra-id',
  name: 'Microsoft Entra ID',
  summary: 'Also Azure Active Directory, as it was called until 2023.',
  before: {
    role: documented(
      '**Application Administrator**. **Cloud Application Administrator** or the owner of the application will do as well. **Global Reader** cannot see the set-up.',
    ),
    edition: documented(
      'Assigning groups takes Entra ID P1 or P2. Whether assigning single people works without is described differently by different sources.',
    ),
    further: [
      documented(
        'A directory of your workforce: B2C and External ID tenants have no provisioning of this kind.',
      ),
      documented('The service needs no single sign-on to be set up: it can come before or after.'),
      documented('Allow about 20 minutes, and from 20 minutes to some hours for the first cycle.'),
    ],
  },
  features: [
    { name: 'Create and update people', works: 'yes' },
    { name: 'Deactivate who leaves', works: 'yes' },
    { name: 'Delete people', works: 'yes', note: '30 days after they were deleted in Entra ID.' },
    { name: 'Groups and their members', works: 'yes', note: 'Direct members.' },
    { name: 'Nested groups', works: 'no', note: 'Entra ID does not resolve them.' },
    { name: 'Try one person at once', works: 'yes', note: '**Provision on demand**.' },
    { name: 'OAuth', works: 'yes', note: 'Client credentials, or workload identity federation.' },
    { name: 'Passwords', works: 'no', note: 'Entra ID sends none.' },
  ],
  methods: [
    {
      id: 'client-credentials',
      name: 'OAuth client credentials',
      choose: 'Advised: what Entra ID uses from request to request ends within the hour.',
      credential: 'client',
      steps: CLIENT_CREDENTIALS_STEPS,
      renewal: secretRenewal(
        reported(UPDATE_CREDENTIALS),
        documented('Entra ID asks for a token once per cycle, within 40 minutes.'),
      ),
    },
    {
      id: 'federation',
      name: 'Workload identity federation',
      choose: 'No secret at all, where your Entra ID offers it: nothing is pasted that could leak or expire.',
      credential: 'trust',
      steps: FEDERATION_STEPS,
      renewal: [
        documented(
          'Nothing has to be renewed: Entra ID changes its signing keys by itself, and the service follows.',
        ),
        documented('To use another workload identity, enter its four values here, then test the connection.'),
        documented(
          'To come from a secret without an outage: enter the four values, change the way to authenticate in Entra ID, and let the secret end once the trust is shown as used.',
        ),
      ],
    },
    {
      id: 'token',
      name: 'Token',
      choose: 'Where the form has only a field for a secret token.',
      credential: 'token',
      steps: TOKEN_STEPS,
      renewal: tokenRenewal(
        reported(UPDATE_CREDENTIALS),
        documented('The next cycle uses it, within 40 minutes.'),
      ),
    },
  ],
  mappings: [USER_MAPPING, GROUP_MAPPING],
  scope: [
    documented(
      '**Sync only assigned users and groups** is advised. With **Sync all users and groups** your whole directory comes here.',
    ),
    documented('Changing from all to assigned takes **Restart provisioning**.'),
    documented(
      'Scoping filters narrow it further (**Attribute mapping**, **Source object scope**, **Add scoping filter**): all clauses of a filter have to hold, and one of several filters.',
    ),
    documented(
      '`EQUALS` minds upper and lower case. Groups, dates, `manager` and `userType` cannot be filtered by.',
    ),
    documented('Saving a filter starts a full cycle, and deactivates whoever falls out of it.'),
  ],
  groups: [
    documented(
      'Assigning a group provisions its direct members, and the group itself if its mapping is enabled.',
    ),
    documented('Nested groups are not resolved: assign each group whose members are to come.'),
    documented('Groups have to be security-enabled. Those with dynamic membership come more slowly.'),
    documented(
      'A member who comes into scope later than the group is missed. Provision the group on demand, or restart provisioning.',
    ),
    documented('A group is matched by its name, in any case: two groups of one name do not both come.'),
  ],
  accessEnds: documented('Within 40 minutes.'),
  timing: [
    documented('Changes come in cycles, every 40 minutes. The time cannot be changed.'),
    documented(
      'The first cycle takes from 20 minutes to some hours: about 0.01 to 0.08 minutes for each person, group and membership.',
    ),
    documented(
      '**Provision on demand** takes less than 30 seconds. It does not deactivate people who were deleted.',
    ),
    documented(
      'Where 40 minutes are too long, block the sign-in in Entra ID and revoke the sessions in the application.',
    ),
  ],
  leaving: [
    {
      event: 'Unassigned from the application, or out of scope',
      sends: '`active` is `false`',
      result: 'deactivated',
      when: 'In the next cycle, within 40 minutes.',
      confidence: 'documented',
    },
    {
      event: 'Sign-in blocked',
      sends: '`active` is `false`',
      result: 'deactivated',
      when: 'In the next cycle.',
      confidence: 'documented',
    },
    {
      event: 'Deleted in Entra ID',
      sends: '`active` is `false`',
      result: 'deactivated',
      when: 'In the next cycle.',
      confidence: 'documented',
    },
    {
      event: 'Deleted for good: 30 days later, or by hand',
      sends: 'DELETE',
      result: 'deleted',
      when: 'In the next cycle.',
      confidence: 'documented',
    },
    {
      event: 'Unassigned first, deleted later',
      sends: 'Nothing at the deletion: they stay deactivated',
      result: 'unchanged',
      confidence: 'documented',
    },
    {
      event: 'Taken out of a group',
      sends: 'The removal of the member',
      result: 'membership-ended',
      when: 'In the next cycle.',
      confidence: 'documented',
    },
    {
      event: 'Enabled or assigned again',
      sends: '`active` is `true`, without groups',
      result: 'reactivated',
      when: 'In the next cycle.',
      confidence: 'documented',
    },
  ],
  limits: [
    documented('Entra ID sends up to 25 requests per second and more, which the service takes.'),
    documented(
      '40 % failures from 5,000 operations on, or refused credentials, put the application into quarantine.',
    ),
    documented('In quarantine Entra ID comes daily at most, and gives up after 28 days.'),
    documented('Provision on demand takes one person, or a group with up to five members.'),
    documented('The provisioning log of Entra ID goes back 30 days with P1 or P2, otherwise 7.'),
    documented('What is changed here, by hand, stays until the person changes in Entra ID.'),
  ],
  errors: ERRORS,
  disconnecting: [
    documented('Stop provisioning in Entra ID first (**Overview**, **Stop provisioning**).'),
    REVOKE_HERE,
  ],
  sources: [
    {
      title: 'Microsoft: Develop and plan provisioning for a SCIM endpoint',
      url: 'https://learn.microsoft.com/en-us/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups',
    },
    {
      title: 'Microsoft: How application provisioning works',
      url: 'https://learn.microsoft.com/en-us/entra/identity/app-provisioning/how-provisioning-works',
    },
    {
      title: 'Microsoft: Known issues for provisioning',
      url: 'https://learn.microsoft.com/en-us/entra/identity/app-provisioning/known-issues',
    },
    {
      title: 'Microsoft: Application provisioning in quarantine status',
      url: 'https://learn.microsoft.com/en-us/entra/identity/app-provisioning/application-provisioning-quarantine-status',
    },
    {
      title: 'Microsoft: Workload Identity Federation for SCIM Provisioning',
      url: 'https://github.com/AzureAD/SCIMReferenceCode/blob/master/Workload-Identity-Federation-for-SCIM-Provisioning.md',
    },
    {
      title: 'Microsoft: Configure UiPath for automatic user provisioning',
      url: 'https://learn.microsoft.com/en-us/entra/identity/saas-apps/uipath-provisioning-tutorial',
    },
  ],
};
