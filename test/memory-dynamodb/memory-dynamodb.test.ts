import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { ConditionFailed, type Item, Table, type Write } from '../../src/directory/table/table';
import { useTestTable } from '../../testing/engine';
import { memoryClient } from './client';
import { MemoryStore } from './store';

const engine = useTestTable();

type Single = Exclude<Write, { kind: 'check' }>;
type Step = { readonly transact: readonly Write[] } | { readonly write: Single };

const PREFIX = 'P#';
const keys = fc.constantFrom('a', 'b', 'c').map((sk) => ({ pk: PREFIX, sk }));
const number = fc.integer({ min: 0, max: 3 });
const attributes = fc.record(
  {
    version: number,
    active: fc.boolean(),
    label: fc.constantFrom('x', 'y'),
    g1: fc.constantFrom('I', 'J'),
    change: fc.record({ id: fc.constantFrom('c1', 'c2') }),
  },
  { requiredKeys: [] },
);

/** The forms of conditions that the service sends. */
const conditions = fc.oneof(
  fc.constant({ expression: 'attribute_not_exists(pk)' }),
  fc.constant({ expression: 'attribute_exists(pk)' }),
  number.map((version) => ({ expression: 'version = :v', values: { ':v': version } })),
  number.map((version) => ({
    expression: 'attribute_not_exists(pk) OR version <= :v',
    values: { ':v': version },
  })),
  fc.boolean().map((active) => ({
    expression: 'active = :true AND version < :v',
    values: { ':true': active, ':v': 2 },
  })),
  fc.constantFrom('c1', 'c2').map((id) => ({
    expression: 'attribute_exists(pk) AND #change.id = :c',
    names: { '#change': 'change' },
    values: { ':c': id },
  })),
  fc.constant({
    expression: 'attribute_not_exists(#l) AND (version = :one OR active = :yes)',
    names: { '#l': 'label' },
    values: { ':one': 1, ':yes': true },
  }),
);

const puts = fc
  .record({ key: keys, more: attributes, condition: fc.option(conditions, { nil: undefined }) })
  .map(({ key, more, condition }): Single => ({ kind: 'put', item: { ...key, ...more }, condition }));
const updates = fc
  .record({
    key: keys,
    form: fc.constantFrom(
      { update: 'SET active = :a, label = if_not_exists(label, :l)', values: { ':a': false, ':l': 'y' } },
      { update: 'SET lastModified = :l ADD version :one', values: { ':l': 'now', ':one': 1 } },
      { update: 'REMOVE change, g1', values: undefined },
      { update: 'ADD n :one', values: { ':one': -1 } },
    ),
    condition: fc.option(conditions, { nil: undefined }),
  })
  .map(({ key, form, condition }): Single => ({ kind: 'update', key, ...form, condition }));
const deletes = fc
  .record({ key: keys, condition: fc.option(conditions, { nil: undefined }) })
  .map(({ key, condition }): Single => ({ kind: 'delete', key, condition }));
const checks = fc
  .record({ key: keys, condition: conditions })
  .map((check): Write => ({ kind: 'check', ...check }));

const singles = fc.oneof(puts, updates, deletes);
const skOf = (write: Write) => (write.kind === 'put' ? write.item.sk : write.key.sk);
const steps: fc.Arbitrary<Step> = fc.oneof(
  singles.map((write) => ({ write })),
  fc
    .uniqueArray(fc.oneof(singles, checks), { minLength: 2, maxLength: 3, selector: skOf })
    .map((transact) => ({ transact })),
);

/** What a step came to, in plain values. */
async function outcomeOf(table: Table, step: Step, pk: string): Promise<unknown> {
  const own = <W extends Write>(write: W): W =>
    write.kind === 'put'
      ? { ...write, item: { ...write.item, pk } }
      : { ...write, key: { ...write.key, pk } };
  try {
    if ('transact' in step) return await table.transact(step.transact.map(own));
    return withoutPk(await table.write(own(step.write)));
  } catch (error) {
    if (error instanceof ConditionFailed) return { failed: [...error.failed] };
    throw error;
  }
}

const withoutPk = (item: Item | undefined) => (item === undefined ? undefined : { ...item, pk: '' });

test('any writes, alone and in transactions, do the same to the memory table as to the engine', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 12 }), async (sequence) => {
      const memory = new Table('memory', memoryClient(new MemoryStore()));
      const pk = `T#x#${randomUUID()}`;

      for (const step of sequence) {
        expect(await outcomeOf(memory, step, pk)).toEqual(await outcomeOf(engine.table, step, pk));
      }

      expect(await memory.queryAll({ pk })).toEqual(await engine.table.queryAll({ pk }));
      const range = { from: 'a', to: 'b' };
      const query = { pk, sk: range, backwards: true, limit: 1 };
      expect((await memory.query(query)).items).toEqual((await engine.table.query(query)).items);
    }),
    { numRuns: 30 },
  );
});

test('a transaction repeated with its token happens once', async () => {
  let attempts = 0;
  const store = new MemoryStore();
  const client = memoryClient(store, async (_, answer) => {
    const given = answer();
    attempts += 1;
    if (attempts === 1) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    return given;
  });

  await new Table('memory', client).transact([
    { kind: 'update', key: { pk: 'a', sk: 'a' }, update: 'ADD n :one', values: { ':one': 1 } },
    { kind: 'update', key: { pk: 'a', sk: 'b' }, update: 'ADD n :one', values: { ':one': 1 } },
  ]);

  expect(attempts).toBe(2);
  expect(store.get({ pk: 'a', sk: 'a' })).toEqual({ pk: 'a', sk: 'a', n: 1 });
});
