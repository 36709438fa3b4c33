import type { JsonObject } from '../scim/json';
import type { Directory } from './directory';
import type { PendingChange } from './items';
import { hiddenMemberKey, type ResourceKind, type TenantId, tombstoneKey } from './keys';
import { revocationMark } from './revocation';
import type { Write } from './table';

/** How long a tombstone stays; its expiry is the signal that the vendor's own data of the user is due for deletion. */
const DEFAULT_RETENTION_DAYS = 30;

/**
 * The writes that leave a tombstone, part of the deleting transaction. A user's carries the revocation mark (its
 * sessions are still to be removed); both carry the cleanup mark (memberships are still to be removed).
 *
 * @param change a large membership change that was still being rolled forward, so that the cleaner finds its chunks
 * @param attributes of the deleted user, of which its name in another store of sessions is kept until that has been
 *   told (docs/session-targets.md)
 * @param hideMemberships also writes the item that hides the user from the members of its groups until the cleaner is
 *   done
 */
export function tombstoneWrites(
  { tenant, now }: Pick<Directory, 'tenant' | 'now'>,
  kind: ResourceKind,
  id: string,
  {
    hideMemberships = false,
    change,
    attributes,
  }: { hideMemberships?: boolean; change?: PendingChange; attributes?: JsonObject } = {},
): Write[] {
  const deletedAt = now().getTime();
  const mark = revocationMark(deletedAt, id);
  const tombstone = {
    ...tombstoneKey(tenant, kind, id),
    deletedAt,
    cleanupPending: deletedAt,
    expiresAt: Math.floor(deletedAt / 1000) + retentionDaysOf(process.env) * 86_400,
    change,
    targetUsername: targetUsernameOf(tenant, attributes, process.env),
    ...(kind === 'U' ? mark : { g1: mark.g1 }),
  };
  const writes: Write[] = [{ kind: 'put', item: tombstone }];
  if (hideMemberships) writes.push({ kind: 'put', item: hiddenMemberKey(tenant, id) });
  return writes;
}

/** Nothing, unless the tenant has such a store and its users have another name there than their SCIM id. */
function targetUsernameOf(
  tenant: TenantId,
  attributes: JsonObject | undefined,
  { TARGET_USERNAME: name, TARGET_TENANT: served }: NodeJS.ProcessEnv,
): string | undefined {
  if (served !== tenant) return undefined;
  const value = name === 'userName' || name === 'externalId' ? attributes?.[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function retentionDaysOf(environment: NodeJS.ProcessEnv): number {
  const days = Number(environment.TOMBSTONE_RETENTION_DAYS);
  return Number.isFinite(days) && days > 0 ? days : DEFAULT_RETENTION_DAYS;
}
