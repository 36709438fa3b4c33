import fc from 'fast-check';
import { pageAfter } from '../../src/directory/lists/cursor-listing';
import { listPage } from '../../src/directory/lists/listing';
import { selectionsOf } from '../../src/directory/lists/selection';
import type { Directory } from '../../src/directory/resources/directory';
import { toItem } from '../../src/directory/resources/items';
import {
  LargeTenants,
  MAX_LOOKED_AT_WITHOUT_SLOT,
  ScanSlot,
  SLOT_LIFETIME_S,
} from '../../src/directory/resources/scan-slot';
import {
  isResourceId,
  type ResourceId,
  type ResourceKind,
  scanSlotPartition,
} from '../../src/directory/table/keys';
import { Table } from '../../src/directory/table/table';
import { readTenantId } from '../../src/directory/tenants/tenants';
import { parseFilter } from '../../src/scim/filter/parse';
import { ORIGIN } from '../../testing/origin';
import { GROUP, USER } from '../../testing/registry';
import { type Interceptor, memoryClient } from '../memory-dynamodb/client';
import { staleReads } from '../memory-dynamodb/stale-reads';
import { MemoryStore } from '../memory-dynamodb/store';

// Waiting between attempts would only take time.
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const RUNS = process.env.SCIM_TEST_DEEP === undefined ? 60 : 5_000;
const START = Date.UTC(2026, 10, 26);
/** What the gateway lets a request live. */
const MAX_REQUEST_MS = 29_000;
const tenant = readTenantId('acme');

let names = 0;
/** A table that nobody remembers anything of. */
const newTable = (store: MemoryStore, intercept?: Interceptor, seed = 1) =>
  new Table(`slots-${names++}`, memoryClient(store, intercept, staleReads(seed)));

/** Every third write of a slot is carried out, and its answer lost. */
function loseAnswers(): Interceptor {
  let writes = 0;
  return async ({ command }, answer) => {
    const given = answer();
    if (command !== 'Query' && ++writes % 3 === 0)
      throw Object.assign(new Error('lost'), { name: 'TimeoutError' });
    return given;
  };
}

/** What a request does with its slot. */
const request = fc.record({
  /** How long it goes on with it. */
  forMs: fc.integer({ min: 0, max: MAX_REQUEST_MS - 1 }),
  dies: fc.boolean(),
});

