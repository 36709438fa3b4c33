import { groupTouch, memberPut } from '../groups/memberships';
import type { Directory } from '../resources/directory';
import { formerNamesBack } from '../resources/former-names';
import type { StoredUser } from '../resources/items';
import { type Restorable, restorationWrites, restoredState, restoreResource } from '../resources/restoration';
import { revocationMark } from '../resources/revocation';
import type { ResourceId } from '../table/keys';
import type { Write } from '../table/table';
import { guardsAppId } from '../table/value-keys';

/** A user who is back. */
export interface RestoredUser {
  readonly user: StoredUser;
  /** The groups that the user is a member of again. */
  readonly groups: readonly string[];
  /** Those that the deletion took the user out of and that are gone, or whose members are being changed in bulk. */
  readonly groupsLeftOut: readonly string[];
  /** The appId that the user had and that another user has got meanwhile. */
  readonly appIdLeftOut?: string;
}

/**
 * Puts a deleted user back under the same id, in one transaction: attributes, userName, what the user is found by, and
 * the memberships that the deletion ended (docs/decisions.md, "What is deleted stays in its tombstone"). Whoever was
 * inactive comes back inactive. No session from before the deletion is accepted again: the epoch is newer than any
 * that the user ever had, and sessions that still wait for their removal go on waiting, by the mark that moves to the
 * user. An appId that another user has by now stays there: whoever is back must not be kept out by it.
 *
 * @param withMemberships false for whoever puts these back one by one
 * @throws NotRestorable with the reason
 */
export async function restoreUser(
  directory: Directory,
  id: string,
  { withMemberships = true } = {},
): Promise<RestoredUser> {
  const leftOut = new Set<string>();
  let groups: readonly string[] = [];
  const restored = await bringBack(directory, id, async (userId, { attributes, kept }) => {
    const before = withMemberships ? (kept.groups ?? []) : [];
    groups = before.filter((groupId) => !leftOut.has(groupId));
    return {
      attributes,
      formerNames: kept.formerNames,
      writes: membershipWrites(directory, groups, userId),
      onConflict: (hasFailed) => {
        for (const [position, groupId] of groups.entries()) if (hasFailed(position)) leftOut.add(groupId);
      },
    };
  });
  return { ...restored, groups, groupsLeftOut: [...leftOut] };
}

/** How a deleted user comes back. */
interface Return extends Pick<StoredUser, 'attributes' | 'formerNames'> {
  /** What is written with it. */
  readonly writes: readonly Write[];
  /** Is told which of `writes` had a condition that did not hold. */
  readonly onConflict: (hasFailed: (position: number) => boolean) => void;
}

/**
 * Puts a deleted user back under the same id: what all ways back have in common.
 *
 * @param decide is asked for each attempt on what it has read
 * @throws NotRestorable with the reason, and whatever `decide` throws
 */
export async function bringBack(
  directory: Directory,
  id: string,
  decide: (id: ResourceId, deleted: Restorable) => Promise<Return>,
): Promise<Pick<RestoredUser, 'user' | 'appIdLeftOut'>> {
  let appIdLeftOut: string | undefined;
  const user = await restoreResource<StoredUser>(directory, 'User', id, async (userId, deleted) => {
    const { attributes, formerNames, writes, onConflict } = await decide(userId, deleted);
    const appId = appIdLeftOut === undefined ? deleted.kept.appId : undefined;
    const resource: StoredUser = {
      kind: 'User',
      ...restoredState(directory, userId, { ...deleted, attributes }),
      appId,
      formerNames,
      // One more would do, but for a table that was restored to a moment before: there an epoch may come a second time.
      sessionEpoch: Math.max((deleted.sessionEpoch ?? 0) + 1, directory.now().getTime()),
    };
    const own = userWrites(directory, resource, deleted);
    return {
      resource,
      writes: [...own, ...writes],
      onConflict: ({ failed }) => {
        if (failed.has(own.findIndex((write) => write.kind === 'put' && guardsAppId(write.item.sk))))
          appIdLeftOut = appId;
        onConflict((position) => failed.has(own.length + position));
      },
    };
  });
  return { user, ...(appIdLeftOut === undefined ? {} : { appIdLeftOut }) };
}

function userWrites(directory: Directory, user: StoredUser, deleted: Restorable): Write[] {
  const since = deleted.revocationPending;
  const mark = since === undefined ? {} : revocationMark(since, user.id);
  const marks = { ...mark, formerNames: user.formerNames };
  return [...restorationWrites(directory, user, deleted, marks), ...formerNamesBack(directory, user)];
}

/** The new versions of the groups first: their conditions fail by the position of the group. */
function membershipWrites(directory: Directory, groups: readonly string[], id: ResourceId): Write[] {
  return [
    ...groups.map((groupId) => groupTouch(directory, groupId, { add: [id], remove: [] })),
    ...groups.map((groupId) => memberPut(directory.tenant, groupId, { kind: 'User', id })),
  ];
}
