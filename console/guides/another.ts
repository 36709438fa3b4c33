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

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

function steps(instructions: readonly string[], credential: readonly Field[]): readonly Step[] {
  return [
    {
      id: 'enter-connection',
      title: 'Enter the connection',
      instructions: [
        'Look in your identity provider for outbound provisioning, or for SCIM 2.0, of this application.',
        ...instructions,
        'If users and groups have fields of their own, add `/Users` and `/Groups` to the base URL.',
      ],
      form: {
        title: 'SCIM 2.0',
        fields: [
          {
            kind: 'text',
            label: 'Base URL',
            otherLabels: ['Endpoint', 'Tenant URL', 'SCIM URL'],
            value: '{baseUrl}',
          },
          ...credential,
        ],
      },
      confidence: 'unconfirmed',
    },
    {
      id: 'test-connection',
      title: 'Test the connection',
      instructions: [
        'Use the test of your identity provider, if it has one, and watch this page.',
        'If it has none, the first person is the test.',
      ],
      awaits: 'connection',
      confidence: 'unconfirmed',
    },
    {
      id: 'map-users',
      title: 'Map the attributes',
      instructions: [
        'Set the mapping of the table as far as your identity provider lets you.',
        'Have people matched by `userName eq "…"`, or by `externalId eq "…"` if that is what never changes.',
        'Choose that people who leave are deactivated rather than deleted.',
      ],
      mapping: 'User',
      confidence: 'unconfirmed',
    },
    {
      id: 'first-user',
      title: 'Provision the first person',
      instructions: [
        'Assign one person whom you may try this with, and look here whether they have arrived.',
      ],
      awaits: 'user',
      confidence: 'unconfirmed',
    },
    {
      id: 'first-group',
      title: 'Provision the first group',
      instructions: ['Assign one small group, and look here whether all its members are known.'],
      mapping: 'Group',
      awaits: 'group',
      confidence: 'unconfirmed',
    },
    {
      id: 'everybody',
      title: 'Provision everybody',
      instructions: ['Assign the people and groups who are to have access.'],
      confidence: 'unconfirmed',
    },
  ];
}

const PASTE_NEW: Statement = unconfirmed('Paste it where the first one is, test the connection and save.');

