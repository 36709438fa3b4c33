import { type Access, accessOf } from '../access';
import { previewMapping as previewOf, type RolePreview } from '../access/preview';
import type { GroupNaming, MappingChange, RoleMapping } from '../directory/tenants/role-mappings';
import * as mappings from '../directory/tenants/role-mappings';
import { readTenantId } from '../directory/tenants/tenants';
import { actEntry } from './acts';
import type { Deployment } from './deployment';
import { directoryOf, findTenant, type TenantInput } from './tenants';
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
 * @param check decides by the roles that it gave, and throws to refuse
 * @throws InvalidValue; TooMany when the tenant maps 500 groups already; what `check` throws
 * @example
 * await mapGroup(deployment, { tenantId: 'acme', group: 'Acme Admins', roles: ['admin', 'billing'] });
 */
export async function mapGroup(
  deployment: Deployment,
  { tenantId, group, by = 'displayName', roles }: GroupInput & { readonly roles: readonly string[] },
  check?: MappingChange['check'],
): Promise<MappedGroup> {
  const tenant = readTenantId(tenantId);
  const entry = await actEntry(deployment, tenant, { type: 'role.mapped', roles });
  await mappings.mapGroup(deployment.table, tenant, { by, group, roles }, { extraWrites: [entry], check });
  return { tenantId: tenant, by, group, roles };
}

/**
 * Lets a group give no roles any more; one that gives none is no error.
 *
 * @throws AdminError notFound for the tenant
 */
export async function unmapGroup(
  deployment: Deployment,
  { tenantId, group, by = 'displayName' }: GroupInput,
): Promise<MappedGroup> {
  const tenant = await findTenant(deployment, { tenantId });
  const entry = await actEntry(deployment, tenant, { type: 'role.unmapped' });
  await mappings.unmapGroup(deployment.table, tenant, by, group, { extraWrites: [entry] });
  return { tenantId: tenant, by, group, roles: [] };
}

/** What mapping a group otherwise would do, in a tenant. */
export interface MappingPreview extends RolePreview {
  readonly tenantId: string;
  readonly by: GroupNaming;
  readonly group: string;
}

/**
 * Who would gain and who would lose which roles by `mapGroup`, or by `unmapGroup` when there are no roles. Nothing is
 * changed.
 *
 * @throws TooMany when the groups have more members than one request may follow; AdminError notFound for the tenant
 * @example
 * const { changes } = await previewMapping(deployment, { tenantId: 'acme', group: 'Acme Admins', roles: ['admin'] });
 */
export async function previewMapping(
  deployment: Deployment,
  { tenantId, group, by = 'displayName', roles }: GroupInput & { readonly roles: readonly string[] },
): Promise<MappingPreview> {
  mappings.checkGroup(by, group);
  const wanted = roles.length === 0 ? [] : mappings.readRoles(roles);
  const directory = await directoryOf(deployment, { tenantId });
  const preview = await previewOf(directory, { by, group, roles: wanted });
  return { tenantId: directory.tenant, by, group, ...preview };
}

/** What a tenant's groups give. @throws AdminError notFound for the tenant */
export const listRoleMappings = async (deployment: Deployment, input: TenantInput): Promise<RoleMapping[]> =>
  mappings.listRoleMappings(deployment.table, await findTenant(deployment, input));

/** A user's groups and roles. @throws AdminError notFound */
export async function showRoles(deployment: Deployment, input: UserInput): Promise<Access> {
  const { tenant, userId } = await findUser(deployment, input);
  return accessOf(deployment.table, tenant, userId);
}
