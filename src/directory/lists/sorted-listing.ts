import { compareSortKeys, type SortKey } from '../../scim/sort/sort-key';
import type { SortOrder } from '../../scim/sort/sort-order';
import { TooMany } from '../errors';
import { countResources } from '../resources/counters';
import type { Directory } from '../resources/directory';
import type { Stored } from '../resources/items';
import { readByIds } from '../resources/read-resources';
import { RESOURCE_KINDS } from '../table/keys';
import type { ListPage, PageRequest } from './listing';
import { visitMatches } from './matches';
import type { Selection } from './selection';

/** A resource's place in a sorted list. */
export interface SortedPosition {
  readonly key: SortKey;
  readonly id: string;
}

interface Entry extends SortedPosition {
  readonly selection: Selection;
}

/**
 * Keys of this many resources are sorted in memory. All matches have to be looked at for each page, so that sorting
 * is for lists that people read.
 */
export const MAX_SORTED = 10_000;

/** A page of a sorted list by index paging. @throws TooMany beyond 10,000 matches */
export async function sortedPage(
  directory: Directory,
  selections: readonly Selection[],
  order: SortOrder,
  { startIndex, count }: PageRequest,
): Promise<ListPage> {
  const entries = await sortedEntries(directory, selections, order);
  const from = startIndex - 1;
  return { total: entries.length, resources: await read(directory, entries.slice(from, from + count)) };
}

/**
 * The page of a sorted list that follows a position. Who keeps the value that is sorted by is shown once, whatever
 * else is written between the pages.
 *
 * @param after undefined for the first page
 * @returns `next` when there are more
 * @throws TooMany beyond 10,000 matches
 */
export async function sortedPageAfter(
  directory: Directory,
  selections: readonly Selection[],
  order: SortOrder,
  after: SortedPosition | undefined,
  count: number,
): Promise<ListPage & { readonly positions: readonly SortedPosition[]; readonly more: boolean }> {
  const entries = await sortedEntries(directory, selections, order);
  const rest =
    after === undefined ? entries : entries.filter((entry) => compareEntries(order, after, entry) < 0);
  const shown = rest.slice(0, count);
  return {
    total: entries.length,
    resources: await read(directory, shown),
    positions: shown.map(({ key, id }) => ({ key, id })),
    more: rest.length > count,
  };
}

async function sortedEntries(
  directory: Directory,
  selections: readonly Selection[],
  order: SortOrder,
): Promise<Entry[]> {
  const all = selections.filter(({ filter }) => filter === true);
  const counts = await Promise.all(all.map(({ kind }) => countResources(directory, kind)));
  if (counts.reduce((sum, { total }) => sum + total, 0) > MAX_SORTED) throw tooManyToSort();
  const entries: Entry[] = [];
  for (const selection of selections) {
    const { resourceType, view } = selection;
    const keyOf = order.keyOf(resourceType) ?? (() => null);
    await visitMatches(directory, selection, (resources) => {
      for (const resource of resources) {
        entries.push({ id: resource.id, key: keyOf(view(resource, {})), selection });
      }
      if (entries.length > MAX_SORTED) throw tooManyToSort();
    });
  }
  return entries.sort((left, right) => compareEntries(order, left, right));
}

function compareEntries({ descending }: SortOrder, left: SortedPosition, right: SortedPosition): number {
  const byKey = compareSortKeys(left.key, right.key, descending);
  if (byKey !== 0) return byKey;
  return left.id === right.id ? 0 : left.id < right.id ? -1 : 1;
}

/** Reads the resources of a page, in its order; who was deleted meanwhile is left out. */
async function read(directory: Directory, entries: readonly Entry[]): Promise<Stored[]> {
  const found = new Map<string, Stored>();
  for (const kind of RESOURCE_KINDS) {
    const ids = entries.filter(({ selection }) => selection.kind === kind).map(({ id }) => id);
    for (const resource of await readByIds(directory, kind, ids)) found.set(resource.id, resource);
  }
  return entries.flatMap(({ id }) => found.get(id) ?? []);
}

function tooManyToSort(): TooMany {
  return new TooMany('resources sorted', `More than ${MAX_SORTED} resources match, too many to sort.`);
}
