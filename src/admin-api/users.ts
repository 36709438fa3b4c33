import { count, flag, integer, listOf, moment, object, oneOf, text } from './schema';
import {
  CREATED,
  DELETED,
  DISPLAY_NAME,
  EMAILS,
  FIND_QUERY,
  IS_ACTIVE,
  LAST_ENTRIES,
  LAST_MODIFIED,
  PENDING,
  TIMES,
  USER_NAMES,
} from './shown';
import { TENANT_ID } from './tenants';
import { CURSOR, pageOf, useCase } from './use-case';

const USER_ID = text('Id of the user.');

const LISTED = {
  id: USER_ID,
  active: IS_ACTIVE,
  emails: EMAILS,
  created: CREATED,
  lastModified: LAST_MODIFIED,
};
const LISTED_USER = object(LISTED, USER_NAMES);
const NAMING = { id: text('Id of the group.'), displayName: DISPLAY_NAME };

const PROTECTION = object({
  tenantId: TENANT_ID,
  userId: USER_ID,
  protected: flag('Whether SCIM may not deactivate, delete or rename the user.'),
  changed: flag('False when it was so before.'),
  active: flag('Whether the user has access.'),
});

export const USERS = {
  /** Finds users by how userName, an e-mail address or displayName begins. */
  find: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/find/users',
    summary: 'Find users by how userName, an e-mail address or displayName begins',
    command: 'user find',
    does: 'read',
    query: FIND_QUERY,
    result: pageOf(
      'Users, in the order of the texts that begin so; deleted ones in the order of their ids.',
      object(LISTED, { ...USER_NAMES, ...DELETED }),
    ),
  }),
  /** All users of a tenant, in the order of their ids. */
  list: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/users',
    summary: 'List the users',
    command: 'user list',
    does: 'read',
    query: object({}, { limit: integer('Users per page; 100 when absent.', 1, 1_000), cursor: CURSOR }),
    result: pageOf('Users, in the order of their ids.', LISTED_USER),
  }),
  /** Everything that support asks about one user, by id or any name of theirs. */
  show: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/users/{userId}',
    summary: 'Show state, groups, roles, sessions and last log entries of a user, by id or name',
    command: 'user show',
    does: 'read',
    result: object(
      {
        tenantId: TENANT_ID,
        tenantStatus: oneOf('Whether anybody of the tenant has access.', ['active', 'suspended']),
        id: USER_ID,
        state: oneOf('How it stands with the user.', ['active', 'inactive', 'deleted']),
        emails: EMAILS,
        groups: listOf(
          'Groups, direct and through others.',
          object({
            ...NAMING,
            type: oneOf('Whether the user is a member of it, or only through other groups.', [
              'direct',
              'indirect',
            ]),
            through: listOf("Those of the user's groups that are members of it.", object(NAMING)),
          }),
        ),
        hasMoreGroups: flag('Whether there are more groups than could be followed.'),
        roles: listOf(
          'What the groups give; without effect unless user and tenant are active.',
          object({
            role: text('Name of the role.'),
            from: listOf(
              'The groups that give it.',
              object({
                ...NAMING,
                by: oneOf('The attribute that the mapping names the group by.', [
                  'displayName',
                  'externalId',
                ]),
              }),
            ),
          }),
        ),
        sessions: listOf(
          'Live sessions, the newest first.',
          object(
            {
              sessionId: text('Id of the session.'),
              createdAt: moment('When it was issued.'),
              lastSeenAt: moment('When it was checked last, exact to the minute or so.'),
            },
            { label: text('What the app has called it.') },
          ),
        ),
        log: LAST_ENTRIES,
        pending: PENDING,
      },
      {
        stateSince: object(
          { time: moment('Since when it stands so.') },
          {
            actor: text('Who has done it.'),
            requestId: text('By which request.'),
            label: text('What the token or client is called that was presented.'),
          },
        ),
        ...USER_NAMES,
        appId: text("The app's own id of the user."),
        ...TIMES,
        version: count('Raised by every write.'),
        protectedSince: moment('Since when SCIM may not deactivate, delete or rename them.'),
      },
    ),
  }),
  /** Puts a deleted user back under the same id. Old sessions stay dead; whoever was inactive stays so. */
  restore: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/users/{userId}/restore',
    summary: 'Put a deleted user back under the same id; old sessions stay dead',
    command: 'user restore',
    does: 'change',
    result: object(
      {
        tenantId: TENANT_ID,
        userId: USER_ID,
        active: flag('Whether the user has access.'),
        groups: listOf('Ids of the groups that the user is a member of again.', text('Id of a group.')),
        groupsLeftOut: listOf(
          'Ids of those that are gone, or whose members were just being changed in bulk.',
          text('Id of a group.'),
        ),
      },
      { appIdLeftOut: text("The app's own id of the user, when another user has got it meanwhile.") },
    ),
  }),
  /** Keeps SCIM from deactivating, deleting and renaming a user, by id or name. */
  protect: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/users/{userId}/protect',
    summary: 'Keep SCIM from deactivating, deleting and renaming a user',
    command: 'user protect',
    does: 'change',
    result: PROTECTION,
  }),
  /** Lets SCIM deactivate, delete and rename a user again. */
  unprotect: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/users/{userId}/unprotect',
    summary: 'Let SCIM deactivate, delete and rename a user again',
    command: 'user unprotect',
    does: 'change',
    result: PROTECTION,
  }),
  /** Removes what is kept of a deleted user at once and for ever; only the fact stays. */
  erase: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/users/{userId}/erase',
    summary: 'Remove what is kept of a deleted user, at once and for ever',
    command: 'user erase',
    does: 'change',
    body: object({ confirm: text("The user's id once more, since this cannot be undone.") }),
    result: object({ tenantId: TENANT_ID, userId: USER_ID, erased: flag('That it is done.') }),
  }),
};
