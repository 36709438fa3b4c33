import { pendingDelta } from '../../directory/groups/membership-journal';
import { type Member, memberPages } from '../../directory/groups/memberships';
import type { Directory } from '../../directory/resources/directory';
import type { StoredGroup } from '../../directory/resources/items';
import type { Memberships } from './form';

/** Groups whose first members are read at once. */
const GROUPS_AT_ONCE = 16;

/** The members of groups, page by page: of a group with many, one page is in memory at a time. */
export async function* membershipsIn(
  directory: Directory,
  groups: readonly StoredGroup[],
): AsyncGenerator<Memberships> {
  for (let start = 0; start < groups.length; start += GROUPS_AT_ONCE) {
    const begun = groups.slice(start, start + GROUPS_AT_ONCE).map((group) => {
      const pages = memberPagesOf(directory, group);
      const first = pages.next();
      // It is awaited in its turn.
      first.catch(() => undefined);
      return { groupId: group.id, pages, first };
    });
    for (const { groupId, pages, first } of begun) {
      for (let page = await first; page.done !== true; page = await pages.next()) {
        if (page.value.length > 0) yield { groupId, members: page.value };
      }
    }
  }
}

/** With a large change that is committed and still being carried out, as every reader of a group sees it. */
async function* memberPagesOf(
  directory: Directory,
  { id, change }: StoredGroup,
): AsyncGenerator<readonly Member[]> {
  if (change === undefined) return yield* memberPages(directory, id);
  const { add, remove } = await pendingDelta(directory, id, change);
  const removed = new Set(remove);
  const missing = new Map(add.map((member) => [member.id, member]));
  for await (const page of memberPages(directory, id)) {
    for (const member of page) missing.delete(member.id);
    yield page.filter((member) => !removed.has(member.id));
  }
  yield [...missing.values()];
}
