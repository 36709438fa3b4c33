import { isTenantId, type TenantId } from '../../directory/table/keys';
import { eventLogKey, eventLogPartOf, keptEventsKey } from '../../directory/table/log-keys';
import { ConditionFailed, type Table, type Write } from '../../directory/table/table';
import { settingsUnlessRemoved } from '../../directory/tenants/tenant-settings';
import type { EventType, ScimEvent } from '../event';
import { DAYS_BEYOND, emptyItem, eventItem, eventItemOf, MAX_BEHIND_MS, outlivesTenant } from './event-item';

/** For how long events are kept; with 0 none are. */
export interface EventLogDays {
  readonly days: number;
}

/** Events of one tenant in an item. */
const MAX_EVENTS_IN_AN_ITEM = 100;
/** What could be told again together, in one transaction. */
const MAX_TOGETHER = 40;
/** All writes of a transaction can be seen after this. */
const VISIBLE_AFTER_MS = 60_000;
/** Records are delivered again within an hour, and redriven as long as the stream has them, a day. */
const TOLD_AGAIN_WITHIN_S = 2 * 86_400;
const DAY_S = 86_400;

/**
 * Writes events to the log that `GET /v1/events` reads. Each is there once, however often it is written, and nothing is
 * ever written before what somebody may have read: a place is that behind the last one, and taken by whoever writes it
 * first (docs/decisions.md).
 *
 * What a tenant was told while it is being removed is not kept, but that it is.
 *
 * @throws what the table throws; some of the events may then be written
 */
export async function keepEvents(
  table: Table,
  events: readonly ScimEvent[],
  { days }: EventLogDays,
  now: () => number = Date.now,
): Promise<void> {
  const tenants = new Map<TenantId, ScimEvent[]>();
  for (const event of events) {
    const { tenantId } = event;
    if (isTenantId(tenantId)) tenants.set(tenantId, [...(tenants.get(tenantId) ?? []), event]);
  }
  const parts = new Map<number, (() => Promise<void>)[]>();
  for (const [tenant, told] of tenants) {
    const part = eventLogPartOf(tenant);
    const keep = () => keepOf(table, part, tenant, told, days, now);
    parts.set(part, [...(parts.get(part) ?? []), keep]);
  }
  // Two writers of one part would be in each other's way.
  await Promise.all(
    [...parts.values()].map(async (writers) => {
      for (const keep of writers) await keep();
    }),
  );
}

async function keepOf(
  table: Table,
  part: number,
  tenant: TenantId,
  events: readonly ScimEvent[],
  days: number,
  now: () => number,
): Promise<void> {
  const isRemoved = (await settingsUnlessRemoved(table, tenant)) === undefined;
  const kept = isRemoved ? events.filter(outlivesTenant) : events;
  for (const some of inItems(kept)) await append(table, part, tenant, some, days, now);
}

function* inItems(events: readonly ScimEvent[]): Generator<ScimEvent[]> {
  let some: ScimEvent[] = [];
  for (const event of events) {
    const together = new Set([...some, event].map(toldAgainWith));
    if (some.length === MAX_EVENTS_IN_AN_ITEM || together.size > MAX_TOGETHER) {
      yield some;
      some = [];
    }
    some.push(event);
  }
  if (some.length > 0) yield some;
}

/** What the sweep tells once has the time of each try. */
const TOLD_BY_SWEEP: readonly EventType[] = [
  'tenant.unusual_activity',
  'tenant.silent',
  'credential.expiring',
];

/**
 * What events share that could be told again together: their second, since a record of the stream keeps its time. So an
 * item remembers many, and an event is looked up in one.
 */
const toldAgainWith = ({ type, time, id }: ScimEvent): string => (TOLD_BY_SWEEP.includes(type) ? id : time);

async function append(
  table: Table,
  part: number,
  tenant: TenantId,
  events: readonly ScimEvent[],
  days: number,
  now: () => number,
): Promise<void> {
  const giveUpAt = table.giveUpAt();
  for (let attempt = 1; ; attempt++) {
    const at = now();
    // The end of the log before what is kept: whoever has kept these meanwhile has taken the place behind that end.
    const end = await endOf(table, part);
    const { fresh, remembering } = await lookAt(table, tenant, events, at);
    if (fresh.length === 0) return;
    if (!isBeingContinued(end, at)) {
      const expiresAt = Math.ceil(at / 1000) + (days + DAYS_BEYOND) * DAY_S;
      const itemAt = (place: number) => eventItem(part, place, tenant, fresh, expiresAt);
      try {
        await table.transact([...puts(part, end, at, expiresAt, itemAt), ...remembering]);
        return;
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error;
      }
    }
    await table.backOff(attempt, giveUpAt);
  }
}

/** Where the log ends, as far as anybody can see. */
interface End {
  readonly place: number;
  readonly goesOnAt?: number;
}

async function endOf(table: Table, part: number): Promise<End> {
  const { pk } = eventLogKey(part, 0);
  const { items } = await table.query({ pk, backwards: true, limit: 1 });
  const [last] = items;
  return last === undefined ? { place: 0 } : eventItemOf(last);
}

/** Whether somebody has just taken a place from which the log goes on at one that cannot be seen yet. */
const isBeingContinued = ({ goesOnAt }: End, at: number): boolean =>
  goesOnAt !== undefined && Math.abs(at - goesOnAt) < VISIBLE_AFTER_MS;

/**
 * The item at the place behind the end; or, where the log has fallen behind the time, at the time, and the place behind
 * the end is taken nevertheless, so that it stays the one place that all who have seen this end write to. The first of
 * all places stays for ever: without it the end could be forgotten.
 */
function puts(
  part: number,
  end: End,
  at: number,
  expiresAt: number,
  itemAt: (place: number) => ReturnType<typeof eventItem>,
): Write[] {
  const condition = { expression: 'attribute_not_exists(pk)' };
  const next = end.place + 1;
  if (at - end.place <= MAX_BEHIND_MS) return [{ kind: 'put', item: itemAt(next), condition }];
  const taken = emptyItem(part, {
    place: next,
    goesOnAt: at,
    expiresAt: end.place === 0 ? undefined : expiresAt,
  });
  return [
    { kind: 'put', item: taken, condition },
    { kind: 'put', item: itemAt(at), condition },
  ];
}

/**
 * Which of some events the log has not yet, and the writes that remember that it has them. These have no condition:
 * whoever writes the same goes to the same place.
 */
async function lookAt(
  table: Table,
  tenant: TenantId,
  events: readonly ScimEvent[],
  at: number,
): Promise<{ readonly fresh: readonly ScimEvent[]; readonly remembering: readonly Write[] }> {
  const keys = [...new Set(events.map(toldAgainWith))].map((together) => keptEventsKey(tenant, together));
  const items = await table.batchGet<{ ids?: readonly string[] }>(keys, { consistent: true });
  const kept = new Map(items.map(({ sk, ids = [] }) => [sk, ids]));
  const unkept = events.filter((event) => kept.get(toldAgainWith(event))?.includes(event.id) !== true);
  const fresh = [...new Map(unkept.map((event) => [event.id, event])).values()];
  const expiresAt = Math.ceil(at / 1000) + TOLD_AGAIN_WITHIN_S;
  const remembering = keys.flatMap((key): Write[] => {
    const ids = fresh.filter((event) => toldAgainWith(event) === key.sk).map(({ id }) => id);
    if (ids.length === 0) return [];
    return [{ kind: 'put', item: { ...key, ids: [...(kept.get(key.sk) ?? []), ...ids], expiresAt } }];
  });
  return { fresh, remembering };
}
