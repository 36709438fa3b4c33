import type { Directory } from '../resources/directory';
import { fromItem } from '../resources/items';
import { keptBody } from '../resources/kept-resource';
import { type Deleted, isRetentionOver } from '../resources/restoration';
import { deletedIndexPut } from '../resources/tombstones';
import {
  isResourceId,
  type ResourceId,
  resourceKey,
  resourceOfSortKey,
  resourceSortKey,
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

/**
 * Has the users found by their externalId who were deleted before their tenant wanted that. Called again, it finds
 * those whose deletion was under way.
 *
 * @returns how many it were
 */
export async function indexDeletedUsers(
  directory: Pick<Directory, 'table' | 'tenant' | 'now'>,
): Promise<number> {
  const { table, tenant, now } = directory;
  let indexed = 0;
  const query = { pk: tombstonePartition(tenant), sk: { prefix: resourceSortKey('User', '') } };
  for await (const page of table.pages<Deleted>(query)) {
    await inParallel(
      page.filter((tombstone) => !isRetentionOver(tombstone, now())),
      async ({ pk, sk, version, expiresAt, kept, byExternalId }) => {
        const externalId = kept === undefined ? undefined : keptBody(kept).externalId;
        if (byExternalId === true || typeof externalId !== 'string') return;
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
          indexed++;
        } catch (error) {
          // Restored or erased meanwhile.
          if (!(error instanceof ConditionFailed)) throw error;
        }
      },
    );
  }
  return indexed;
}
