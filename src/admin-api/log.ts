import { count, flag, integer, listOf, moment, object, text } from './schema';
import { CURSOR, pageOf, useCase } from './use-case';

const ID = text('Id of a user or group.');
const IDS = listOf('Ids.', ID);

/** What each entry tells. */
export const ENTRY_FACTS = {
  type: text('What happened, as in user.deactivated.'),
  time: moment('When.'),
};

/** What an entry tells where there is something to tell. */
export const ENTRY_DETAILS = {
  actor: text('Who it was: token:<id>, client:<id>, admin:<name>, setup:<id>, app, service.'),
  requestId: text('What all entries of one request share.'),
  resourceId: text('The user or group that it is about.'),
  groupId: text('The group that a member was added to or removed from.'),
  active: flag('Whether the user has access since.'),
  changed: listOf('Names of the attributes that differ.', text('Name of an attribute.')),
  asked: object(
    {},
    {
      add: IDS,
      remove: IDS,
      added: count('How many were to be added.'),
      removed: count('How many were to be removed.'),
    },
  ),
  tokenId: text('Public id of a token.'),
  clientId: text('Public id of an OAuth client.'),
  linkId: text('Public id of a link to the set-up page.'),
  roles: listOf('What a group was mapped to.', text('Name of a role.')),
  count: count('How many items, or how often the same was refused within a minute.'),
  unknown: count('How many members a request has named that are no user and no group.'),
  unknownIds: listOf('Those of them that are ids of the form that this service gives out.', ID),
  lastAt: moment('Of what was refused, whose time is told to the minute: when it was refused last in it.'),
  method: text('Of what was refused: the method.'),
  route: text('The path as the API names it.'),
  status: count('The status of the answer.'),
  scimType: text('The scimType of the answer.'),
  detail: text('Our sentence, without what was sent.'),
};

/** An entry of the provisioning log (docs/provisioning-log.md). */
export const ENTRY = object(ENTRY_FACTS, ENTRY_DETAILS);

export const LOG = {
  /** A tenant's provisioning log, the last entry first: who did what to whom, and what was refused. */
  list: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/log',
    summary: 'Tell who did what to whom, and what was refused; the last entry first',
    command: 'log',
    does: 'read',
    query: object(
      {},
      {
        since: moment('From when on; a day ago when absent.'),
        until: moment('Up to when; now when absent.'),
        about: text('A user or group: id, userName, externalId, e-mail address, appId or displayName.', {
          maxLength: 1_000,
        }),
        actor: text('What this one did: token:<id>, client:<id>, admin:<name>, setup:<id>, app, service.', {
          maxLength: 1_000,
        }),
        failed: flag('Only what was refused.'),
        limit: integer('Entries per page; 100 when absent.', 1, 1_000),
        cursor: CURSOR,
      },
    ),
    result: pageOf('Entries, the last one first.', ENTRY),
  }),
};
