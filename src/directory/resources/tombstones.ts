import { Conflict } from '../errors';
import { hiddenMemberKey, type ResourceKind, type TenantId, tombstoneKey } from '../table/keys';
import { ConditionFailed, type Write } from '../table/table';
import { deletedIndexKey } from '../table/value-keys';
import { type Directory, settingsOf } from './directory';
import { targetUsernameOf } from './former-names';
import type { Stored } from './items';
import { type KeptAttributes, keptAttributes } from './kept-resource';
import { tombstoneDaysOf } from './retention';
import { revocationMark } from './revocation';

/**
 * The writes that leave a tombstone, part of the deleting transaction. A user's carries the revocation mark (its
 * sessions are still to be removed); both carry the cleanup mark (memberships are still to be removed) and, until the
 * retention ends, the resource itself, so that it can be restored; by the externalId of a user, where the tenant wants
 * that.
 *
 * @param resource what is deleted. A large membership change that was still being rolled forward stays known, so that
 *   the cleaner finds its chunks; so does a user's name in another store of sessions, until that has been told
 *   (docs/session-sinks.md)
 * @param hideMemberships also writes the item that hides the user from the members of its groups until the cleaner is
 *   done
 * @param groups that the same transaction takes the user out of
 */
export function tombstoneWrites(
  directory: Pick<Directory, 'tenant' | 'now' | 'origin' | 'settings'>,
  resource: Stored,
  { hideMemberships = false, groups = [] }: { hideMemberships?: boolean; groups?: readonly string[] } = {},
): Write[] {
  const { tenant, now, origin } = directory;
  const { kind, id } = resource;
  const deletedAt = now().getTime();
  const mark = revocationMark(deletedAt, id);
  const names =
    resource.kind === 'User'
      ? {
          targetUsername: targetUsernameOf(tenant, resource.attributes, process.env),
          targetFormerNames: resource.formerNames,
        }
      : {};
  const expiresAt = Math.floor(deletedAt / 1000) + tombstoneDaysOf(process.env) * 86_400;
  const attributes = keptAttributes(resource, groups, names);
  const externalId =
    settingsOf(directory).reprovision === 'sameExternalId' ? externalIdKept(resource, attributes) : undefined;
  const tombstone = {
    ...tombstoneKey(tenant, kind, id),
    ...origin,
    ...attributes,
    ...(externalId === undefined ? {} : { byExternalId: true }),
    deletedAt,
    cleanupPending: deletedAt,
    expiresAt,
    ...names,
    ...(resource.kind === 'User' ? mark : { g1: mark.g1, change: resource.change }),
  };
  const writes: Write[] = [{ kind: 'put', item: tombstone }];
  if (hideMemberships) writes.push({ kind: 'put', item: hiddenMemberKey(tenant, id) });
  if (externalId !== undefined) writes.push(deletedIndexPut(tenant, externalId, id, expiresAt));
  return writes;
}

/** The write that leads from an externalId to a tombstone, for as long as that is there. @param expiresAt that of it */
export const deletedIndexPut = (
  tenant: TenantId,
  externalId: string,
  id: string,
  expiresAt: number,
): Write & { kind: 'put' } => ({
  kind: 'put',
  item: { ...deletedIndexKey(tenant, externalId, id), expiresAt },
});

/** The externalId by which a user can be given back; undefined for a group, and when nothing was kept. */
function externalIdKept({ kind, attributes }: Stored, { kept }: KeptAttributes): string | undefined {
  const { externalId } = attributes;
  return kind === 'User' && kept !== undefined && typeof externalId === 'string' ? externalId : undefined;
}

/**
 * The check that keeps a deleted resource from being created again under its id: part of every creation whose id may
 * come up twice, which are those of Bulk requests (bulk-requests.ts). Other ids are random, so their creations are
 * spared its two write units.
 */
export const neverDeleted = (
  tenant: TenantId,
  kind: ResourceKind,
  id: string,
): Write & { kind: 'check' } => ({
  kind: 'check',
  key: tombstoneKey(tenant, kind, id),
  condition: { expression: 'attribute_not_exists(pk)' },
});

/** Whether a creation failed because of `neverDeleted`. */
export const isDeletedMeanwhile = (error: unknown, writes: readonly Write[]): boolean =>
  error instanceof ConditionFailed &&
  writes.some(({ kind }, index) => kind === 'check' && error.failed.has(index));

/**
 * For an attempt of a request that comes too late: another attempt has created the resource, and somebody has
 * deleted it since. The deletion stands, as it would had this attempt been faster.
 */
export function deletedMeanwhile(kind: ResourceKind, id: string): Conflict {
  return new Conflict(
    `Another attempt of this request has created the ${kind === 'User' ? 'user' : 'group'} "${id}", which was deleted since, so this attempt does not bring it back. Repeat the request to create another one.`,
  );
}
