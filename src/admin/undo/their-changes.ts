import { type AttributedEntry, Attribution, readAttributedLog } from '../../directory/log/attribution';
import type { PlacedEntry } from '../../directory/log/entry';
import { ENTRIES_AT_ONCE, readLog } from '../../directory/log/read-log';
import type { Directory } from '../../directory/resources/directory';
import { inParallel } from '../../directory/table/parallel';
import { isFactChange } from './facts';

/** Whose acts are undone. */
export interface UndoneActs {
  /** ISO 8601: what was asked for at this moment or later. */
  readonly since: string;
  /** ISO 8601: what was asked for before this moment. */
  readonly until: string;
  /** As the log names it: `token:<id>`, `client:<id>`, `admin:<name>`, `setup:<id>`, `app`, `service`. */
  readonly actor: string;
  /** Only what is about the user or group of this id, or about its members. */
  readonly about?: string;
}

/** What was found in the log. */
export interface TheirChanges {
  /** Users and groups of which something was changed that can be put back. */
  readonly ids: readonly string[];
  /** Users and groups that were deleted. */
  readonly deleted: ReadonlySet<string>;
  /** Entries that tell of more than that, the first one first. */
  readonly others: readonly AttributedEntry[];
}

/** What requests have asked for is done within this, but for large changes and deletions. */
const REQUEST_MS = 120_000;
/** These are done within a day, or an alarm has rung. */
const LARGE_MS = 86_400_000;
/** Users and groups whose histories are read at once. */
const AT_ONCE = 8;
/** Whose clock is ahead of ours, by as much. */
const CLOCKS_MS = 60_000;

/** Whether an entry is of the acts that are undone. @param acts its `about` is not looked at */
export const isTheirs =
  ({ since, until, actor }: UndoneActs) =>
  (entry: AttributedEntry): boolean =>
    entry.actor === actor && entry.askedAt >= since && entry.askedAt < until;

/** Whether an entry is about a user or group, or about a member of it. */
export const isAbout =
  ({ about }: UndoneActs) =>
  ({ resourceId, groupId }: PlacedEntry): boolean =>
    about === undefined || resourceId === about || groupId === about;

/**
 * Finds what somebody has changed within a time. Whose members a large change or a deletion has added or removed only
 * later are among them.
 */
export async function readTheirChanges(directory: Directory, acts: UndoneActs): Promise<TheirChanges> {
  const found = new Found(acts);
  if (acts.about !== undefined) {
    const entries = await readHistories(directory, [acts.about], acts);
    // What there is to undo of a group's members is in the histories of these.
    if (!entries.some(({ type }) => type.startsWith('group.'))) {
      for (const entry of entries) found.note(entry);
      return found.changes();
    }
  }
  const { table, tenant } = directory;
  const entries = readAttributedLog(table, tenant, { since: acts.since, until: acts.until, only: 'done' });
  for await (const entry of entries) found.note(entry);
  for await (const entry of consequences(directory, acts, found)) found.note(entry);
  return found.changes();
}

/** What was found so far. */
export class Found {
  readonly #ids = new Set<string>();
  readonly #deleted = new Set<string>();
  readonly #others: AttributedEntry[] = [];
  readonly #isTheirs: (entry: AttributedEntry) => boolean;
  readonly #groups = new Set<string>();
  #isLarge = false;

  constructor(private readonly acts: UndoneActs) {
    this.#isTheirs = isTheirs(acts);
  }

  note(entry: AttributedEntry): void {
    if (!this.#isTheirs(entry)) return;
    const { type, resourceId = '', asked } = entry;
    if (type === 'group.deleted' || asked !== undefined) this.#groups.add(resourceId);
    if (type === 'group.deleted' || (asked !== undefined && 'added' in asked)) this.#isLarge = true;
    // A deleted user is taken out of many groups by the cleaner; of one who is put back it is in the history.
    if (type === 'user.deleted' && this.acts.about !== undefined) {
      this.#groups.add(this.acts.about);
      this.#isLarge = true;
    }
    if (type.endsWith('.deleted')) this.#deleted.add(resourceId);
    if (!isAbout(this.acts)(entry)) return;
    if (isFactChange(entry)) this.#ids.add(resourceId);
    const other = withoutWhatIsPutBack(entry);
    if (other !== undefined) this.#others.push(other);
  }

  /** How long behind the range something may have been carried out that was asked for within it; 0 for nothing. */
  get carriedOutWithinMs(): number {
    if (this.#groups.size === 0) return 0;
    return this.#isLarge ? LARGE_MS : REQUEST_MS;
  }

  /**
   * Behind the range, up to when something may have been carried out that was asked for within it; undefined when there
   * is nothing.
   */
  endOfConsequences({ now }: Pick<Directory, 'now'>, withinMs = this.carriedOutWithinMs): string | undefined {
    const { until } = this.acts;
    const end = Math.min(Date.parse(until) + withinMs, now().getTime() + CLOCKS_MS);
    const text = new Date(end).toISOString();
    return withinMs === 0 || text <= until ? undefined : text;
  }

  /** Whether something is about a member whom they may have added or removed. */
  concerns({ type, groupId = '' }: PlacedEntry): boolean {
    return (type === 'member.added' || type === 'member.removed') && this.#groups.has(groupId);
  }

  changes(): TheirChanges {
    const others = this.#others.sort((a, b) => (a.place < b.place ? -1 : 1));
    return { ids: [...this.#ids].sort(), deleted: this.#deleted, others };
  }
}

/** What an entry tells besides what can be put back: names of attributes whose values are not in the log, an act. */
function withoutWhatIsPutBack(entry: AttributedEntry): AttributedEntry | undefined {
  // It tells of what has entries of its own.
  if (entry.type === 'undo.started') return undefined;
  if (!isFactChange(entry) && entry.changed === undefined) return entry;
  const changed = (entry.changed ?? []).filter((name) => name !== 'active' && name !== 'members');
  return changed.length === 0 ? undefined : { ...entry, changed };
}

/** Members that were added or removed behind the range, perhaps in the course of what was asked for within it. */
async function* consequences(
  { table, tenant, now }: Directory,
  { until: since }: UndoneActs,
  found: Found,
): AsyncGenerator<AttributedEntry> {
  const until = found.endOfConsequences({ now });
  if (until === undefined) return;
  const attribution = new Attribution(table, tenant);
  let page: PlacedEntry[] = [];
  for await (const entry of readLog(table, tenant, { since, until, only: 'done' })) {
    if (found.concerns(entry)) page.push(entry);
    if (page.length < ENTRIES_AT_ONCE) continue;
    yield* await attribution.attributed(page);
    page = [];
  }
  yield* await attribution.attributed(page);
}

/**
 * All that was done to some users and groups since the acts began, the first entry first: theirs, and whatever anybody
 * has done since.
 */
export async function readHistories(
  { table, tenant, now }: Directory,
  ids: readonly string[],
  { since }: UndoneActs,
): Promise<AttributedEntry[]> {
  const until = new Date(now().getTime() + CLOCKS_MS).toISOString();
  const histories = await inParallel(
    ids,
    async (resourceId) => {
      const entries: PlacedEntry[] = [];
      const range = { since, until, resourceId, only: 'done' } as const;
      for await (const entry of readLog(table, tenant, range)) entries.push(entry);
      return entries;
    },
    AT_ONCE,
  );
  const entries = histories.flat().sort((a, b) => (a.place > b.place ? -1 : 1));
  return (await new Attribution(table, tenant).attributed(entries)).reverse();
}
