import { type ItemKey, logIndexKey, logPartition, refusalPartition, type TenantId } from '../table/keys';
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
  /** Only what was refused. */
  readonly refusalsOnly?: boolean;
}

/** Entries that are read at once of one user's or group's. */
export const ENTRIES_AT_ONCE = 100;
const DAY_MS = 86_400_000;

/**
 * Reads a tenant's log backwards, the last entry first, as far as whoever iterates asks for. One user's or group's
 * entries come from the index, whatever else the log holds.
 */
export async function* readLog(table: Table, tenant: TenantId, range: LogRange): AsyncGenerator<PlacedEntry> {
  if (range.resourceId !== undefined) {
    yield* historyOf(table, tenant, range.resourceId, range);
    return;
  }
  for (const day of daysBackwards(range)) {
    const refusals = refusalPartition(tenant, day);
    const partitions = range.refusalsOnly === true ? [refusals] : [logPartition(tenant, day), refusals];
    yield* lastFirst(partitions.map((pk) => entriesIn(table, pk, range)));
  }
}

function* daysBackwards({ since, until }: LogRange): Generator<string> {
  const first = dayOf(since);
  for (let at = Date.parse(`${dayOf(until)}T00:00:00Z`); ; at -= DAY_MS) {
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

async function* historyOf(
  table: Table,
  tenant: TenantId,
  id: string,
  { since, until }: LogRange,
): AsyncGenerator<PlacedEntry> {
  const keys = (await historyKeys(table, tenant, id)).filter(({ sk }) => sk >= since && sk < until);
  for (let start = 0; start < keys.length; start += ENTRIES_AT_ONCE) {
    yield* await readEntries(table, keys.slice(start, start + ENTRIES_AT_ONCE));
  }
}

/**
 * The keys of all entries of one user or group, the last one first. The index holds keys alone and in no order of time,
 * so they are all read and sorted before their items are.
 */
export async function historyKeys(table: Table, tenant: TenantId, id: string): Promise<ItemKey[]> {
  const entries = await table.queryAll({ index: 'g1', pk: logIndexKey(tenant, id) });
  return entries.map(({ pk, sk }) => ({ pk, sk })).sort((a, b) => (a.sk > b.sk ? -1 : 1));
}

/** Reads entries by their keys, the last one first. */
export async function readEntries(table: Table, keys: readonly ItemKey[]): Promise<PlacedEntry[]> {
  const items = await table.batchGet<Item>(keys, { consistent: true });
  return items.map(entryOfItem).sort((a, b) => (a.place > b.place ? -1 : 1));
}
