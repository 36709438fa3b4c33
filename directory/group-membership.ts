import type { Directory } from './directory';
import { getGroup, membersOf } from './groups';
import type { StoredGroup } from './items';
import { type ResourceId, resourceKey } from './keys';
import { type Member, membersAfter, membershipsOf } from './memberships';
import { membershipsByGroup } from './memberships-by-group';
import { inParallel } from './parallel';

/** One of a user's groups, as the read-only attribute `groups` shows it (RFC 7643 section 4.1.2). */
export interface GroupMembership {
  readonly value: string;
  readonly display?: string;
  readonly type: 'direct' | 'indirect';
}

/** Levels of groups in groups that are followed upwards; cycles end by themselves, since no group is visited twice. */
const DEEPEST_NESTING = 10;
/** Groups one user's answer can show. */
const MOST_GROUPS = 10_000;

type GroupItem = Pick<StoredGroup, 'nested'> & { readonly body: string };
const GROUP_ATTRIBUTES = ['body', 'nested'];

/**
 * The groups of each of these users: one index query a user (or one query a group, where those are fewer), then the distinct groups in batches, for their names and
 * to leave out those that were deleted. Parents are sought only of groups that are members of a group.
 *
 * @returns by user id, each list in the order of the group ids
 */
export async function groupsOfUsers(
  directory: Directory,
  userIds: readonly string[],
): Promise<Map<string, GroupMembership[]>> {
  const found = await membershipsByGroup<GroupItem>(directory, userIds, GROUP_ATTRIBUTES);
  const groups = new Map<string, GroupItem | undefined>(found?.groups);
  const parents = new Map<string, readonly string[]>(found?.parents);
  if (found === undefined) await inParallel(userIds, (id) => loadParents(directory, id, parents));
  let level = userIds.flatMap((id) => parents.get(id) ?? []);
  for (let depth = 0; depth < DEEPEST_NESTING && level.length > 0; depth++) {
    const distinct = [...new Set(level)].slice(0, MOST_GROUPS);
    await loadGroups(
      directory,
      distinct.filter((id) => !groups.has(id)),
      groups,
    );
    const nested = distinct.filter((id) => groups.get(id)?.nested === true && !parents.has(id));
    await inParallel(nested, (id) => loadParents(directory, id, parents));
    level = nested.flatMap((id) => parents.get(id) ?? []);
  }
  return new Map(userIds.map((id) => [id, membershipsFrom(id, parents, groups)]));
}

async function loadParents(
  directory: Directory,
  id: string,
  parents: Map<string, readonly string[]>,
): Promise<void> {
  const memberships = await membershipsOf(directory, id);
  parents.set(
    id,
    memberships.map(({ groupId }) => groupId),
  );
}

async function loadGroups(
  { table, tenant }: Directory,
  ids: readonly string[],
  groups: Map<string, GroupItem | undefined>,
): Promise<void> {
  for (const id of ids) groups.set(id, undefined);
  const keys = ids.map((id) => resourceKey(tenant, 'G', id));
  const items = await table.batchGet<GroupItem>(keys, { attributes: ['sk', ...GROUP_ATTRIBUTES] });
  for (const item of items) groups.set(item.sk.slice(2), item);
}

function membershipsFrom(
  userId: string,
  parents: ReadonlyMap<string, readonly string[]>,
  groups: ReadonlyMap<string, GroupItem | undefined>,
): GroupMembership[] {
  const found = new Map<string, GroupMembership>();
  let level = parents.get(userId) ?? [];
  for (let type: GroupMembership['type'] = 'direct'; level.length > 0; type = 'indirect') {
    const fresh = level.filter((id) => groups.get(id) !== undefined && !found.has(id));
    for (const id of fresh) found.set(id, { value: id, display: displayNameOf(groups.get(id)), type });
    level = fresh.flatMap((id) => parents.get(id) ?? []);
  }
  return [...found.values()].sort((a, b) => (a.value < b.value ? -1 : 1));
}

function displayNameOf(item: GroupItem | undefined): string | undefined {
  if (item === undefined) return undefined;
  const { displayName } = JSON.parse(item.body) as { displayName?: unknown };
  return typeof displayName === 'string' ? displayName : undefined;
}

/**
 * The ids of all users in a group, directly or through groups in it; for the filter `groups.value eq "…"`.
 *
 * @returns sorted
 */
export async function userIdsIn(directory: Directory, groupId: string): Promise<string[]> {
  return (await usersIn(directory, groupId)).ids;
}

/** As `userIdsIn`, and whether the group is flat: it has no groups as members. */
export async function usersIn(
  directory: Directory,
  groupId: string,
): Promise<{ ids: string[]; isFlat: boolean }> {
  const users = new Set<string>();
  const visited = new Set<string>([groupId]);
  let level = [groupId];
  for (let depth = 0; depth < DEEPEST_NESTING && level.length > 0; depth++) {
    const members = (await inParallel(level, (id) => allMembers(directory, id))).flat();
    for (const { kind, id } of members) if (kind === 'U') users.add(id);
    level = members.flatMap(({ kind, id }) => (kind === 'G' && !visited.has(id) ? [id] : []));
    for (const id of level) visited.add(id);
  }
  return { ids: [...users].sort(), isFlat: visited.size === 1 };
}

/**
 * Some of the users in a flat group, in the order of their ids: what costs as much as it gives, however large the group is.
 *
 * @param afterId "" begins with the first
 * @returns undefined when the group is not flat (any more), or a larger change of its members is being carried out: then all of them have to be read
 */
export async function usersInFlatGroup(
  directory: Directory,
  groupId: ResourceId,
  afterId: string,
  limit: number,
): Promise<{ ids: string[]; isLast: boolean } | undefined> {
  const group = await getGroup(directory, groupId);
  if (group === undefined) return { ids: [], isLast: true };
  if (group.change !== undefined) return undefined;
  const { members, isLast } = await membersAfter(directory, groupId, afterId, limit);
  if (members.some(({ kind }) => kind === 'G')) return undefined;
  return { ids: members.map(({ id }) => id), isLast };
}

async function allMembers(directory: Directory, groupId: string): Promise<Member[]> {
  const group = await getGroup(directory, groupId);
  return group === undefined ? [] : membersOf(directory, group);
}
