import {
  acceptedText,
  readSettings,
  SETTING_NAMES,
  type SettingDefinition,
  type SettingName,
  TENANT_SETTINGS,
  type TenantSettings,
} from '../directory/tenants/settings';
import { changeSettings } from '../directory/tenants/tenant-settings';
import { indexDeletedUsers } from '../directory/users/deleted-users';
import { actEntry } from './acts';
import { flushAuthorizerCache } from './authorizer-cache';
import type { Deployment } from './deployment';
import { checkTier, giveApiKey, type TenantRate } from './tenant-rate';
import { findTenant, type TenantInput } from './tenants';

export type { TenantSettings };

/** Every setting with what it takes, in words, what it is by default and what it is for. */
export const SETTINGS: readonly (SettingDefinition & {
  readonly name: SettingName;
  readonly accepted: string;
})[] = SETTING_NAMES.map((name) => {
  const definition: SettingDefinition = TENANT_SETTINGS[name];
  return { ...definition, name, accepted: acceptedText(definition) };
});

/** So long a request goes through those who were deleted before. */
const PATIENCE_MS = 10_000;

/** What changing settings has done. */
export interface ChangedSettings {
  readonly tenantId: string;
  /** All settings of the tenant, those that it has not chosen as they are by default. */
  readonly settings: TenantSettings;
  /** Those that have another value than before. */
  readonly changed: readonly SettingName[];
  /** False where no gateway could be told to forget the settings from before. */
  readonly cacheFlushed: boolean;
  /**
   * How many users who were deleted before can be given back since, where `reprovision=sameExternalId` was asked for;
   * again those whose deletion was under way.
   */
  readonly indexedUsers?: number;
  /** True when the time was over before all of them were gone through: the same once more goes on. */
  readonly isIndexing?: true;
  /** What the tenant may send since, where `rate` was asked for. */
  readonly rate?: TenantRate;
}

/**
 * Changes some settings of a tenant; the others stay. They hold for requests from then on (docs/tenant-settings.md).
 *
 * @param input `settings`: by name, each as a value or as its text; `patienceMs`: how long to go through those who were
 *   deleted before, some seconds when absent
 * @throws AdminError notFound for the tenant; InvalidValue for a name or a value that is not accepted, with what is
 * @example
 * await updateSettings(deployment, { tenantId: 'acme', settings: { logDays: 30 } });
 */
export async function updateSettings(
  deployment: Deployment,
  input: TenantInput & {
    readonly settings: Readonly<Record<string, unknown>>;
    readonly patienceMs?: number;
  },
): Promise<ChangedSettings> {
  const change = readSettings(input.settings);
  checkTier(change.rate, deployment.apiKeys);
  const tenantId = await findTenant(deployment, input);
  const { table } = deployment;
  const { settings, changed } = await changeSettings(table, tenantId, change, async (names) => [
    await actEntry(deployment, tenantId, { type: 'tenant.updated', changed: names }),
  ]);
  // Also when nothing has changed: a call before may have died between the two.
  const cacheFlushed = await flushAuthorizerCache(deployment);
  const rate = change.rate === undefined ? undefined : await giveApiKey(deployment, tenantId);
  const result = { tenantId, settings, changed, cacheFlushed, ...(rate === undefined ? {} : { rate }) };
  if (change.reprovision !== 'sameExternalId') return result;
  // Behind the flush: a deletion that knows the setting already leaves nothing to do here.
  const until = Date.now() + (input.patienceMs ?? PATIENCE_MS);
  const directory = { table, tenant: tenantId, now: () => new Date() };
  const { users: indexedUsers, isDone } = await indexDeletedUsers(directory, until);
  return { ...result, indexedUsers, ...(isDone ? {} : { isIndexing: true }) };
}
