import type { Directory } from '../resources/directory';
import { fromItem } from '../resources/items';
import { keptBody } from '../resources/kept-resource';
import { type Deleted, isRetentionOver } from '../resources/restoration';
import { deletedIndexPut } from '../resources/tombstones';
import {
  type ItemKey,
  isResourceId,
  type ResourceId,
  resourceKey,
  resourceOfSortKey,
  resourceSortKey,
  SHARDS,
  tombstoneKey,
  tombstonePartition,
} from '../table/keys';
import { inParallel } from '../table/parallel';
import { ConditionFailed } from '../table/table';
import { deletedOfSortKey, guardedKind, valuePartition } from '../table/value-keys';

/**
 * The user who was deleted with an externalId and can be given back: of several the one who was deleted last.
 * Strongly consistent; one query when nobody was.
 *
 * @returns undefined also while somebody who is there has the externalId: then it is theirs
 */
export async function deletedUserWith(
  { table, tenant, now }: Directory,
  externalId: string,
): Promise<ResourceId | undefined> {
  const items = await table.queryAll<{ id?: string }>({ pk: valuePartition(tenant, externalId) });
  const deleted = items.flatMap(({ sk }) => deletedOfSortKey(sk) ?? []);
  if (deleted.length === 0) return undefined;
  const living = items.flatMap(({ sk, id = '' }) => {
    const resource = guardedKind(sk) === 'User' ? { kind: 'User', id } : resourceOfSortKey(sk);
    return resource?.kind === 'User' && isResourceId(resource.id) ? [resource.id] : [];
  });
  const found = await table.batchGet(
    [
      ...[...new Set(living)].map((id) => resourceKey(tenant, 'User', id)),
      ...deleted.map((id) => tombstoneKey(tenant, 'User', id)),
    ],
    { consistent: true },
  );
  const tombstones: (Deleted & { readonly id: ResourceId })[] = [];
  for (const item of found) {
    const id = item.sk.slice(resourceSortKey('User', '').length);
    if (item.pk !== tombstonePartition(tenant)) {
      if (fromItem('User', item).attributes.externalId === externalId) return undefined;
    } else if (isResourceId(id)) tombstones.push({ ...(item as unknown as Deleted), id });
  }
  return tombstones
    .filter((tombstone) => isKeptWith(tombstone, externalId) && !isRetentionOver(tombstone, now()))
    .sort((a, b) => b.deletedAt - a.deletedAt)[0]?.id;
}

/** The value's partition is that of all cases. */
const isKeptWith = ({ kept }: Deleted, externalId: string): boolean =>
  kept !== undefined && keptBody(kept).externalId === externalId;

/** What having deleted users found has done. */
export interface IndexedUsers {
  /** How many it were. */
  readonly users: number;
  /** False when the time was over before all were gone through. */
  readonly isDone: boolean;
}

/** Of each first digit of the ids: tombstones that are read at once, and those of them that are written at once. */
const READ_AT_ONCE = 200;
const WRITTEN_AT_ONCE = 2;

/**
 * Has the users found by their externalId who were deleted before their tenant wanted that. Called again, it finds
 * those whose deletion was under way, and goes on where the time was over: whoever is found already is only read.
 *
 * @param until milliseconds since 1970: behind it no further page is begun
 */
export async function indexDeletedUsers(
  { table, tenant, now }: Pick<Directory, 'table' | 'tenant' | 'now'>,
  until = Number.POSITIVE_INFINITY,
): Promise<IndexedUsers> {
  let users = 0;
  let isDone = true;
  await inParallel([...SHARDS], async (digit) => {
    const from = resourceSortKey('User', digit);
    const sk = { from, to: `${from}~` };
    const pages = table.pages<Deleted>({ pk: tombstonePartition(tenant), sk, limit: READ_AT_ONCE });
    let isFirst = true;
    for await (const page of pages) {
      if (!isFirst && now().getTime() >= until) {
        isDone = false;
        return;
      }
      isFirst = false;
      const kept = page.filter((tombstone) => !isRetentionOver(tombstone, now()));
      const indexed = await inParallel(kept, indexDeleted, WRITTEN_AT_ONCE);
      users += indexed.filter((isIndexed) => isIndexed).length;
    }
  });
  return { users, isDone };

  async function indexDeleted({ pk, sk, version, expiresAt, kept, byExternalId }: Deleted & ItemKey) {
    const externalId = kept === undefined ? undefined : keptBody(kept).externalId;
    if (byExternalId === true || typeof externalId !== 'string') return false;
    try {
      await table.transact([
        {
          kind: 'update',
          key: { pk, sk },
          update: 'SET byExternalId = :true',
          values: { ':true': true, ':version': version },
          condition: { expression: 'version = :version AND attribute_exists(kept)' },
        },
        deletedIndexPut(tenant, externalId, sk.slice(2), expiresAt),
      ]);
      return true;
    } catch (error) {
      // Restored or erased meanwhile.
      if (!(error instanceof ConditionFailed)) throw error;
      return false;
    }
  }
}
