import { Conflict, DirectoryError, NotFound } from '../../directory/errors';
import { modifyGroup } from '../../directory/groups/group-changes';
import { createGroup, getGroup } from '../../directory/groups/groups';
import { membersAmong } from '../../directory/groups/members-among';
import { existingMembers, type NamedMember } from '../../directory/groups/memberships';
import type { Directory } from '../../directory/resources/directory';
import { idsWithValue } from '../../directory/resources/index-items';
import { ConditionFailed } from '../../directory/table/table';
import { foldCase } from '../../scim/comparison';
import type { GroupRow } from './rows';

/** What became of a group in a file. */
export type GroupOutcome =
  | { readonly outcome: 'created' | 'existing'; readonly id?: string }
  | { readonly outcome: 'conflict'; readonly detail: string };

/**
 * What is there of a group in a file: one with its id, else one with its displayName.
 *
 * @returns `created` when there is none, for whoever creates it
 */
export async function matchGroup(directory: Directory, row: GroupRow): Promise<GroupOutcome> {
  const { id, attributes } = row;
  const name = String(attributes.displayName);
  const present = id === undefined ? undefined : await getGroup(directory, id);
  if (present !== undefined) {
    return foldCase(String(present.attributes.displayName)) === foldCase(name)
      ? { outcome: 'existing', id: present.id }
      : { outcome: 'conflict', detail: `The group ${id} is there under another displayName.` };
  }
  const namesakes = await groupsNamed(directory, name);
  const [namesake, ...others] = namesakes;
  if (namesake === undefined) return { outcome: 'created' };
  if (id !== undefined)
    return {
      outcome: 'conflict',
      detail: `Another group has the displayName: ${namesake}; the file names ${id}.`,
    };
  if (others.length > 0)
    return { outcome: 'conflict', detail: `Several groups have the displayName: ${namesakes.join(', ')}.` };
  return { outcome: 'existing', id: namesake };
}

async function groupsNamed(directory: Directory, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const id of new Set(await idsWithValue(directory, 'Group', name))) {
    const group = await getGroup(directory, id);
    // The value may be its externalId.
    if (group !== undefined && foldCase(String(group.attributes.displayName)) === foldCase(name))
      found.push(id);
  }
  return found;
}

/** Creates a group of a file, without its members, unless it is there. */
export async function writeGroup(directory: Directory, row: GroupRow): Promise<GroupOutcome> {
  const match = await matchGroup(directory, row);
  if (match.outcome !== 'created') return match;
  try {
    const { id } = await createGroup(directory, row.attributes, [], row.id);
    return { outcome: 'created', id };
  } catch (error) {
    if (error instanceof Conflict) {
      const detail = `The group ${row.id} was deleted here; "group restore" gives it back, the import does not.`;
      return { outcome: 'conflict', detail };
    }
    const isRefusal = error instanceof DirectoryError && !['throttled', 'unavailable'].includes(error.code);
    // Somebody else was faster: the next run finds what they have made.
    if (!isRefusal && !(error instanceof ConditionFailed)) throw error;
    return { outcome: 'conflict', detail: error.message };
  }
}

/** What became of members that a file names. */
export interface MembersOutcome {
  readonly added: number;
  readonly existing: number;
  /** Ids that are neither those of users nor of groups. */
  readonly leftOut: readonly string[];
}

/**
 * Makes those members of a group that are none yet.
 *
 * @returns undefined when there is no such group
 */
export async function writeMembers(
  directory: Directory,
  groupId: string,
  members: readonly NamedMember[],
): Promise<MembersOutcome | undefined> {
  const group = await getGroup(directory, groupId);
  if (group === undefined) return undefined;
  const ids = members.map(({ id }) => id);
  const present = new Set(
    ((await membersAmong(directory, [group], ids)).get(groupId) ?? []).map(({ id }) => id),
  );
  const wanted = members.filter(({ id }) => !present.has(id));
  const known = new Map(
    (await existingMembers(directory, wanted)).map(({ kind, id }) => [id, { type: kind }]),
  );
  const leftOut = wanted.filter(({ id }) => !known.has(id)).map(({ id }) => id);
  if (known.size > 0) {
    try {
      await modifyGroup(directory, groupId, undefined, { base: 'keep', add: known, remove: new Set() });
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }
  return { added: known.size, existing: present.size, leftOut };
}
