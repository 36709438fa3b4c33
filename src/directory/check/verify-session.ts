import { revocationMark } from '../resources/revocation';
import { type ResourceId, resourceKey, tombstoneKey } from '../table/keys';
import type { Write } from '../table/table';
import { broken, type TenantEvidence, unchanged } from './evidence';
import type { Finding } from './finding';

/**
 * A session: its epoch is its user's, or the mark stands that will have it removed. A session never has an epoch that
 * its user has not reached. Sessions of a suspended tenant are dead by the tenant's epoch and stay until their TTL.
 */
export async function verifySession(
  { tenant, item, look, now }: TenantEvidence,
  userId: ResourceId,
): Promise<Finding[]> {
  const userKey = resourceKey(tenant, 'User', userId);
  const user = await look(userKey);
  const { revocationPending: pending, g1 } = revocationMark(now, userId);
  const remark = 'SET revocationPending = if_not_exists(revocationPending, :pending), g1 = :g1';
  const values = { ':pending': pending, ':g1': g1 };
  if (user !== undefined) {
    const epoch = Number(user.sessionEpoch);
    if (item.epoch === epoch || (Number(item.epoch) < epoch && user.revocationPending !== undefined))
      return [];
    const isOlder = Number(item.epoch) < epoch;
    const write: Write = isOlder
      ? {
          kind: 'update',
          key: userKey,
          update: remark,
          values,
          condition: { expression: 'attribute_exists(pk)' },
        }
      : { kind: 'delete', key: { pk: item.pk, sk: item.sk } };
    const detail = `epoch ${String(item.epoch)}, the user's is ${epoch}`;
    return [broken('session-outlives-mark', tenant, item, { detail, writes: [write] })];
  }
  const tombstone = await look(tombstoneKey(tenant, 'User', userId));
  if (tombstone === undefined) {
    const writes: Write[] = [
      unchanged(userKey, undefined),
      { kind: 'delete', key: { pk: item.pk, sk: item.sk } },
    ];
    return [broken('session-of-nobody', tenant, item, { writes })];
  }
  if (tombstone.revocationPending !== undefined) return [];
  const key = tombstoneKey(tenant, 'User', userId);
  const condition = { expression: 'attribute_exists(pk)' };
  const writes: Write[] = [{ kind: 'update', key, update: remark, values, condition }];
  return [broken('session-outlives-mark', tenant, item, { detail: 'the user is deleted', writes })];
}
