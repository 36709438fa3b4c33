import { NotFound } from '../directory/errors';
import type { TenantId } from '../directory/table/keys';
import type { Table } from '../directory/table/table';
import type { ApiKey } from '../directory/tenants/api-key';
import { changeApiKey } from '../directory/tenants/change-api-key';
import { settingsIn } from '../directory/tenants/settings';
import { getStoredTenant, noSuchTenant, type StoredTenant } from '../directory/tenants/tenants';
import { type ApiKeys, DEFAULT_TIER } from './api-keys';
import { flushAuthorizerCache } from './authorizer-cache';
import type { Deployment } from './deployment';
import { AdminError } from './errors';

/** The tier of a tenant that is not to have a limit of its own. */
const NO_LIMIT = 'none';

/** What a tenant may send before it is answered 429. */
export interface TenantRate {
  /** As its setting `rate` says; `none` has no limit of its own. */
  readonly tier: string;
  /** Requests per second; undefined where it has no limit of its own. */
  readonly perSecond?: number;
  /** Requests that may arrive at once above that; likewise. */
  readonly burst?: number;
  /** Why it has not the limit that it should have, and what to do about it. */
  readonly problem?: string;
}

/**
 * Gives a tenant the key of its tier, or takes its key away when its tier is `none`. Called again, it does what is
 * missing. The new key is there before the old one goes, so that no request meets a key that is gone.
 *
 * @param anew also when it has one, which the gateway does not know any more
 * @returns what the tenant may send; undefined where tenants have no limits of their own
 * @throws NotFound for the tenant
 */
export async function giveApiKey(
  deployment: Deployment,
  tenantId: TenantId,
  { anew = false }: { readonly anew?: boolean } = {},
): Promise<TenantRate | undefined> {
  const { apiKeys, table } = deployment;
  if (apiKeys === undefined) return undefined;
  const tenant = await getStoredTenant(table, tenantId);
  if (tenant === undefined) throw noSuchTenant(tenantId);
  if (!anew && hasRightKey(tenant, apiKeys)) return rateOf(tenant, apiKeys);
  const tier = tierOf(tenant, apiKeys);
  let next: ApiKey | undefined;
  let before: ApiKey | undefined;
  try {
    next = tier === NO_LIMIT ? undefined : await apiKeys.create(tenantId, tier);
    before = await putInPlace(table, apiKeys, tenantId, next);
  } catch (error) {
    // Whoever has just created the tenant must not be told to do so again because of its key.
    if (error instanceof NotFound) throw error;
    return { ...rateOf(tenant, apiKeys), problem: failureText(error) };
  }
  if (before !== undefined && before.service === apiKeys.service) {
    // The gateway remembers the key with the token.
    await flushAuthorizerCache(deployment);
    await apiKeys.remove(before.id);
  }
  return rateOf({ ...tenant, apiKey: next }, apiKeys);
}

/** @returns the key from before */
async function putInPlace(
  table: Table,
  apiKeys: ApiKeys,
  tenantId: TenantId,
  next: ApiKey | undefined,
): Promise<ApiKey | undefined> {
  try {
    return await changeApiKey(table, tenantId, next);
  } catch (error) {
    if (next !== undefined) await apiKeys.remove(next.id);
    throw error;
  }
}

/**
 * Removes the key of a tenant whose tokens are refused already. Its item does not keep it: whoever resumes the tenant
 * while it is being deleted makes tokens anew, and the gateway would answer 403 to a key that is gone.
 */
export async function removeApiKey({ apiKeys, table }: Deployment, tenantId: TenantId): Promise<void> {
  const key = (await getStoredTenant(table, tenantId))?.apiKey;
  if (key === undefined || key.service !== apiKeys?.service) return;
  await apiKeys.remove(key.id);
  await changeApiKey(table, tenantId, undefined);
}

/** What a tenant may send; undefined where tenants have no limits of their own. */
export function rateOf(tenant: StoredTenant, apiKeys: ApiKeys): TenantRate;
export function rateOf(tenant: StoredTenant, apiKeys: ApiKeys | undefined): TenantRate | undefined;
export function rateOf(tenant: StoredTenant, apiKeys: ApiKeys | undefined): TenantRate | undefined {
  if (apiKeys === undefined) return undefined;
  const { rate } = settingsIn(tenant.settings);
  if (rate === NO_LIMIT) return { tier: rate };
  const isKnown = apiKeys.tiers.has(rate);
  if (!hasRightKey(tenant, apiKeys)) {
    return {
      tier: rate,
      problem: `It has no key of its own in this tier, so that it has no limit of its own; ${isKnown ? '"check --repair" gives it one' : noSuchTier(rate, apiKeys)}.`,
    };
  }
  const limits = apiKeys.tiers.get(tierOf(tenant, apiKeys));
  return isKnown
    ? { tier: rate, ...limits }
    : { tier: rate, ...limits, problem: `${noSuchTier(rate, apiKeys)}.` };
}

/** Whether a tenant's key is what its setting asks for. */
export function hasRightKey(tenant: StoredTenant, apiKeys: ApiKeys): boolean {
  const tier = tierOf(tenant, apiKeys);
  const { apiKey } = tenant;
  if (tier === NO_LIMIT) return apiKey === undefined;
  return apiKey !== undefined && apiKey.service === apiKeys.service && apiKey.tier === tier;
}

/** The tier that a tenant is to be in: that of its setting while the service has it. */
function tierOf({ settings }: StoredTenant, { tiers }: ApiKeys): string {
  const { rate } = settingsIn(settings);
  return rate === NO_LIMIT || tiers.has(rate) ? rate : DEFAULT_TIER;
}

/**
 * @param rate as somebody has asked for it
 * @throws AdminError invalidInput for a tier that the service has not, unsupported where there are none
 */
export function checkTier(rate: string | undefined, apiKeys: ApiKeys | undefined): void {
  if (rate === undefined || rate === NO_LIMIT) return;
  if (apiKeys === undefined) {
    throw new AdminError(
      'unsupported',
      'Tenants of this service have no limits of their own; the setting "tenantLimits" of its stack gives them one.',
    );
  }
  if (!apiKeys.tiers.has(rate)) throw new AdminError('invalidInput', `${noSuchTier(rate, apiKeys)}.`);
}

const noSuchTier = (rate: string, { tiers }: ApiKeys): string =>
  `The service has no tier ${JSON.stringify(rate)}; ${[...tiers.keys(), NO_LIMIT].join(', ')} are accepted, and the setting "tenantTiers" of its stack makes more (a usage plan each, of which an account has 300)`;

function failureText(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return name === 'LimitExceededException'
    ? 'API Gateway has no room for another key (10,000 per account and Region): the tenant shares the default key, and has no limit of its own.'
    : `No key was made (${name}: ${message}), so that the tenant shares the default one and has no limit of its own; "check --repair" gives it one.`;
}
