import fc from 'fast-check';
import { classify } from '../../../src/directory/check/item-kind';
import { Attribution } from '../../../src/directory/log/attribution';
import type { PlacedEntry } from '../../../src/directory/log/entry';
import { readLog } from '../../../src/directory/log/read-log';
import { isActive } from '../../../src/directory/resources/items';
import { logChanges } from '../../../src/events/log/log-changes';
import type { StreamChange } from '../../../src/events/stream-change';
import { faultAt } from '../../directory/crash-points/faults';
import { newWorld, runConsumers, runSweeps, type World, worldOf } from '../../directory/crash-points/world';
import { staleReads } from '../../memory-dynamodb/stale-reads';
import { type Act, Client, histories, MARK } from './history';
import { streamOf } from './stream-of';

// Waiting between attempts would only take time.
jest.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

/** What one of the shards delivers: items of a partition stay in their order. */
function byShard(changes: readonly StreamChange[]): StreamChange[][] {
  const shards = new Map<string, StreamChange[]>();
  for (const change of changes) {
    const shard = shards.get(change.key.pk) ?? [];
    shards.set(change.key.pk, shard);
    shard.push(change);
  }
  return [...shards.values()];
}

async function entriesOf({ table, tenant }: World): Promise<PlacedEntry[]> {
  const entries: PlacedEntry[] = [];
  // Around the day of the world's clock: a day more is a query more, in each of hundreds of readings.
  const range = { since: '2026-11-22T00:00:00.000Z', until: '2026-11-26T00:00:00.000Z' };
  for await (const entry of readLog(table, tenant, range)) entries.unshift(entry);
  return entries;
}

/** Who has access and who is in which group, played forward from the log alone. */
function played(entries: readonly PlacedEntry[]): { active: Record<string, boolean>; members: string[] } {
  const active = new Map<string, boolean>();
  const members = new Set<string>();
  for (const { type, resourceId = '', groupId, active: isActiveSince } of entries) {
    if (type === 'user.deleted') active.delete(resourceId);
    else if (isActiveSince !== undefined) active.set(resourceId, isActiveSince);
    if (type === 'member.added') members.add(`${groupId} ${resourceId}`);
    if (type === 'member.removed') members.delete(`${groupId} ${resourceId}`);
  }
  return { active: Object.fromEntries([...active].sort()), members: [...members].sort() };
}

/** The same, of the table. */
function present({ store }: World): ReturnType<typeof played> {
  const active = new Map<string, boolean>();
  const members: string[] = [];
  for (const item of store.all()) {
    const what = classify(item)?.what;
    if (what?.kind === 'resource' && what.resource === 'User')
      active.set(what.id, isActive(JSON.parse(String(item.body))));
    if (what?.kind === 'member') members.push(`${what.group} ${what.member}`);
  }
  return { active: Object.fromEntries([...active].sort()), members: members.sort() };
}

/** What befalls a request: its process dies at a call to DynamoDB, and what it reads may be old. */
interface Mishap {
  readonly dies?: { readonly at: number; readonly fault: 'dies before' | 'dies after' };
  readonly reads: number;
}

const mishaps: fc.Arbitrary<Mishap> = fc.record({
  dies: fc.option(
    fc.record({
      at: fc.integer({ min: 1, max: 8 }),
      fault: fc.constantFrom('dies before' as const, 'dies after' as const),
    }),
    { nil: undefined },
  ),
  reads: fc.nat(),
});

/** The directory of a request's own process. */
function directoryUnder({ store, clock }: World, { dies, reads }: Mishap) {
  const intercept = dies === undefined ? undefined : faultAt(dies.at, dies.fault).intercept;
  return worldOf(store, clock, intercept, staleReads(reads)).directory;
}

async function after(history: readonly (readonly Act[])[], befalls: readonly Mishap[] = []) {
  const world = await newWorld();
  const changes = streamOf(world.store);
  const client = new Client((request) => {
    const mishap = befalls[request % befalls.length];
    return mishap === undefined ? world.directory : directoryUnder(world, mishap);
  });
  for (const round of history) {
    await Promise.all(round.map((act) => client.carryOut(act)));
    world.clock.ms += 1_500;
    await runConsumers(world);
  }
  await runSweeps(world);
  return { world, client, changes: [...changes] };
}

async function expectComplete({ world, client, changes }: Awaited<ReturnType<typeof after>>): Promise<void> {
  await logChanges(world.table, changes);

  const entries = await entriesOf(world);
  expect(played(entries)).toEqual(present(world));
  const told = new Set(entries.map(({ requestId }) => requestId));
  for (const request of client.acknowledged) expect(told).toContain(request);
  for (const { type, requestId = '' } of entries)
    if (!type.startsWith('member.')) expect(client.made).toContain(requestId);
}

test('played forward, the log is the directory as it is now, and it tells of every write and of nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      await expectComplete(await after(history));
    }),
    { numRuns: 60 },
  );
});

test('the same when processes die at any call and reads are old', async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.array(mishaps, { minLength: 5 }), async (history, befalls) => {
      await expectComplete(await after(history, befalls));
    }),
    { numRuns: 60 },
  );
});

test('records that come again, and shards in any order, make the same log', async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.infiniteStream(fc.nat()), async (history, numbers) => {
      const { world, changes } = await after(history);
      await logChanges(world.table, changes);
      const once = await entriesOf(world);

      const shards = byShard(changes).map((shard) => ({ shard, at: numbers.next().value }));
      for (const { shard } of shards.sort((a, b) => a.at - b.at)) await logChanges(world.table, shard);

      expect(await entriesOf(world)).toEqual(once);
    }),
    { numRuns: 20 },
  );
});

test('no value is in the log', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const { world, changes } = await after(history);
      await logChanges(world.table, changes);

      const items = world.store.all().filter((item) => classify(item)?.what.kind === 'logEntry');
      expect(JSON.stringify(items)).not.toContain(MARK);
    }),
    { numRuns: 20 },
  );
});

test('whoever has asked for a member is named with it when requests come one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const { world, client, changes } = await after(history.flat().map((act) => [act]));
      await logChanges(world.table, changes);

      const attribution = new Attribution(world.table, world.tenant);
      for (const entry of await attribution.attributed((await entriesOf(world)).reverse())) {
        expect(entry).toMatchObject({ actor: 'token:t' });
        expect(client.made).toContain(entry.requestId);
      }
    }),
    { numRuns: 20 },
  );
});
