import type { Directory } from '../resources/directory';
import { resourceKey } from '../table/keys';
import { inParallel } from '../table/parallel';
import { ConditionFailed, MAX_WRITES_IN_A_TRANSACTION, type Write } from '../table/table';
import { deltaWrites, type MembershipDelta } from './membership-journal';
import { existingMembers, type NamedMember } from './memberships';

/**
 * Adds members together with other writes in one transaction, as long as they fit.
 *
 * @returns true when it has happened, the delta when it is too large
 */
export async function writeIfSmall(
  directory: Directory,
  id: string,
  wanted: MembershipDelta,
  others: readonly Write[],
): Promise<true | MembershipDelta> {
  const { table, tenant } = directory;
  const giveUpAt = table.giveUpAt();
  for (let attempt = 1, delta = wanted; ; attempt++) {
    const marks = nestingWrites(directory, id, delta);
    const writes = [...others, ...marks, ...deltaWrites(tenant, id, delta)];
    if (writes.length > MAX_WRITES_IN_A_TRANSACTION) return delta;
    try {
      await table.transact(writes);
      return true;
    } catch (error) {
      const isMark = (position: number) =>
        position >= others.length && position < others.length + marks.length;
      if (!(error instanceof ConditionFailed) || ![...error.failed].every(isMark)) throw error;
      // A group that was to become a member was deleted between the look and the write: look again.
      await table.backOff(attempt, giveUpAt);
      const members = delta.add.map(({ kind, id: member }): NamedMember => ({ id: member, type: kind }));
      delta = { add: await existingMembers(directory, members), remove: delta.remove };
    }
  }
}

/**
 * Marks groups that become members of another one, so that a user's indirect groups are only sought where there are
 * any. A group that is its own member needs no mark.
 */
export function nestingWrites(
  { tenant }: Directory,
  groupId: string,
  delta: MembershipDelta,
): (Write & { kind: 'update' })[] {
  return delta.add
    .filter(({ kind, id }) => kind === 'Group' && id !== groupId)
    .map(({ id }) => ({
      kind: 'update',
      key: resourceKey(tenant, 'Group', id),
      update: 'SET nested = :true',
      values: { ':true': true },
      condition: { expression: 'attribute_exists(pk)' },
    }));
}

/**
 * The marks of a change that is too large for one transaction, each on its own and before the change is committed: a
 * mark in vain costs a look, a missing one hides members.
 */
export async function markNested(
  directory: Directory,
  groupId: string,
  delta: MembershipDelta,
): Promise<void> {
  await inParallel(nestingWrites(directory, groupId, delta), async (mark) => {
    try {
      await directory.table.write(mark);
    } catch (error) {
      // Deleted meanwhile: its cleanup takes it out of this group, too.
      if (!(error instanceof ConditionFailed)) throw error;
    }
  });
}
