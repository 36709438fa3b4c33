import { Table } from '../../src/directory/table/table';
import { memoryClient } from './client';
import { type ChooseState, STALE_WINDOW_MS, staleReads } from './stale-reads';
import { MemoryStore } from './store';

const KEY = { pk: 'P', sk: 'a' };
let store: MemoryStore;
let now: number;
beforeEach(() => {
  now = 0;
  store = new MemoryStore();
  store.now = () => now;
});

const tableThatSees = (choose?: ChooseState) => new Table('memory', memoryClient(store, undefined, choose));
const put = (n: number, g1?: string) =>
  tableThatSees().write({ kind: 'put', item: { ...KEY, n, ...(g1 === undefined ? {} : { g1 }) } });
const oldest: ChooseState = (states) => states - 1;

test('an eventually consistent read sees any state within the window, the absence before the first one too', async () => {
  for (const n of [1, 2, 3]) await put(n);

  for (const [back, seen] of [
    [0, 3],
    [1, 2],
    [2, 1],
    [3, undefined],
  ] as const) {
    const table = tableThatSees(() => back);
    expect((await table.get<{ n: number }>(KEY, { consistent: false }))?.n).toBe(seen);
    expect((await table.batchGet<{ n: number }>([KEY]))[0]?.n).toBe(seen);
    expect((await table.queryAll<{ n: number }>({ pk: 'P', consistent: false }))[0]?.n).toBe(seen);
    expect((await table.scan({ part: 0, parts: 1 })).items[0]?.n).toBe(seen);
  }
});

test('a strongly consistent read sees the present state alone', async () => {
  for (const n of [1, 2, 3]) await put(n);
  const table = tableThatSees(oldest);

  expect(await table.get(KEY)).toMatchObject({ n: 3 });
  expect(await table.batchGet([KEY], { consistent: true })).toMatchObject([{ n: 3 }]);
  expect(await table.queryAll({ pk: 'P' })).toMatchObject([{ n: 3 }]);
});

test('the index is always behind: it shows what has left it and misses what has come', async () => {
  await put(1, 'I');
  await put(2, 'J');
  const table = tableThatSees(() => 1);

  expect(await table.queryAll({ index: 'g1', pk: 'I' })).toHaveLength(1);
  expect(await table.queryAll({ index: 'g1', pk: 'J' })).toHaveLength(0);
});

test('a deleted item may still be seen, and no longer than the window', async () => {
  await put(1, 'I');
  now += STALE_WINDOW_MS;
  await tableThatSees().write({ kind: 'delete', key: KEY });
  const table = tableThatSees(() => 1);

  expect(await table.batchGet([KEY])).toHaveLength(1);
  expect(await table.queryAll({ index: 'g1', pk: 'I' })).toHaveLength(1);
  now += STALE_WINDOW_MS + 1;
  expect(await table.batchGet([KEY])).toEqual([]);
  expect(await table.queryAll({ index: 'g1', pk: 'I' })).toEqual([]);
});

test('a copy of the store has the same past', async () => {
  await put(1);
  await put(2);
  store = store.clone();

  expect(await tableThatSees(() => 1).batchGet([KEY])).toMatchObject([{ n: 1 }]);
});

test('reads drawn by a seed go back and forth in time, the same way each time', async () => {
  for (const n of [1, 2, 3]) await put(n);
  const seen = async () => {
    const table = tableThatSees(staleReads(1));
    const numbers: unknown[] = [];
    for (let read = 0; read < 40; read++) numbers.push((await table.get(KEY, { consistent: false }))?.n);
    return numbers;
  };

  const first = await seen();

  expect(new Set(first)).toEqual(new Set([undefined, 1, 2, 3]));
  expect(first.some((n, read) => Number(n) < Number(first[read - 1]))).toBe(true);
  expect(await seen()).toEqual(first);
});
