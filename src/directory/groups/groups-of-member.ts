import { type Directory, effortOf, payForLooking } from '../resources/directory';
import type { StoredGroup } from '../resources/items';
import { LATE_WRITES_MS } from '../resources/late-writes';
import { isResourceId, type ResourceId, resourcePartition, resourceSortKey } from '../table/keys';
import { inParallel } from '../table/parallel';
import { membersOf } from './groups';
import { membersAmong } from './members-among';
import { membershipsOf } from './memberships';

/** What tells whether the index may be behind a group's members. */
type Changed = Pick<StoredGroup, 'change' | 'carriedOutAt' | 'lastModified'>;

/**
 * Whether the index may not know all members of a group yet. Every change of members gives the group a new version
 * before any member is written, and a large one tells when it was carried out.
 */
export const mayBeAheadOfIndex = (
  { now }: Directory,
  { change, carriedOutAt = 0, lastModified }: Changed,
): boolean =>
  change !== undefined || now().getTime() - Math.max(carriedOutAt, Date.parse(lastModified)) < LATE_WRITES_MS;

/**
 * The ids of all groups that have this user or group as a direct member: by the index, and of the groups that may be
 * ahead of it by their own member items. So nothing that was acknowledged before is missing, at the price of looking
 * at all groups of the tenant (a read unit for each 4 kB of them); one that is left meanwhile may be among
 * them.
 *
 * @param options `withHidden`: also of one who is deleted, and whom the cleaner has not taken out of all of them yet
 */
export async function groupIdsOf(
  directory: Directory,
  memberId: string,
  options: { readonly withHidden?: boolean } = {},
): Promise<string[]> {
  const [indexed, ahead] = await Promise.all([
    membershipsOf(directory, memberId),
    groupsAheadOfIndex(directory),
  ]);
  const found = new Set(indexed.map(({ groupId }) => groupId));
  const unknown = ahead.filter(({ id }) => !found.has(id));
  for (const [id, members] of await membersAmong(directory, unknown, [memberId], options)) {
    if (members.length > 0) found.add(id);
  }
  return [...found];
}

/**
 * The memberships that the index may not know yet, and others of the same groups: ids of groups by member.
 *
 * @param onRead is told the number of members on each page, and may throw
 */
export async function membershipsAheadOfIndex(
  directory: Directory,
  onRead: (count: number) => void,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const memberships = new Map<string, string[]>();
  await inParallel(await groupsAheadOfIndex(directory), async (group) => {
    for (const { id } of await membersOf(directory, group, { onRead })) {
      const groupIds = memberships.get(id);
      if (groupIds === undefined) memberships.set(id, [group.id]);
      else groupIds.push(group.id);
    }
  });
  return memberships;
}

async function groupsAheadOfIndex(directory: Directory): Promise<(Changed & { id: ResourceId })[]> {
  const query = {
    pk: resourcePartition(directory.tenant),
    sk: { prefix: resourceSortKey('Group', '') },
    attributes: ['sk', 'change', 'carriedOutAt', 'lastModified'],
  };
  const ahead: (Changed & { id: ResourceId })[] = [];
  const effort = effortOf(directory);
  for await (const page of directory.table.pages<Changed>(query)) {
    payForLooking(effort, page.length, 0);
    for (const { sk, change, carriedOutAt, lastModified } of page) {
      const id = sk.slice(2);
      const group = { change, carriedOutAt, lastModified };
      if (isResourceId(id) && mayBeAheadOfIndex(directory, group)) ahead.push({ id, ...group });
    }
  }
  return ahead;
}
