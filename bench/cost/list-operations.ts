import { createHash } from 'node:crypto';
import { toItem } from '../../src/directory/resources/items';
import { LargeTenants, ScanSlot } from '../../src/directory/resources/scan-slot';
import { counterKey, isResourceId, type ResourceId, SHARDS } from '../../src/directory/table/keys';
import { directoryOf } from '../../testing/directory';
import { type CostBench, type Operation, send, sendInVain } from './operation';
import { TYPICAL_USER, userBody } from './resources';

const USERS = 1_000;
const COUNT = 10;
const PAGE_100 = String(1 + 99 * COUNT);

/** A page of 10 users of 1 kB takes 3 read units, the counters 1, and each user's groups half a unit. */
const PAGE_READS = 1 + 3 + COUNT / 2;

const filled = new WeakMap<object, Map<number, Promise<CostBench>>>();

/** The bench with a tenant of so many users, filled once. */
function tenantOf(bench: CostBench, users: number): Promise<CostBench> {
  const bySize = filled.get(bench) ?? new Map<number, Promise<CostBench>>();
  filled.set(bench, bySize);
  const known = bySize.get(users) ?? fill(bench, users);
  bySize.set(users, known);
  return known;
}

async function fill(bench: CostBench, users: number): Promise<CostBench> {
  const directory = directoryOf(bench.table, `cost-${users}`);
  const now = new Date().toISOString();
  const items = Array.from({ length: users }, (_, n) => {
    const { schemas: _schemas, ...attributes } = userBody(n, TYPICAL_USER);
    const times = { version: 1, created: now, lastModified: now };
    return toItem(directory.tenant, { kind: 'User', id: idOf(n), ...times, attributes, sessionEpoch: 0 });
  });
  const counters = [...SHARDS].map((digit) => ({
    ...counterKey(directory.tenant, 'User', digit),
    n: items.filter(({ sk }) => sk.startsWith(`U#${digit}`)).length,
  }));
  await bench.table.batchWrite([...items, ...counters].map((item) => ({ kind: 'put', item })));
  return { ...bench, directory };
}

/** Always the same ids, spread like random ones: how far a jump has to read depends on them. */
function idOf(n: number): ResourceId {
  const hex = createHash('sha256').update(String(n)).digest('hex');
  const text = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  if (!isResourceId(text)) throw new Error(`${text} is no id.`);
  return text;
}

const inTenantOf = (users: number, name: string) =>
  `${name}, tenant of ${users.toLocaleString('en-US')} users of ${TYPICAL_USER.label}`;

const listRow = (
  name: string,
  plan: Operation['plan'],
  query: Readonly<Record<string, string>>,
  before: readonly Readonly<Record<string, string>>[] = [],
): Operation => ({
  name: inTenantOf(USERS, name),
  plan,
  prepare: async (bench) => {
    const thousand = await tenantOf(bench, USERS);
    for (const earlier of before) await send(thousand, 'GET', 'Users', { query: earlier });
    return () => send(thousand, 'GET', 'Users', { query });
  },
});

const count = String(COUNT);
const NOBODY = { filter: 'title sw "Nobody"', count };

/** More than a page of 1 MB, so that looking at all takes a slot. */
const MANY_USERS = 2_000;
const SCANS = 4;
/** One instance of the function answers them all. */
const LARGE = new LargeTenants();

const slotOf = ({ directory: { table, tenant, now } }: CostBench) =>
  new ScanSlot({ table, tenant, now, scans: SCANS, large: LARGE });

/** Scans as the functions carry them out: with a slot, which is given back. */
const SLOT_OPERATIONS: readonly Operation[] = [
  {
    name: inTenantOf(MANY_USERS, 'scan: title sw, no match'),
    plan: { read: 489 + 1, write: 2, roundTrips: 5 },
    prepare: async (bench) => {
      const many = await tenantOf(bench, MANY_USERS);
      const scanSlot = slotOf(many);
      return async () => {
        const directory = { ...many.directory, scanSlot };
        await send({ ...many, directory }, 'GET', 'Users', { query: NOBODY });
        await scanSlot.giveBack();
      };
    },
  },
  {
    name: inTenantOf(MANY_USERS, `scan refused: ${SCANS} are under way`),
    plan: { read: 1, write: 0, roundTrips: 1 },
    prepare: async (bench) => {
      const many = await tenantOf(bench, MANY_USERS);
      for (let n = 0; n < SCANS; n++) await slotOf(many).take();
      const directory = { ...many.directory, scanSlot: slotOf(many) };
      return () => sendInVain({ ...many, directory }, 'GET', 'Users', { query: NOBODY });
    },
  },
];

const withoutGroups = { excludedAttributes: 'groups' };

/** Pages and filters that look at more than one user. */
export const LIST_OPERATIONS: readonly Operation[] = [
  listRow('total only (count=0)', { read: 1, write: 0, roundTrips: 1 }, { count: '0' }),
  listRow('first page of 10', { read: PAGE_READS, write: 1, roundTrips: 3 }, { startIndex: '1', count }),
  listRow(
    'first page of 10, excludedAttributes=groups',
    { read: 4, write: 1, roundTrips: 3 },
    { startIndex: '1', count, ...withoutGroups },
  ),
  listRow(
    'page 100 of 10, read in sequence',
    { read: PAGE_READS + 1, write: 1, roundTrips: 3 },
    { startIndex: PAGE_100, count },
    [{ startIndex: String(1 + 98 * COUNT), count }],
  ),
  listRow(
    'page 50 of 10, jumped to',
    { read: PAGE_READS + 1 + 17, write: 1, roundTrips: 4 },
    { startIndex: String(1 + 49 * COUNT), count },
  ),
  listRow(
    'first page of 100, excludedAttributes=groups',
    { read: 1 + 25, write: 1, roundTrips: 3 },
    { startIndex: '1', count: '100', ...withoutGroups },
  ),
  listRow('scan: title sw, no match', { read: 245, write: 0, roundTrips: 2 }, NOBODY),
  ...SLOT_OPERATIONS,
];
