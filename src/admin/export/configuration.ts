import type { Directory } from '../../directory/resources/directory';
import { listRoleMappings } from '../../directory/tenants/role-mappings';
import { chosenIn } from '../../directory/tenants/settings';
import { getTenant } from '../../directory/tenants/tenants';

/** What an export has behind the members: what an administrator has chosen for the tenant. */
export const CONFIGURATION = ['roles', 'settings'] as const;
export type Configuration = (typeof CONFIGURATION)[number];

/** The role mappings, a line each, and a line with the settings that the tenant has chosen, if any. */
export async function configurationLines({
  table,
  tenant,
}: Directory): Promise<readonly { readonly of: Configuration; readonly text: string }[]> {
  const mappings = (await listRoleMappings(table, tenant)).map(({ by, group, roles }) =>
    JSON.stringify({ by, group, roles, meta: { resourceType: 'RoleMapping' } }),
  );
  // The tiers of requests are the stage's own.
  const { rate: _ofStage, ...settings } = chosenIn((await getTenant(table, tenant))?.settings);
  return [
    ...mappings.map((text) => ({ of: 'roles', text }) as const),
    ...(Object.keys(settings).length === 0
      ? []
      : [
          {
            of: 'settings',
            text: JSON.stringify({ settings, meta: { resourceType: 'TenantSettings' } }),
          } as const,
        ]),
  ];
}
