import { getGroup } from '../../directory/groups/groups';
import { membersAmong } from '../../directory/groups/members-among';
import { existingMembers, type NamedMember } from '../../directory/groups/memberships';
import type { Directory } from '../../directory/resources/directory';
import type { Duplicates } from './duplicates';
import type { Place } from './rows';
import type { MembersOutcome } from './write-groups';

/** What a dry run knows of the users and groups that the file would bring. */
export class Coming {
  /** Ids in the file of those that would not be created under them. */
  readonly #refused = new Set<string>();

  constructor(private readonly file: Duplicates) {}

  refuse(id: string | undefined): void {
    if (id !== undefined) this.#refused.add(id);
  }

  /** Whether a user or group of the file would be there by the time a row is imported. */
  isThereAt({ line }: Place, id: string): boolean {
    const at = this.file.lineOfId(id);
    return at !== undefined && at <= line && !this.#refused.has(id);
  }
}

/**
 * What would become of members that a file names: those who are there, or would be by then, would be added.
 *
 * @param groupId undefined for a group that would be created without an id of its own
 * @returns undefined when there would be no such group
 */
export async function foreseeMembers(
  directory: Directory,
  coming: Coming,
  row: Place,
  groupId: string | undefined,
  members: readonly NamedMember[],
): Promise<MembersOutcome | undefined> {
  const group = groupId === undefined ? undefined : await getGroup(directory, groupId);
  if (group === undefined && groupId !== undefined && !coming.isThereAt(row, groupId)) return undefined;
  const ids = members.map(({ id }) => id);
  const found = group === undefined ? undefined : await membersAmong(directory, [group], ids);
  const present = new Set((found?.get(group?.id ?? '') ?? []).map(({ id }) => id));
  const wanted = members.filter(({ id }) => !present.has(id));
  const absent = wanted.filter(({ id }) => !coming.isThereAt(row, id));
  const there = new Set((await existingMembers(directory, absent)).map(({ id }) => id));
  const leftOut = absent.filter(({ id }) => !there.has(id)).map(({ id }) => id);
  return { added: wanted.length - leftOut.length, existing: present.size, leftOut };
}
