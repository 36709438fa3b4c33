import type { PendingChange } from '../resources/items';
import {
  type ItemKey,
  type ResourceId,
  type ResourceKind,
  resourceOfSortKey,
  type TenantId,
  tenantOfPartition,
  tombstonePartition,
} from '../table/keys';
import type { Table } from '../table/table';

/** What a user, a group or a tombstone says is still to be done after the write that was acknowledged. */
export interface PendingWork {
  /** Of the item that carries the mark. */
  readonly key: ItemKey;
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
 * Reads what some entries of the sparse index say is still to be done, strongly consistent and in their order: the
 * index is eventually consistent and holds keys only. Entries whose work is done meanwhile are left out.
 */
export async function readPendingWork(table: Table, entries: readonly ItemKey[]): Promise<PendingWork[]> {
  const keys = entries.map(({ pk, sk }) => ({ pk, sk }));
  const items = await table.batchGet<MarkedItem>(keys, { consistent: true, attributes: ATTRIBUTES });
  const byKey = new Map(items.map((item) => [`${item.pk}\n${item.sk}`, item]));
  return keys.flatMap((key) => {
    const item = byKey.get(`${key.pk}\n${key.sk}`);
    return item === undefined ? [] : (pendingWorkOf(item) ?? []);
  });
}

function pendingWorkOf(item: MarkedItem & ItemKey): PendingWork | undefined {
  const { pk, sk, revocationPending, cleanupPending, change, lastModified } = item;
  const tenant = tenantOfPartition(pk);
  const resource = resourceOfSortKey(sk);
  if (tenant === undefined || resource === undefined) return undefined;
  // While a change is pending nothing else touches its group, so that the group's last modification is the change.
  const changePending = change === undefined ? undefined : Date.parse(lastModified ?? '');
  // A tombstone keeps the change that its group had, for the cleanup alone.
  const isTombstone = pk === tombstonePartition(tenant);
  return {
    key: { pk, sk },
    tenant,
    ...resource,
    revocationPending,
    cleanupPending,
    changePending: isTombstone ? undefined : changePending,
  };
}
