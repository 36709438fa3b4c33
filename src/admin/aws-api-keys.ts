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
import { KEY_SETTLES_S } from '../directory/tenants/api-key';
import { encodeBase62 } from '../directory/tenants/token-format';
import type { ApiKeys, Tier } from './api-keys';

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
