import type { JsonObject } from '../../scim/json';
import { NotRestorable, Throttled, TooMany, UniquenessConflict } from '../errors';
import { groupIdsOf } from '../groups/groups-of-member';
import { membershipRemovalWrites } from '../groups/memberships';
import { type Directory, settingsOf } from '../resources/directory';
import { formerNamesAfter } from '../resources/former-names';
import type { StoredUser } from '../resources/items';
import type { Restorable } from '../resources/restoration';
import type { ResourceId } from '../table/keys';
import type { Write } from '../table/table';
import { withActive } from './creation';
import { deletedUserWith } from './deleted-users';
import { bringBack } from './restore-user';
import { createUser } from './users';

/**
 * Gives the identity provider the user that it asks for: a new one, or, where the tenant wants that, the one who was
 * deleted with the same externalId, under the same id and with the attributes that are asked for now
 * (docs/tenant-settings.md). Whoever asks at the same time meets a user who is there.
 *
 * @param allottedId an id that other attempts of the same request use, too: a deleted user's when it was found before
 * @throws what `createUser` throws; Throttled while the user's memberships are still being removed
 */
export async function provisionUser(
  directory: Directory,
  attributes: JsonObject,
  allottedId?: ResourceId,
): Promise<StoredUser> {
  const { table } = directory;
  const { externalId } = attributes;
  const giveUpAt = table.giveUpAt();
  for (let attempt = 0; wantsBack(directory) && typeof externalId === 'string'; attempt++) {
    const id = await deletedUserWith(directory, externalId);
    if (id === undefined || (allottedId !== undefined && allottedId !== id)) break;
    try {
      return await reprovision(directory, id, attributes);
    } catch (error) {
      if (!(error instanceof NotRestorable)) throw error;
      if (error.reason === 'name-taken') throw new UniquenessConflict('userName', attributes.userName);
    }
    // Somebody else was faster: look again.
    await table.backOff(attempt, giveUpAt);
  }
  return createUser(directory, attributes, allottedId);
}

/** Whether a deleted user is to be given back to whoever asks for another one with the same externalId. */
export const wantsBack = (directory: Directory): boolean =>
  settingsOf(directory).reprovision === 'sameExternalId';

/**
 * Unlike an administrator's restoration this gives no membership back: the identity provider has forgotten them with
 * the user, and tells those of today.
 */
async function reprovision(directory: Directory, id: ResourceId, given: JsonObject): Promise<StoredUser> {
  const attributes = withActive(given, true);
  await directory.policy?.({ kind: 'User', id, before: undefined, after: attributes });
  const { user } = await bringBack(directory, id, async (userId, deleted) => ({
    attributes,
    formerNames: formerNamesAfter(
      directory,
      { id: userId, attributes: deleted.attributes, formerNames: deleted.kept.formerNames },
      attributes,
    ),
    writes: await leftoverRemovals(directory, userId, deleted),
    onConflict: (hasFailed) => {
      // One of the groups is gone or in the middle of a large change, and so is the membership.
      if (hasAnyFailed(hasFailed)) throw stillLeaving();
    },
  }));
  return user;
}

/** Memberships that are removed with the return; more are left to the cleaner. */
const MAX_LEFTOVERS = 20;

const hasAnyFailed = (hasFailed: (position: number) => boolean): boolean =>
  Array.from({ length: 2 * MAX_LEFTOVERS }, (_, position) => position).some(hasFailed);

/**
 * The removal of what the cleaner has not got to: with the tombstone nobody would remove it any more. That is also what
 * the index does not know yet, of whoever was deleted less than a minute ago.
 */
async function leftoverRemovals(
  directory: Directory,
  id: ResourceId,
  { cleanupPending }: Restorable,
): Promise<Write[]> {
  if (cleanupPending === undefined) return [];
  const groups = await groupsLeft(directory, id);
  if (groups.length > MAX_LEFTOVERS) throw stillLeaving();
  return membershipRemovalWrites(
    directory,
    groups.map((groupId) => ({ groupId, memberId: id })),
  );
}

/** @throws Throttled where a tenant has more groups than one request may look at: once the cleaner is done, none is */
async function groupsLeft(directory: Directory, id: ResourceId): Promise<string[]> {
  try {
    return await groupIdsOf(directory, id, { withHidden: true });
  } catch (error) {
    throw error instanceof TooMany ? stillLeaving() : error;
  }
}

const stillLeaving = (): Throttled =>
  new Throttled(
    'The user with this externalId was deleted a moment ago and is still being taken out of its groups. Repeat the request later.',
    30,
  );
