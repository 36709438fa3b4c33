import { setTimeout as delay } from 'node:timers/promises';
import { Conflict } from '../errors';
import {
  type ItemKey,
  type TenantId,
  tenantKey,
  tenantPartitionPrefixes,
  tokenLedgerKey,
} from '../table/keys';
import { inParallel } from '../table/parallel';
import { ConditionFailed, type Table } from '../table/table';
import { suspendTenant } from './tenant-status';
import { getTenant, markRemoval, noSuchTenant } from './tenants';
import { ledgerKeys, readTokenLedger } from './token-ledger';

/**
 * Requests that were under way when the tenant was suspended are over after this: the gateway waits 29 s for an answer.
 */
export const REQUESTS_END_AFTER_MS = 30_000;
/** How often a removal from beginning to end keeps how far it has come, and sees whether it is still wanted. */
const PART_MS = 5_000;
/** Shares of the table that are read at once. */
const PARTS = 4;

export interface TenantRemoval {
  /** Items removed by this run, the tenant's own and its tokens' included. */
  readonly items: number;
}

/** How far a removal has come, when it is done part by part. */
export interface RemovalPart extends TenantRemoval {
  /** Whether nothing of the tenant is left. */
  readonly isDone: boolean;
  /** Until when nothing more is to be done: milliseconds since 1970. */
  readonly waitUntil?: number;
}

interface RemovalOptions {
  /** Awaited when tokens and sessions are dead and before anything is removed. */
  readonly onSuspended?: () => Promise<void>;
  /**
   * Goes on telling whoever has to know behind that, and also before anything is removed.
   *
   * @returns false when the time was too short
   */
  readonly tell?: (until: number) => Promise<boolean>;
  /** Removes what is not under the tenant's keys; called in each look. @returns with `next` likewise */
  readonly removeBeside?: (from: Place, until: number) => Promise<RemovedBeside>;
  /** How long requests may still be writing after the suspension. */
  readonly settleMs?: number;
}

/** Where something is gone on with; empty at its beginning. */
export type Place = Readonly<Record<string, unknown>>;

/** What was removed that is not under the tenant's keys, and where to go on when there may be more. */
export interface RemovedBeside {
  readonly items: number;
  readonly next?: Place;
}

/** A look at the whole table, as far as it has come. */
interface Look {
  readonly beganAt: number;
  /** Where each share is read on; null for one that is read. */
  readonly after: readonly (Place | null)[];
  /** Where what is not under the tenant's keys is read on. */
  readonly beside?: Place;
  readonly removed: number;
}

/** How far a removal has come; kept in the tenant's item when it is done part by part. */
interface RemovalState {
  /** Milliseconds since 1970: requests that were under way are over. */
  readonly settledAt: number;
  /** Whether whoever has to know is still to be told. */
  readonly isTelling?: boolean;
  readonly look: Look;
}

/**
 * Deletes a tenant with everything that it has in the table. Its tokens are refused and its sessions are dead with
 * the first write, the same as of a suspension; the removal that follows may take as long as it likes and be
 * interrupted at any point: called again, it goes on. It ends when somebody resumes the tenant. The tenant's own item
 * goes last, so that it stays listed until nothing is left.
 *
 * The gateway's authorizer cache must be flushed after `onSuspended`. Reads the whole table (there is no index of
 * page checkpoints).
 *
 * @param onProgress told the number of items removed so far
 * @throws NotFound; Conflict when the tenant was resumed meanwhile
 */
export async function removeTenant(
  table: Table,
  tenant: TenantId,
  { onProgress, ...options }: RemovalOptions & { readonly onProgress?: (items: number) => void } = {},
): Promise<TenantRemoval> {
  for (let items = 0; ; ) {
    const part = await removeTenantPart(table, tenant, Date.now() + PART_MS, options);
    items += part.items;
    onProgress?.(items);
    if (part.isDone) return { items };
    if (part.waitUntil !== undefined) await delay(Math.max(0, part.waitUntil - Date.now()));
  }
}

/**
 * The same part by part, each until a moment: how far it has come is kept in the tenant's item. Parts that are under
 * way at the same time do each other no harm.
 *
 * @param until milliseconds since 1970
 * @throws NotFound also when the tenant is gone by now
 */
export async function removeTenantPart(
  table: Table,
  tenant: TenantId,
  until: number,
  options: RemovalOptions = {},
): Promise<RemovalPart> {
  let state = await readRemoval(table, tenant);
  if (state === undefined) {
    state = await begin(table, tenant, options);
    await saveRemoval(table, tenant, state);
  }
  for (let items = 0; ; ) {
    const part = await lookOn(table, tenant, state, options, until);
    items += part.items;
    if (part.isDone) return { items, isDone: true };
    state = part.state;
    await saveRemoval(table, tenant, state);
    if (part.waitUntil !== undefined || Date.now() >= until)
      return { items, isDone: false, waitUntil: part.waitUntil };
  }
}

