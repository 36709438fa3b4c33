import { counterKey, counterPartition, type ResourceKind, SHARDS } from '../table/keys';
import type { Write } from '../table/table';
import type { Directory } from './directory';

/**
 * The write that counts resources more or less, in the shard of the first digit that their ids share. Part of the
 * transaction that creates or deletes them.
 */
export function countWrite(
  { tenant }: Pick<Directory, 'tenant'>,
  kind: ResourceKind,
  id: string,
  by: number,
): Write {
  return { kind: 'update', key: counterKey(tenant, kind, id), update: 'ADD n :by', values: { ':by': by } };
}

/** How many resources of a kind a tenant has, in all and by the first digit of their ids. */
export interface Count {
  readonly total: number;
  /** In the order of the digits 0-f, which is the order of the listing. */
  readonly byShard: readonly { readonly digit: string; readonly count: number }[];
}

/** Reads the 16 counter shards: one query, one strongly consistent read unit. */
export async function countResources(
  { table, tenant }: Pick<Directory, 'table' | 'tenant'>,
  kind: ResourceKind,
): Promise<Count> {
  const items = await table.queryAll<{ n?: number }>({ pk: counterPartition(tenant, kind) });
  const byDigit = new Map(items.map((item) => [item.sk, item.n ?? 0]));
  const byShard = [...SHARDS].map((digit) => ({ digit, count: byDigit.get(digit) ?? 0 }));
  return { total: byShard.reduce((sum, shard) => sum + shard.count, 0), byShard };
}
