import { type Lookup, lookupsOf } from '../../scim/filter/lookups';
import { usersIn, usersInFlatGroup } from '../groups/users-in-group';
import { type Directory, effortOf } from '../resources/directory';
import type { Stored } from '../resources/items';
import { readAfter, readByIds } from '../resources/read-resources';
import { takeSlotBeyond } from '../resources/scan-slot';
import type { ResourceId, ResourceKind } from '../table/keys';
import { candidateIds, groupAskedFor } from './candidates';
import { picker, type Selection } from './selection';

/** Where a list in the order of the ids goes on: behind an id of a resource type; "" is before the first. */
export interface IdPosition {
  readonly kind: ResourceKind;
  readonly id: string;
  /** The list is of the users in a group that had no groups as members when its first page was read. */
  readonly isFlatGroup?: true | undefined;
}

/**
 * A page by cursor. It may hold fewer resources than asked for, or none, and still have a `next` (RFC 9865 section 2).
 */
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
/** The next batch has twice as many resources as the last one. */
const EFFORT_KEPT_BACK = 2 / 3;
const MIN_CONCURRENCY = 100;
const MAX_CONCURRENCY = 2_000;

/**
 * The page that follows a position, in the order of the ids; one selection after the other. Ids never change, so
 * whoever matches all along is shown exactly once, whatever is written between the pages. A page costs what it shows
 * and what it has to look at, up to the budget: a filter of any kind can be paged through a tenant of any size.
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
  const effort = effortOf(directory);
  const fewestUnits = effort.left * EFFORT_KEPT_BACK;
  const shown = selections.filter(({ filter }) => filter !== false);
  const first = shown.findIndex(({ kind }) => kind === after?.kind);
  const open = shown.slice(Math.max(0, first));
  const found: Stored[] = [];
  let scanned = 0;
  for (const [index, selection] of open.entries()) {
    const start = selection.kind === after?.kind ? after : { kind: selection.kind, id: '' };
    for await (const batch of matchesAfter(directory, selection, start, () => count + 1 - found.length)) {
      found.push(...batch.matches);
      const last = found[count - 1];
      if (found.length > count && last !== undefined) {
        const { isFlatGroup } = batch.position;
        return { resources: found.slice(0, count), next: { kind: last.kind, id: last.id, isFlatGroup } };
      }
      scanned += batch.scanned;
      const goesOn = scanned < budget.resources && Date.now() <= stopAt && effort.left > fewestUnits;
      if (goesOn) continue;
      const following = open[index + 1];
      const afterAll = following === undefined ? undefined : { kind: following.kind, id: '' };
      return { resources: found, next: batch.isLast ? afterAll : batch.position };
    }
  }
  return { resources: found, next: undefined };
}

/** Some matches in the order of the ids, none in between left out. */
interface Batch {
  readonly matches: readonly Stored[];
  /** How many resources were looked at. */
  readonly scanned: number;
  /** Where the list goes on behind what has been looked at. */
  readonly position: IdPosition;
  /** Nothing follows in this selection. */
  readonly isLast: boolean;
}

/** The matches after a position, batch by batch. @param wanted how many more the page can use */
function matchesAfter(
  directory: Directory,
  selection: Selection,
  after: IdPosition,
  wanted: () => number,
): AsyncGenerator<Batch> {
  const { resourceType, filter } = selection;
  if (typeof filter === 'boolean') return scan(directory, selection, after, wanted);
  const group = groupAskedFor(filter, resourceType);
  if (group !== undefined) return membersOfGroup(directory, group, after, wanted);
  const lookups = lookupsOf(filter, resourceType);
  if (lookups === undefined) return scan(directory, selection, after, wanted);
  return lookUp(directory, selection, lookups, after);
}

/**
 * Looks at every resource, few at first, so that a page of ten does not read a thousand; then more, so that a filter
 * with few matches does not ask a thousand times.
 */
async function* scan(
  directory: Directory,
  selection: Selection,
  after: IdPosition,
  wanted: () => number,
): AsyncGenerator<Batch> {
  const { kind, filter } = selection;
  const pick = picker(directory, selection);
  let lookedAt = 0;
  for (let { id } = after, size = MIN_CONCURRENCY; ; size = Math.min(MAX_CONCURRENCY, size * 2)) {
    const limit = filter === true ? wanted() : Math.max(size, wanted());
    if (lookedAt > 0) await takeSlotBeyond(directory.scanSlot, lookedAt + limit);
    lookedAt += limit;
    const resources = await readAfter(directory, kind, id, limit);
    id = resources.at(-1)?.id ?? id;
    const isLast = resources.length < limit;
    yield { matches: await pick(resources), scanned: resources.length, position: { kind, id }, isLast };
    if (isLast) return;
  }
}

async function* lookUp(
  directory: Directory,
  selection: Selection,
  lookups: readonly Lookup[],
  after: IdPosition,
): AsyncGenerator<Batch> {
  const { kind } = selection;
  const pick = picker(directory, selection);
  const ids = (await candidateIds(directory, kind, lookups)).filter((id) => id > after.id);
  let size = MIN_CONCURRENCY / 2;
  const growing = () => {
    size = Math.min(MAX_CONCURRENCY, size * 2);
    return size;
  };
  let lookedAt = 0;
  for (const { chunk, position, isLast } of chunksOf(ids, after, growing)) {
    lookedAt += chunk.length;
    await takeSlotBeyond(directory.scanSlot, lookedAt);
    const candidates = await readByIds(directory, kind, chunk);
    yield { matches: await pick(candidates), scanned: chunk.length, position, isLast };
  }
}

/**
 * The users in a group. The first page reads who is in it; when that were users alone, the other pages read their own
 * part only.
 */
async function* membersOfGroup(
  directory: Directory,
  groupId: ResourceId,
  after: IdPosition,
  wanted: () => number,
): AsyncGenerator<Batch> {
  let position = after;
  while (position.isFlatGroup === true) {
    const part = await usersInFlatGroup(directory, groupId, position.id, wanted());
    if (part === undefined) break;
    const { ids, isLast } = part;
    position = { kind: 'User', id: ids.at(-1) ?? position.id, isFlatGroup: true };
    yield { matches: await readByIds(directory, 'User', ids), scanned: ids.length, position, isLast };
    if (isLast) return;
  }
  const { ids, isFlat } = await usersIn(directory, groupId);
  const rest = ids.filter((id) => id > position.id);
  const from: IdPosition = { kind: 'User', id: position.id, isFlatGroup: isFlat || undefined };
  for (const part of chunksOf(rest, from, wanted)) {
    const matches = await readByIds(directory, 'User', part.chunk);
    yield { matches, scanned: part.chunk.length, position: part.position, isLast: part.isLast };
  }
}

function* chunksOf(ids: readonly string[], from: IdPosition, size: () => number) {
  for (let start = 0; start < ids.length; ) {
    const chunk = ids.slice(start, start + size());
    start += chunk.length;
    yield { chunk, position: { ...from, id: chunk.at(-1) ?? from.id }, isLast: start >= ids.length };
  }
}
