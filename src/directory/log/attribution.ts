import type { ItemKey, TenantId } from '../table/keys';
import { inParallel } from '../table/parallel';
import type { Table } from '../table/table';
import type { PlacedEntry } from './entry';
import { daysBackwards, ENTRIES_AT_ONCE, keysAbout, type LogRange, readEntries, readLog } from './read-log';

/** Requests are over within this; what somebody has asked for longer ago was hardly carried out only now. */
const REQUEST_MS = 60_000;
/** Large changes and deletions are carried out within a day, or an alarm has rung. */
const LOOK_BACK_MS = 86_400_000;
/** A bound on what is read for one entry. */
const MAX_ENTRIES = 200;
/** Entries of a group that are read at once: whoever has asked is among the first, and each is a read unit. */
const PART = 25;
/** Of so many days of groups the keys are kept while a log is read, and of so many parts the entries. */
const MAX_DAYS = 200;
const MAX_PARTS = 400;

/** An entry with whose change it was, as far as anybody can be told. */
export interface AttributedEntry extends PlacedEntry {
  /** When it was asked for, which for a member of a large group may be some time before it happened. */
  readonly askedAt: string;
}

/**
 * Reads a tenant's log backwards like `readLog`, and tells of each member who has added or removed them.
 *
 * @param atOnce how many entries are read on before the first of them is given
 */
export async function* readAttributedLog(
  table: Table,
  tenant: TenantId,
  range: LogRange,
  atOnce = ENTRIES_AT_ONCE,
): AsyncGenerator<AttributedEntry> {
  const attribution = new Attribution(table, tenant);
  let page: PlacedEntry[] = [];
  for await (const entry of readLog(table, tenant, range)) {
    page.push(entry);
    if (page.length < atOnce) continue;
    yield* await attribution.attributed(page);
    page = [];
  }
  yield* await attribution.attributed(page);
}

/**
 * Tells who has added or removed a member. Member items do not say so (a removed one leaves nothing that could, and
 * the bytes would make reading large groups dearer); whoever changes members leaves in the group's item whom they
 * have asked to add and to remove. So it is the last entry of the group up to then that asked for it.
 *
 * Two requests that ask for the same within the same second cannot be told apart, and of a change of more members than
 * an entry names only how many they were is compared.
 *
 * One for all pages of a log: what it reads of a group's day (one query for the keys, and the entries right before
 * those that are looked up) is read once for many members' entries.
 */
export class Attribution {
  readonly #histories = new Map<string, GroupHistory>();
  readonly #read: ReadDays;

  constructor(table: Table, tenant: TenantId) {
    this.#read = { table, tenant, days: new Map(), parts: new Map() };
  }

  /** @returns the entries in their order, with an actor and a request id, or as they were when nobody is found */
  async attributed(entries: readonly PlacedEntry[]): Promise<AttributedEntry[]> {
    const byGroup = new Map<string, number[]>();
    for (const [position, { type, groupId }] of entries.entries()) {
      if ((type !== 'member.added' && type !== 'member.removed') || groupId === undefined) continue;
      byGroup.set(groupId, [...(byGroup.get(groupId) ?? []), position]);
    }
    const attributed = entries.map((entry): AttributedEntry => ({ ...entry, askedAt: entry.time }));
    await inParallel([...byGroup], async ([groupId, positions]) => {
      for (const position of positions) {
        const entry = entries[position];
        const asker = entry === undefined ? undefined : await this.askerOf(entry, groupId);
        if (entry === undefined || asker === undefined) continue;
        const { actor, requestId, time } = asker;
        attributed[position] = { ...entry, actor, requestId, askedAt: time };
      }
    });
    return attributed;
  }

