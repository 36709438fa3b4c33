import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../scim/json';
import { TooMany } from '../errors';
import { countWrite } from '../resources/counters';
import { type Directory, type Precondition, settingsOf } from '../resources/directory';
import { indexWrites, uniquenessError } from '../resources/index-items';
import { fromItem, type PendingChange, type StoredGroup, toItem } from '../resources/items';
import { modifyResource } from '../resources/modify';
import { askingOnce } from '../resources/policy';
import { deletedMeanwhile, isDeletedMeanwhile, neverDeleted, tombstoneWrites } from '../resources/tombstones';
import { isResourceId, type ResourceId, resourceKey } from '../table/keys';
import { ConditionFailed, type Write } from '../table/table';
import { askedMembers, idsOf } from './asked-members';
import { journalChange, overlay, pendingDelta, rollForwardInTime } from './membership-journal';
import { markNested, writeIfSmall } from './membership-writes';
import { existingMembers, type Member, memberPages, type NamedMember, tellUnknown } from './memberships';

/** Reads a group without its members, strongly consistent. */
export async function getGroup({ table, tenant }: Directory, id: string): Promise<StoredGroup | undefined> {
  if (!isResourceId(id)) return undefined;
  const item = await table.get(resourceKey(tenant, 'Group', id));
  return item === undefined ? undefined : fromItem('Group', item);
}

/**
 * Reads all members of a group, in the order of their ids.
 *
 * @throws TooMany when there are more than the answer can carry, and what `onRead` throws
 */
export async function membersOf(
  directory: Directory,
  group: Pick<StoredGroup, 'id' | 'change'>,
  bounds: MembersBounds = {},
): Promise<Member[]> {
  if (group.change === undefined) return collectMembers(directory, group.id, bounds);
  const pending = await pendingDelta(directory, group.id, group.change);
  return overlay(await collectMembers(directory, group.id, bounds), pending);
}

/** How many members of a group are read. */
interface MembersBounds {
  /** How many the answer can carry. */
  readonly most?: number;
  /** Is told the number of members on each page, and may throw. */
  readonly onRead?: (count: number) => void | Promise<void>;
}

/**
 * Reads a group and its members beside each other: one round trip for a group whose members fit on one page of a query.
 */
export async function readGroupWithMembers(
  directory: Directory,
  id: string,
  most: number,
): Promise<{ group: StoredGroup | undefined; members: Member[] }> {
  if (!isResourceId(id)) return { group: undefined, members: [] };
  const reading = collectMembers(directory, id, { most });
  // Should the group be gone, its members do not matter, whatever became of reading them.
  reading.catch(() => undefined);
  const group = await getGroup(directory, id);
  if (group === undefined) return { group, members: [] };
  if (group.change !== undefined) return { group, members: await membersOf(directory, group, { most }) };
  return { group, members: await reading };
}

async function collectMembers(
  directory: Directory,
  groupId: string,
  { most = Number.POSITIVE_INFINITY, onRead }: MembersBounds,
): Promise<Member[]> {
  const members: Member[] = [];
  for await (const page of memberPages(directory, groupId)) {
    await onRead?.(page.length);
    members.push(...page);
    if (members.length > most) throw tooManyMembers(most);
  }
  return members;
}

function tooManyMembers(most: number): TooMany {
  return new TooMany(
    'members answered',
    `The group has more than the ${most} members that one answer can carry.`,
  );
}

/**
 * Creates a group. Members that do not exist are left out. Up to about 90 members are written in the same
 * transaction, more are journaled: either way all or none.
 *
 * @param attributes canonical attributes without members
 * @param allottedId an id that other attempts of the same request use, too; a random one when absent
 * @throws UniquenessConflict when another group of the tenant has the displayName, in any case; Conflict when the
 *   group of the allotted id was deleted; ConditionFailed when it is there; what the directory's policy throws
 */
export async function createGroup(
  directory: Directory,
  attributes: JsonObject,
  members: readonly NamedMember[],
  allottedId?: ResourceId,
): Promise<StoredGroup> {
  const { tenant, table } = directory;
  const id = allottedId ?? (randomUUID() as ResourceId);
  const now = directory.now().toISOString();
  const group: StoredGroup = {
    kind: 'Group',
    id,
    version: 1,
    created: now,
    lastModified: now,
    attributes,
    uniqueName: uniqueNameIn(directory),
  };
  const add = await existingMembers(directory, members);
  const ids = idsOf({ add, remove: [] });
  const asked = askedMembers(ids);
  const create = (change: PendingChange | undefined): Write[] => [
    {
      kind: 'put',
      item: { ...toItem(tenant, { ...group, change }), ...directory.origin, asked },
      condition: { expression: 'attribute_not_exists(pk)' },
    },
    ...indexWrites(tenant, 'Group', id, undefined, group),
    countWrite(directory, 'Group', id, 1),
    ...(allottedId === undefined ? [] : [neverDeleted(tenant, 'Group', id)]),
  ];
  await directory.policy?.({ kind: 'Group', id, before: undefined, after: attributes, members: ids });
  try {
    const isWritten = await writeIfSmall(directory, id, { add, remove: [] }, create(undefined));
    if (isWritten !== true) {
      await markNested(directory, id, isWritten);
      const change = await journalChange(directory, id, isWritten);
      await table.transact(create(change));
      await rollForwardInTime(directory, id, change);
    }
    tellUnknown(directory, id, members, add);
    return group;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const writes = create(undefined);
    const taken = uniquenessError(error, writes, 'Group', group);
    throw taken ?? (isDeletedMeanwhile(error, writes) ? deletedMeanwhile('Group', id) : error);
  }
}

/** The mark of a group that is given its name now. */
export const uniqueNameIn = (directory: Directory): true | undefined =>
  settingsOf(directory).uniqueGroupNames || undefined;

/**
 * Deletes a group at a cost that does not depend on its members: they are removed by the cleaner and lead nowhere
 * meanwhile.
 *
 * @throws NotFound, PreconditionFailed, and what the directory's policy throws
 */
export async function deleteGroup(
  directory: Directory,
  id: string,
  precondition?: Precondition,
): Promise<void> {
  const ask = askingOnce(directory);
  await modifyResource(directory, 'Group', id, precondition, async (group) => {
    await ask(group.version, { kind: 'Group', id: group.id, before: group.attributes, after: undefined });
    const writes: Write[] = [
      {
        kind: 'delete',
        key: resourceKey(directory.tenant, 'Group', id),
        // A mark that was set since the read decides on who is hidden, and raises no version.
        condition: {
          expression: `version = :version${group.nested === true ? '' : ' AND attribute_not_exists(nested)'}`,
          values: { ':version': group.version },
        },
      },
      ...indexWrites(directory.tenant, 'Group', id, group, undefined),
      countWrite(directory, 'Group', id, -1),
      ...tombstoneWrites(directory, group, { hideMemberships: group.nested === true }),
    ];
    return { next: group, writes, conflict: (error) => error };
  });
}
