import type { JsonObject } from '../../scim/json';
import { type Membership, membershipRemovalWrites, membershipsOf } from '../groups/memberships';
import { bodyOf } from '../resources/body';
import { countWrite } from '../resources/counters';
import type { Directory, Precondition } from '../resources/directory';
import { formerNamesAfter, formerNameWrites } from '../resources/former-names';
import { indexWrites, uniquenessError } from '../resources/index-items';
import { fromItem, isActive, type StoredUser } from '../resources/items';
import { modifyResource } from '../resources/modify';
import { originValues, SET_ORIGIN } from '../resources/origin';
import { askingOnce } from '../resources/policy';
import { revocationMark } from '../resources/revocation';
import { deletedMeanwhile, isDeletedMeanwhile, tombstoneWrites } from '../resources/tombstones';
import { isResourceId, type ResourceId, resourceKey } from '../table/keys';
import { ConditionFailed, type Write } from '../table/table';
import { userNameGuardKey } from '../table/value-keys';
import { creationOf, withActive } from './creation';
import { refuseIfProtected, STILL_UNPROTECTED, takenFrom } from './protection';

/** Reads a user, strongly consistent: an identity provider reads what it has just written. */
export async function getUser({ table, tenant }: Directory, id: string): Promise<StoredUser | undefined> {
  if (!isResourceId(id)) return undefined;
  const item = await table.get(resourceKey(tenant, 'User', id));
  return item === undefined ? undefined : fromItem('User', item);
}

/** The id behind a userName, whatever its case; one read unit, strongly consistent. */
export async function findUserId(
  { table, tenant }: Directory,
  userName: string,
): Promise<string | undefined> {
  const guard = await table.get<{ id?: string }>(userNameGuardKey(tenant, userName));
  return guard?.id;
}

/**
 * Creates a user in one transaction: the user, its guards, its index items, the counter.
 *
 * @param attributes canonical attributes as `readResource` gives them
 * @param allottedId an id that other attempts of the same request use, too; a random one when absent
 * @param appId the id that the vendor's app knows the user by
 * @throws UniquenessConflict when another user of the tenant has the userName, in any case, or the appId; Conflict when
 *   the user of the allotted id was deleted; ConditionFailed when it is there; what the directory's policy throws
 */
export async function createUser(
  directory: Directory,
  attributes: JsonObject,
  allottedId?: ResourceId,
  appId?: string,
): Promise<StoredUser> {
  const { user, writes } = creationOf(directory, { attributes, allottedId, appId });
  const all = [...writes, countWrite(directory, 'User', user.id, 1)];
  await directory.policy?.({ kind: 'User', id: user.id, before: undefined, after: user.attributes });
  try {
    await directory.table.transact(all);
  } catch (error) {
    const reason = explained(error, all, user);
    throw reason === error && isDeletedMeanwhile(error, all) ? deletedMeanwhile('User', user.id) : reason;
  }
  return user;
}

/**
 * Replaces a user's attributes with what `change` makes of them. When somebody else writes meanwhile, `change` is
 * evaluated again on the fresh state. A change from active to inactive raises the session epoch and marks the
 * revocation in the same write.
 *
 * @param change pure; gives the very same object back when nothing changes, and then nothing is written
 * @throws NotFound, PreconditionFailed, UniquenessConflict, ProtectedUser, and whatever `change` and the directory's
 *   policy throw
 */
export async function modifyUser(
  directory: Directory,
  id: string,
  change: (attributes: JsonObject) => JsonObject,
  precondition?: Precondition,
): Promise<StoredUser> {
  const ask = askingOnce(directory);
  return modifyResource(directory, 'User', id, precondition, async (user) => {
    const changed = change(user.attributes);
    if (changed === user.attributes) return undefined;
    const attributes = withActive(changed, isActive(user.attributes));
    const taken = takenFrom(directory.tenant, user.attributes, attributes);
    const unlessProtected = refuseIfProtected(directory, user, taken);
    const next = {
      ...user,
      version: user.version + 1,
      lastModified: directory.now().toISOString(),
      attributes,
      formerNames: formerNamesAfter(directory, user, attributes),
    };
    const writes = modifyWrites(directory, user, next, unlessProtected);
    await ask(user.version, { kind: 'User', id: user.id, before: user.attributes, after: attributes });
    return { next, writes, conflict: (error) => explained(error, writes, next) };
  });
}

/**
 * The writes of `modifyUser`; the first is the user itself.
 *
 * @param unlessProtected fails when somebody has protected the user since they were read, which raises no version
 */
