import { randomBytes } from 'node:crypto';
import {
  type APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  GetApiKeysCommand,
  GetUsagePlanKeysCommand,
  NotFoundException,
} from '@aws-sdk/client-api-gateway';
import type { TenantId } from '../directory/table/keys';
import { type ApiKey, KEY_SETTLES_S } from '../directory/tenants/api-key';
import { encodeBase62 } from '../directory/tenants/token-format';

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
/** Most keys and members of a plan that API Gateway tells at once. */
const PAGE = 500;
const VALUE_BYTES = 24;
const VALUE_DIGITS = 33;

/**
 * The keys and plans of a service; undefined where tenants have no limits of their own.
 *
 * @param outputs of its stack: `UsagePlans` has `<tier>=<plan>:<rate>:<burst>` of each, separated by spaces
 */
export function apiKeysOf(
  client: APIGatewayClient,
  outputs: ReadonlyMap<string, string>,
): ApiKeys | undefined {
  const [plansText, service] = [outputs.get('UsagePlans'), outputs.get('DefaultApiKeyId')];
  if (plansText === undefined || service === undefined) return undefined;
  const plans = new Map(plansText.split(' ').map(readPlan));
  const prefix = `${outputs.get('ServiceName')}.`;
  return {
    service,
    tiers: new Map([...plans].map(([name, { perSecond, burst }]) => [name, { perSecond, burst }])),
    async create(tenantId, tier) {
      const usagePlanId = plans.get(tier)?.id;
      const value = encodeBase62(randomBytes(VALUE_BYTES), VALUE_DIGITS);
      const { id = '' } = await client.send(
        new CreateApiKeyCommand({ name: `${prefix}${tenantId}`, enabled: true, value }),
      );
      try {
        await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: id, keyType: 'API_KEY' }));
      } catch (error) {
        await removeKey(client, id);
        throw error;
      }
      return { id, value, tier, service, usableFrom: Math.floor(Date.now() / 1000) + KEY_SETTLES_S };
    },
    remove: (id) => removeKey(client, id),
    async list() {
      const tierOf = new Map<string, string>();
      for (const [tier, { id: usagePlanId }] of plans) {
        const page = (position: string | undefined) =>
          client.send(new GetUsagePlanKeysCommand({ usagePlanId, position, limit: PAGE }));
        for (const { id = '' } of await allPages(page)) tierOf.set(id, tier);
      }
      const keys = await allPages((position) =>
        client.send(new GetApiKeysCommand({ position, limit: PAGE, includeValues: false })),
      );
      return keys.flatMap(({ id = '', name = '', createdDate }) =>
        name.startsWith(prefix) && id !== service
          ? [
              {
                id,
                tenantId: name.slice(prefix.length),
                createdAt: createdDate?.getTime() ?? 0,
                tier: tierOf.get(id),
              },
            ]
          : [],
      );
    },
  };
}

function readPlan(text: string): [string, Tier & { readonly id: string }] {
  const [, name = '', id = '', rate, burst] = /^([^=]+)=([^:]+):(\d+):(\d+)$/.exec(text) ?? [];
  return [name, { id, perSecond: Number(rate), burst: Number(burst) }];
}

async function removeKey(client: APIGatewayClient, apiKey: string): Promise<void> {
  try {
    await client.send(new DeleteApiKeyCommand({ apiKey }));
  } catch (error) {
    if (!(error instanceof NotFoundException)) throw error;
  }
}

async function allPages<Item>(
  page: (position: string | undefined) => Promise<{ items?: Item[]; position?: string }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let position: string | undefined;
  do {
    const answer = await page(position);
    items.push(...(answer.items ?? []));
    position = answer.position;
  } while (position !== undefined && position !== '');
  return items;
}
