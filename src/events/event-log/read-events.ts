import type { TenantId } from '../../directory/table/keys';
import { EVENT_LOG_PARTS, eventLogKey, eventLogPartOf } from '../../directory/table/log-keys';
import type { Table } from '../../directory/table/table';
import type { ScimEvent } from '../event';
import { type EventItem, eventItemOf, LAST_PLACE, MAX_BEHIND_MS } from './event-item';

/** Where to read on in a part of the log: at a place, behind so many of its events. */
interface PartPosition {
  readonly place: number;
  readonly taken: number;
}

/** Where to read on: one position for each part that is read. */
export interface EventPosition {
  readonly parts: readonly PartPosition[];
  /** Only what happened at this time or later, in milliseconds since 1970; 0 for whatever is kept. */
  readonly since: number;
  /** Milliseconds since 1970: what is kept at this time or later has not been read over. */
  readonly readUntil: number;
}

/** Some events, and where to read on. */
export interface EventPage {
  /** A tenant's are in the order in which they were written to the log. */
  readonly events: readonly ScimEvent[];
  readonly next: EventPosition;
  /** Whether these are the last ones so far. */
  readonly atEnd: boolean;
}

/** Items of other tenants lie between one tenant's. */
const MIN_ITEMS_AT_ONCE = 100;
const MAX_ITEMS_AT_ONCE = 1_000;
/** Behind so many queries of up to 1 MB a page ends, whatever it has found. */
const MAX_QUERIES = 8;

/** Where to begin to read all that is kept, or what was told since a moment. */
export function beginOfEvents(
  tenant: TenantId | undefined,
  since: Date | undefined,
  now: number,
): EventPosition {
  // Within the places that there are: whoever goes on at `next` has to be understood.
  const from = Math.min(Math.max(0, since?.getTime() ?? 0), LAST_PLACE);
  // A writer's clock may be behind, too.
  const place = Math.max(0, from - 2 * MAX_BEHIND_MS);
  return { parts: partsOf(tenant).map(() => ({ place, taken: 0 })), since: from, readUntil: now };
}

/** Reads some events of a tenant, or of all, strongly consistent. @param limit how many at the most */
export async function readEvents(
  table: Table,
  tenant: TenantId | undefined,
  { parts: from, since }: EventPosition,
  limit: number,
  now: () => number = Date.now,
): Promise<EventPage> {
  const startedAt = now();
  const isWanted = (event: ScimEvent) => Date.parse(event.time) >= since;
  const read = await Promise.all(
    partsOf(tenant).map((part, position) =>
      readPart(table, part, from[position] ?? { place: 0, taken: 0 }, { tenant, limit, isWanted, startedAt }),
    ),
  );
  const offered = read
    .flatMap(({ found }, position) => found.map((item) => ({ ...item, position })))
    .sort((a, b) => a.place - b.place);
  const events: ScimEvent[] = [];
  /** By part: where the first event lies that there was no room for. */
  const left = new Map<number, PartPosition>();
  for (const { position, place, first, of } of offered) {
    const some = of.slice(0, left.has(position) ? 0 : limit - events.length);
    events.push(...some.filter(isWanted));
    if (some.length < of.length && !left.has(position))
      left.set(position, { place, taken: first + some.length });
  }
  const parts = read.map(({ next }, position) => left.get(position) ?? next);
  const unfinished = parts.filter((_, position) => left.has(position) || read[position]?.isCut === true);
  const atEnd = unfinished.length === 0;
  const readUntil = Math.min(startedAt, ...unfinished.map(({ place }) => place).filter((place) => place > 0));
  return { events, next: { parts, since, readUntil }, atEnd };
}

/** An item with events that are wanted: those behind the first so many. */
interface Offered {
  readonly place: number;
  readonly first: number;
  readonly of: readonly ScimEvent[];
}

async function readPart(
  table: Table,
  part: number,
  from: PartPosition,
  wanted: {
    readonly tenant: TenantId | undefined;
    readonly limit: number;
    readonly isWanted: (event: ScimEvent) => boolean;
    readonly startedAt: number;
  },
): Promise<{ readonly found: readonly Offered[]; readonly next: PartPosition; readonly isCut: boolean }> {
  const { tenant, limit, isWanted, startedAt } = wanted;
  const { pk, sk: begin } = eventLogKey(part, from.place);
  const pages = table.pages({
    pk,
    sk: { from: begin, to: eventLogKey(part, LAST_PLACE).sk },
    limit: Math.min(Math.max(limit, MIN_ITEMS_AT_ONCE), MAX_ITEMS_AT_ONCE),
    consistent: true,
  });
  const found: Offered[] = [];
  let next = from;
  let count = 0;
  let queries = 0;
  for await (const page of pages) {
    for (const item of page.map(eventItemOf)) {
      const first = item.place === from.place ? from.taken : 0;
      next = { place: item.place + 1, taken: 0 };
      if (!isFor(item, tenant, startedAt)) continue;
      const of = item.events.slice(first);
      const many = of.filter(isWanted).length;
      if (many > 0) found.push({ place: item.place, first, of });
      count += many;
    }
    if (count >= limit || ++queries === MAX_QUERIES) return { found, next, isCut: true };
  }
  return { found, next, isCut: false };
}

/** DynamoDB removes what has ended within some days. */
const isFor = ({ tenantId, expiresAt = 0 }: EventItem, tenant: TenantId | undefined, now: number): boolean =>
  tenantId !== undefined && (tenant === undefined || tenantId === tenant) && expiresAt * 1000 > now;

/** The parts of the log that have a tenant's events, or all tenants'. */
const partsOf = (tenant: TenantId | undefined): readonly number[] =>
  tenant === undefined
    ? Array.from({ length: EVENT_LOG_PARTS }, (_, part) => part)
    : [eventLogPartOf(tenant)];
