import { setTimeout as delay } from 'node:timers/promises';
import {
  type ItemKey,
  type TenantId,
  tenantKey,
  tenantPartitionPrefixes,
  tokenLedgerKey,
} from '../table/keys';
import { inParallel } from '../table/parallel';
import type { Table } from '../table/table';
import { getTenant, markRemoval, noSuchTenant, suspendTenant } from './tenants';
import { ledgerKeys, readTokenLedger } from './token-ledger';

/**
 * Requests that were under way when the tenant was suspended are over after this: the gateway waits 29 s for an answer.
 */
export const REQUESTS_END_AFTER_MS = 30_000;
/** Shares of the table that are read at once. */
const PARTS = 4;

export interface TenantRemoval {
  /** Items removed by this run, the tenant's own and its tokens' included. */
  readonly items: number;
}

/**
 * Deletes a tenant with everything that it has in the table. Its tokens are refused and its sessions are dead with
 * the first write, the same as of a suspension; the removal that follows may take as long as it likes and be
 * interrupted at any point: called again, it goes on. The tenant's own item goes last, so that it stays listed until
 * nothing is left.
 *
 * The gateway's authorizer cache must be flushed after `onSuspended`. Reads the whole table (there is no index of
 * page checkpoints), which is why no request does it.
 *
 * @param onSuspended awaited when tokens and sessions are dead and before anything is removed
 * @param settleMs how long requests may still be writing after that
 * @param onProgress told the number of items removed so far
 * @throws NotFound
 */
export async function removeTenant(
  table: Table,
  tenant: TenantId,
  {
    onSuspended = async () => {},
    settleMs = REQUESTS_END_AFTER_MS,
    onProgress,
  }: {
    onSuspended?: () => Promise<void>;
    settleMs?: number;
    onProgress?: (items: number) => void;
  } = {},
): Promise<TenantRemoval> {
  if ((await getTenant(table, tenant)) === undefined) throw noSuchTenant(tenant);
  await suspendTenant(table, tenant);
  await markRemoval(table, tenant);
  await onSuspended();
  // Whoever is known and refused is in the log, which must not be written any more when it has been removed.
  await removeCredentials(table, tenant);
  const settledAt = Date.now() + settleMs;
  let items = 0;
  for (;;) {
    const isSettled = Date.now() >= settledAt;
    const removed = await removeAllBut(table, tenant, ownKeys(tenant));
    items += removed;
    onProgress?.(items);
    // Only a look that began after the last request ended proves that nothing is left.
    if (removed === 0 && isSettled) break;
    if (removed === 0) await delay(Math.max(0, settledAt - Date.now()));
  }
  return { items: items + (await removeTenantItself(table, tenant)) };
}

const ownKeys = (tenant: TenantId): readonly ItemKey[] => [tenantKey(tenant), tokenLedgerKey(tenant)];

async function removeAllBut(table: Table, tenant: TenantId, kept: readonly ItemKey[]): Promise<number> {
  const parts = Array.from({ length: PARTS }, (_, part) => part);
  const pkPrefixes = tenantPartitionPrefixes(tenant);
  let removed = 0;
  await inParallel(parts, async (part) => {
    let after: Record<string, unknown> | undefined;
    do {
      // Strongly consistent: what the last look does not see stays for ever.
      const page = await table.scan({ part, parts: PARTS, after, pkPrefixes, consistent: true });
      const keys = page.items
        .map(({ pk, sk }) => ({ pk, sk }))
        .filter(({ pk, sk }) => !kept.some((key) => key.pk === pk && key.sk === sk));
      await table.batchWrite(keys.map((key) => ({ kind: 'delete', key })));
      removed += keys.length;
      after = page.after;
    } while (after !== undefined);
  });
  return removed;
}

/**
 * Removes a tenant's tokens and the tenant, when everything else of it is gone: the tokens before the ledger that
 * tells them, the tenant last, so that whatever is interrupted can be found again.
 *
 * @returns how many items were removed
 */
export async function removeTenantItself(table: Table, tenant: TenantId): Promise<number> {
  const credentials = await removeCredentials(table, tenant);
  for (const key of [tokenLedgerKey(tenant), tenantKey(tenant)]) await table.write({ kind: 'delete', key });
  return credentials + 2;
}

/** @returns how many the ledger lists */
async function removeCredentials(table: Table, tenant: TenantId): Promise<number> {
  const keys = ledgerKeys(await readTokenLedger(table, tenant));
  await table.batchWrite(keys.map((key) => ({ kind: 'delete', key })));
  return keys.length;
}
