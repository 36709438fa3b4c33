import { LISTED_CLIENT } from './clients';
import { ENTRY_DETAILS, ENTRY_FACTS } from './log';
import { RATE } from './rate';
import { count, flag, integer, listOf, moment, object, oneOf, text } from './schema';
import { CONNECTION_STATE } from './shown';
import { NAME, STATUS, TENANT_ID, TOLD_SO_FAR } from './tenants';
import { LISTED_TOKEN } from './tokens';
import { useCase } from './use-case';

/** The settings of a tenant (docs/tenant-settings.md), as their definitions say; a test compares them. */
export const SETTINGS = {
  uniqueGroupNames: flag('A second group of a displayName, in any case, is refused (409 uniqueness).'),
  reprovision: oneOf(
    'What a POST with the externalId of a deleted user makes: a new user, or the deleted one under the same id.',
    ['new', 'sameExternalId'],
  ),
  strict: flag(
    'Requests are held to the SCIM interoperability profile: attributes that /Schemas does not list, and a PATCH without path, are refused (400 invalidSyntax).',
  ),
  logDays: integer('For how many days entries of the provisioning log are kept.', 1, 3650),
  rate: text('How many requests per second are taken; with none there is no limit of its own.', {
    pattern: '^[a-z][a-z0-9-]{0,29}$',
  }),
};

const CONNECTION = object(
  {
    state: CONNECTION_STATE,
    name: text("The state's name for people."),
    meaning: text('What it means, in a sentence.'),
  },
  {
    advice: text('What to do about it.'),
    lastRequestAt: moment(
      'When the last request came: exact to five minutes, to the second when it was a write of the last day.',
    ),
    lastRefusal: object(ENTRY_FACTS, { ...ENTRY_DETAILS, advice: text('What to do about it.') }),
  },
);

/** What is about one tenant as a whole. */
export const TENANT = {
  /** Tells how it stands with a tenant: its connection, tokens, counts and settings. */
  show: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}',
    summary: 'Tell how it stands with a tenant: connection, tokens, counts, settings',
    command: 'tenant show',
    does: 'read',
    result: object(
      {
        tenantId: TENANT_ID,
        name: NAME,
        createdAt: moment('When it was created.'),
        status: STATUS,
        connection: CONNECTION,
        tokens: listOf('Its tokens, the newest first.', LISTED_TOKEN),
        clients: listOf('Its OAuth clients, the newest first.', LISTED_CLIENT),
        counts: object({ users: count('Users.'), groups: count('Groups.') }),
        settings: object(SETTINGS),
      },
      {
        telling: object({
          since: moment('When it was suspended or resumed.'),
          ...TOLD_SO_FAR,
        }),
        rate: RATE,
      },
    ),
  }),
  /** Changes some settings of a tenant; the others stay. They hold for requests from then on. */
  set: useCase({
    method: 'PATCH',
    path: '/v1/tenants/{tenantId}/settings',
    summary: 'Change settings of a tenant; what is not named stays',
    command: 'tenant set',
    does: 'change',
    body: object({}, SETTINGS),
    result: object(
      {
        tenantId: TENANT_ID,
        settings: object(SETTINGS),
        changed: listOf('Names of the settings that have another value since.', text('Name of a setting.')),
        cacheFlushed: flag('Whether the gateway was told to forget the settings from before.'),
      },
      {
        indexedUsers: count('Users who were deleted before and can be given back since (reprovision).'),
        isIndexing: flag('Whether not all of them were gone through: send the same request again.'),
        rate: RATE,
      },
    ),
  }),
};
