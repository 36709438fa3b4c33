import { count, integer, listOf, object, oneOf, text } from './schema';
import {
  CREATED,
  DELETED,
  DISPLAY_NAME,
  EXTERNAL_ID,
  FIND_QUERY,
  IS_ACTIVE,
  LAST_ENTRIES,
  LAST_MODIFIED,
  PENDING,
  TIMES,
} from './shown';
import { TENANT_ID } from './tenants';
import { CURSOR, pageOf, useCase } from './use-case';

const GROUP_ID = text('Id of the group.');

const LISTED = { id: GROUP_ID, created: CREATED, lastModified: LAST_MODIFIED };
const LISTED_NAMES = { displayName: DISPLAY_NAME, externalId: EXTERNAL_ID };
const LISTED_GROUP = object(LISTED, LISTED_NAMES);
const NAMED_GROUP = object({ id: GROUP_ID, displayName: DISPLAY_NAME });
const TOTAL = count('How many there are.');

export const GROUPS = {
  /** Finds groups by how their displayName begins. */
  find: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/find/groups',
    summary: 'Find groups by how displayName begins',
    command: 'group find',
    does: 'read',
    query: FIND_QUERY,
    result: pageOf(
      'Groups, in the order of their names; deleted ones in the order of their ids.',
      object(LISTED, { ...LISTED_NAMES, ...DELETED }),
    ),
  }),
  /** All groups of a tenant, in the order of their ids. */
  list: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/groups',
    summary: 'List the groups',
    command: 'group list',
    does: 'read',
    query: object({}, { limit: integer('Groups per page; 100 when absent.', 1, 1_000), cursor: CURSOR }),
    result: pageOf('Groups, in the order of their ids.', LISTED_GROUP),
  }),
  /** Everything that support asks about one group, which may be named by displayName or externalId, too. */
  show: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/groups/{groupId}',
    summary: 'Show members, groups in it and above it, roles and last log entries of a group, by id or name',
    command: 'group show',
    does: 'read',
    result: object(
      {
        tenantId: TENANT_ID,
        id: GROUP_ID,
        state: oneOf('Whether it is there.', ['present', 'deleted']),
        users: object({
          total: TOTAL,
          first: listOf(
            'The first of the users who are members directly.',
            object({ id: text('Id of the user.'), userName: text('The user name.'), active: IS_ACTIVE }),
          ),
        }),
        groups: object({
          total: TOTAL,
          first: listOf('The first of the groups that are members.', NAMED_GROUP),
        }),
        memberOf: object({
          total: TOTAL,
          first: listOf('The first of the groups that it is in.', NAMED_GROUP),
        }),
        roles: listOf(
          'What it gives by itself.',
          object({
            role: text('Name of the role.'),
            by: oneOf('The attribute that the mapping names it by.', ['displayName', 'externalId']),
          }),
        ),
        log: LAST_ENTRIES,
        pending: PENDING,
      },
      {
        displayName: DISPLAY_NAME,
        externalId: EXTERNAL_ID,
        ...TIMES,
        version: count('Raised by every write.'),
      },
    ),
  }),
  /** Puts a deleted group back under the same id, without its members. */
  restore: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/groups/{groupId}/restore',
    summary: 'Put a deleted group back under the same id, without its members',
    command: 'group restore',
    does: 'change',
    result: object({ tenantId: TENANT_ID, groupId: GROUP_ID }),
  }),
};