  private async askerOf(
    { type, resourceId = '', time, place }: PlacedEntry,
    groupId: string,
  ): Promise<PlacedEntry | undefined> {
    const history = this.historyOf(groupId);
    const before = (ms: number) => new Date(Date.parse(time) - ms).toISOString();
    let perhaps: PlacedEntry | undefined;
    let behind: PlacedEntry | undefined;
    let looked = 0;
    // "~" comes behind every place of the moment.
    for await (const asker of history.backwards({ since: before(REQUEST_MS), until: `${time}~` })) {
      if (looked++ === MAX_ENTRIES) break;
      const sure = asksFor(asker, type, resourceId);
      // What was asked for before the contrary was is over.
      if (asker.place < place && isContrary(asker, type, resourceId, perhaps)) break;
      // Records of different shards have no order within a second.
      if (asker.place > place) {
        if (sure === 'named') behind = asker;
        continue;
      }
      if (sure === 'named') return asker;
      if (sure === 'perhaps') perhaps ??= asker;
    }
    if (behind !== undefined || perhaps !== undefined) return behind ?? perhaps;
    for await (const asker of history.backwards({ since: before(LOOK_BACK_MS), until: before(REQUEST_MS) })) {
      if (looked++ >= MAX_ENTRIES || isContrary(asker, type, resourceId, undefined)) break;
      if (asksFor(asker, type, resourceId) !== 'no') return asker;
    }
    return undefined;
  }

  private historyOf(groupId: string): GroupHistory {
    const known = this.#histories.get(groupId);
    if (known !== undefined) return known;
    const history = new GroupHistory(this.#read, groupId);
    this.#histories.set(groupId, history);
    return history;
  }
}

/** What was read last of the entries of groups. */
interface ReadDays {
  readonly table: Table;
  readonly tenant: TenantId;
  /** Keys by group and day. */
  readonly days: Map<string, Promise<readonly ItemKey[]>>;
  /** Entries by group, day and part of the day. */
  readonly parts: Map<string, Promise<readonly PlacedEntry[]>>;
}

/** A group's entries by days in parts. */
class GroupHistory {
  constructor(
    private readonly known: ReadDays,
    private readonly groupId: string,
  ) {}

  /** The entries of the range, the last one first. */
  async *backwards(range: Pick<LogRange, 'since' | 'until'>): AsyncGenerator<PlacedEntry> {
    for (const day of daysBackwards(range)) {
      const keys = await this.keysOf(day);
      const first = firstBefore(keys, range.until);
      for (let part = Math.floor(first / PART); part * PART < keys.length; part++) {
        for (const entry of await this.read(day, keys, part)) {
          if (entry.place < range.since) return;
          if (entry.place < range.until) yield entry;
        }
      }
    }
  }

  private keysOf(day: string): Promise<readonly ItemKey[]> {
    const { table, tenant, days } = this.known;
    return remembered(days, `${this.groupId} ${day}`, MAX_DAYS, async () => {
      const keys: ItemKey[] = [];
      for await (const key of keysAbout(table, tenant, this.groupId, { since: day, until: day }))
        keys.push(key);
      return keys;
    });
  }

  private read(day: string, keys: readonly ItemKey[], part: number): Promise<readonly PlacedEntry[]> {
    const { table, parts } = this.known;
    return remembered(parts, `${this.groupId} ${day} ${part}`, MAX_PARTS, () => {
      const start = part * PART;
      return readEntries(table, keys.slice(start, start + PART));
    });
  }
}

/** Reads what is not known, and forgets what was read first of more than `most`. */
function remembered<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  most: number,
  read: () => Promise<Value>,
): Promise<Value> {
  const value = known.get(key) ?? read();
  known.set(key, value);
  for (const [first] of known) {
    if (known.size <= most) break;
    known.delete(first);
  }
  return value;
}

/** The position of the first of some keys, the last one first, that is before a moment. */
function firstBefore(keys: readonly ItemKey[], until: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle]?.sk ?? '') < until) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Whether an entry asks for the contrary: of many members perhaps, which is enough where somebody is known already. */
function isContrary(
  asker: PlacedEntry,
  what: PlacedEntry['type'],
  id: string,
  known: PlacedEntry | undefined,
): boolean {
  const contrary = asksFor(asker, what === 'member.added' ? 'member.removed' : 'member.added', id);
  return contrary === 'named' || (contrary === 'perhaps' && known !== undefined);
}

function asksFor(
  { type, asked }: PlacedEntry,
  what: PlacedEntry['type'],
  id: string,
): 'named' | 'perhaps' | 'no' {
  if (type === 'group.deleted') return what === 'member.removed' ? 'perhaps' : 'no';
  if (asked === undefined) return 'no';
  if ('added' in asked) return (what === 'member.added' ? asked.added : asked.removed) > 0 ? 'perhaps' : 'no';
  return (what === 'member.added' ? asked.add : asked.remove).includes(id) ? 'named' : 'no';
}
