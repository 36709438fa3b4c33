import type { Directory } from './directory';
import { getGroup } from './groups';
import type { PendingChange } from './items';
import {
  changePartition,
  hiddenMemberKey,
  type ItemKey,
  memberPartition,
  type ResourceKind,
  tombstoneKey,
} from './keys';
import { rollForward } from './membership-journal';
import { groupTouch, memberDelete, membershipsOf } from './memberships';
import { inParallel } from './parallel';
import { ConditionFailed, type Query } from './table';

/** A tombstone as far as the cleanup reads it. */
interface Tombstone {
  readonly cleanupPending?: number;
  readonly change?: PendingChange;
}

/**
 * Removes what a deleted user or group has left behind: its memberships, a group's member items, the chunks of an unfinished membership change; then takes
 * the cleanup mark off the tombstone. Until then all of it is hidden from readers. Idempotent; may be repeated after a crash.
 */
export async function cleanUp(directory: Directory, kind: ResourceKind, id: string): Promise<void> {
  const { table, tenant } = directory;
  const tombstone = await table.get<Tombstone>(tombstoneKey(tenant, kind, id));
  if (tombstone?.cleanupPending === undefined) return;
  await leaveGroups(directory, id);
  // The chunks go first: whoever still carries the change out writes members only together with the chunk.
  if (tombstone.change !== undefined) {
    await deleteAll(directory, {
      pk: changePartition(tenant, id, tombstone.change.id),
      attributes: ['pk', 'sk'],
    });
  }
  if (kind === 'G') await deleteAll(directory, { pk: memberPartition(tenant, id), attributes: ['pk', 'sk'] });
  const clear = kind === 'G' ? 'REMOVE cleanupPending, #change, g1' : 'REMOVE cleanupPending, #change';
  await table.transact([
    { kind: 'delete', key: hiddenMemberKey(tenant, id) },
    { kind: 'update', key: tombstoneKey(tenant, kind, id), update: clear, names: { '#change': 'change' } },
  ]);
}

/** Ends the memberships of somebody who is gone and gives the groups a new version. */
async function leaveGroups(directory: Directory, id: string): Promise<void> {
  const { table, tenant, now } = directory;
  await inParallel(await membershipsOf(directory, id), async ({ groupId }) => {
    await table.write(memberDelete(tenant, groupId, id));
    try {
      await table.write(groupTouch(tenant, groupId, now(), undefined));
    } catch (error) {
      // The group is gone too, or a large change of its members is about to give it a new version.
      if (!(error instanceof ConditionFailed)) throw error;
    }
  });
}

async function deleteAll({ table }: Directory, query: Query): Promise<void> {
  for await (const page of table.pages<ItemKey>(query)) {
    await table.batchWrite(page.map(({ pk, sk }) => ({ kind: 'delete', key: { pk, sk } })));
  }
}

/** Time before the deadline at which a large membership change is left for the next try. */
const RESERVE_MS = 3_000;

/**
 * Finishes a large membership change whose request did not live to do it.
 *
 * @throws Error when the time was not enough, so that the stream's record is delivered again; what was done stays done
 */
export async function finishChange(directory: Directory, groupId: string): Promise<void> {
  const group = await getGroup(directory, groupId);
  if (group?.change === undefined) return;
  const isDone = await rollForward(directory, groupId, group.change, directory.table.giveUpAt() - RESERVE_MS);
  if (!isDone) throw new Error(`The membership change ${group.change.id} needs another run.`);
}
