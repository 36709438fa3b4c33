import {
  isSameMapping,
  listRoleMappings,
  MAX_ROLE_MAPPINGS,
  type RoleMapping,
  tooManyMappings,
} from '../../directory/tenants/role-mappings';
import { chosenIn, SETTING_NAMES } from '../../directory/tenants/settings';
import type { Deployment } from '../deployment';
import { mapGroup } from '../roles';
import { updateSettings } from '../tenant-settings';
import { findTenant, readTenant } from '../tenants';
import type { MappingRow, SettingsRow } from './rows';

/** What became of a role mapping in a file. */
export type MappingOutcome =
  | { readonly outcome: 'created' | 'existing' }
  | { readonly outcome: 'conflict'; readonly detail: string };

/**
 * Maps a group as a file says, unless it gives other roles here: what is there stays.
 *
 * @param apply else only looks
 * @param foreseen how many of the file were found to be new before, when it only looks
 */
export async function importMapping(
  deployment: Deployment,
  tenantId: string,
  { by, group, roles }: MappingRow,
  apply: boolean,
  foreseen: number,
): Promise<MappingOutcome> {
  const mappings = await listRoleMappings(deployment.table, await findTenant(deployment, { tenantId }));
  const present = mappings.find((mapping) => isSameMapping(mapping, { by, group }));
  if (present === undefined) {
    const count = mappings.length + (apply ? 0 : foreseen);
    if (count >= MAX_ROLE_MAPPINGS) return { outcome: 'conflict', detail: tooManyMappings(count).message };
    if (apply) await mapGroup(deployment, { tenantId, by, group, roles });
    return { outcome: 'created' };
  }
  if (textOf(present) === textOf({ roles })) return { outcome: 'existing' };
  const detail = `The group gives other roles here: ${present.roles.join(', ')}; "role map" changes them.`;
  return { outcome: 'conflict', detail };
}

const textOf = ({ roles }: Pick<RoleMapping, 'roles'>): string => [...roles].sort().join(' ');

/** What became of the settings in a file. */
export interface SettingsOutcome {
  readonly changed: number;
  readonly existing: number;
  /** Why others stay as they are; undefined when none does. */
  readonly conflict?: string;
}

/** Sets what a file has of settings and the tenant has not chosen itself. @param apply else only looks */
export async function importSettings(
  deployment: Deployment,
  tenantId: string,
  { settings }: SettingsRow,
  apply: boolean,
): Promise<SettingsOutcome> {
  const chosen = chosenIn((await readTenant(deployment, { tenantId })).settings);
  const given = SETTING_NAMES.filter((name) => settings[name] !== undefined);
  const free = given.filter((name) => chosen[name] === undefined);
  const others = given.filter((name) => chosen[name] !== undefined && chosen[name] !== settings[name]);
  if (apply && free.length > 0) {
    const change = Object.fromEntries(free.map((name) => [name, settings[name]]));
    await updateSettings(deployment, { tenantId, settings: change });
  }
  return {
    changed: free.length,
    existing: given.length - free.length - others.length,
    conflict:
      others.length === 0
        ? undefined
        : `The tenant has chosen otherwise: ${others.map((name) => `${name}=${chosen[name]}`).join(', ')}; "tenant set" changes it.`,
  };
}
