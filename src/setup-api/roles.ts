import { count, flag, integer, listOf, object, oneOf, text } from '../admin-api/schema';
import { CURSOR, pageOf } from '../admin-api/use-case';
import { route } from './route';

const GROUP = text("The group's displayName or externalId.", { minLength: 1, maxLength: 500 });
const BY = oneOf('The attribute that names the group; displayName when absent.', [
  'displayName',
  'externalId',
]);
const ROLE = text('Name of a role.', { pattern: '^[\\w.:/-]{1,100}$' });
const MAPPING = {
  by: BY,
  group: GROUP,
  roles: listOf('What the group gives.', ROLE),
};
const SHOWN_MAPPING = object({
  ...MAPPING,
  isChangeable: flag('Whether this link may change it: it may when it may give every role of it.'),
});

export const ROLE_ROUTES = {
  /** The tenant's groups, or those whose name begins so, to choose from. */
  'GET /groups': route({
    summary: 'List groups, to choose from',
    needs: 'roles',
    query: object(
      {},
      {
        prefix: text('How displayName begins, in any case; all groups when absent.', {
          minLength: 1,
          maxLength: 200,
        }),
        limit: integer('Groups per page; 100 when absent.', 1, 500),
        cursor: CURSOR,
      },
    ),
    result: pageOf(
      'Groups by id; those of a prefix by displayName.',
      object(
        { id: text('Its id.'), displayName: text('Its displayName.') },
        { externalId: text('Its externalId.') },
      ),
    ),
  }),
  /** What the groups give. */
  'GET /role-mappings': route({
    summary: 'List which roles the groups give',
    needs: 'roles',
    result: object({ items: listOf('What the groups give.', SHOWN_MAPPING) }),
  }),
  /** Who would gain and who would lose which roles if the group gave these, or none. */
  'GET /role-mappings/preview': route({
    summary: 'Show who would gain and who would lose which roles',
    needs: 'roles',
    query: object(
      { group: GROUP },
      {
        by: BY,
        roles: text('Names of roles with commas between; absent for no mapping.', { maxLength: 5_100 }),
      },
    ),
    result: object({
      before: listOf('What the group gives at present.', ROLE),
      after: listOf('What it would give.', ROLE),
      groups: listOf('Ids of the groups that have the name at present.', text('Id of a group.')),
      users: count('Active users in them, direct and through groups in them.'),
      inactive: count('Users in them who are inactive, and have no roles.'),
      changes: listOf(
        'What changes, sorted by role.',
        object({
          role: ROLE,
          change: oneOf('What happens to it.', ['gained', 'lost']),
          users: count('How many active users.'),
          first: listOf(
            'The first of them.',
            object({ id: text('Id of the user.') }, { userName: text('Its userName.') }),
          ),
        }),
      ),
    }),
  }),
  /** Maps a group to roles, in place of those it gave before. */
  'PUT /role-mappings': route({
    summary: 'Map a group to roles, in place of those it gave before',
    needs: 'roles',
    body: object(
      { group: GROUP, roles: listOf('Names of roles.', ROLE, { minItems: 1, maxItems: 50 }) },
      { by: BY },
    ),
    result: SHOWN_MAPPING,
  }),
  /** Lets a group give no roles any more. */
  'DELETE /role-mappings': route({
    summary: 'Let a group give no roles any more',
    needs: 'roles',
    query: object({ group: GROUP }, { by: BY }),
    result: SHOWN_MAPPING,
  }),
};