describe('slots', () => {
  test('in any order of requests that take, give back and die: never more scans than slots, and none lost for longer than its end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 1, max: 4 }),
        fc.array(request, { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 6 }),
        fc.boolean(),
        fc.integer(),
        async (scheduler, scans, requests, steps, losesAnswers, seed) => {
          const clock = { ms: START };
          const store = new MemoryStore();
          store.now = () => clock.ms;
          const step = () => scheduler.schedule(Promise.resolve());
          const table = newTable(store, losesAnswers ? loseAnswers() : undefined, seed);
          const now = () => new Date(clock.ms);
          const slotOf = (of: Table) =>
            new ScanSlot({ table: of, tenant, scans, now, large: new LargeTenants() });
          /** When the requests end that scan. */
          const scanning = new Set<{ readonly until: number }>();
          const scanningNow = () => [...scanning].filter(({ until }) => until > clock.ms).length;

          const works = requests.map(async ({ forMs, dies }) => {
            const slot = slotOf(table.with({ beforeCall: step }));
            const begun = clock.ms;
            try {
              await slot.take();
              const scan = { until: Math.min(clock.ms + forMs, begun + MAX_REQUEST_MS) };
              scanning.add(scan);
              expect(scanningNow()).toBeLessThanOrEqual(scans);
              while (scan.until > clock.ms && pending > 0) await step();
              scanning.delete(scan);
            } catch (error) {
              expect(error).toMatchObject({ name: 'TooManyScans', scans, retryAfterSeconds: 5 });
            }
            if (!dies) await slot.giveBack();
          });
          let pending = steps.length;
          const time = steps.map(async (ms) => {
            await step();
            clock.ms += ms;
            pending -= 1;
          });
          await scheduler.waitFor(Promise.all([...works, ...time]));

          clock.ms += (SLOT_LIFETIME_S + 1) * 1000;
          const last = Array.from({ length: scans }, () => slotOf(table));
          await Promise.all(last.map((slot) => slot.take()));
          await expect(slotOf(table).take()).rejects.toMatchObject({ code: 'throttled', tenantId: tenant });
          await last[0]?.giveBack();
          await slotOf(table).take();
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('are taken once in a request, given back whether or not it failed, and are those of one tenant', async () => {
    const store = new MemoryStore();
    const table = newTable(store);
    const now = () => new Date(START);
    const slotOf = (name: string) =>
      new ScanSlot({ table, tenant: readTenantId(name), scans: 1, now, large: new LargeTenants() });
    const held = () => store.partition(scanSlotPartition(tenant));

    const ours = slotOf('acme');
    await Promise.all([ours.take(), ours.take()]);
    await slotOf('other').take();
    const refused = slotOf('acme');
    await expect(refused.take()).rejects.toThrow(/1 such requests .* filter by what an index answers/);
    await refused.giveBack();
    expect(held()).toEqual([expect.objectContaining({ sk: '0', expiresAt: START / 1000 + SLOT_LIFETIME_S })]);

    await ours.giveBack();
    expect(held()).toEqual([]);
  });

  test('that come to their end while their holder goes on are not taken from whoever has them since', async () => {
    const store = new MemoryStore();
    const table = newTable(store);
    const clock = { ms: START };
    const slot = () =>
      new ScanSlot({ table, tenant, scans: 1, now: () => new Date(clock.ms), large: new LargeTenants() });
    const [late, next] = [slot(), slot()];

    await late.take();
    clock.ms += SLOT_LIFETIME_S * 1000;
    await next.take();
    await late.giveBack();

    await expect(slot().take()).rejects.toMatchObject({ name: 'TooManyScans' });
  });
});

function idOf(n: number): ResourceId {
  const id = `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
  if (!isResourceId(id)) throw new Error(`${id} is no id.`);
  return id;
}

/** Users or groups in a table whose pages have so many items. */
async function filled(kind: ResourceKind, count: number, pageSize: number) {
  const calls: string[] = [];
  const store = new MemoryStore();
  const table = newTable(store, async ({ command, input }, answer) => {
    calls.push(`${command} ${JSON.stringify(input).includes('SCAN#') ? 'slot' : 'directory'}`);
    if (command === 'Query') input.Limit = Math.min(Number(input.Limit ?? pageSize), pageSize);
    return answer();
  });
  const times = { version: 1, created: '2026-11-26T00:00:00Z', lastModified: '2026-11-26T00:00:00Z' };
  const common = { ...times, attributes: { userName: 'ann', displayName: 'Ann' } };
  const items = Array.from({ length: count }, (_, n) => {
    const id = idOf(n);
    return toItem(
      tenant,
      kind === 'User' ? { kind, id, ...common, sessionEpoch: 0 } : { kind, id, ...common },
    );
  });
  await table.batchWrite(items.map((item) => ({ kind: 'put', item })));
  calls.length = 0;
  const now = () => new Date(START);
  const large = new LargeTenants();
  const directory = (): Directory => ({
    ...{ table, tenant, origin: ORIGIN, now },
    scanSlot: new ScanSlot({ table, tenant, scans: 1, now, large }),
  });
  const all = kind === 'User' ? USER : GROUP;
  const selections = (filter: string) =>
    selectionsOf([all], parseFilter(filter), () => ({ id, attributes }) => ({ id, ...attributes }));
  const slotCalls = () => calls.filter((call) => call.endsWith('slot'));
  return { calls, directory, selections, slotCalls };
}

describe('a list', () => {
  const everything = { startIndex: 1, count: 10 };

  test.each(['User', 'Group'] as const)(
    'of %ss by index paging takes a slot before its second page, and none when there is no second one',
    async (kind) => {
      const small = await filled(kind, 10, 10);
      await listPage(small.directory(), small.selections('displayName co "nn"'), everything);
      expect(small.slotCalls()).toEqual([]);

      const large = await filled(kind, 11, 10);
      const holding = large.directory();
      await listPage(holding, large.selections('displayName co "nn"'), everything);
      expect(large.calls.slice(0, 3)).toEqual(['Query directory', 'Query slot', 'Put slot']);

      large.calls.length = 0;
      const refused = listPage(large.directory(), large.selections('displayName co "nn"'), everything);
      await expect(refused).rejects.toMatchObject({ name: 'TooManyScans' });
      // Known to be large by now: nothing of it was read.
      expect(large.calls).toEqual(['Query slot']);
      await holding.scanSlot?.giveBack();
      await listPage(large.directory(), large.selections('displayName co "nn"'), everything);
    },
  );

  test('by cursor takes one before it has looked at more than 1,000, and none when it finds enough before', async () => {
    const { directory, selections, slotCalls } = await filled(
      'User',
      MAX_LOOKED_AT_WITHOUT_SLOT + 1,
      MAX_LOOKED_AT_WITHOUT_SLOT,
    );
    const pageOf = (filter: string) => pageAfter(directory(), selections(filter), undefined, 10);

    expect(await pageOf('displayName co "nn"')).toMatchObject({ next: expect.anything() });
    expect(slotCalls()).toEqual([]);
    await pageOf('displayName co "zz"');
    expect(slotCalls()).toEqual(['Query slot', 'Put slot']);
    await expect(pageOf('displayName co "zz"')).rejects.toMatchObject({ name: 'TooManyScans' });
  });

  test('that jumps to a place takes one when the way there is longer than a page', async () => {
    const { directory, slotCalls } = await filled('User', 60, 10);
    const everybody = selectionsOf([USER], undefined, () => ({ id }) => ({ id }));
    const at = (startIndex: number) => listPage(directory(), everybody, { startIndex, count: 5 });
    // All ids begin alike, so that the counters cannot skip any.
    await directory().table.write({
      kind: 'put',
      item: { pk: `T#${tenant}#N#U`, sk: '0', n: 60 },
    });

    await at(8);
    expect(slotCalls()).toEqual([]);
    await at(42);
    expect(slotCalls()).toEqual(['Query slot', 'Put slot']);
  });
});
