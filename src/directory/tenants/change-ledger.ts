import { Conflict } from '../errors';
import { type ItemKey, type TenantId, tenantKey, tokenKey, tokenLedgerKey } from '../table/keys';
import { ConditionFailed, type Table, type Write } from '../table/table';
import { apiKeyUnchanged } from './api-key';
import { settingsUnchanged } from './tenant-settings';
import { getStoredTenant, noSuchTenant, type StoredTenant } from './tenants';
import { ledgerKeys, readTokenLedger, type TokenLedger } from './token-ledger';

/** Tokens and clients that a tenant may have at once, so that suspending it stays one transaction. */
export const MAX_LISTED = 90;

/** What is to be written, and what comes of it. */
export interface LedgerChange<Result> {
  readonly result: Result;
  readonly writes: readonly Write[];
}

/**
 * Reads an active tenant and its ledger, decides, and writes on the condition that both are as they were read; starts
 * over when they have changed.
 *
 * @param decide its writes have one of `ledgerPut`
 * @throws NotFound for the tenant, Conflict when it is suspended, and what `decide` throws
 */
export async function changeLedger<Result>(
  table: Table,
  tenantId: TenantId,
  decide: (tenant: StoredTenant, ledger: TokenLedger) => Promise<LedgerChange<Result>>,
): Promise<Result> {
  const giveUpAt = table.giveUpAt();
  for (let attempt = 1; ; attempt++) {
    const tenant = await getStoredTenant(table, tenantId);
    if (tenant === undefined) throw noSuchTenant(tenantId);
    if (tenant.status !== 'active') {
      throw new Conflict(`The tenant "${tenantId}" is suspended; resume it before giving it credentials.`);
    }
    const ledger = await readTokenLedger(table, tenantId);
    const { result, writes } = await decide(
      tenant,
      isFull(ledger) ? await withoutEnded(table, ledger) : ledger,
    );
    const [settings, apiKey] = [settingsUnchanged(tenant), apiKeyUnchanged(tenant)];
    try {
      await table.transact([
        {
          kind: 'check',
          key: tenantKey(tenantId),
          // Tokens and clients have a copy of the settings and the key.
          condition: {
            expression: `#status = :active AND ${settings.expression} AND ${apiKey.expression}`,
            names: { '#status': 'status' },
            values: { ':active': 'active', ...settings.values, ...apiKey.values },
          },
        },
        ...writes,
      ]);
      return result;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      await table.backOff(attempt, giveUpAt);
    }
  }
}

const isFull = ({ tokens, clients }: Pick<TokenLedger, 'tokens' | 'clients'>): boolean =>
  Object.keys(tokens).length + Object.keys(clients).length >= MAX_LISTED;

/** Issuing drops what has ended of its own kind alone; at the bound nothing that has ended may take a place. */
async function withoutEnded(table: Table, ledger: TokenLedger): Promise<TokenLedger> {
  const items = await table.batchGet<{ expiresAt?: number }>(ledgerKeys(ledger), {
    consistent: true,
    attributes: ['pk', 'sk', 'expiresAt'],
  });
  const lasting = new Set(
    items.filter(({ expiresAt = 0 }) => expiresAt * 1000 > Date.now()).map(({ pk }) => pk),
  );
  const kept = (listed: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(listed).filter(([, sha256]) => lasting.has(tokenKey(sha256).pk)));
  return { ...ledger, tokens: kept(ledger.tokens), clients: kept(ledger.clients) };
}

/**
 * The next ledger, on the condition that it is still the one that was read.
 *
 * @throws Conflict when it would list more than a tenant may have
 */
export function ledgerPut(
  tenantId: TenantId,
  { revision }: TokenLedger,
  { tokens, clients }: Pick<TokenLedger, 'tokens' | 'clients'>,
): Write {
  if (Object.keys(tokens).length + Object.keys(clients).length > MAX_LISTED) {
    throw new Conflict(
      `The tenant has ${MAX_LISTED} tokens and clients that have not expired; no more are accepted.`,
    );
  }
  return {
    kind: 'put',
    item: { ...tokenLedgerKey(tenantId), revision: revision + 1, tokens, clients },
    condition: { expression: 'revision = :revision', values: { ':revision': revision } },
  };
}

/**
 * Marks the item of a token or client as revoked, for good, in one transaction with the extra writes.
 *
 * @returns false when there is no such item any more; nothing is written then
 */
export async function markRevoked(
  table: Table,
  key: ItemKey,
  now: Date,
  extraWrites: readonly Write[],
): Promise<boolean> {
  try {
    await table.transact([
      {
        kind: 'update',
        key,
        update: 'SET revokedAt = if_not_exists(revokedAt, :now)',
        values: { ':now': now.toISOString() },
        condition: { expression: 'attribute_exists(pk)' },
      },
      ...extraWrites,
    ]);
    return true;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return false;
  }
}
