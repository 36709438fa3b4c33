import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { EVENT_LOG_PARTS, eventLogPartOf } from '../../src/directory/table/log-keys';
import { Table } from '../../src/directory/table/table';
import { type Place, removeTenant } from '../../src/directory/tenants/tenant-removal';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import type { ScimEvent } from '../../src/events/event';
import { eraseEvents } from '../../src/events/event-log/erase-events';
import { keepEvents } from '../../src/events/event-log/keep-events';
import {
  beginOfEvents,
  type EventPosition,
  hasEnded,
  readEvents,
} from '../../src/events/event-log/read-events';
import { eventId } from '../../src/events/events-of';
import { findingsIn, worldOf } from '../directory/crash-points/world';
import { type Interceptor, memoryClient } from '../memory-dynamodb/client';
import { MemoryStore } from '../memory-dynamodb/store';

const DAYS = { days: 7 };
const START = Date.UTC(2026, 10, 23);
const HOUR_MS = 3_600_000;
/** Two of one part of the log, and one of another. */
const TENANTS = ['acme', partner('acme', true), partner('acme', false)].map(readTenantId);

function partner(tenant: string, isOfSamePart: boolean): string {
  for (let n = 0; ; n++)
    if ((eventLogPartOf(`t-${n}`) === eventLogPartOf(tenant)) === isOfSamePart) return `t-${n}`;
}

/** Stands in for a process that dies at a call. */
class Crash extends Error {}

const eventOf = (tenantId: string, n: number, at = START): ScimEvent => ({
  id: eventId('user.updated', tenantId, n),
  version: '1',
  type: 'user.updated',
  time: new Date(Math.floor(at / 1000) * 1000).toISOString(),
  tenantId,
  sequence: String(n),
  data: { userId: `u${n}`, attributes: { userName: 'ann@example.com' } },
});

async function newStore(): Promise<MemoryStore> {
  const store = new MemoryStore();
  store.now = () => START;
  for (const tenantId of TENANTS) await createTenant(tableOf(store), { tenantId, name: tenantId });
  return store;
}

const tableOf = (store: MemoryStore, intercept?: Interceptor) =>
  new Table('memory', memoryClient(store, intercept));

/** Everything from a position on, in pages of `limit`. */
async function readAll(store: MemoryStore, from: EventPosition, limit: number, now: number, tenant = false) {
  const read: ScimEvent[] = [];
  for (let position = from; ; ) {
    const of = tenant ? TENANTS[0] : undefined;
    const page = await readEvents(tableOf(store), of, position, limit, { now: () => now });
    read.push(...page.events);
    position = page.next;
    if (page.atEnd) return { read, position };
  }
}

/** One writer: whose clock is how wrong, what it is given in which pieces, and at which of its calls it dies. */
interface Writer {
  readonly skewMs: number;
  readonly tenant: number;
  readonly pieces: readonly number[];
  /** How often each piece is delivered. */
  readonly deliveries: number;
  readonly diesAt: number | undefined;
  readonly pauses: readonly number[];
}

const writers: fc.Arbitrary<Writer[]> = fc.array(
  fc.record({
    skewMs: fc.constantFrom(0, 0, -30_000, 5_000, 2 * HOUR_MS, -2 * HOUR_MS),
    tenant: fc.nat({ max: TENANTS.length - 1 }),
    pieces: fc.array(fc.integer({ min: 1, max: 130 }), { minLength: 1, maxLength: 3 }),
    deliveries: fc.integer({ min: 1, max: 3 }),
    diesAt: fc.option(fc.nat({ max: 12 }), { nil: undefined }),
    pauses: fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 20 }),
  }),
  { minLength: 2, maxLength: 4 },
);

