import { DEFAULT } from './entra-dialects';
import { CORE_GROUP, CORE_USER, ENTERPRISE, get, list, patch, post, type Step } from './trace';

/*
 * What comes while a tenant moves from Okta to Entra ID (docs/moving.md): both know the same people, by the same
 * userName, and each has ids of its own.
 */

const { attributes, active, addMembers } = DEFAULT;
const PEOPLE = ['tove', 'liv'];

/** Okta assigns people and pushes a group. */
export const OKTA_PROVISIONS: readonly Step[] = [
  ...PEOPLE.map((name) =>
    post(
      `assigns ${name}`,
      '/Users',
      {
        schemas: [CORE_USER],
        userName: `${name}.{run}@corp.example`,
        name: { givenName: name, familyName: 'Berg' },
        emails: [{ primary: true, value: `${name}.{run}@corp.example`, type: 'work' }],
        externalId: `00u-${name}-{run}`,
        password: 'Never-kept-1',
        active: true,
      },
      { save: name },
    ),
  ),
  post(
    'pushes a group',
    '/Groups',
    {
      schemas: [CORE_GROUP],
      displayName: 'Forge {run}',
      members: PEOPLE.map((name) => ({ value: `{${name}}` })),
    },
    { save: 'forge' },
  ),
];

/** Entra ID finds nobody by its object id, everybody by userName, in its own case, and writes its ids. */
export const ENTRA_TAKES_OVER: readonly Step[] = [
  ...PEOPLE.flatMap((name) => [
    list(
      'matches by object id',
      '/Users',
      { filter: `externalId eq "object-${name}-{run}"` },
      { answer: { totalResults: 0 } },
    ),
    list(
      'matches by userName',
      '/Users',
      { filter: `userName eq "${name.toUpperCase()}.{run}@CORP.example"` },
      { answer: { totalResults: 1, Resources: [{ id: `{${name}}`, active: true }] } },
    ),
    patch('writes what differs', `/Users/{${name}}`, [
      ...attributes({
        externalId: `object-${name}-{run}`,
        displayName: `${name} Berg`,
        [`${ENTERPRISE}:department`]: 'Sea',
      }),
    ]),
  ]),
  list(
    'matches the group',
    '/Groups',
    { excludedAttributes: 'members', filter: 'displayName eq "Forge {run}"' },
    { answer: { totalResults: 1, Resources: [{ id: '{forge}' }] } },
  ),
  patch('names its id', '/Groups/{forge}', attributes({ externalId: 'object-forge-{run}' })),
  patch('adds whom it knows', '/Groups/{forge}', addMembers(...PEOPLE.map((name) => `{${name}}`))),
];

/** What the next cycles of Entra ID see, whoever authenticates them. */
export const ENTRA_GOES_ON: readonly Step[] = [
  ...PEOPLE.flatMap((name) => [
    list(
      'matches by object id',
      '/Users',
      { filter: `externalId eq "object-${name}-{run}"` },
      { answer: { totalResults: 1, Resources: [{ id: `{${name}}`, active: true }] } },
    ),
    patch('changes somebody', `/Users/{${name}}`, attributes({ title: 'Smith' })),
  ]),
  get('reads the group', '/Groups/{forge}', { members: PEOPLE.map((name) => `{${name}}`) }),
];

/** Somebody leaves: the one deactivation that is meant. */
export const ENTRA_DISABLES: readonly Step[] = [patch('disables', '/Users/{liv}', [active(false)])];

/** The application is taken down in Okta, and everybody unassigned. */
export const OKTA_UNASSIGNS: readonly Step[] = PEOPLE.map((name) =>
  patch('unassigns', `/Users/{${name}}`, [{ op: 'replace', value: { active: false } }], { status: 401 }),
);
