import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type ItemKey, type TenantId, tenantKey, tenantPartitionPrefixes } from '../table/keys';
import { inParallel } from '../table/parallel';
import type { Item, Table } from '../table/table';
import { Tally, verifyCounters } from './counter-check';
import { broken } from './evidence';
import type { Finding } from './finding';
import { classify } from './item-kind';
import { batchedLook } from './look';
import { applyRepair } from './repair';
import { verifyItem } from './verify-item';

export interface CheckOptions {
  /**
   * One tenant's items only. The whole table is read all the same; DynamoDB has no other way to find items that
   * nothing leads to.
   */
  readonly tenant?: TenantId;
  /** Repairs what can be repaired. */
  readonly repair?: boolean;
  readonly onProgress?: (progress: CheckProgress) => void;
  readonly onFinding?: (finding: CheckedFinding) => void;
  /** Equal shares of the table that are read at once. */
  readonly parts?: number;
  /** Time that a write in flight gets to finish before the second look. */
  readonly secondLookAfterMs?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface CheckProgress {
  readonly scanned: number;
  readonly suspects: number;
}

/**
 * A finding and what became of it. `open`: no repair was asked for; `manual`: a person has to decide; `changed`:
 * somebody else wrote meanwhile, check again.
 */
export type CheckedFinding = Finding & { readonly outcome: 'open' | 'repaired' | 'changed' | 'manual' };

export interface CheckResult {
  /** Items read. */
  readonly scanned: number;
  readonly tenants: number;
  readonly findings: readonly CheckedFinding[];
}

const PARTS = 8;
const SECOND_LOOK_AFTER_MS = 1_500;
/** Looks at an item that changes while it is looked at, before it is left to the next check. */
const MAX_LOOKS = 5;

/**
 * Looks for broken invariants in the whole table, while traffic goes on. Every item is read once, eventually
 * consistent, and judged with what it relates to; what looks broken then is judged again a moment later on strongly
 * consistent reads, between two identical readings of the item itself. Only what is broken on that second look is a
 * finding, and only then is anything repaired, by writes that are conditional on what was read.
 *
 * Memory: one page per part, the suspects' keys, and 32 counts per tenant. A read costs about one read unit per item,
 * more for users with many values.
 *
 * @example
 * const { findings } = await checkTable(table, { repair: true });
 */
export async function checkTable(table: Table, options: CheckOptions = {}): Promise<CheckResult> {
  const { parts = PARTS, secondLookAfterMs = SECOND_LOOK_AFTER_MS } = options;
  const tally = new Tally();
  const suspects: ItemKey[] = [];
  let scanned = 0;
  await inParallel(
    Array.from({ length: parts }, (_, part) => part),
    async (part) => {
      const { tenant } = options;
      const pkPrefixes = tenant === undefined ? undefined : tenantPartitionPrefixes(tenant);
      let after: Record<string, unknown> | undefined;
      do {
        const page = await table.scan({ part, parts, after, pkPrefixes });
        for (const item of page.items) count(tally, item);
        suspects.push(...(await suspectsAmong(table, page.items, options)));
        scanned += page.scanned;
        options.onProgress?.({ scanned, suspects: suspects.length });
        after = page.after;
      } while (after !== undefined);
    },
  );
  const findings: CheckedFinding[] = [];
  if (suspects.length > 0) await delay(secondLookAfterMs);
  // Resources first, as their keys sort: what a repair finds must not depend on which part was read first.
  suspects.sort(byKey);
  // One after the other: a repair of one may settle the next, as a mark does for all sessions of a user.
  for (const key of suspects) await report(await secondLook(table, key, options));
  for (const tenant of tally.tenants()) {
    await report(await verifyTenantCounters(table, tenant));
    await report(await verifyCounters(table, tenant, tally));
  }
  return { scanned, tenants: tally.tenants().length, findings };

  async function report(found: readonly Finding[]): Promise<void> {
    for (const finding of found) {
      const checked = { ...finding, outcome: await outcomeOf(table, finding, options) };
      findings.push(checked);
      options.onFinding?.(checked);
    }
  }
}

const textOf = ({ pk, sk }: ItemKey) => `${pk} ${sk}`;
const byKey = (a: ItemKey, b: ItemKey) => (textOf(a) < textOf(b) ? -1 : 1);

function count(tally: Tally, item: Item): void {
  const classified = classify(item);
  if (classified?.tenant === undefined) return;
  const { tenant, what } = classified;
  tally.add(tenant, what.kind === 'resource' ? { kind: what.resource, id: what.id } : undefined);
}

async function suspectsAmong(
  table: Table,
  items: readonly Item[],
  { now = Date.now }: CheckOptions,
): Promise<ItemKey[]> {
  const look = batchedLook(table, false);
  const judged = await Promise.all(items.map((item) => verifyItem({ item, look, now: now() })));
  return items.flatMap(({ pk, sk }, position) => ((judged[position] ?? []).length > 0 ? [{ pk, sk }] : []));
}

/** Judges an item on strongly consistent reads, again as long as it changes meanwhile. */
async function secondLook(
  table: Table,
  key: ItemKey,
  { now = Date.now }: CheckOptions,
): Promise<readonly Finding[]> {
  for (let attempt = 0; attempt < MAX_LOOKS; attempt++) {
    const item = await table.get(key);
    if (item === undefined) return [];
    const found = await verifyItem({ item, look: batchedLook(table, true), now: now() });
    if (found.length === 0) return [];
    const again = await verifyItem({ item, look: batchedLook(table, true), now: now() });
    const unchanged = isDeepStrictEqual(await table.get(key), item);
    if (unchanged && isDeepStrictEqual(again.map(essence), found.map(essence))) return again;
  }
  return [];
}

const essence = ({ code, key, detail }: Finding) => [code, key.pk, key.sk, detail];

async function verifyTenantCounters(table: Table, tenant: TenantId): Promise<Finding[]> {
  const key = tenantKey(tenant);
  return (await table.get(key)) === undefined ? [broken('tenant-missing', tenant, key)] : [];
}

async function outcomeOf(
  table: Table,
  finding: Finding,
  { repair = false, now = Date.now }: CheckOptions,
): Promise<CheckedFinding['outcome']> {
  if (finding.repair === undefined) return 'manual';
  if (!repair) return 'open';
  return applyRepair(table, finding, now);
}