function modifyWrites(
  directory: Directory,
  user: StoredUser,
  next: StoredUser,
  unlessProtected: boolean,
): Write[] {
  const deactivated = isActive(user.attributes) && !isActive(next.attributes);
  const mark = revocationMark(directory.now().getTime(), user.id);
  const body = bodyOf(next.attributes, user.attributes);
  const { formerNames } = next;
  const update: Write = {
    kind: 'update',
    key: resourceKey(directory.tenant, 'User', user.id),
    update: `SET version = :next, lastModified = :now, active = :active, body = :body, ${SET_ORIGIN}${
      deactivated ? ', sessionEpoch = sessionEpoch + :one, revocationPending = :pending, g1 = :g1' : ''
    }${formerNames === undefined ? '' : ', formerNames = :formerNames'}`,
    values: {
      ':next': next.version,
      ':now': next.lastModified,
      ':active': isActive(next.attributes),
      ':body': body,
      ...originValues(directory.origin),
      ...(formerNames === undefined ? {} : { ':formerNames': formerNames }),
      ...(deactivated ? { ':one': 1, ':pending': mark.revocationPending, ':g1': mark.g1 } : {}),
    },
    condition: {
      expression: `version = :version${unlessProtected ? ` AND ${STILL_UNPROTECTED}` : ''}`,
      values: { ':version': user.version },
    },
    expectedAfter: { version: next.version, lastModified: next.lastModified, body },
  };
  return [
    update,
    ...indexWrites(directory.tenant, 'User', user.id, user, next),
    ...formerNameWrites(directory, user, next.attributes),
  ];
}

/**
 * Memberships up to this many go in the deleting transaction, each with its group's version; more are left to the
 * cleaner and hidden meanwhile.
 */
const MAX_MEMBERSHIPS_AT_ONCE = 20;

/**
 * Deletes a user in one transaction: the user, guard and index items, the counter, and a tombstone that carries the
 * revocation mark. The userName is free at once.
 *
 * @throws NotFound, PreconditionFailed, ProtectedUser, and what the directory's policy throws
 */
export async function deleteUser(
  directory: Directory,
  id: string,
  precondition?: Precondition,
): Promise<void> {
  const memberships = membershipsOf(directory, id);
  // It is read beside the user; when the user is not there, nobody awaits it.
  memberships.catch(() => undefined);
  let leaveToCleaner = false;
  const ask = askingOnce(directory);
  await modifyResource(directory, 'User', id, precondition, async (user) => {
    const unlessProtected = refuseIfProtected(directory, user, 'deletion');
    await ask(user.version, { kind: 'User', id: user.id, before: user.attributes, after: undefined });
    return {
      next: user,
      writes: deleteWrites(directory, user, await memberships, { leaveToCleaner, unlessProtected }),
      conflict: () => {
        // One of the groups was deleted, or its members are being changed in bulk: the cleaner sorts that out.
        leaveToCleaner = true;
        return 'again';
      },
    };
  });
}

function deleteWrites(
  directory: Directory,
  user: StoredUser,
  memberships: readonly Membership[],
  { leaveToCleaner, unlessProtected }: { leaveToCleaner: boolean; unlessProtected: boolean },
): Write[] {
  const { tenant } = directory;
  const isSmall = memberships.length <= MAX_MEMBERSHIPS_AT_ONCE;
  const atOnce = isSmall && !leaveToCleaner;
  const groups = memberships.map(({ groupId }) => groupId);
  return [
    {
      kind: 'delete',
      key: resourceKey(tenant, 'User', user.id),
      // "Sign out everywhere" raises the epoch alone, and the tombstone tells the epoch of the last sessions. The app
      // sets its own id without a new version, and its guard goes with the user.
      condition: {
        expression: [
          'version = :version AND sessionEpoch = :epoch',
          user.appId === undefined ? 'attribute_not_exists(appId)' : 'appId = :appId',
          ...(unlessProtected ? [STILL_UNPROTECTED] : []),
        ].join(' AND '),
        values: {
          ':version': user.version,
          ':epoch': user.sessionEpoch,
          ...(user.appId === undefined ? {} : { ':appId': user.appId }),
        },
      },
    },
    ...indexWrites(tenant, 'User', user.id, user, undefined),
    ...formerNameWrites(directory, user, undefined),
    countWrite(directory, 'User', user.id, -1),
    ...tombstoneWrites(directory, user, { hideMemberships: !atOnce, groups: isSmall ? groups : [] }),
    ...(atOnce ? membershipRemovalWrites(directory, memberships) : []),
  ];
}

function explained(error: unknown, writes: readonly Write[], user: StoredUser): unknown {
  if (!(error instanceof ConditionFailed)) return error;
  return uniquenessError(error, writes, 'User', user) ?? error;
}
