import { type TenantId, tenantKey } from '../table/keys';
import type { Condition, Table, Write } from '../table/table';
import { changeWithTokens } from './change-with-tokens';
import {
  changedSettings,
  SETTING_NAMES,
  type SettingName,
  settingsIn,
  type TenantSettings,
} from './settings';
import type { Tenant } from './tenants';

/**
 * A tenant's settings as of a moment ago; undefined when it is being removed, or is not there. That is told by a
 * strongly consistent read alone: what is left out because of it never comes again.
 */
export async function settingsUnlessRemoved(
  table: Table,
  tenantId: TenantId,
): Promise<TenantSettings | undefined> {
  for (const consistent of [false, true]) {
    const item = await table.get<{ removing?: true; settings?: string }>(tenantKey(tenantId), { consistent });
    if (item !== undefined && item.removing !== true) return settingsIn(item.settings);
  }
  return undefined;
}

/**
 * Changes some settings of a tenant. What it has chosen is written into its tokens in the same transaction, so that the
 * authorizer needs no second read to know it. The gateway's authorizer cache must be flushed afterwards.
 *
 * @param extraWrites written in the same transaction; not when nothing changes
 * @returns all settings, and the names of those that have changed
 * @throws NotFound
 */
export async function changeSettings(
  table: Table,
  tenantId: TenantId,
  change: Partial<TenantSettings>,
  extraWrites: (changed: readonly SettingName[]) => Promise<readonly Write[]> = async () => [],
): Promise<{ readonly settings: TenantSettings; readonly changed: readonly SettingName[] }> {
  let settings = settingsIn(undefined);
  let changed: readonly SettingName[] = [];
  await changeWithTokens(table, tenantId, async (tenant) => {
    const next = changedSettings(tenant.settings, change);
    const before = settingsIn(tenant.settings);
    settings = settingsIn(next);
    changed = SETTING_NAMES.filter((name) => settings[name] !== before[name]);
    if (next === tenant.settings || Object.keys(change).length === 0) return undefined;
    const set = { update: 'SET settings = :settings', values: { ':settings': next } };
    return {
      tenant: { ...set, condition: settingsUnchanged(tenant) },
      token: set,
      extraWrites: changed.length === 0 ? [] : await extraWrites(changed),
    };
  });
  return { settings, changed };
}

/** The condition that a tenant's item has the settings that were read. */
export const settingsUnchanged = ({ settings }: Pick<Tenant, 'settings'>): Condition =>
  settings === undefined
    ? { expression: 'attribute_exists(pk) AND attribute_not_exists(settings)' }
    : { expression: 'settings = :seen', values: { ':seen': settings } };
