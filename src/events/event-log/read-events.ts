import type { TenantId } from '../../directory/table/keys';
import { EVENT_LOG_PARTS, eventLogKey, eventLogPartOf } from '../../directory/table/log-keys';
import type { Table } from '../../directory/table/table';
import type { ScimEvent } from '../event';
import { DAYS_BEYOND, type EventItem, eventItemOf, LAST_PLACE, MAX_BEHIND_MS } from './event-item';

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
  /**
   * Milliseconds since 1970: until then all is kept that was not read over, unless the log keeps for fewer days by
   * then.
   */
  readonly wholeUntil: number;
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
const DAY_MS = 86_400_000;

/**
 * Where to begin to read all that is kept, or what was told since a moment. What is older than the days is left out,
 * though it lies there for another day: so whoever reads on from there has a day before anything ends.
 *
 * @param days for how many the log keeps what it is told; undefined where nobody tells
 */
export function beginOfEvents(
  tenant: TenantId | undefined,
  since: Date | undefined,
  now: number,
  days?: number,
): EventPosition {
  // Within the places that there are: whoever goes on at `next` has to be understood.
  const from = Math.min(Math.max(0, since?.getTime() ?? 0), LAST_PLACE);
  const oldest = days === undefined ? 0 : now - days * DAY_MS;
  // A writer's clock may be behind, too.
  const place = Math.max(0, Math.max(from, oldest) - 2 * MAX_BEHIND_MS);
  return {
    parts: partsOf(tenant).map(() => ({ place, taken: 0 })),
    since: from,
    readUntil: now,
    wholeUntil: endOfEvents(now, days),
  };
}

/**
 * Whether some of the events behind a position have ended since it was given. When the days were raised since, what was
 * told before ends as early as it would have; when they were lowered, what was told after that ends earlier.
 *
 * @param days for how many the log keeps events by now; undefined where nobody tells
 */
export const hasEnded = (
  { readUntil, wholeUntil }: EventPosition,
  now: number,
  days: number | undefined,
): boolean => now >= Math.min(wholeUntil, endOfEvents(readUntil, days));

/** When what is told from a moment on begins to end. */
const endOfEvents = (now: number, days: number | undefined): number =>
  days === undefined ? LAST_PLACE : now + (days + DAYS_BEYOND) * DAY_MS;

/**
 * Reads some events of a tenant, or of all, strongly consistent.
 *
 * @param limit how many at the most
 * @param days for how many the log keeps what is told from now on; undefined where nobody tells
 */
export async function readEvents(
  table: Table,
  tenant: TenantId | undefined,
  { parts: from, since }: EventPosition,
  limit: number,
  { now = Date.now, days }: { readonly now?: () => number; readonly days?: number } = {},
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
  const unfinished = read.flatMap(({ isCut, endsAt }, position) => {
    const place = parts[position]?.place ?? 0;
    const leftEndsAt = offered.find((item) => item.position === position && item.place === place)?.endsAt;
    return left.has(position) || isCut ? [{ place, endsAt: leftEndsAt ?? endsAt }] : [];
  });
  const atEnd = unfinished.length === 0;
  const readUntil = Math.min(startedAt, ...unfinished.map(({ place }) => place).filter((place) => place > 0));
  // Of what lies there already, the life was given when it was written, maybe by another number of days.
  const wholeUntil = Math.min(endOfEvents(startedAt, days), ...unfinished.map(({ endsAt }) => endsAt));
  return { events, next: { parts, since, readUntil, wholeUntil }, atEnd };
}

/** An item with events that are wanted: those behind the first so many. */
interface Offered {
  readonly place: number;
  readonly first: number;
  readonly of: readonly ScimEvent[];
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

/** What was read of a part, and where it goes on. */
interface PartRead {
  readonly found: readonly Offered[];
  readonly next: PartPosition;
  readonly isCut: boolean;
  /** When the last item that was read ends: those behind it end no earlier, unless the days were lowered. */
  readonly endsAt: number;
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
): Promise<PartRead> {
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
  let endsAt = LAST_PLACE;
  for await (const page of pages) {
    for (const item of page.map(eventItemOf)) {
      const first = item.place === from.place ? from.taken : 0;
      next = { place: item.place + 1, taken: 0 };
      const ends = item.expiresAt === undefined ? LAST_PLACE : item.expiresAt * 1000;
      // DynamoDB removes what has ended within some days.
      if (ends <= startedAt) continue;
      endsAt = ends;
      if (!isFor(item, tenant)) continue;
      const of = item.events.slice(first);
      const many = of.filter(isWanted).length;
      if (many > 0) found.push({ place: item.place, first, of, endsAt });
      count += many;
    }
    if (count >= limit || ++queries === MAX_QUERIES) return { found, next, isCut: true, endsAt };
  }
  return { found, next, isCut: false, endsAt };
}

const isFor = ({ tenantId }: EventItem, tenant: TenantId | undefined): boolean =>
  tenantId !== undefined && (tenant === undefined || tenantId === tenant);

/** The parts of the log that have a tenant's events, or all tenants'. */
const partsOf = (tenant: TenantId | undefined): readonly number[] =>
  tenant === undefined
    ? Array.from({ length: EVENT_LOG_PARTS }, (_, part) => part)
    : [eventLogPartOf(tenant)];
