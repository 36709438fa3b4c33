import { groupsOfUsers } from '../directory/groups/group-membership';
import type { Directory } from '../directory/resources/directory';
import { isActive } from '../directory/resources/items';
import { appOrigin } from '../directory/resources/origin';
import { readByIds } from '../directory/resources/read-resources';
import { isResourceId, type TenantId } from '../directory/table/keys';
import type { Table } from '../directory/table/table';
import { listRoleMappings, rolesFrom } from '../directory/tenants/role-mappings';
import { getUser } from '../directory/users/users';

/** What a user may do, as far as the identity provider's groups say it. */
export interface Access {
  /** False for a user who is inactive or not there: then there are neither roles nor groups. */
  readonly active: boolean;
  /** Names of the roles that the user's groups are mapped to, sorted. */
  readonly roles: readonly string[];
  /** The user's groups, direct and through groups in groups. */
  readonly groups: readonly {
    readonly id: string;
    readonly displayName: string;
    readonly externalId?: string;
  }[];
}

/** What somebody has who may not come in. */
export const NO_ACCESS: Access = { active: false, roles: [], groups: [] };

/**
 * The roles and groups of a user, from what the identity provider has pushed. Ask when a session is issued, and again
 * when the app cares. Nobody keeps a role of a group that they were taken out of before the call, whatever the index
 * still says; a role that has just been given may be missing for moments.
 *
 * @throws TooMany when the user's groups, with all that these are in, are more than one request may follow:
 *   never a part of the roles (docs/access.md)
 * @example
 * const { roles } = await accessOf(table, tenant, session.userId);
 * if (!roles.includes('admin')) response.writeHead(403).end();
 */
export async function accessOf(table: Table, tenant: TenantId, userId: string): Promise<Access> {
  if (!isResourceId(userId)) return NO_ACCESS;
  const directory: Directory = { table, tenant, origin: appOrigin(), now: () => new Date() };
  const [user, memberships, mappings] = await Promise.all([
    getUser(directory, userId),
    groupsOfUsers(directory, [userId], { confirmed: true }),
    listRoleMappings(table, tenant),
  ]);
  if (user === undefined || !isActive(user.attributes)) return NO_ACCESS;
  const ids = (memberships.get(userId) ?? []).map(({ value }) => value);
  const groups = await readByIds(directory, 'Group', ids);
  return {
    active: true,
    roles: rolesFrom(
      mappings,
      groups.map(({ attributes }) => attributes),
    ),
    groups: groups.map(({ id, attributes: { displayName, externalId } }) => ({
      id,
      displayName: typeof displayName === 'string' ? displayName : '',
      ...(typeof externalId === 'string' ? { externalId } : {}),
    })),
  };
}
