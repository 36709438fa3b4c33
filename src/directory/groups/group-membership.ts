import { Effort, MAX_EFFORT } from '../../scim/effort';
import { type Directory, effortOf } from '../resources/directory';
import type { PendingChange } from '../resources/items';
import { resourceKey } from '../table/keys';
import { inParallel } from '../table/parallel';
import { type BeyondBounds, NestingWay } from './group-nesting';
import { membersAmong } from './members-among';
import { membershipPages } from './memberships';
import { membershipsByGroup } from './memberships-by-group';

/** One of a user's groups, as the read-only attribute `groups` shows it (RFC 7643 section 4.1.2). */
export interface GroupMembership {
  readonly value: string;
  readonly display?: string;
  readonly type: 'direct' | 'indirect';
}

/** One of a user's groups, with what leads to it. */
export interface ReachedGroup extends GroupMembership {
  /** Ids of those groups of the user that are members of it. */
  readonly through: readonly string[];
}

/** Groups that are read before the next ones are asked for: the bound on groups is looked at in between. */
const GROUPS_AT_ONCE = 1_000;

interface GroupItem {
  readonly body: string;
  readonly nested?: true;
  readonly change?: PendingChange;
}
const GROUP_ATTRIBUTES = ['body', 'nested', 'change'];

/** What is known of a group that users are in. */
interface KnownGroup {
  readonly display: string | undefined;
  /** Whether the group was ever made a member of another one: only then are its parents looked for. */
  readonly nested: boolean;
  readonly change: PendingChange | undefined;
}

/** The groups above some users, as they become known level by level. */
interface GroupsAbove {
  readonly way: NestingWay;
  /** Groups by member, beside those that the index knows. */
  readonly ahead: ReadonlyMap<string, readonly string[]>;
  /** Whether the groups are read strongly consistent. */
  readonly isExact: boolean;
  /** Ids of the groups that a user or group is directly in. */
  readonly parents: Map<string, readonly string[]>;
  /** Undefined for a group that is not there any more. */
  readonly groups: Map<string, KnownGroup | undefined>;
}

/** Up to this many users an answer shows whatever groups of theirs are within its bounds, and is never refused. */
export const MAX_LOOKED_UP = 5;
/**
 * What finding the groups that such an answer shows may take: some 20,000 groups, more than it could carry. Apart from
 * the request's own effort, which what is written or compared needs.
 */
const SHOWN_EFFORT = MAX_EFFORT / 4;
/** Bytes of an answer that these groups may take, of the 5 MB that there are (lambdas/middleware/proxy-event.ts). */
const MAX_SHOWN_BYTES = 2_500_000;
/** What a group takes in an answer without its name: twice its id, the service's URL, the names of attributes. */
const BYTES_BESIDE_DISPLAY = 250;

/**
 * The groups of each of these users as an answer shows them. Groups that are nested too deep are left out, and of a few
 * users whatever is beyond one request: nobody's groups may keep an identity provider from finding a user, and it
 * cannot write this attribute back. The directory's `onLeftOut` is told.
 *
 * @throws TooMany for a page of more users when groups, memberships or time are more than one request may take: with
 *   fewer users it is answered
 */
export async function groupsShown(
  directory: Directory,
  userIds: readonly string[],
): Promise<Map<string, GroupMembership[]>> {
  const isLookUp = userIds.length <= MAX_LOOKED_UP;
  const effort = new Effort(Math.min(SHOWN_EFFORT, Math.max(0, effortOf(directory).left)));
  const found = isLookUp
    ? await groupsAbove({ ...directory, effort }, userIds, { beyond: 'leave out' })
    : await groupsAbove(directory, userIds, { beyond: 'leave out levels' });
  const most = isLookUp ? MAX_SHOWN_BYTES / userIds.length : MAX_SHOWN_BYTES;
  return new Map([...found].map(([id, groups]) => [id, firstGroups(directory, groups, most)]));
}

/** As many of the groups as fit into so many bytes of an answer. */
function firstGroups(
  directory: Directory,
  groups: readonly GroupMembership[],
  most: number,
): GroupMembership[] {
  let bytes = 0;
  const end = groups.findIndex(({ display = '' }) => {
    bytes += BYTES_BESIDE_DISPLAY + Buffer.byteLength(JSON.stringify(display));
    return bytes > most;
  });
  if (end < 0) return [...groups];
  directory.onLeftOut?.('groups');
  return groups.slice(0, end);
}

/**
 * All groups of each of these users: one index query a user (or one query a group, where those are fewer), then the
 * distinct groups in batches, for their names and to leave out those that were deleted. Parents are sought only of
 * groups that are members of a group. Each group is read once, however many ways lead to it.
 *
 * @param confirmed shows no membership that has ended before the call: the index, which lags, is then only asked where
 *   to look, and each membership and its group are read strongly consistent. One that has just begun may still be
 *   missing.
 * @param ahead what `membershipsAheadOfIndex` found: then no membership is missing that began before the call. One that
 *   has just ended may still be shown.
 * @param beyond what becomes of groups that are more than one request may follow; refused when absent
 * @returns by user id, each list in the order of the group ids
 * @throws TooMany when groups, memberships, levels or time are more than one request may take
 */
export function groupsOfUsers(
  directory: Directory,
  userIds: readonly string[],
  exactness: Following = {},
): Promise<Map<string, GroupMembership[]>> {
  return groupsAbove(directory, userIds, exactness);
}

/**
 * A user's groups, as far as one request may follow them, each with what leads to it. No membership is shown that has
 * ended before the call. The directory's `onLeftOut` is told of what is left out.
 */
