import { equalityLookups } from '../scim/filter/lookups';
import { candidateIds, isAnsweredByLookup } from './candidates';
import type { Directory } from './directory';
import type { Stored } from './items';
import type { ResourceKind } from './keys';
import { readAfter, readByIds } from './read-resources';
import { picker, type Selection } from './selection';

/** Where a list in the order of the ids goes on: behind an id of a resource type; "" is before the first. */
export interface IdPosition {
  readonly kind: ResourceKind;
  readonly id: string;
}

/** A page by cursor. It may hold fewer resources than asked for, or none, and still have a `next` (RFC 9865 section 2). */
export interface CursorPage {
  readonly resources: readonly Stored[];
  /** Absent when nothing follows. */
  readonly next: IdPosition | undefined;
}

/** How far one page may look for matches of a filter that no index answers. */
export interface ScanBudget {
  readonly resources: number;
  readonly milliseconds: number;
}

/** 20,000 users of 1-2 kB are about 5,000 read units, and done well within a request's time. */
const DEFAULT_BUDGET: ScanBudget = { resources: 20_000, milliseconds: 8_000 };
/** Time kept back for loading what belongs to the page, and answering. */
const RESERVE_MS = 5_000;
const FEWEST_AT_ONCE = 100;
const MOST_AT_ONCE = 2_000;

/**
 * The page that follows a position, in the order of the ids; one selection after the other. Ids never change, so whoever matches all along is shown exactly once,
 * whatever is written between the pages. A page costs what it shows and what it has to look at, up to the budget: a filter of any kind can be paged through a
 * tenant of any size.
 *
 * @param after undefined for the first page
 * @param count at least 1
 */
export async function pageAfter(
  directory: Directory,
  selections: readonly Selection[],
  after: IdPosition | undefined,
  count: number,
  budget: ScanBudget = DEFAULT_BUDGET,
): Promise<CursorPage> {
  const stopAt = Math.min(Date.now() + budget.milliseconds, directory.table.giveUpAt() - RESERVE_MS);
  const shown = selections.filter(({ filter }) => filter !== false);
  const first = shown.findIndex(({ kind }) => kind === after?.kind);
  const open = shown.slice(Math.max(0, first));
  const found: Stored[] = [];
  let scanned = 0;
  for (const [index, selection] of open.entries()) {
    const start = selection.kind === after?.kind ? after.id : '';
    for await (const batch of matchesAfter(directory, selection, start, () => count + 1 - found.length)) {
      found.push(...batch.matches);
      const last = found[count - 1];
      if (found.length > count && last !== undefined) {
        return { resources: found.slice(0, count), next: { kind: last.kind, id: last.id } };
      }
      scanned += batch.scanned;
      if (scanned < budget.resources && Date.now() <= stopAt) continue;
      const following = batch.isLast ? open[index + 1] : selection;
      const id = batch.isLast ? '' : batch.upTo;
      return { resources: found, next: following === undefined ? undefined : { kind: following.kind, id } };
    }
  }
  return { resources: found, next: undefined };
}

interface Batch {
  readonly matches: readonly Stored[];
  /** How many resources were looked at. */
  readonly scanned: number;
  /** Everything up to this id has been looked at. */
  readonly upTo: string;
  /** Nothing follows in this selection. */
  readonly isLast: boolean;
}

/** The matches after an id, in order, batch by batch. @param wanted how many more matches the page can use */
async function* matchesAfter(
  directory: Directory,
  selection: Selection,
  afterId: string,
  wanted: () => number,
): AsyncGenerator<Batch> {
  const { kind, resourceType, filter } = selection;
  const pick = picker(directory, selection);
  const lookups = typeof filter === 'boolean' ? undefined : equalityLookups(filter, resourceType);
  if (typeof filter !== 'boolean' && lookups !== undefined) {
    const ids = (await candidateIds(directory, kind, lookups)).filter((id) => id > afterId);
    const isAnswered = isAnsweredByLookup(filter, resourceType);
    for (let start = 0; start < ids.length; ) {
      const size = isAnswered ? wanted() : Math.min(MOST_AT_ONCE, Math.max(FEWEST_AT_ONCE, wanted()));
      const chunk = ids.slice(start, start + size);
      const candidates = await readByIds(directory, kind, chunk);
      const matches = isAnswered ? candidates : await pick(candidates);
      start += size;
      yield { matches, scanned: chunk.length, upTo: chunk.at(-1) ?? afterId, isLast: start >= ids.length };
    }
    return;
  }
  // Few at first, so that a page of ten does not read a thousand; then more, so that a filter with few matches does not ask a thousand times.
  for (let upTo = afterId, size = FEWEST_AT_ONCE; ; size = Math.min(MOST_AT_ONCE, size * 2)) {
    const limit = filter === true ? wanted() : Math.max(size, wanted());
    const resources = await readAfter(directory, kind, upTo, limit);
    upTo = resources.at(-1)?.id ?? upTo;
    const isLast = resources.length < limit;
    yield { matches: await pick(resources), scanned: resources.length, upTo, isLast };
    if (isLast) return;
  }
}
