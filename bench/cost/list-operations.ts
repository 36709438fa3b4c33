import { createHash } from 'node:crypto';
import { toItem } from '../../src/directory/resources/items';
import { counterKey, isResourceId, type ResourceId, SHARDS } from '../../src/directory/table/keys';
import { directoryOf } from '../../testing/directory';
import { type CostBench, type Operation, send } from './operation';
import { TYPICAL_USER, userBody } from './resources';

const USERS = 1_000;
const COUNT = 10;
const PAGE_100 = String(1 + 99 * COUNT);

/** A page of 10 users of 1 kB takes 3 read units, the counters 1, and each user's groups half a unit. */
const PAGE_READS = 1 + 3 + COUNT / 2;

const filled = new WeakMap<object, Promise<CostBench>>();

/** The bench with a tenant of 1,000 users, filled once. */
function tenantOfThousand(bench: CostBench): Promise<CostBench> {
  const known = filled.get(bench) ?? fill(bench);
  filled.set(bench, known);
  return known;
}

async function fill(bench: CostBench): Promise<CostBench> {
  const directory = directoryOf(bench.table, 'cost-lists');
  const now = new Date().toISOString();
  const items = Array.from({ length: USERS }, (_, n) => {
    const { schemas: _schemas, ...attributes } = userBody(bench.next(), TYPICAL_USER);
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

const listRow = (
  name: string,
  plan: Operation['plan'],
  query: Readonly<Record<string, string>>,
  before: readonly Readonly<Record<string, string>>[] = [],
): Operation => ({
  name: `${name}, tenant of ${USERS.toLocaleString('en-US')} users of ${TYPICAL_USER.label}`,
  plan,
  prepare: async (bench) => {
    const thousand = await tenantOfThousand(bench);
    for (const earlier of before) await send(thousand, 'GET', 'Users', { query: earlier });
    return () => send(thousand, 'GET', 'Users', { query });
  },
});

const count = String(COUNT);
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
  listRow(
    'scan: title sw, no match',
    { read: 245, write: 0, roundTrips: 2 },
    { filter: 'title sw "Nobody"', count },
  ),
];