test('whoever reads on from a cursor gets each event once and misses none, whoever writes at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(
      writers,
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 20 }),
      async (drawn, limit, readerPauses) => {
        const store = await newStore();
        let [writing, sequence, elapsedMs] = [drawn.length, 0, 0];
        const expected: ScimEvent[][] = [];
        const write = async ({ skewMs, tenant, pieces, deliveries, diesAt, pauses }: Writer) => {
          let calls = 0;
          const table = tableOf(store, async (_, answer) => {
            for (let n = pauses[calls % pauses.length] ?? 0; n > 0; n--) await turn();
            if (calls++ === diesAt) throw new Crash();
            return answer();
          });
          for (const size of pieces) {
            const tenantId = TENANTS[tenant] ?? '';
            const told = Array.from({ length: size }, () => eventOf(tenantId, ++sequence, START + elapsedMs));
            expected.push(told);
            elapsedMs += 400;
            // The stream delivers again what has failed, and sometimes what has not: the last one is whole.
            for (let delivery = 0; delivery < deliveries || calls <= (diesAt ?? 0); delivery++) {
              const now = () => START + elapsedMs + skewMs;
              await keepEvents(table, told, DAYS, now).catch((error: unknown) => {
                if (!(error instanceof Crash)) throw error;
              });
              if (delivery > 20) break;
            }
            await keepEvents(table, told, DAYS, () => START + elapsedMs + skewMs).catch(async () =>
              keepEvents(tableOf(store), told, DAYS, () => START + elapsedMs + skewMs),
            );
          }
          writing--;
        };
        const seen: ScimEvent[] = [];
        let hasNews = true;
        store.onCommit = () => {
          hasNews = true;
        };
        let position = beginOfEvents(undefined, undefined, START);
        const read = async () => {
          for (let n = 0; writing > 0; n++) {
            while (!hasNews && writing > 0) await turn();
            hasNews = false;
            for (let turns = readerPauses[n % readerPauses.length] ?? 0; turns >= 0; turns--) await turn();
            const page = await readEvents(tableOf(store), undefined, position, limit, { now: () => START });
            seen.push(...page.events);
            position = page.next;
          }
        };
        await Promise.all([read(), ...drawn.map(write)]);
        seen.push(...(await readAll(store, position, limit, START)).read);

        const ids = (events: readonly ScimEvent[]) => events.map(({ id }) => id);
        expect(ids(seen).sort()).toEqual(ids(expected.flat()).sort());
        for (const told of expected) {
          const places = told.map(({ id }) => seen.findIndex((event) => event.id === id));
          expect(places).toEqual([...places].sort((a, b) => a - b));
        }
        const { read: ofAcme } = await readAll(
          store,
          beginOfEvents(TENANTS[0], undefined, START),
          limit,
          START,
          true,
        );
        expect(ids(ofAcme)).toEqual(ids(seen.filter(({ tenantId }) => tenantId === 'acme')));
      },
    ),
    { numRuns: 10 },
  );
});

test('cursors stay good through hours and days of silence, and when what was read has ended', async () => {
  const store = await newStore();
  let at = START;
  store.now = () => at;
  let position = beginOfEvents(undefined, undefined, at);
  const steps = [
    0,
    1_000,
    HOUR_MS / 2,
    2 * HOUR_MS,
    26 * HOUR_MS,
    9 * 24 * HOUR_MS,
    1_000,
    20 * 24 * HOUR_MS,
  ];
  for (const [n, step] of steps.entries()) {
    at += step;
    // Those with the latest end may be the first that DynamoDB removes.
    for (const item of store.all().reverse()) {
      if (Number(item.expiresAt ?? Number.POSITIVE_INFINITY) * 1000 < at)
        await tableOf(store).write({ kind: 'delete', key: item });
    }
    await keepEvents(tableOf(store), [eventOf('acme', n, at)], DAYS, () => at);
    const { read, position: next } = await readAll(store, position, 10, at);
    expect(read.map(({ sequence }) => sequence)).toEqual([String(n)]);
    position = next;
  }
});

type Step =
  | { readonly do: 'tell' | 'read' }
  | { readonly do: 'pass'; readonly hours: number }
  | { readonly do: 'change the days' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant({ do: 'tell' as const }) },
    { weight: 3, arbitrary: fc.constant({ do: 'read' as const }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('pass' as const), hours: fc.integer({ min: 1, max: 60 }) }),
    },
  ),
  { minLength: 10, maxLength: 40 },
);

test('a cursor is refused when events behind it have ended, also when the days were raised or lowered meanwhile', async () => {
  const seen = { refused: 0, whole: 0 };
  const cases = fc.tuple(steps, steps, fc.constantFrom([2, 9], [9, 2]), fc.integer({ min: 1, max: 3 }));
  await fc.assert(
    fc.asyncProperty(cases, async ([before, after, [daysAtFirst = 0, daysThen = 0], limit]) => {
      const store = await newStore();
      const table = tableOf(store);
      let [at, told, days] = [START, 0, daysAtFirst];
      /** The sequence behind which the reader is, since it has begun without a cursor. */
      let [position, behind]: [EventPosition | undefined, number | undefined] = [undefined, undefined];
      for (const step of [...before, { do: 'change the days' } as const, ...after]) {
        if (step.do === 'tell') await keepEvents(table, [eventOf('acme', ++told, at)], { days }, () => at);
        if (step.do === 'change the days') days = daysThen;
        if (step.do === 'pass') {
          at += step.hours * HOUR_MS;
          for (const item of store.all())
            if (Number(item.expiresAt ?? Number.POSITIVE_INFINITY) * 1000 <= at)
              await table.write({ kind: 'delete', key: item });
        }
        if (step.do !== 'read') continue;
        if (position !== undefined && hasEnded(position, at, days)) {
          seen.refused++;
          [position, behind] = [undefined, undefined];
        }
        const from: EventPosition = position ?? beginOfEvents(undefined, undefined, at, days);
        const page = await readEvents(table, undefined, from, limit, { now: () => at, days });
        for (const { sequence } of page.events) {
          if (behind !== undefined) expect(Number(sequence)).toBe(behind + 1);
          behind = Number(sequence);
        }
        if (page.atEnd && behind !== undefined) expect(behind).toBe(told);
        if (page.atEnd) behind = told;
        if (position !== undefined) seen.whole++;
        position = page.next;
      }
    }),
    { numRuns: 40 },
  );
  expect(seen.refused).toBeGreaterThan(5);
  expect(seen.whole).toBeGreaterThan(5);
});