/** How far the removal of a tenant has come; undefined when none has begun. @throws NotFound */
async function readRemoval(table: Table, tenant: TenantId): Promise<RemovalState | undefined> {
  const item = await table.get<{ removing?: true; removal?: RemovalState }>(tenantKey(tenant));
  if (item === undefined) throw noSuchTenant(tenant);
  return item.removing === true ? item.removal : undefined;
}

/** @throws NotFound when another part has come to the end; Conflict when somebody has resumed the tenant */
async function saveRemoval(table: Table, tenant: TenantId, state: RemovalState): Promise<void> {
  try {
    await table.write({
      kind: 'update',
      key: tenantKey(tenant),
      update: 'SET removal = :state',
      values: { ':state': state, ':true': true },
      condition: { expression: 'removing = :true' },
    });
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    if ((await getTenant(table, tenant)) === undefined) throw noSuchTenant(tenant);
    throw new Conflict(`The tenant "${tenant}" was resumed while it was being deleted.`);
  }
}

async function begin(
  table: Table,
  tenant: TenantId,
  { onSuspended = async () => {}, settleMs = REQUESTS_END_AFTER_MS }: RemovalOptions,
): Promise<RemovalState> {
  if ((await getTenant(table, tenant)) === undefined) throw noSuchTenant(tenant);
  await suspendTenant(table, tenant);
  await markRemoval(table, tenant);
  await onSuspended();
  // Whoever is known and refused is in the log, which must not be written any more when it has been removed.
  await removeCredentials(table, tenant);
  const now = Date.now();
  return { settledAt: now + settleMs, isTelling: true, look: newLook(now) };
}

const newLook = (beganAt: number): Look => ({
  beganAt,
  after: Array.from({ length: PARTS }, () => ({})),
  removed: 0,
});

/**
 * Goes on with telling, and then with a look, until it is over, or the time is; removes the tenant itself when nothing
 * else was left.
 */
async function lookOn(
  table: Table,
  tenant: TenantId,
  { settledAt, isTelling = false, look }: RemovalState,
  { tell = async () => true, removeBeside = async () => ({ items: 0 }) }: RemovalOptions,
  until: number,
): Promise<RemovalPart & { readonly state: RemovalState }> {
  if (isTelling && !(await tell(until)))
    return { items: 0, isDone: false, state: { settledAt, isTelling, look } };
  const after = [...look.after];
  let items = 0;
  await inParallel([...after.keys()], async (part) => {
    // A page at least, however little time there is: so it comes to an end.
    for (
      let from = after[part] ?? null;
      from !== null;
      from = Date.now() < until ? (after[part] ?? null) : null
    ) {
      const [removed, next] = await removePage(table, tenant, part, from);
      items += removed;
      after[part] = next;
    }
  });
  const isRead = after.every((place) => place === null);
  const beside = isRead ? await removeBeside(look.beside ?? {}, until) : undefined;
  items += beside?.items ?? 0;
  if (!isRead || beside?.next !== undefined) {
    const goingOn = { ...look, after, beside: beside?.next, removed: look.removed + items };
    return { items, isDone: false, state: { settledAt, look: goingOn } };
  }
  const isClean = look.removed + items === 0;
  const state = { settledAt, look: newLook(Date.now()) };
  // Only a look that began after the last request ended proves that nothing is left.
  if (isClean && look.beganAt >= settledAt) {
    return { items: items + (await removeTenantItself(table, tenant)), isDone: true, state };
  }
  return { items, isDone: false, state, waitUntil: isClean ? settledAt : undefined };
}

/** @returns how many items were removed, and where to read on, null at the end */
async function removePage(
  table: Table,
  tenant: TenantId,
  part: number,
  from: Place,
): Promise<[number, Place | null]> {
  const pkPrefixes = tenantPartitionPrefixes(tenant);
  const after = Object.keys(from).length === 0 ? undefined : from;
  // Strongly consistent: what the last look does not see stays for ever.
  const page = await table.scan({ part, parts: PARTS, after, pkPrefixes, consistent: true });
  const kept = [tenantKey(tenant), tokenLedgerKey(tenant)].map(textOf);
  const keys = page.items.map(({ pk, sk }) => ({ pk, sk })).filter((key) => !kept.includes(textOf(key)));
  await table.batchWrite(keys.map((key) => ({ kind: 'delete', key })));
  return [keys.length, page.after ?? null];
}

const textOf = ({ pk, sk }: ItemKey): string => `${pk} ${sk}`;

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
