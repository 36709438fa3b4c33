import { type Access, accessOf } from '../access';
import type { GroupNaming, RoleMapping } from '../directory/tenants/role-mappings';
import * as mappings from '../directory/tenants/role-mappings';
import { readTenantId } from '../directory/tenants/tenants';
import { actEntry } from './acts';
import type { Deployment } from './deployment';
import type { TenantInput } from './tenants';
import { findUser, type UserInput } from './users';

export type { GroupNaming };

/** Names the group that is mapped. */
export interface GroupInput extends TenantInput {
  /** The group's displayName or externalId. */
  readonly group: string;
  readonly by?: GroupNaming;
}

/** What a group gives, in a tenant. */
export interface MappedGroup extends RoleMapping {
  readonly tenantId: string;
}

/**
 * Maps a group to roles, in place of those it gave before.
 *
 * @example
 * await mapGroup(deployment, { tenantId: 'acme', group: 'Acme Admins', roles: ['admin', 'billing'] });
 */
export async function mapGroup(
  deployment: Deployment,
  { tenantId, group, by = 'displayName', roles }: GroupInput & { readonly roles: readonly string[] },
): Promise<MappedGroup> {
  const tenant = readTenantId(tenantId);
  const entry = actEntry(deployment, tenant, { type: 'role.mapped', roles });
  await mappings.mapGroup(deployment.table, tenant, { by, group, roles }, [entry]);
  return { tenantId: tenant, by, group, roles };
}

/** Lets a group give no roles any more; one that gives none is no error. */
export async function unmapGroup(
  deployment: Deployment,
  { tenantId, group, by = 'displayName' }: GroupInput,
): Promise<MappedGroup> {
  const tenant = readTenantId(tenantId);
  const entry = actEntry(deployment, tenant, { type: 'role.unmapped' });
  await mappings.unmapGroup(deployment.table, tenant, by, group, [entry]);
  return { tenantId: tenant, by, group, roles: [] };
}

/** What a tenant's groups give. */
export const listRoleMappings = ({ table }: Deployment, { tenantId }: TenantInput): Promise<RoleMapping[]> =>
  mappings.listRoleMappings(table, readTenantId(tenantId));

/** A user's groups and roles. @throws AdminError notFound */
export async function showRoles(deployment: Deployment, input: UserInput): Promise<Access> {
  const { tenant, userId } = await findUser(deployment, input);
  return accessOf(deployment.table, tenant, userId);
}
