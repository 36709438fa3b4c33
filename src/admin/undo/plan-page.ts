import { readAttributedLog } from '../../directory/log/attribution';
import type { Directory } from '../../directory/resources/directory';
import { isFactChange } from './facts';
import { assemblePlan, type UndoPlan } from './plan';
import { readPresent } from './present';
import { stepsFor } from './steps';
import { Found, isAbout, isTheirs, readHistories, type UndoneActs } from './their-changes';

/** Where the next part of a plan begins: the log is read backwards, first within the range and then behind it. */
export interface PlanPosition {
  readonly part: 'within' | 'behind';
  /** What is at this place or behind it has been read. */
  readonly before: string;
  /** How long behind the range something may have been carried out that was asked for within it. */
  readonly carriedOutWithinMs: number;
}

/** A part of a plan, and where the next one begins, when there may be one. */
export interface PlanPage {
  readonly plan: UndoPlan;
  readonly next: PlanPosition | undefined;
}

/** Entries of the log that are read for a part. */
const ENTRIES_PER_PAGE = 1_000;

/**
 * Makes a part of a plan of what somebody has done within a time. What is to be done about a user or group is in the
 * part in which the log tells of it last.
 *
 * @param from where an earlier part has ended
 */
export async function planPage(
  directory: Directory,
  acts: UndoneActs,
  from?: PlanPosition,
  maxEntries = ENTRIES_PER_PAGE,
): Promise<PlanPage> {
  const found = new Found(acts);
  if (acts.about !== undefined && from === undefined) {
    const entries = await readHistories(directory, [acts.about], acts);
    // What there is to undo of a group's members is in their histories.
    if (!entries.some(({ type }) => type.startsWith('group.'))) {
      for (const entry of entries) found.note(entry);
      return { plan: await planOf(directory, acts, found, () => false), next: undefined };
    }
  }
  const { part = 'within', carriedOutWithinMs = 0 } = from ?? {};
  const since = part === 'within' ? acts.since : acts.until;
  const until =
    part === 'within' ? acts.until : (found.endOfConsequences(directory, carriedOutWithinMs) ?? acts.until);
  // A position is whatever its caller says: it must not have the log read from days that have not come.
  const before = from === undefined || from.before > until ? until : from.before;
  const last = await note(directory, { since, until: before }, found, maxEntries);
  const within = Math.max(carriedOutWithinMs, found.carriedOutWithinMs);
  const isRead = (place: string) =>
    part === 'within' ? place >= before && place < acts.until : place >= before || place < acts.until;
  const plan = await planOf(directory, acts, found, isRead);
  if (last !== undefined) return { plan, next: { part, before: last, carriedOutWithinMs: within } };
  const end = found.endOfConsequences(directory, within);
  const isOver = part === 'behind' || end === undefined;
  return { plan, next: isOver ? undefined : { part: 'behind', before: end, carriedOutWithinMs: within } };
}

/** @returns the place of the last entry that was read, when there may be more before it */
async function note(
  { table, tenant }: Directory,
  range: { readonly since: string; readonly until: string },
  found: Found,
  maxEntries: number,
): Promise<string | undefined> {
  // What the log keeps begins later by the time the next part is read, perhaps behind the position.
  if (range.until <= range.since) return undefined;
  let last: string | undefined;
  let count = 0;
  for await (const entry of readAttributedLog(table, tenant, { ...range, only: 'done' })) {
    if (entry.place >= range.until) continue;
    if (count++ === maxEntries) return last;
    found.note(entry);
    last = entry.place;
  }
  return undefined;
}

/** @param isRead whether a place of the log was read for an earlier part */
async function planOf(
  directory: Directory,
  acts: UndoneActs,
  found: Found,
  isRead: (place: string) => boolean,
): Promise<UndoPlan> {
  const { ids: all, others } = found.changes();
  const theirs = (await readHistories(directory, all, acts)).filter(isTheirs(acts)).filter(isAbout(acts));
  const told = theirs.filter((entry) => isFactChange(entry) && isRead(entry.place));
  const earlier = new Set(told.map(({ resourceId }) => resourceId));
  const ids = all.filter((id) => !earlier.has(id));
  const groups = new Set(
    theirs.filter(({ resourceId = '' }) => ids.includes(resourceId)).map(({ groupId }) => groupId),
  );
  const needed = [...new Set([...ids, ...groups])].filter((id) => id !== undefined);
  const deleted = await deletedByThem(directory, acts, needed);
  const looking = { expected: deleted, requestId: directory.origin.requestId };
  const steps = await stepsFor(directory, acts, ids, looking);
  const ofOthers = [...deleted].filter((id) => !ids.includes(id));
  const restorations = await stepsFor(directory, acts, ofOthers, looking);
  return { ...assemblePlan(steps, restorations), others };
}

/** Those of some users and groups that are not there since the acts. */
async function deletedByThem(
  directory: Directory,
  acts: UndoneActs,
  ids: readonly string[],
): Promise<Set<string>> {
  const facts = ids.map((id) => ({ fact: 'access', id }) as const);
  const { resources } = await readPresent(directory, facts);
  const absent = ids.filter((id) => !resources.has(id));
  const entries = await readHistories(directory, absent, { ...acts, about: undefined });
  return new Set(
    absent.filter((id) => {
      const last = entries.findLast(({ resourceId, type }) => resourceId === id && type.endsWith('.deleted'));
      return last !== undefined && isTheirs(acts)(last);
    }),
  );
}
