import { useTestTable } from '../testing/engine';

const engine = useTestTable();

test('the engine keeps items and finds them by the sparse index', async () => {
  await engine.table.write({ kind: 'put', item: { pk: 'a', sk: 'b', g1: 'c', n: 1 } });

  expect(await engine.table.get({ pk: 'a', sk: 'b' })).toEqual({ pk: 'a', sk: 'b', g1: 'c', n: 1 });
  const { items } = await engine.table.query({ index: 'g1', pk: 'c' });
  expect(items).toEqual([{ pk: 'a', sk: 'b', g1: 'c' }]);
});
