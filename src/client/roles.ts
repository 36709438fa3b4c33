import { type Access, accessOf, NO_ACCESS } from '../access/roles';
import { appOrigin } from '../directory/resources/origin';
import { isTenantId } from '../directory/table/keys';
import type { Table } from '../directory/table/table';
import {
  type GroupNaming,
  listRoleMappings,
  mapGroup,
  type RoleMapping,
  unmapGroup,
} from '../directory/tenants/role-mappings';
import { readTenantId } from '../directory/tenants/tenants';

/** What a user's groups allow in the application. */
export interface Roles {
  /**
   * The roles and groups of a user, from what the identity provider has pushed. Nobody keeps a role of a group that
   * they were taken out of before the call; a role that has just been given may be missing for moments.
   *
   * @throws TooMany when the user's groups, with all that these are in, are more than one request may
   *   follow: never a part of the roles
   * @example
   * const { roles } = await scim.roles.of('acme', session.userId);
   * if (!roles.includes('admin')) response.writeHead(403).end();
   */
  of(tenant: string, userId: string): Promise<Access>;
  /**
   * Maps a group to roles, in place of what it was mapped to before. The group need not exist yet.
   *
   * @throws InvalidValue for no group, no role, or a role's name of another form; TooMany when the tenant maps 500
   *   groups already
   * @example
   * await scim.roles.map('acme', { by: 'displayName', group: 'Acme Admins', roles: ['admin'] });
   */
  map(tenant: string, mapping: RoleMapping): Promise<void>;
  /**
   * Takes a group's mapping away; one that is not there is no error.
   *
   * @example
   * await scim.roles.unmap('acme', { by: 'displayName', group: 'Acme Admins' });
   */
  unmap(tenant: string, group: { readonly by: GroupNaming; readonly group: string }): Promise<void>;
  /**
   * All mappings of a tenant.
   *
   * @example
   * for (const { group, roles } of await scim.roles.mappings('acme')) console.log(group, roles);
   */
  mappings(tenant: string): Promise<readonly RoleMapping[]>;
}

/** The roles of a table. A text that cannot be a tenant's id names no tenant: nobody has a role there. */
export function rolesOf(table: Table): Roles {
  return {
    of: async (tenant, userId) => (isTenantId(tenant) ? accessOf(table, tenant, userId) : NO_ACCESS),
    map: async (tenant, mapping) => mapGroup(table, readTenantId(tenant), mapping, { origin: appOrigin() }),
    unmap: async (tenant, { by, group }) =>
      unmapGroup(table, readTenantId(tenant), by, group, { origin: appOrigin() }),
    mappings: async (tenant) => (isTenantId(tenant) ? listRoleMappings(table, tenant) : []),
  };
}
