import type { TenantId } from '../directory/table/keys';
import type { ApiKey } from '../directory/tenants/api-key';

/** What a tenant may send. */
export interface Tier {
  /** Requests per second. */
  readonly perSecond: number;
  /** Requests that may arrive at once above that. */
  readonly burst: number;
}

/** A key that API Gateway has for this service. */
export interface ListedKey {
  readonly id: string;
  /** Whose it is, by its name. */
  readonly tenantId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The tier whose usage plan it is in; undefined when it is in none. */
  readonly tier: string | undefined;
}

/** The API keys by which API Gateway counts what tenants send, and the usage plans that they are in. */
export interface ApiKeys {
  /** What tells this service's keys from those of others: the id of its default key. */
  readonly service: string;
  readonly tiers: ReadonlyMap<string, Tier>;
  /** Makes a key for a tenant, in the plan of a tier. */
  create(tenantId: TenantId, tier: string): Promise<ApiKey>;
  /** Removes a key; one that is gone already is fine. */
  remove(id: string): Promise<void>;
  /** All keys that this service has made. */
  list(): Promise<ListedKey[]>;
}

/** The tier of a tenant that has chosen nothing. */
export const DEFAULT_TIER = 'default';
