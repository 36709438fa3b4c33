import type { Directory } from '../resources/directory';
import type { ResourceId } from '../table/keys';
import { inParallel } from '../table/parallel';
import { NestingWay } from './group-nesting';
import { getGroup, membersOf } from './groups';
import { type Member, membersAfter } from './memberships';

/**
 * The ids of all users in a group, directly or through groups in it; for the filter `groups.value eq "…"`.
 *
 * @returns sorted
 * @throws TooMany when groups, members, levels or time are more than one request may take
 */
export async function userIdsIn(directory: Directory, groupId: string): Promise<string[]> {
  return (await usersIn(directory, groupId)).ids;
}

/** As `userIdsIn`, and whether the group is flat: it has no groups as members. */
export async function usersIn(
  directory: Directory,
  groupId: string,
): Promise<{ ids: string[]; isFlat: boolean }> {
  const way = new NestingWay(directory);
  const users = new Set<string>();
  const visited = new Set<string>([groupId]);
  let level = [groupId];
  while (level.length > 0) {
    way.enterLevel();
    const next: string[] = [];
    await inParallel(level, async (id) => {
      for (const member of await allMembers(directory, id, way)) {
        if (member.kind === 'User') users.add(member.id);
        else if (!visited.has(member.id)) {
          visited.add(member.id);
          next.push(member.id);
        }
      }
    });
    level = next;
  }
  return { ids: [...users].sort(), isFlat: visited.size === 1 };
}

/**
 * Some of the users in a flat group, in the order of their ids: what costs as much as it gives, however large the group
 * is.
 *
 * @param afterId "" begins with the first
 * @returns undefined when the group is not flat (any more), or a larger change of its members is being carried out:
 *   then all of them have to be read
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
  if (members.some(({ kind }) => kind === 'Group')) return undefined;
  return { ids: members.map(({ id }) => id), isLast };
}

async function allMembers(directory: Directory, groupId: string, way: NestingWay): Promise<Member[]> {
  const group = await getGroup(directory, groupId);
  if (group === undefined) return [];
  way.readGroup(JSON.stringify(group.attributes).length);
  return membersOf(directory, group, {
    onRead: (count) => {
      way.readMemberships(count);
    },
  });
}
