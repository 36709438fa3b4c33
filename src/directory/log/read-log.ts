import type { ItemKey, TenantId } from '../table/keys';
import { logIndexKey, logPartition, refusalPartition } from '../table/log-keys';
import type { Item, Table } from '../table/table';
import { dayOf, entryOfItem, type PlacedEntry } from './entry';

/** A part of a tenant's log. */
export interface LogRange {
  /** ISO 8601: entries of this moment and later. */
  readonly since: string;
  /** ISO 8601: entries before this moment. */
  readonly until: string;
  /** Only what is about this user or group. */
  readonly resourceId?: string;
  /** Only what was refused, or only what was done. */
  readonly only?: 'refused' | 'done';
}

/** Entries that are read at once. */
export const ENTRIES_AT_ONCE = 100;
/** Keys of one user's or group's entries that are read at once: some 130 kB. */
const KEYS_AT_ONCE = 1_000;
const DAY_MS = 86_400_000;

/**
 * Reads a tenant's log backwards, the last entry first, as far as whoever iterates asks for. One user's or group's
 * entries come from the index, whatever else the log holds.
 */
export async function* readLog(table: Table, tenant: TenantId, range: LogRange): AsyncGenerator<PlacedEntry> {
  const { resourceId, only } = range;
  const partitions = [
    ...(only === 'refused' ? [] : [logPartition]),
    ...(only === 'done' ? [] : [refusalPartition]),
  ];
  if (resourceId !== undefined) {
    yield* lastFirst(partitions.map((pk) => entriesAbout(table, tenant, resourceId, range, pk)));
    return;
  }
  for (const day of daysBackwards(range)) {
    yield* lastFirst(partitions.map((pk) => entriesIn(table, pk(tenant, day), range)));
  }
}

/** The days (UTC) of a range, the last one first. */
export function* daysBackwards({ since, until }: Pick<LogRange, 'since' | 'until'>): Generator<string> {
  const first = dayOf(since);
  const last = Date.parse(`${dayOf(until)}T00:00:00Z`);
  // What is before the first moment of a day is on the day before.
  for (let at = until === new Date(last).toISOString() ? last - DAY_MS : last; ; at -= DAY_MS) {
    const day = dayOf(new Date(at).toISOString());
    if (day < first) return;
    yield day;
  }
}

async function* entriesIn(table: Table, pk: string, { since, until }: LogRange): AsyncGenerator<PlacedEntry> {
  const pages = table.pages({ pk, sk: { from: since, to: until }, backwards: true, limit: ENTRIES_AT_ONCE });
  for await (const page of pages) yield* page.map(entryOfItem);
}

/** Several sequences, each with its last entry first, as one. */
async function* lastFirst(sequences: readonly AsyncGenerator<PlacedEntry>[]): AsyncGenerator<PlacedEntry> {
  const heads = await Promise.all(sequences.map((sequence) => sequence.next()));
  for (;;) {
    let last: number | undefined;
    for (const [position, head] of heads.entries()) {
      if (head.done === true) continue;
      const other = last === undefined ? undefined : heads[last];
      if (other === undefined || other.done === true || head.value.place > other.value.place) last = position;
    }
    const [sequence, head] = last === undefined ? [] : [sequences[last], heads[last]];
    if (last === undefined || sequence === undefined || head === undefined || head.done === true) return;
    yield head.value;
    heads[last] = await sequence.next();
  }
}

async function* entriesAbout(
  table: Table,
  tenant: TenantId,
  id: string,
  range: LogRange,
  partition: DayPartition,
): AsyncGenerator<PlacedEntry> {
  let keys: ItemKey[] = [];
  for await (const key of keysAbout(table, tenant, id, range, partition)) {
    if (key.sk < range.since || key.sk >= range.until) continue;
    keys.push(key);
    if (keys.length < ENTRIES_AT_ONCE) continue;
    yield* await readEntries(table, keys);
    keys = [];
  }
  yield* await readEntries(table, keys);
}

/** The partition of a day: of what happened, or of what was refused. */
type DayPartition = (tenant: TenantId, day: string) => string;

/**
 * The keys of the entries of one user or group on the days of a range, the last one first, as far as whoever iterates
 * asks for. The index holds keys alone, in the order of their days and in none within a day, which is read as a whole
 * and sorted.
 */
export async function* keysAbout(
  table: Table,
  tenant: TenantId,
  id: string,
  { since, until }: Pick<LogRange, 'since' | 'until'>,
  partition: DayPartition = logPartition,
): AsyncGenerator<ItemKey> {
  const pages = table.pages({
    index: 'g1',
    pk: logIndexKey(tenant, id),
    sk: { from: partition(tenant, dayOf(since)), to: partition(tenant, dayOf(until)) },
    backwards: true,
    limit: KEYS_AT_ONCE,
  });
  let day: ItemKey[] = [];
  for await (const page of pages) {
    for (const { pk, sk } of page) {
      if (day[0] !== undefined && day[0].pk !== pk) {
        yield* day.sort(lastFirstByPlace);
        day = [];
      }
      day.push({ pk, sk });
    }
  }
  yield* day.sort(lastFirstByPlace);
}

const lastFirstByPlace = (a: ItemKey, b: ItemKey): number => (a.sk > b.sk ? -1 : 1);

/** Reads entries by their keys, the last one first. */
export async function readEntries(table: Table, keys: readonly ItemKey[]): Promise<PlacedEntry[]> {
  const items = await table.batchGet<Item>(keys, { consistent: true });
  return items.map(entryOfItem).sort((a, b) => (a.place > b.place ? -1 : 1));
}
