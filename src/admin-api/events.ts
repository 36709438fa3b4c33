import { count, flag, integer, listOf, moment, object, oneOf, text } from './schema';
import { CURSOR, useCase } from './use-case';

const EVENT = object({
  id: text('The same whenever the same thing is told again.'),
  version: oneOf('Version of the schema.', ['1']),
  type: text('What has happened, as in user.deactivated (docs/events.md).'),
  time: moment('When.'),
  tenantId: text('The tenant.'),
  sequence: text('Rises with each write of one resource; a number of any length.'),
  data: object(
    {},
    {
      userId: text('Id of a user.'),
      appId: text("The user's id in the app, where it has told it."),
      groupId: text('Id of a group.'),
      memberId: text('Id of a member, a user or a group.'),
      memberType: oneOf('What the member is.', ['User', 'Group']),
      active: flag('Whether the user has access.'),
      resourceVersion: count('Version of the resource.'),
      changed: listOf('Names of the attributes that differ.', text('Name of an attribute.')),
      activity: oneOf('What happened unusually often.', ['deactivations', 'deletions', 'refusals']),
      count: count('How often.'),
      users: count('Among how many users.'),
      since: moment('From when on the count is.'),
      until: moment('Up to when the count is.'),
      lastRequestAt: moment('The last request of the tenant, or with the credential.'),
      tokenId: text('Public id of a token.'),
      clientId: text('Public id of an OAuth client.'),
      expiresAt: moment('When it ends.'),
      daysLeft: count('How many days that is.'),
      requestedAt: moment('When the access was taken away.'),
    },
  ),
});

const QUERY = object(
  {},
  {
    since: moment('Without a cursor: from when on; all that is kept when absent.'),
    limit: integer('Events per page; 100 when absent.', 1, 1_000),
    cursor: CURSOR,
  },
);

/** There is always a cursor: what happens later is behind it. */
const EVENTS = object({
  items: listOf('Events, in the order in which those of a tenant were told.', EVENT),
  nextCursor: text('Cursor of what follows, now or later.'),
  atEnd: flag('Whether these are the last ones so far.'),
});

export const EVENTS_KEPT = {
  /** What happened in all tenants, in the order in which each one's was told; keep the cursor to go on later. */
  list: useCase({
    method: 'GET',
    path: '/v1/events',
    summary: 'Give the events of all tenants that are kept; go on later with the cursor',
    command: 'events',
    does: 'read',
    query: QUERY,
    beginsBy: ['since'],
    result: EVENTS,
  }),
  /** What happened in one tenant, in the order in which it was told. */
  ofTenant: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/events',
    summary: "Give a tenant's events that are kept; go on later with the cursor",
    command: 'events',
    does: 'read',
    query: QUERY,
    beginsBy: ['since'],
    result: EVENTS,
  }),
};
