import type { Directory } from '../resources/directory';
import type { PendingChange } from '../resources/items';
import { isResourceId, memberKey, memberPartition } from '../table/keys';
import { inParallel } from '../table/parallel';
import { overlay, pendingDelta } from './membership-journal';
import { hiddenMembers, type Member, type MemberItem, memberOf } from './memberships';

/**
 * Which of some users or groups are members of each of some groups, strongly consistent: one read a pair instead of
 * the whole lists.
 *
 * @param options `withHidden`: also those who are deleted, and whom the cleaner has not taken out yet
 * @returns by group id, also those without any
 */
export async function membersAmong(
  directory: Directory,
  groups: readonly { readonly id: string; readonly change?: PendingChange }[],
  ids: readonly string[],
  { withHidden = false } = {},
): Promise<Map<string, Member[]>> {
  const { table, tenant } = directory;
  const wanted: readonly string[] = [...new Set(ids.filter(isResourceId))];
  if (groups.length === 0 || wanted.length === 0) return new Map(groups.map(({ id }) => [id, []]));
  // Before the members that they are laid over, as `pendingDelta` asks.
  const pending = await inParallel(groups, async ({ id, change }) =>
    change === undefined ? undefined : pendingDelta(directory, id, change),
  );
  const keys = groups.flatMap((group) => wanted.map((id) => memberKey(tenant, group.id, id)));
  const [items, hidden] = await Promise.all([
    table.batchGet<MemberItem>(keys, { consistent: true, attributes: ['pk', 'sk', 'kind'] }),
    withHidden ? new Set<string>() : hiddenMembers(directory),
  ]);
  const members = new Map<string, Member[]>();
  for (const item of items) {
    if (!hidden.has(item.sk)) members.set(item.pk, [...(members.get(item.pk) ?? []), memberOf(item)]);
  }
  return new Map(
    groups.map(({ id }, position) => {
      const written = members.get(memberPartition(tenant, id)) ?? [];
      const delta = pending[position];
      if (delta === undefined) return [id, written];
      return [id, overlay(written, delta).filter((member) => wanted.includes(member.id))];
    }),
  );
}
