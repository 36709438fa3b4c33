import { isJsonObject } from '../../scim/json';
import type { ItemKey } from '../table/keys';
import type { Condition } from '../table/table';

/**
 * The API key by which the gateway counts what a tenant sends. It lies in the tenant's item, and as a copy in each of
 * its tokens and clients, so that the authorizer has it with its one read. Its value opens nothing, since the gateway
 * takes keys from the authorizer alone; even so it is shown to nobody.
 */
export interface ApiKey {
  /** API Gateway's id of it. */
  readonly id: string;
  readonly value: string;
  /** Whose limits it has: the usage plan that it is in. */
  readonly tier: string;
  /** Id of the default key of the service that has made it: another service's gateway does not know it. */
  readonly service: string;
  /** Seconds since 1970. */
  readonly usableFrom: number;
}

/**
 * How long a new key is not used yet: API Gateway does not say how soon its data plane knows one, and answers 403 to
 * those that it does not know.
 */
export const KEY_SETTLES_S = 60;

/** What a gateway takes: the key for whoever has none, its id, and the tiers there are. */
export interface KnownKeys {
  readonly defaultKey: string;
  readonly service: string;
  readonly tiers: readonly string[];
}

/** The key in the item of a tenant, token or client; undefined when there is none. */
export function apiKeyIn(item: ItemKey): ApiKey | undefined {
  const { apiKey } = item as ItemKey & { apiKey?: unknown };
  if (!isJsonObject(apiKey)) return undefined;
  const { id, value, tier, service, usableFrom } = apiKey;
  const isWhole =
    typeof id === 'string' &&
    typeof value === 'string' &&
    typeof tier === 'string' &&
    typeof service === 'string' &&
    typeof usableFrom === 'number';
  return isWhole ? { id, value, tier, service, usableFrom } : undefined;
}

/**
 * By which key a request is counted. One that the gateway may not know would be answered 403: it is another service's
 * (a table that was restored, or moved), of a tier that is no more, or a minute old at most.
 */
export function usageKey(
  key: ApiKey | undefined,
  { defaultKey, service, tiers }: KnownKeys,
  now: Date,
): string {
  if (key === undefined || key.service !== service || !tiers.includes(key.tier)) return defaultKey;
  return key.usableFrom * 1000 <= now.getTime() ? key.value : defaultKey;
}

/** The condition that a tenant's item has the key that was read. */
export const apiKeyUnchanged = ({ apiKey }: { readonly apiKey?: ApiKey }): Condition =>
  apiKey === undefined
    ? { expression: 'attribute_exists(pk) AND attribute_not_exists(apiKey)' }
    : { expression: 'apiKey.id = :seenKey', values: { ':seenKey': apiKey.id } };
