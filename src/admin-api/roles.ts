import { count, flag, listOf, object, oneOf, text } from './schema';
import { TENANT_ID } from './tenants';
import { CURSOR, pageOf, useCase } from './use-case';

const GROUP = text("The group's displayName or externalId.", { minLength: 1, maxLength: 500 });
const BY = oneOf('The attribute that names the group; displayName when absent.', [
  'displayName',
  'externalId',
]);
const ROLES = listOf(
  'Names of roles of your app.',
  text('Letters, digits and _ . : / -', { pattern: '^[\\w.:/-]{1,100}$' }),
  { minItems: 1, maxItems: 50 },
);
const MAPPED = { by: BY, group: GROUP, roles: listOf('What the group gives.', text('Name of a role.')) };

export const ROLE_MAPPINGS = {
  /** What a tenant's groups give. */
  list: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/role-mappings',
    summary: 'List which roles the groups give',
    command: 'role list',
    does: 'read',
    query: object({}, { cursor: CURSOR }),
    result: pageOf('What the groups give.', object(MAPPED)),
  }),
  /** Maps a group to roles, in place of those it gave before. */
  map: useCase({
    method: 'PUT',
    path: '/v1/tenants/{tenantId}/role-mappings',
    summary: 'Map a group to roles, in place of those it gave before',
    command: 'role map',
    does: 'change',
    body: object({ group: GROUP, roles: ROLES }, { by: BY }),
    result: object({ tenantId: TENANT_ID, ...MAPPED }),
  }),
  /** Lets a group give no roles any more; one that gives none is no error. */
  unmap: useCase({
    method: 'DELETE',
    path: '/v1/tenants/{tenantId}/role-mappings',
    summary: 'Let a group give no roles any more',
    command: 'role unmap',
    does: 'change',
    query: object({ group: GROUP }, { by: BY }),
    result: object({ tenantId: TENANT_ID, ...MAPPED }),
  }),
  /** Who would gain and who would lose which roles if the group gave these, or none; nothing is changed. */
  preview: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/role-mappings/preview',
    summary: 'Show who would gain and who would lose which roles',
    command: 'role map',
    does: 'read',
    query: object(
      { group: GROUP },
      { by: BY, roles: text('Names of roles with commas between; absent for no mapping.') },
    ),
    result: object({
      tenantId: TENANT_ID,
      by: BY,
      group: GROUP,
      before: listOf('What the group gives at present.', text('Name of a role.')),
      after: listOf('What it would give.', text('Name of a role.')),
      groups: listOf('Ids of the groups that have the name at present.', text('Id of a group.')),
      users: count('Active users in them, direct and through groups in them.'),
      inactive: count('Users in them who are inactive, and have no roles.'),
      changes: listOf(
        'What changes, sorted by role.',
        object({
          role: text('Name of a role.'),
          change: oneOf('What happens to it.', ['gained', 'lost']),
          users: count('How many active users.'),
          first: listOf('The first of their ids.', text('Id of a user.')),
        }),
      ),
    }),
  }),
  /** A user's groups and roles. */
  show: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/users/{userId}/roles',
    summary: "Show a user's groups and roles",
    command: 'role show',
    does: 'read',
    result: object({
      active: flag('Whether the user has access; without it there are no roles.'),
      roles: listOf("What the user's groups give, sorted.", text('Name of a role.')),
      groups: listOf(
        "The user's groups, direct and through groups in groups.",
        object(
          { id: text('Id of the group.'), displayName: text('Its name.') },
          { externalId: text("The identity provider's id of it.") },
        ),
      ),
    }),
  }),
};
