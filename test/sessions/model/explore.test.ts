import fc from 'fast-check';
import { Table } from '../../../src/directory/table/table';
import { memoryClient } from '../../memory-dynamodb/client';
import { MemoryStore } from '../../memory-dynamodb/store';
import { exploreAll, Pruned, type Stepper } from './explore';

/** A small step of an actor on one of three items of two partitions. */
type Step = { readonly kind: 'read' | 'write' | 'query' | 'move'; readonly item: number };
const KEYS = [
  { pk: 'p', sk: 'a' },
  { pk: 'p', sk: 'b' },
  { pk: 'q', sk: 'a' },
];
const keyOf = (item: number) => KEYS[item] ?? { pk: 'p', sk: 'a' };

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('read', 'write', 'query', 'move'),
  item: fc.integer({ min: 0, max: 2 }),
});

/** What the actors saw and left in one run, in words. */
async function runOf(
  programs: readonly (readonly Step[])[],
  stepper: Stepper,
  drive: () => Promise<boolean>,
): Promise<string | undefined> {
  const store = new MemoryStore();
  const seen = programs.map((): string[] => []);
  const work = programs.map(async (program, actor) => {
    const table = new Table(
      'memory',
      memoryClient(
        store,
        stepper.gate(`actor${actor}`, () => true),
      ),
    );
    for (const [position, { kind, item }] of program.entries()) {
      const key = keyOf(item);
      const by = `${actor}.${position}`;
      if (kind === 'read') seen[actor]?.push(JSON.stringify(await table.get(key)));
      if (kind === 'query') seen[actor]?.push(JSON.stringify(await table.queryAll({ pk: key.pk })));
      if (kind === 'write') await table.write({ kind: 'put', item: { ...key, by } });
      if (kind === 'move') {
        await table.transact([
          { kind: 'put', item: { ...key, by } },
          { kind: 'delete', key: keyOf((item + 1) % 3) },
        ]);
      }
    }
  });
  const ended = Promise.allSettled(work);
  const isComplete = await drive();
  await ended;
  return isComplete ? JSON.stringify([seen, store.all()]) : undefined;
}

async function outcomesOf(programs: readonly (readonly Step[])[], independent?: () => boolean) {
  const outcomes = new Set<string>();
  const explored = await exploreAll(
    async (stepper, drive) => {
      const outcome = await runOf(programs, stepper, drive);
      if (outcome !== undefined) outcomes.add(outcome);
    },
    5_000,
    independent,
  );
  return { outcomes: [...outcomes].sort(), ...explored };
}

test('orders that are left out lead to nothing that is not seen in another', async () => {
  let all = 0;
  let reduced = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 3 }),
      async (programs) => {
        const every = await outcomesOf(programs, () => false);
        const few = await outcomesOf(programs);

        expect(few.exhausted && every.exhausted).toBe(true);
        expect(few.outcomes).toEqual(every.outcomes);
        all += every.runs;
        reduced += few.runs;
      },
    ),
    { numRuns: 25 },
  );
  expect(reduced).toBeLessThan(all);
});

test('two writes of one item are run in both orders', async () => {
  const write: Step = { kind: 'write', item: 0 };

  expect(await outcomesOf([[write], [write]])).toMatchObject({ runs: 2, outcomes: { length: 2 } });
});

test('an actor that tries again in a run that is pruned is refused, and does not wait for ever', async () => {
  let refusals = 0;
  const tenacious = async (stepper: Stepper, drive: () => Promise<boolean>) => {
    const store = new MemoryStore();
    const work = [0, 1].map(async (actor) => {
      const gate = stepper.gate(`actor${actor}`, () => true);
      const table = new Table('memory', memoryClient(store, gate));
      const write = () => table.write({ kind: 'put', item: { ...keyOf(actor), by: actor } });
      const tryAgain = (error: unknown) => {
        if (!(error instanceof Pruned)) throw error;
        refusals++;
        return write();
      };
      await write().catch(tryAgain);
    });
    const ended = Promise.allSettled(work);
    await drive();
    await ended;
  };

  expect(await exploreAll(tenacious, 10)).toEqual({ runs: 1, exhausted: true });
  expect(refusals).toBe(1);
});