export async function waysOfUser(directory: Directory, userId: string): Promise<ReachedGroup[]> {
  const above = await followUp(directory, [userId], { confirmed: true, beyond: 'leave out' });
  const groups = membershipsFrom(userId, above);
  const through = new Map<string, string[]>(groups.map(({ value }) => [value, []]));
  for (const { value } of groups)
    for (const parent of above.parents.get(value) ?? []) through.get(parent)?.push(value);
  return groups.map((group) => ({ ...group, through: through.get(group.value) ?? [] }));
}

/** How exact it is to be, and what becomes of too much: as of `groupsOfUsers`. */
interface Following {
  readonly confirmed?: boolean;
  readonly ahead?: GroupsAbove['ahead'];
  readonly beyond?: BeyondBounds;
}

async function groupsAbove(
  directory: Directory,
  userIds: readonly string[],
  following: Following,
): Promise<Map<string, GroupMembership[]>> {
  const above = await followUp(directory, userIds, following);
  return new Map(userIds.map((id) => [id, membershipsFrom(id, above)]));
}

async function followUp(
  directory: Directory,
  userIds: readonly string[],
  { confirmed = false, ahead, beyond }: Following,
): Promise<GroupsAbove> {
  const above: GroupsAbove = {
    way: new NestingWay(directory, beyond),
    ahead: ahead ?? new Map(),
    isExact: confirmed || ahead !== undefined,
    parents: new Map(),
    groups: new Map(),
  };
  await loadDirectGroups(directory, userIds, above);
  let members = userIds;
  while (parentsOf(members, above).length > 0 && above.way.enterLevel()) {
    const unread = parentsOf(members, above).filter((id) => !above.groups.has(id));
    await loadGroups(directory, unread, above);
    if (confirmed) await inParallel(members, (id) => keepConfirmed(directory, id, above));
    if (above.way.isOver) break;
    const nested = parentsOf(members, above).filter(
      (id) => above.groups.get(id)?.nested === true && !above.parents.has(id),
    );
    await inParallel(nested, (id) => loadParents(directory, id, above));
    members = nested;
  }
  return above;
}

/** The groups that some users or groups are directly in, each once. */
const parentsOf = (ids: readonly string[], { parents }: GroupsAbove): string[] => [
  ...new Set(ids.flatMap((id) => parents.get(id) ?? [])),
];

/** Drops the memberships that have no item any more, and those of groups that are gone. */
async function keepConfirmed(
  directory: Directory,
  id: string,
  { parents, groups }: GroupsAbove,
): Promise<void> {
  const known = (parents.get(id) ?? []).flatMap((groupId) => {
    const group = groups.get(groupId);
    return group === undefined ? [] : [{ id: groupId, change: group.change }];
  });
  const members = await membersAmong(directory, known, [id]);
  parents.set(
    id,
    known.map((group) => group.id).filter((groupId) => (members.get(groupId) ?? []).length > 0),
  );
}

async function loadDirectGroups(
  directory: Directory,
  userIds: readonly string[],
  above: GroupsAbove,
): Promise<void> {
  const found = await membershipsByGroup<GroupItem>(directory, userIds, GROUP_ATTRIBUTES, above.way);
  if (found === undefined) {
    await inParallel(userIds, (id) => loadParents(directory, id, above));
    return;
  }
  for (const [id, item] of found.groups) {
    above.way.readGroup(item.body.length);
    above.groups.set(id, knownGroup(item));
  }
  for (const [id, groupIds] of found.parents) setParents(id, groupIds, above);
}

async function loadParents(directory: Directory, id: string, above: GroupsAbove): Promise<void> {
  if (above.way.isOver) return;
  const groupIds: string[] = [];
  for await (const memberships of membershipPages(directory, id)) {
    for (const { groupId } of memberships) groupIds.push(groupId);
    if (!above.way.readMemberships(memberships.length)) break;
  }
  setParents(id, groupIds, above);
}

function setParents(id: string, groupIds: readonly string[], { parents, ahead }: GroupsAbove): void {
  const more = ahead.get(id);
  parents.set(id, more === undefined ? groupIds : [...new Set([...groupIds, ...more])]);
}

async function loadGroups(
  { table, tenant }: Directory,
  ids: readonly string[],
  { way, groups, isExact }: GroupsAbove,
): Promise<void> {
  for (const id of ids) groups.set(id, undefined);
  for (let start = 0, goesOn = true; start < ids.length && goesOn; start += GROUPS_AT_ONCE) {
    const keys = ids.slice(start, start + GROUPS_AT_ONCE).map((id) => resourceKey(tenant, 'Group', id));
    const items = await table.batchGet<GroupItem>(keys, {
      consistent: isExact,
      attributes: ['sk', ...GROUP_ATTRIBUTES],
    });
    for (const item of items) {
      goesOn = way.readGroup(item.body.length);
      groups.set(item.sk.slice(2), knownGroup(item));
    }
  }
}

function knownGroup({ body, nested, change }: GroupItem): KnownGroup {
  const { displayName } = JSON.parse(body) as { displayName?: unknown };
  return {
    display: typeof displayName === 'string' ? displayName : undefined,
    nested: nested === true,
    change,
  };
}

function membershipsFrom(userId: string, { way, parents, groups }: GroupsAbove): GroupMembership[] {
  const found = new Map<string, GroupMembership>();
  let level = parents.get(userId) ?? [];
  for (let type: GroupMembership['type'] = 'direct'; level.length > 0; type = 'indirect') {
    const next: string[] = [];
    way.follow(level.length);
    for (const id of level) {
      const group = groups.get(id);
      if (group === undefined || found.has(id)) continue;
      found.set(id, { value: id, display: group.display, type });
      for (const parent of parents.get(id) ?? []) next.push(parent);
    }
    level = next;
  }
  return [...found.values()].sort((a, b) => (a.value < b.value ? -1 : 1));
}
