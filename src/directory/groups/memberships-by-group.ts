import { countResources } from '../resources/counters';
import type { Directory } from '../resources/directory';
import { memberPartition, resourcePartition, resourceSortKey } from '../table/keys';
import { inParallel } from '../table/parallel';
import type { Item } from '../table/table';
import type { NestingWay } from './group-nesting';

/** Below this many users it is not worth asking how many groups there are. */
const MIN_USERS = 50;
/** Groups are asked instead of users when there are this many times fewer of them. */
const ADVANTAGE = 3;

/** The direct groups of some users, found from the groups' side. */
export interface MembershipsByGroup<Group> {
  /** Ids of the groups by user id. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** Every group of the tenant by its id. */
  readonly groups: ReadonlyMap<string, Group>;
}

/**
 * Finds the groups of a page of users with one query per group instead of one per user: users on a page are neighbours
 * in the order of the ids, and so are their member items in each group. Pages of a list are default traffic (100 users
 * at Okta, 1,000 at PingFederate), and a tenant usually has fewer groups than that.
 *
 * @param attributes of the groups' items to read
 * @param way pays for what is read
 * @returns undefined when asking the users is cheaper: few users, many groups, or a page that is spread over a large
 *   group
 */
export async function membershipsByGroup<Group extends object>(
  directory: Directory,
  userIds: readonly string[],
  attributes: readonly string[],
  way: NestingWay,
): Promise<MembershipsByGroup<Group> | undefined> {
  if (userIds.length < MIN_USERS) return undefined;
  const { total } = await countResources(directory, 'Group');
  if (total * ADVANTAGE > userIds.length) return undefined;
  const groups = await readGroups<Group>(directory, attributes);
  const sorted = [...userIds].sort();
  const range = { from: sorted[0] ?? '', to: sorted.at(-1) ?? '' };
  const wanted = new Set(userIds);
  const parents = new Map<string, string[]>(userIds.map((id) => [id, []]));
  const asked = await inParallel([...groups.keys()], async (groupId) => {
    const pk = memberPartition(directory.tenant, groupId);
    const limit = userIds.length * 2;
    const { items, after } = await directory.table.query({ pk, sk: range, attributes: ['sk'], limit });
    way.readMemberships(items.length);
    for (const { sk } of items) if (wanted.has(sk)) parents.get(sk)?.push(groupId);
    return after === undefined;
  });
  return asked.every(Boolean) ? { parents, groups } : undefined;
}

async function readGroups<Group extends object>(
  { table, tenant }: Directory,
  attributes: readonly string[],
): Promise<Map<string, Group>> {
  const items = await table.queryAll<Item & Group>({
    pk: resourcePartition(tenant),
    sk: { prefix: resourceSortKey('Group', '') },
    attributes: ['sk', ...attributes],
  });
  return new Map(items.map((item) => [item.sk.slice(2), item]));
}
