import { NotRestorable } from '../errors';
import type { Directory } from '../resources/directory';
import type { StoredGroup } from '../resources/items';
import { LATE_WRITES_MS } from '../resources/late-writes';
import { type Restorable, restorationWrites, restoredState, restoreResource } from '../resources/restoration';

/**
 * Puts a deleted group back under the same id, in one transaction: attributes, displayName, what it is found by. It
 * comes back without members, which the deletion has removed one by one; each removal is a fact of its own
 * (docs/decisions.md, "What is deleted stays in its tombstone").
 *
 * @throws NotRestorable with the reason; among them, that the members are still being removed
 */
export function restoreGroup(directory: Directory, id: string): Promise<StoredGroup> {
  return restoreResource<StoredGroup>(directory, 'Group', id, async (groupId, deleted) => {
    requireCleanedUp(directory, groupId, deleted);
    const { uniqueName, nested } = deleted.kept;
    const resource: StoredGroup = {
      kind: 'Group',
      ...restoredState(directory, groupId, deleted),
      uniqueName,
      nested,
    };
    return { resource, writes: restorationWrites(directory, resource, deleted, { nested }) };
  });
}

/**
 * A run of the cleaner removes members without looking at the tombstone each time, so a restored group could lose those
 * that it is given.
 *
 * @throws NotRestorable
 */
export function requireCleanedUp(
  { now }: Directory,
  id: string,
  { cleanedUpAt, deletedAt }: Restorable,
): void {
  if (cleanedUpAt !== undefined && now().getTime() - cleanedUpAt >= LATE_WRITES_MS) return;
  const from = (cleanedUpAt ?? deletedAt + LATE_WRITES_MS) + LATE_WRITES_MS;
  throw new NotRestorable(
    'cleanup-pending',
    `The members of the deleted group "${id}" may still be under removal. It can be restored a minute after the last of them is removed, not before ${new Date(from).toISOString()}.`,
  );
}