/** Any other client of SCIM 2.0. */
export const ANOTHER: Guide = {
  id: 'another',
  name: 'Another identity provider',
  summary:
    'Anything that sends SCIM 2.0, such as Rippling, CyberArk, Oracle, IBM Verify, authentik, SailPoint or a script of yours.',
  before: {
    role: unconfirmed('Whoever may change the provisioning of applications.'),
    edition: unconfirmed('Outbound provisioning by SCIM 2.0, with a token or OAuth client credentials.'),
    further: [
      documented('SCIM 1.1 is another protocol, and does not work.'),
      documented(
        'CyberArk Identity provisions from SAML applications only; untick **Do not de-provision (deactivate or delete) users in target application** there.',
      ),
      documented(
        'Oracle (GenericScim) takes a token or client credentials; WSO2 asks for the addresses of users and groups.',
      ),
      documented('IBM Verify deletes whose access is removed, and deactivates who is suspended.'),
      reported(
        'Rippling: a custom integration of the type **User Management via SCIM**, with a bearer token, groups, pagination and PATCH for groups ticked.',
      ),
      documented('Allow about 20 minutes.'),
    ],
  },
  features: [
    { name: 'Create and update people', works: 'yes', note: 'POST, PUT and PATCH.' },
    { name: 'Deactivate who leaves', works: 'yes', note: '`active` set to `false`.' },
    { name: 'Delete people', works: 'yes', note: 'DELETE.' },
    { name: 'Groups and their members', works: 'yes' },
    { name: 'Nested groups', works: 'yes', note: 'If your identity provider sends them.' },
    { name: 'OAuth', works: 'yes', note: 'Client credentials.' },
    { name: 'Many changes in one request', works: 'yes', note: '`/Bulk`.' },
    { name: 'Passwords', works: 'no', note: 'Thrown away.' },
  ],
  methods: [
    {
      id: 'client-credentials',
      name: 'OAuth client credentials',
      choose:
        'Advised where your identity provider can: what is used from request to request ends within the hour.',
      credential: 'client',
      steps: steps(
        [
          'Choose OAuth 2.0 client credentials and paste the four values.',
          'Leave the scope empty; if one has to be given, it is `scim`.',
          'Secrets may be sent in the header or in the body.',
        ],
        [
          { kind: 'text', label: 'Token URL', otherLabels: ['Token endpoint'], value: '{tokenUrl}' },
          { kind: 'text', label: 'Client id', value: '{clientId}' },
          { kind: 'secret', label: 'Client secret', value: '{clientSecret}' },
          { kind: 'text', label: 'Scope', value: 'scim', note: 'May be empty.' },
        ],
      ),
      renewal: secretRenewal(PASTE_NEW),
    },
    {
      id: 'token',
      name: 'Token',
      choose: 'Where it takes a token only.',
      credential: 'token',
      steps: steps(
        [
          'Paste the two values.',
          'Most forms write "Bearer" before the token. If the form asks for the whole header, it is `Authorization`, and its value the word `Bearer`, a space and the token.',
        ],
        [{ kind: 'secret', label: 'Token', otherLabels: ['API token', 'Secret token'], value: '{token}' }],
      ),
      renewal: tokenRenewal(PASTE_NEW),
    },
  ],
  mappings: [
    {
      resourceType: 'User',
      rows: [
        {
          source: 'Login name',
          targets: ['userName'],
          need: 'required',
          note: 'Unique, without regard to case. What single sign-on sends as the login name.',
        },
        {
          source: 'What never changes',
          targets: ['externalId'],
          need: 'advised',
          note: 'An id of your directory.',
        },
        { source: 'Is enabled', targets: ['active'], need: 'required' },
        { source: 'First name', targets: ['name.givenName'], need: 'advised' },
        { source: 'Last name', targets: ['name.familyName'], need: 'advised' },
        { source: 'Name to show', targets: ['displayName'], need: 'advised' },
        { source: 'E-mail address', targets: ['emails[type eq "work"].value'], need: 'advised' },
        { source: 'Job title', targets: ['title'], need: 'optional' },
        {
          source: 'Language',
          targets: ['preferredLanguage', 'locale', 'timezone'],
          need: 'optional',
        },
        { source: 'Employee number', targets: [`${ENTERPRISE}:employeeNumber`], need: 'optional' },
        { source: 'Department', targets: [`${ENTERPRISE}:department`], need: 'optional' },
        {
          source: 'Manager',
          targets: [`${ENTERPRISE}:manager`],
          need: 'optional',
          note: 'By their id here.',
        },
      ],
      notes: [
        documented('Names of attributes and schemas are those of RFC 7643; `/Schemas` lists them all.'),
        documented('Attributes that are not known here are left out, and do not fail the request.'),
      ],
    },
    {
      resourceType: 'Group',
      rows: [
        {
          source: 'Name',
          targets: ['displayName'],
          need: 'required',
          note: 'Unique, without regard to case.',
        },
        { source: 'Id', targets: ['externalId'], need: 'optional' },
        { source: 'Members', targets: ['members'], need: 'required', note: 'By their ids here.' },
      ],
      notes: [],
    },
  ],
  scope: [documented('As your identity provider lets you choose.')],
  groups: [
    documented('Members who are not known here are left out; the others are taken.'),
    documented('Provision people before the groups that they are in.'),
  ],
  accessEnds: unconfirmed('When your identity provider says so.'),
  timing: [
    documented(
      'What arrives takes effect before it is answered. When it is sent is up to your identity provider.',
    ),
  ],
  leaving: [
    {
      event: 'Deactivated',
      sends: '`active` is `false`, by PATCH or PUT',
      result: 'deactivated',
      confidence: 'documented',
    },
    { event: 'Deleted', sends: 'DELETE', result: 'deleted', confidence: 'documented' },
    {
      event: 'Taken out of a group',
      sends: 'The removal of the member, or the group without them',
      result: 'membership-ended',
      confidence: 'documented',
    },
    { event: 'Put back', sends: '`active` is `true`', result: 'reactivated', confidence: 'documented' },
  ],
  limits: [documented('Above the rate, requests are answered 429 with `Retry-After` in seconds.')],
  errors: [
    {
      seen: '401',
      means: 'The credential is missing, mistyped, expired or revoked, or "Bearer" is missing or doubled.',
      act: 'Read the last refusal here, which says what it was, and paste it anew.',
      who: 'you',
      confidence: 'documented',
    },
    {
      seen: '403',
      means: 'The credential may read and not write, or a policy of the application refuses this.',
      act: 'Read the last refusal here. A credential that is made with a set-up link may write.',
      who: 'vendor',
      confidence: 'documented',
    },
    {
      seen: '404 for everything',
      means: 'The base URL is wrong.',
      act: 'Paste {baseUrl} as it is, without a slash at its end.',
      who: 'you',
      confidence: 'documented',
    },
    {
      seen: '409 with uniqueness',
      means: 'The `userName`, or the name of the group, is taken here, in any case.',
      act: 'Have your identity provider search by it before it creates, or rename one of the two.',
      who: 'you',
      confidence: 'documented',
    },
    {
      seen: '429',
      means: 'More requests came than are taken.',
      act: 'Nothing, if your identity provider repeats them after `Retry-After`.',
      who: 'nobody',
      confidence: 'documented',
    },
  ],
  disconnecting: [unconfirmed('Stop provisioning at your identity provider first.'), REVOKE_HERE],
  sources: [
    { title: 'RFC 7643, SCIM: Core Schema', url: 'https://www.rfc-editor.org/rfc/rfc7643' },
    { title: 'RFC 7644, SCIM: Protocol', url: 'https://www.rfc-editor.org/rfc/rfc7644' },
    { title: 'RFC 6749, OAuth 2.0', url: 'https://www.rfc-editor.org/rfc/rfc6749' },
  ],
};