test('whoever begins to read when much is about to end has a day for the next page', async () => {
  const store = await newStore();
  const { days } = DAYS;
  for (let n = 0; n < 5; n++) await keepEvents(tableOf(store), [eventOf('acme', n)], DAYS, () => START);
  const now = START + days * 24 * HOUR_MS;
  const begun = beginOfEvents(undefined, undefined, now, days);
  const { next } = await readEvents(tableOf(store), undefined, begun, 2, { now: () => now, days });

  expect(hasEnded(next, now + 23 * HOUR_MS, days)).toBe(false);
  expect(hasEnded(next, now + 25 * HOUR_MS, days)).toBe(true);
});

test('what was told since a moment is found although it was written late', async () => {
  const store = await newStore();
  const write = (n: number, told: number, written: number) =>
    keepEvents(tableOf(store), [eventOf('acme', n, START + told)], DAYS, () => START + written);
  await write(1, 0, 0);
  for (let n = 2; n < 6; n++) await write(n, 30 * 60_000, 31 * 60_000);
  await write(6, 0, 3 * HOUR_MS);
  const since = new Date(START + 30 * 60_000);
  const { read } = await readAll(store, beginOfEvents(undefined, since, START), 2, START + 3 * HOUR_MS);
  expect(read.map(({ sequence }) => sequence)).toEqual(['2', '3', '4', '5']);
});

test('the log names nobody, and forgets a tenant that is removed but for its removal', async () => {
  const store = await newStore();
  const table = tableOf(store);
  const [acme, sibling] = TENANTS;
  if (acme === undefined || sibling === undefined) throw new Error('There are no tenants.');
  const many = Array.from({ length: 40 }, (_, n) => eventOf('acme', n));
  await keepEvents(table, [...many, eventOf(sibling, 1)], DAYS, () => START);
  expect(
    JSON.stringify((await readAll(store, beginOfEvents(acme, undefined, START), 7, START, true)).read),
  ).not.toContain('ann@');
  expect(await findingsIn(worldOf(store))).toEqual([]);
  const before = await readAll(store, beginOfEvents(undefined, undefined, START), 100, START);

  // A page of the log at a time, as in a request whose time is over.
  const removeBeside = ({ place }: Place) => eraseEvents(table, acme, Number(place ?? 0), 0);
  await removeTenant(table, acme, { settleMs: 0, removeBeside });
  const deleted = { ...eventOf('acme', 99), type: 'tenant.deleted' } as const;
  await keepEvents(table, [eventOf('acme', 98), deleted], DAYS, () => START);
  await keepEvents(table, [eventOf('acme', 98), deleted], DAYS, () => START);
  await eraseEvents(table, acme);

  const { read } = await readAll(store, beginOfEvents(undefined, undefined, START), 100, START);
  expect(read.map(({ type, tenantId }) => `${tenantId} ${type}`).sort()).toEqual(
    [`acme tenant.deleted`, `${sibling} user.updated`].sort(),
  );
  const after = await readAll(store, before.position, 100, START);
  expect(after.read.map(({ type }) => type)).toEqual(['tenant.deleted']);
  expect(EVENT_LOG_PARTS).toBe(8);
});

test("a new tenant's first event is kept, although an eventually consistent read does not know the tenant yet", async () => {
  const store = await newStore();
  const stale = new Table(
    'memory',
    memoryClient(store, undefined, (states) => states - 1),
  );
  await keepEvents(stale, [eventOf('acme', 1)], DAYS, () => START);
  const { read } = await readAll(store, beginOfEvents(undefined, undefined, START), 10, START);
  expect(read).toHaveLength(1);
});
