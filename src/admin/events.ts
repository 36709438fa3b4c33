import type { ScimEvent } from '../events/event';
import { beginOfEvents, type EventPosition, hasEnded, readEvents } from '../events/event-log/read-events';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import { eventLogOf } from './event-log';
import { findTenant } from './tenants';

export type { ScimEvent };

/** Which events are wanted. */
export interface EventsInput {
  /** Those of this tenant; all tenants' when absent. */
  readonly tenantId?: string;
  /** Only what happened from then on; all that is kept when absent. */
  readonly since?: Date;
  /** So many at the most; 100 when absent. */
  readonly limit?: number;
  /** Where an earlier page has ended: `since` is then what it was for that page. */
  readonly after?: string;
}

/** Some events, in the order in which a tenant's were told. */
export interface EventsPage {
  readonly items: readonly ScimEvent[];
  /** Where to read on, now or when more has happened. */
  readonly next: string;
  /** Whether these are the last ones so far. */
  readonly atEnd: boolean;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/**
 * Reads events that the stack has kept (docs/events.md). Whoever goes on at `next` gets each event once and misses
 * none, however late it was written.
 *
 * @throws AdminError unsupported when the stack keeps none; notFound for the tenant; invalidInput for a place to read
 *   on from that is none, or from which events have ended by now
 * @example
 * const { items, next } = await readEventsPage(deployment, { tenantId: 'acme', after });
 */
export async function readEventsPage(deployment: Deployment, input: EventsInput): Promise<EventsPage> {
  const { limit = DEFAULT_LIMIT } = input;
  const days = daysOf(deployment);
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT))
    throw new AdminError('invalidInput', `The limit is ${limit}; 1 to ${MAX_LIMIT} is accepted.`);
  const tenant =
    input.tenantId === undefined ? undefined : await findTenant(deployment, { tenantId: input.tenantId });
  const begin = beginOfEvents(tenant, input.since, Date.now(), days);
  const position = input.after === undefined ? begin : positionIn(input.after, begin.parts.length);
  if (hasEnded(position, Date.now(), days)) {
    throw new AdminError(
      'invalidInput',
      `The events behind this cursor have ended in part: each is kept for the days that the stack had when it was told, ${days} by now. Begin without a cursor, and compare what you have with an export.`,
    );
  }
  const { events, next, atEnd } = await readEvents(deployment.table, tenant, position, limit, { days });
  return { items: events, next: textOf(next), atEnd };
}

/**
 * Reads events, and goes on with what comes.
 *
 * @param untilNextLook awaited behind the last event so far; whoever iterates ends it by leaving the loop
 * @throws AdminError as `readEventsPage`
 */
export async function* followEvents(
  deployment: Deployment,
  input: EventsInput,
  untilNextLook: () => Promise<void>,
): AsyncGenerator<readonly ScimEvent[]> {
  for (let { after } = input; ; ) {
    const { items, next, atEnd } = await readEventsPage(deployment, { limit: MAX_LIMIT, ...input, after });
    yield items;
    after = next;
    if (atEnd) await untilNextLook();
  }
}

/** All events so far. @throws AdminError as `readEventsPage` */
export async function* allEvents(
  deployment: Deployment,
  input: EventsInput,
): AsyncGenerator<readonly ScimEvent[]> {
  for (let { after } = input; ; ) {
    const { items, next, atEnd } = await readEventsPage(deployment, { limit: MAX_LIMIT, ...input, after });
    yield items;
    if (atEnd) return;
    after = next;
  }
}

/** @returns undefined where there is a table alone, which does not tell */
function daysOf({ stack }: Deployment): number | undefined {
  if (stack === undefined) return undefined;
  const eventLog = eventLogOf(stack.outputs);
  if (eventLog !== undefined) return eventLog.days;
  throw new AdminError(
    'unsupported',
    'The stack keeps no events; deploy it with eventLogDays, the number of days to keep them.',
  );
}

const textOf = ({ since, readUntil, wholeUntil, parts }: EventPosition): string =>
  [
    since,
    readUntil,
    wholeUntil,
    ...parts.map(({ place, taken }) => (taken === 0 ? place : `${place}.${taken}`)),
  ].join(' ');

function positionIn(text: string, parts: number): EventPosition {
  const [since = '', readUntil = '', wholeUntil = '', ...places] = text.split(' ');
  const isPosition =
    places.length === parts &&
    [since, readUntil, wholeUntil].every((number) => /^\d{1,14}$/.test(number)) &&
    places.every((place) => /^\d{1,14}(\.\d{1,3})?$/.test(place));
  if (!isPosition) throw new AdminError('invalidInput', 'The place to read on from is not one of events.');
  return {
    since: Number(since),
    readUntil: Number(readUntil),
    wholeUntil: Number(wholeUntil),
    parts: places.map((part) => {
      const [place, taken = 0] = part.split('.').map(Number);
      return { place: place ?? 0, taken };
    }),
  };
}
