import { randomUUID } from 'node:crypto';
import { entryPut } from '../../src/directory/log/entry';
import { readLog } from '../../src/directory/log/read-log';
import { recordRefusals } from '../../src/directory/log/refusals';
import { resourceKey, type TenantId } from '../../src/directory/table/keys';
import { DEFAULT_TENANT_SETTINGS } from '../../src/directory/tenants/settings';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import type { ScimEvent } from '../../src/events/event';
import { keepEvents } from '../../src/events/event-log/keep-events';
import { beginOfEvents, readEvents } from '../../src/events/event-log/read-events';
import { eventId } from '../../src/events/events-of';
import { logChanges } from '../../src/events/log/log-changes';
import type { StreamChange } from '../../src/events/stream-change';
import { unusualIn } from '../../src/events/watch/unusual';
import type { CostBench, Operation } from './operation';

const HOUR_MS = 3_600_000;

/** What the provisioning log costs: behind the stream, where something is refused, and where it is read. */
export const LOG_OPERATIONS: readonly Operation[] = [
  ...[1, 100].map(
    (changes): Operation => ({
      name: `behind the stream: the log's ${changes === 1 ? 'entry of 1 change' : `entries of ${changes} changes`}`,
      // The entry, and its place in the index; the tenant is looked at once.
      plan: { read: 0.5, write: 2 * changes, roundTrips: 2 },
      prepare: async (bench) => {
        const tenant = await newTenant(bench);
        const made = Array.from({ length: changes }, () => creation(tenant, bench.next()));
        return () => logChanges(bench.table, made);
      },
    }),
  ),
  ...[1, 100].map(
    (events): Operation => ({
      name: `behind the stream: the log of events, ${events === 1 ? 'one' : `${events} of one second`}, with eventLogDays`,
      // The end of the log, what is remembered of the second, the tenant; the events (packed) and what is remembered.
      plan: events === 1 ? { read: 2.5, write: 4, roundTrips: 4 } : { read: 2.5, write: 20, roundTrips: 4 },
      prepare: async (bench) => {
        const tenant = await newTenant(bench);
        // Its beginning, so that the log has not fallen behind the time.
        await keepEvents(bench.table, [eventFor(tenant, bench.next())], DAYS);
        const told = Array.from({ length: events }, () => eventFor(tenant, bench.next()));
        return () => keepEvents(bench.table, told, DAYS);
      },
    }),
  ),
  {
    name: 'events that are kept: the look for new ones of all tenants, and there are none',
    plan: { read: 8, write: 0, roundTrips: 1 },
    prepare: async (bench) => {
      const { next } = await readEvents(
        bench.table,
        undefined,
        beginOfEvents(undefined, new Date(Date.now() + 24 * HOUR_MS), Date.now()),
        100,
      );
      return () => readEvents(bench.table, undefined, next, 100);
    },
  },
  ...[false, true].map(
    (isAgain): Operation => ({
      name: `the log's entry of a refused request${isAgain ? ', refused before within the minute' : ''}`,
      plan: { read: 0, write: isAgain ? 1 : 2, roundTrips: 1 },
      prepare: async (bench) => {
        const tenant = await newTenant(bench);
        const now = new Date();
        const refuse = () =>
          recordRefusals(
            bench.table,
            tenant,
            bench.directory.origin,
            [REFUSAL],
            now,
            DEFAULT_TENANT_SETTINGS,
          );
        if (isAgain) await refuse();
        return refuse;
      },
    }),
  ),
  {
    name: 'every 5 minutes: the look at a tenant in which nothing has happened',
    plan: { read: 1, write: 0, roundTrips: 2 },
    prepare: async (bench) => {
      const tenant = await newTenant(bench);
      const thresholds = { losses: 100, lossPercent: 20, refusals: 100 };
      // At noon, so that the quarter of an hour is of one day.
      return () => unusualIn(bench.table, tenant, thresholds, new Date('2026-11-25T12:00:00Z'));
    },
  },
  ...[1_000, 50_000].map(
    (others): Operation => ({
      name: `log: the 20 entries of one user, among ${others.toLocaleString('en-US')}`,
      plan: { read: 21, write: 0, roundTrips: 2 },
      slow: others > 1_000 ? true : undefined,
      prepare: async (bench) => {
        const tenant = await newTenant(bench);
        const resourceId = randomUUID();
        await fill(bench, tenant, others);
        await bench.table.batchWrite(
          Array.from({ length: 20 }, (_, hour) => entryAt(tenant, hour * HOUR_MS, resourceId, bench.next())),
        );
        return async () => {
          for await (const _entry of readLog(bench.table, tenant, { ...LAST_WEEK, resourceId }));
        };
      },
    }),
  ),
];

const DAYS = { days: 7 };

function eventFor(tenantId: TenantId, n: number): ScimEvent {
  const userId = randomUUID();
  return {
    id: eventId('user.updated', tenantId, `${userId}/${n}`),
    version: '1',
    type: 'user.updated',
    time: '2026-11-25T12:00:00.000Z',
    tenantId,
    sequence: `4421584500000000017450${n}`,
    data: { userId, active: true, resourceVersion: n, changed: ['displayName', 'title'] },
  };
}

const LAST_WEEK = {
  since: new Date(Date.now() - 7 * 24 * HOUR_MS).toISOString(),
  until: new Date(Date.now() + HOUR_MS).toISOString(),
};

const REFUSAL = {
  type: 'request.refused',
  method: 'PATCH',
  route: '/v2/Users/{id}',
  status: 400,
  scimType: 'invalidValue',
  detail: 'The value of "active" is "…"; true or false is accepted.',
  resourceId: '2819c223-7f76-453a-919d-413861904646',
} as const;

async function newTenant({ table, next }: CostBench): Promise<TenantId> {
  const tenantId = readTenantId(`log-${next()}`);
  await createTenant(table, { tenantId, name: 'Costs' });
  return tenantId;
}

function creation(tenant: TenantId, n: number): StreamChange {
  const after = {
    version: { N: '1' },
    body: { S: '{}' },
    active: { BOOL: true },
    actor: { S: 'token:kX2abCdEf' },
    requestId: { S: randomUUID() },
  };
  const key = resourceKey(tenant, 'User', randomUUID());
  return { key, before: undefined, after, sequence: `4421584500000000017450${n}`, at: new Date() };
}

const entryAt = (tenant: TenantId, ageMs: number, resourceId: string, n: number) =>
  entryPut(
    tenant,
    {
      type: 'user.updated',
      time: new Date(Date.now() - ageMs).toISOString(),
      actor: 'token:kX2abCdEf',
      requestId: randomUUID(),
      resourceId,
      active: true,
      changed: ['displayName', 'title'],
    },
    `28${n}`,
    DEFAULT_TENANT_SETTINGS,
  );

async function fill({ table, next }: CostBench, tenant: TenantId, entries: number): Promise<void> {
  const AT_ONCE = 200;
  for (let done = 0; done < entries; done += AT_ONCE) {
    const put = Array.from({ length: AT_ONCE }, (_, n) =>
      entryAt(tenant, (n % 72) * HOUR_MS, randomUUID(), next()),
    );
    await table.batchWrite(put);
  }
}
