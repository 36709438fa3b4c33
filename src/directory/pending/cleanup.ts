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
import {
  ConditionFailed,
  MAX_WRITES_IN_A_TRANSACTION,
  type Query,
  type Table,
  type Write,
} from '../table/table';

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
  const key = tombstoneKey(tenant, kind, id);
  const tombstone = await table.get<Tombstone>(key);
  if (tombstone?.cleanupPending === undefined) return;
  const isLast = directory.now().getTime() - tombstone.cleanupPending >= LATE_WRITES_MS;
  const inItsName = { ...directory, origin: originOf(tombstone) ?? directory.origin };
  const isUnderWay: Write & { kind: 'check' } = {
    kind: 'check',
    key,
    condition: { expression: 'cleanupPending = :since', values: { ':since': tombstone.cleanupPending } },
  };
  await leaveGroups(inItsName, id, isUnderWay);
  // The chunks go first: whoever still carries the change out writes members only together with the chunk.
  if (tombstone.change !== undefined) {
    await deleteAll(directory, key, {
      pk: changePartition(tenant, id, tombstone.change.id),
      attributes: ['pk', 'sk'],
    });
  }
  if (kind === 'Group') {
    await deleteAll(directory, key, { pk: memberPartition(tenant, id), attributes: ['pk', 'sk'] });
  }
  if (isLast) await clearMark(directory, tombstone);
}

/**
 * The tombstone leaves the index of pending work with its last mark. A revoker that clears its own at this moment
 * makes the condition fail, and the sweep comes again; so does a restoration, with which the mark is gone.
 */
async function clearMark({ table, tenant, now }: Directory, tombstone: Tombstone & ItemKey): Promise<void> {
  const { pk, sk, cleanupPending, revocationPending } = tombstone;
  const isLastMark = revocationPending === undefined;
  const other = `attribute_${isLastMark ? 'not_exists' : 'exists'}(revocationPending)`;
  await isWritten(table, [
    { kind: 'delete', key: hiddenMemberKey(tenant, sk.slice(2)) },
    {
      kind: 'update',
      key: { pk, sk },
      update: `SET cleanedUpAt = :now REMOVE cleanupPending, #change${isLastMark ? ', g1' : ''}`,
      names: { '#change': 'change' },
      values: { ':now': now().getTime(), ':since': cleanupPending },
      condition: { expression: `cleanupPending = :since AND ${other}` },
    },
  ]);
}

/**
 * Ends the memberships of somebody who is gone and gives the groups a new version. Whoever was restored meanwhile
 * keeps those that are left, and those that they are given.
 */
async function leaveGroups(
  directory: Directory,
  id: string,
  isUnderWay: Write & { kind: 'check' },
): Promise<void> {
  const { table, tenant } = directory;
  const memberships = await membershipsOf(directory, id);
  for (let start = 0; start < memberships.length; start += LEFT_AT_ONCE) {
    stopInTime(directory);
    const some = memberships.slice(start, start + LEFT_AT_ONCE);
    // The version first: a run that dies between the two is repeated, and a version raised twice harms nobody.
    await inParallel(some, ({ groupId }) => raiseVersion(directory, groupId, id));
    // One transaction after the other, since two that check one item refuse each other.
    const removals = some.map(({ groupId }) => memberDelete(tenant, groupId, id));
    if (!(await isWritten(table, [isUnderWay, ...removals]))) return;
  }
}

async function raiseVersion(directory: Directory, groupId: string, memberId: string): Promise<void> {
  // When it fails, the group is gone too, or a large change of its members is about to give it a new version.
  await isWritten(directory.table, [groupTouch(directory, groupId, { add: [], remove: [memberId] })]);
}

/** False when a condition did not hold. */
async function isWritten(table: Table, writes: readonly Write[]): Promise<boolean> {
  try {
    await table.transact(writes);
    return true;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return false;
  }
}

/**
 * Deletes page by page. A run that was slower than another one ends with the mark: a restored group can have members
 * again.
 */
async function deleteAll(directory: Directory, tombstone: ItemKey, query: Query): Promise<void> {
  const { table } = directory;
  let isFirst = true;
  for await (const page of table.pages<ItemKey>({ ...query, limit: DELETED_AT_ONCE })) {
    stopInTime(directory);
    if (!isFirst && (await table.get<Tombstone>(tombstone))?.cleanupPending === undefined) return;
    isFirst = false;
    await table.batchWrite(page.map(({ pk, sk }) => ({ kind: 'delete', key: { pk, sk } })));
  }
}

/** Time before the deadline at which work is left for the next run. */
const RESERVE_MS = 3_000;
/** Memberships in one transaction, beside the look at the tombstone. */
const LEFT_AT_ONCE = MAX_WRITES_IN_A_TRANSACTION - 1;
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
