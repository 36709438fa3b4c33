import type { PendingChange } from './items';
import {
  COUNTER_SHARDS,
  isResourceId,
  pendingRevocationsIndexKey,
  type ResourceId,
  type ResourceKind,
  type TenantId,
  tenantOfPartition,
  tombstonePartition,
} from './keys';
import type { Table } from './table';

/** What a user, a group or a tombstone says is still to be done after the write that was acknowledged. */
export interface PendingWork {
  readonly tenant: TenantId;
  readonly kind: ResourceKind;
  readonly id: ResourceId;
  /** Since when sessions wait for their removal, in ms since 1970. */
  readonly revocationPending?: number;
  /** Since when what a deleted resource left behind waits for its removal, in ms since 1970. */
  readonly cleanupPending?: number;
  /** Since when a committed membership change waits to be carried out, in ms since 1970. */
  readonly changePending?: number;
}

interface MarkedItem {
  readonly revocationPending?: number;
  readonly cleanupPending?: number;
  readonly change?: PendingChange;
  readonly lastModified?: string;
}

const ATTRIBUTES = ['pk', 'sk', 'revocationPending', 'cleanupPending', 'change', 'lastModified'];

/**
 * Finds everything that is marked as still to be done, of all tenants, by the sparse index: 16 queries, then the
 * items themselves, since the index is eventually consistent and holds keys only.
 */
export async function findPendingWork(table: Table): Promise<PendingWork[]> {
  const shards = [...COUNTER_SHARDS].map((shard) =>
    table.queryAll({ index: 'g1', pk: pendingRevocationsIndexKey(shard) }),
  );
  const keys = (await Promise.all(shards)).flat().map(({ pk, sk }) => ({ pk, sk }));
  const items = await table.batchGet<MarkedItem>(keys, { consistent: true, attributes: ATTRIBUTES });
  return items.flatMap(({ pk, sk, revocationPending, cleanupPending, change, lastModified }) => {
    const tenant = tenantOfPartition(pk);
    const [letter, id = ''] = sk.split('#');
    if (tenant === undefined || !isResourceId(id)) return [];
    const kind: ResourceKind = letter === 'G' ? 'G' : 'U';
    // While a change is pending nothing else touches its group, so that the group's last modification is the change.
    const changePending = change === undefined ? undefined : Date.parse(lastModified ?? '');
    // A tombstone keeps the change that its group had, for the cleanup alone.
    const isTombstone = pk === tombstonePartition(tenant);
    return [
      {
        tenant,
        kind,
        id,
        revocationPending,
        cleanupPending,
        changePending: isTombstone ? undefined : changePending,
      },
    ];
  });
}
