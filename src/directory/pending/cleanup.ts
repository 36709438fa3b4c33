import { getGroup } from '../groups/groups';
import { rollForward } from '../groups/membership-journal';
import { groupTouch, memberDelete, membershipsOf } from '../groups/memberships';
import type { Directory } from '../resources/directory';
import type { PendingChange } from '../resources/items';
import { LATE_WRITES_MS } from '../resources/late-writes';
import { type Origin, originOf } from '../resources/origin';
import {
  changePartition,
  hiddenMemberKey,
  type ItemKey,
  memberPartition,
  type ResourceKind,
  tombstoneKey,
} from '../table/keys';
import { inParallel } from '../table/parallel';
import { ConditionFailed, type Query } from '../table/table';

/** A tombstone as far as the cleanup reads it. */
interface Tombstone extends Partial<Origin> {
  readonly cleanupPending?: number;
  readonly revocationPending?: number;
  readonly change?: PendingChange;
}

/**
 * Removes what a deleted user or group has left behind: its memberships, a group's member items, the chunks of an
 * unfinished membership change. Once nothing can be added any more (LATE_WRITES_MS), it takes the cleanup mark off
 * the tombstone; until then the stream and the sweep drive it, and hidden members stay hidden. Idempotent.
 */
export async function cleanUp(directory: Directory, kind: ResourceKind, id: string): Promise<void> {
  const { table, tenant } = directory;
  const tombstone = await table.get<Tombstone>(tombstoneKey(tenant, kind, id));
  if (tombstone?.cleanupPending === undefined) return;
  const isLast = directory.now().getTime() - tombstone.cleanupPending >= LATE_WRITES_MS;
  const inItsName = { ...directory, origin: originOf(tombstone) ?? directory.origin };
  await leaveGroups(inItsName, id);
  // The chunks go first: whoever still carries the change out writes members only together with the chunk.
  if (tombstone.change !== undefined) {
    await deleteAll(directory, {
      pk: changePartition(tenant, id, tombstone.change.id),
      attributes: ['pk', 'sk'],
    });
  }
  if (kind === 'Group') {
    await deleteAll(directory, { pk: memberPartition(tenant, id), attributes: ['pk', 'sk'] });
  }
  if (isLast) await clearMark(directory, kind, id, tombstone.revocationPending === undefined);
}

/**
 * The tombstone leaves the index of pending work with its last mark. A revoker that clears its own at this moment
 * makes the condition fail, and the sweep comes again.
 */
async function clearMark(
  { table, tenant }: Directory,
  kind: ResourceKind,
  id: string,
  isLastMark: boolean,
): Promise<void> {
  const other = `attribute_${isLastMark ? 'not_exists' : 'exists'}(revocationPending)`;
  try {
    await table.transact([
      { kind: 'delete', key: hiddenMemberKey(tenant, id) },
      {
        kind: 'update',
        key: tombstoneKey(tenant, kind, id),
        update: `REMOVE cleanupPending, #change${isLastMark ? ', g1' : ''}`,
        names: { '#change': 'change' },
        condition: { expression: `attribute_exists(cleanupPending) AND ${other}` },
      },
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/** Ends the memberships of somebody who is gone and gives the groups a new version. */
async function leaveGroups(directory: Directory, id: string): Promise<void> {
  const { table, tenant } = directory;
  await inParallel(await membershipsOf(directory, id), async ({ groupId }) => {
    stopInTime(directory);
    // The version first: a run that dies between the two is repeated, and a version raised twice harms nobody.
    try {
      await table.write(groupTouch(directory, groupId, { add: [], remove: [id] }));
    } catch (error) {
      // The group is gone too, or a large change of its members is about to give it a new version.
      if (!(error instanceof ConditionFailed)) throw error;
    }
    await table.write(memberDelete(tenant, groupId, id));
  });
}

async function deleteAll(directory: Directory, query: Query): Promise<void> {
  const { table } = directory;
  for await (const page of table.pages<ItemKey>({ ...query, limit: DELETED_AT_ONCE })) {
    stopInTime(directory);
    await table.batchWrite(page.map(({ pk, sk }) => ({ kind: 'delete', key: { pk, sk } })));
  }
}

/** Time before the deadline at which work is left for the next run. */
const RESERVE_MS = 3_000;
/** So many deletions take far less than the reserve. */
const DELETED_AT_ONCE = 1_000;

/**
 * Ends a cleanup whose function is about to be ended: 50,000 members take longer than one run. What is done stays
 * done, and a function that is killed would take the other records of its batch with it.
 *
 * @throws Error so that the stream's record is delivered again
 */
function stopInTime({ table }: Directory): void {
  if (Date.now() > table.giveUpAt() - RESERVE_MS) throw new Error('The cleanup needs another run.');
}

/**
 * Finishes a large membership change whose request did not live to do it.
 *
 * @throws Error when the time was not enough, so that the stream's record is delivered again; what was done stays done
 */
export async function finishChange(directory: Directory, groupId: string): Promise<void> {
  const group = await getGroup(directory, groupId);
  if (group?.change === undefined) return;
  const isDone = await rollForward(directory, groupId, group.change, {
    until: directory.table.giveUpAt() - RESERVE_MS,
  });
  if (!isDone) throw new Error(`The membership change ${group.change.id} needs another run.`);
}
