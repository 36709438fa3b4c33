import { type Origin, originValues, SET_ORIGIN } from '../directory/resources/origin';
import { revocationMark } from '../directory/resources/revocation';
import { isResourceId, type ResourceId, resourceKey, type TenantId } from '../directory/table/keys';
import { ConditionFailed, type Table } from '../directory/table/table';

/**
 * How long an app may keep what `currentEpoch` answered: a deactivated user's self-contained access token is refused
 * at most this much later.
 */
export const EPOCH_CACHE_MS = 30_000;

/**
 * The user's session epoch, for access tokens that the app signs itself: put it in as a claim, and compare it with
 * `isEpochCurrent` at every use. One strongly consistent read of a unit (a user up to 4 kB): the app keeps the answer
 * for a while, and it must not be older than that. It does not see
 * the tenant: a suspended tenant's requests must be stopped by the app's own look-up of it.
 *
 * @returns undefined when the user is absent or inactive: no token of theirs is good
 * @example
 * const jwt = sign({ sub: userId, epoch: await currentEpoch(table, tenant, userId) });
 */
export async function currentEpoch(
  table: Table,
  tenant: TenantId,
  userId: string,
): Promise<number | undefined> {
  if (!isResourceId(userId)) return undefined;
  const user = await table.get<{ active?: boolean; sessionEpoch?: number }>(
    resourceKey(tenant, 'User', userId),
    { attributes: ['active', 'sessionEpoch'] },
  );
  return user?.active === true ? (user.sessionEpoch ?? 0) : undefined;
}

/**
 * Whether a token with this epoch claim is still good.
 *
 * @example
 * isEpochCurrent(claims.epoch, await currentEpoch(table, tenant, claims.sub)) // false after a deactivation
 */
export const isEpochCurrent = (claimed: number, current: number | undefined): boolean =>
  current !== undefined && claimed === current;

/**
 * Ends all sessions of a user that were issued so far, and leaves the mark for the revoker in the same write.
 *
 * @returns false when there is no such user
 */
export async function raiseEpoch(
  table: Table,
  tenant: TenantId,
  userId: ResourceId,
  origin: Origin,
  now: number,
): Promise<boolean> {
  const mark = revocationMark(now, userId);
  try {
    await table.write({
      kind: 'update',
      key: resourceKey(tenant, 'User', userId),
      update: `SET sessionEpoch = sessionEpoch + :one, revocationPending = :pending, g1 = :g1, ${SET_ORIGIN}`,
      values: {
        ':one': 1,
        ':pending': mark.revocationPending,
        ':g1': mark.g1,
        ...originValues(origin),
      },
      condition: { expression: 'attribute_exists(pk)' },
    });
    return true;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return false;
  }
}
