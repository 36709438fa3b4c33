import { type Count, countResources } from '../resources/counters';
import { type Directory, effortOf, payForLooking } from '../resources/directory';
import type { Stored } from '../resources/items';
import { readAfter } from '../resources/read-resources';
import { type ResourceKind, resourcePartition, resourceSortKey } from '../table/keys';
import { findCheckpoint, saveCheckpoint } from './checkpoints';
import { findMatches, type Matches, type OnLikelyShown } from './matches';
import type { Selection } from './selection';

/** The part of a list that a request asks for. `startIndex` counts from 1; `count` 0 asks for the total only. */
export interface PageRequest {
  readonly startIndex: number;
  readonly count: number;
}

/** A page of a list, and how many resources the whole list has. */
export interface ListPage {
  readonly total: number;
  readonly resources: readonly Stored[];
}

/**
 * Lists resources by index paging (RFC 7644 section 3.4.2.4) in the order of the ids, which never change; one
 * selection after the other.
 *
 * @param onLikelyShown is told the ids on the page as soon as they are known
 * @throws TooMany when a filter cannot be answered from an index and the tenant is too large to look at every
 *   resource; TooManyScans when no slot is free for that
 */
export async function listPage(
  directory: Directory,
  selections: readonly Selection[],
  { startIndex, count }: PageRequest,
  onLikelyShown: OnLikelyShown = () => {},
): Promise<ListPage> {
  const lists = await Promise.all(
    selections.map((selection) =>
      selection.filter === true
        ? allResources(directory, selection.kind, startIndex, count, onLikelyShown)
        : findMatches(directory, selection, onLikelyShown),
    ),
  );
  const resources: Stored[] = [];
  let from = startIndex - 1;
  for (const list of lists) {
    const to = from + count - resources.length;
    if (from < list.length && to > from) resources.push(...(await list.slice(from, to)));
    from = Math.max(0, from - list.length);
  }
  return { total: lists.reduce((sum, list) => sum + list.length, 0), resources };
}

/**
 * All users or all groups: their number comes from the counters, a page costs what is on it. @param startIndex where
 * a page will probably begin: its checkpoint is read beside the counters
 */
async function allResources(
  directory: Directory,
  kind: ResourceKind,
  startIndex: number,
  count: number,
  onLikelyShown: OnLikelyShown,
): Promise<Matches> {
  const [counted, checkpoint, firstPage] = await Promise.all([
    countResources(directory, kind),
    startIndex > 1 && count > 0 ? findCheckpoint(directory, kind, startIndex) : undefined,
    // Where the first page begins is known without the counters.
    startIndex === 1 && count > 0 ? readAfter(directory, kind, '', count) : undefined,
  ]);
  return {
    length: counted.total,
    slice: async (from, to) => {
      const resources =
        from === 0 && to === count && firstPage !== undefined
          ? firstPage
          : await readAfter(directory, kind, await startOf(from), to - from);
      onLikelyShown(
        kind,
        resources.map(({ id }) => id),
      );
      const last = resources.at(-1);
      // Also at what looks like the end: somebody may be created before the next page is asked for.
      if (last !== undefined && from + resources.length === to) {
        await saveCheckpoint(directory, kind, to + 1, last.id);
      }
      return resources;
    },
  };

  async function startOf(from: number): Promise<string> {
    if (from === 0) return '';
    const found = from + 1 === startIndex ? checkpoint : await findCheckpoint(directory, kind, from + 1);
    return found ?? seek(directory, kind, counted, from);
  }
}

/**
 * Finds where position `skipped` + 1 begins when no page ended there: whole shards are skipped by their counters, the
 * rest of the way inside one shard is read and paid for: some 500,000 ids, more than a tenant of 5 million has there.
 *
 * @returns an id, or the text before the first id of a shard
 */
async function seek(
  directory: Directory,
  kind: ResourceKind,
  { byShard }: Count,
  skipped: number,
): Promise<string> {
  const { table, tenant } = directory;
  const effort = effortOf(directory);
  let toSkip = skipped;
  for (const { digit, count } of byShard) {
    if (toSkip >= count) {
      toSkip -= count;
      continue;
    }
    let position = digit;
    let after: Record<string, unknown> | undefined;
    const sk = { from: resourceSortKey(kind, digit), to: resourceSortKey(kind, `${digit}~`) };
    while (toSkip > 0) {
      const page = await table.query({
        pk: resourcePartition(tenant),
        sk,
        limit: toSkip,
        attributes: ['sk'],
        after,
      });
      payForLooking(effort, page.items.length, 0);
      toSkip -= page.items.length;
      position = page.items.at(-1)?.sk.slice(2) ?? position;
      after = page.after;
      if (after === undefined) break;
      if (toSkip > 0) await directory.scanSlot?.take();
    }
    return position;
  }
  return '~';
}
