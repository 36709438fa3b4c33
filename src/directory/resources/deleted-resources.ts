import type { JsonObject } from '../../scim/json';
import {
  isResourceId,
  type ResourceId,
  type ResourceKind,
  resourceSortKey,
  tombstonePartition,
} from '../table/keys';
import type { Directory } from './directory';
import { keptBody } from './kept-resource';
import type { Deleted, Restorable } from './restoration';

/** A user or group that is deleted, and of which something is kept. */
export interface DeletedResource extends Restorable {
  readonly id: ResourceId;
}

/** Some of what is deleted. */
export interface DeletedPart {
  /** In the order of the ids. */
  readonly found: readonly DeletedResource[];
  /** The id behind which the search goes on; absent when nothing follows. */
  readonly next?: ResourceId;
}

/** Tombstones that are read at once. */
const READ_AT_ONCE = 250;
/** Tombstones that one part looks at: nothing leads to them but their ids. */
const MAX_LOOKED_AT = 2_000;

/**
 * Looks through the deleted users or groups of which something is kept, strongly consistent. One part looks at a
 * bounded number of tombstones, so that it may have found nothing and go on all the same.
 *
 * @param afterId "" begins with the first
 * @param most so many are found at most
 */
export async function searchDeleted(
  { table, tenant }: Pick<Directory, 'table' | 'tenant'>,
  kind: ResourceKind,
  isSought: (deleted: DeletedResource) => boolean,
  { afterId = '', most }: { readonly afterId?: string; readonly most: number },
): Promise<DeletedPart> {
  const found: DeletedResource[] = [];
  const end = resourceSortKey(kind, '~');
  let last = afterId;
  for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT; ) {
    // "!" sorts before every character of an id.
    const sk = { from: resourceSortKey(kind, `${last}!`), to: end };
    const page = await table.query<Deleted>({ pk: tombstonePartition(tenant), sk, limit: READ_AT_ONCE });
    for (const tombstone of page.items) {
      const id = tombstone.sk.slice(resourceSortKey(kind, '').length);
      if (!isResourceId(id)) continue;
      if (found.length === most && isResourceId(last)) return { found, next: last };
      last = id;
      lookedAt += 1;
      const deleted = deletedResource(id, tombstone);
      if (deleted !== undefined && isSought(deleted)) found.push(deleted);
    }
    if (page.after === undefined) return { found };
  }
  return isResourceId(last) ? { found, next: last } : { found };
}

function deletedResource(id: ResourceId, tombstone: Deleted): DeletedResource | undefined {
  const { kept } = tombstone;
  if (kept === undefined) return undefined;
  const attributes: JsonObject = keptBody(kept);
  return { ...tombstone, id, kept, attributes };
}
