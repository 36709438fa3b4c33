import { lookupsOf } from '../../scim/filter/lookups';
import { userIdsIn } from '../groups/users-in-group';
import { type Directory, effortOf, payForReading } from '../resources/directory';
import type { Stored } from '../resources/items';
import { readByIds } from '../resources/read-resources';
import { takeSlotBeyond } from '../resources/scan-slot';
import { walk } from '../resources/walk';
import type { ResourceKind } from '../table/keys';
import { candidateIds, groupAskedFor } from './candidates';
import { picker, type Selection } from './selection';

/** Candidates that are read and matched at once: bounds the memory of a filter on a group of 50,000 members. */
const CANDIDATES_AT_ONCE = 2_000;
/** Candidates of a look-up that are few enough to be loaded with all that belongs to them. */
const MAX_LIKELY_SHOWN = 5;
/** Matches kept whole, so that a page of them is not read again; of more only the ids are kept. */
const MAX_KEPT_WHOLE = 1_000;

/**
 * Visits every resource that a selection shows, in no defined order: by look-ups where the filter has them, else by
 * looking at every resource of the type.
 *
 * @throws TooMany when the tenant is too large to look at every resource; TooManyScans when no slot is free for that;
 *   and what `visit` throws, which ends the visit
 */
export async function visitMatches(
  directory: Directory,
  selection: Selection,
  visit: (resources: readonly Stored[]) => void,
  onLikelyShown: OnLikelyShown = () => {},
): Promise<void> {
  const { kind, resourceType, filter } = selection;
  if (filter === false) return;
  const pick = picker(directory, selection);
  const lookups = filter === true ? undefined : lookupsOf(filter, resourceType);
  if (lookups === undefined) {
    await walk(directory, kind, async (resources) => visit(await pick(resources)));
    return;
  }
  const ids = await candidateIds(directory, kind, lookups);
  // A look-up by userName finds one, who will be on the page; of many it is not known yet who.
  if (ids.length <= MAX_LIKELY_SHOWN) onLikelyShown(kind, ids);
  await takeSlotBeyond(directory.scanSlot, ids.length);
  for (let start = 0; start < ids.length; start += CANDIDATES_AT_ONCE) {
    const candidates = await readByIds(directory, kind, ids.slice(start, start + CANDIDATES_AT_ONCE));
    visit(await pick(candidates));
  }
}

/**
 * Is told which resources are about to be on a page, before they are read: what belongs to them can be loaded beside.
 */
export type OnLikelyShown = (kind: ResourceKind, ids: readonly string[]) => void;

/** Matches in the order of the ids; only their number is known until a part of them is read. */
export interface Matches {
  readonly length: number;
  slice(from: number, to: number): Promise<readonly Stored[]>;
}

/**
 * Finds the matches of a filter. When the filter asks for the members of a group, only the resources of the page
 * asked for are read: a page of `groups.value eq "…"` costs its own resources and the ids of the group's members.
 *
 * @throws TooMany
 */
export async function findMatches(
  directory: Directory,
  selection: Selection,
  onLikelyShown: OnLikelyShown = () => {},
): Promise<Matches> {
  const { resourceType, filter } = selection;
  const group = typeof filter === 'boolean' ? undefined : groupAskedFor(filter, resourceType);
  if (group !== undefined)
    return pageOfIds(directory, selection, await userIdsIn(directory, group), onLikelyShown);
  const ids: string[] = [];
  let whole: Stored[] | undefined = [];
  const effort = effortOf(directory);
  const keep = (resources: readonly Stored[]) => {
    for (const { id } of resources) ids.push(id);
    if (ids.length > MAX_KEPT_WHOLE) whole = undefined;
    for (const resource of whole === undefined ? [] : resources) {
      payForReading(effort, JSON.stringify(resource.attributes).length);
      whole?.push(resource);
    }
  };
  await visitMatches(directory, selection, keep, onLikelyShown);
  const kept = whole?.sort((a, b) => (a.id < b.id ? -1 : 1));
  if (kept !== undefined) return { length: kept.length, slice: async (from, to) => kept.slice(from, to) };
  return pageOfIds(directory, selection, ids.sort(), onLikelyShown);
}

const pageOfIds = (
  directory: Directory,
  { kind }: Selection,
  ids: readonly string[],
  onLikelyShown: OnLikelyShown,
): Matches => ({
  length: ids.length,
  slice: (from, to) => {
    const page = ids.slice(from, to);
    onLikelyShown(kind, page);
    return readByIds(directory, kind, page);
  },
});
