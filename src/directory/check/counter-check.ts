import { countResources } from '../resources/counters';
import {
  counterKey,
  RESOURCE_KINDS,
  type ResourceKind,
  resourcePartition,
  resourceSortKey,
  type TenantId,
} from '../table/keys';
import type { Table } from '../table/table';
import { broken } from './evidence';
import type { Finding } from './finding';

/**
 * How often a shard is counted anew while its counter moves, and how many counts in a row must differ from it by the
 * same.
 */
const MAX_COUNTS = 9;
const COUNTS_IN_A_ROW = 3;

/** Resources seen by the scan, by tenant, kind and shard. */
export class Tally {
  readonly #counts = new Map<TenantId, Map<string, number>>();

  /** Counts one resource; a tenant is listed from its first item of any kind. */
  add(tenant: TenantId, resource?: { readonly kind: ResourceKind; readonly id: string }): void {
    const counts = this.#counts.get(tenant) ?? new Map<string, number>();
    this.#counts.set(tenant, counts);
    if (resource === undefined) return;
    const shard = resource.kind + resource.id.slice(0, 1);
    counts.set(shard, (counts.get(shard) ?? 0) + 1);
  }

  tenants(): TenantId[] {
    return [...this.#counts.keys()].sort();
  }

  of(tenant: TenantId, kind: ResourceKind, shard: string): number {
    return this.#counts.get(tenant)?.get(kind + shard) ?? 0;
  }
}

/**
 * Compares a tenant's counters with what the scan saw. Where they differ, the shard is counted again, strongly
 * consistent, between two readings of its counter. One creation and one deletion between the two leave the counter as
 * it was, so only a difference that stays the same several times counts.
 */
export async function verifyCounters(table: Table, tenant: TenantId, tally: Tally): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const kind of RESOURCE_KINDS) {
    const { byShard } = await countResources({ table, tenant }, kind);
    for (const { digit, count } of byShard) {
      if (count === tally.of(tenant, kind, digit)) continue;
      const finding = await verifyShard(table, tenant, kind, digit);
      if (finding !== undefined) findings.push(finding);
    }
  }
  return findings;
}

async function verifyShard(
  table: Table,
  tenant: TenantId,
  kind: ResourceKind,
  shard: string,
): Promise<Finding | undefined> {
  let [difference, inARow] = [0, 0];
  for (let count = 1; count <= MAX_COUNTS; count++) {
    const before = await readCounter(table, tenant, kind, shard);
    const there = await countShard(table, tenant, kind, shard);
    const after = await readCounter(table, tenant, kind, shard);
    if (there >= Math.min(before, after) && there <= Math.max(before, after)) return undefined;
    inARow = before === after && there - after === difference ? inARow + 1 : 1;
    difference = there - after;
    if (before !== after || inARow < COUNTS_IN_A_ROW) continue;
    const key = counterKey(tenant, kind, shard);
    return broken('counter-wrong', tenant, key, {
      detail: `counts ${after}, there are ${there}`,
      writes: [
        {
          kind: 'update',
          key,
          update: 'SET n = :there',
          values: { ':there': there, ':after': after },
          condition: { expression: after === 0 ? 'attribute_not_exists(n) OR n = :after' : 'n = :after' },
        },
      ],
    });
  }
  // It never stood still. A difference is found when the tenant is less busy.
  return undefined;
}

async function readCounter(
  table: Table,
  tenant: TenantId,
  kind: ResourceKind,
  shard: string,
): Promise<number> {
  return (await table.get<{ n?: number }>(counterKey(tenant, kind, shard)))?.n ?? 0;
}

async function countShard(
  table: Table,
  tenant: TenantId,
  kind: ResourceKind,
  shard: string,
): Promise<number> {
  const sk = { from: resourceSortKey(kind, shard), to: resourceSortKey(kind, `${shard}~`) };
  let count = 0;
  for await (const page of table.pages({ pk: resourcePartition(tenant), sk, attributes: ['sk'] })) {
    count += page.length;
  }
  return count;
}
