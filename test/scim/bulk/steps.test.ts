import fc from 'fast-check';
import type { BulkOperation } from '../../../src/scim/bulk/request';
import { orderSteps } from '../../../src/scim/bulk/steps';

const post = (index: number, resource: 'Users' | 'Groups' = 'Groups'): BulkOperation => ({
  index,
  method: 'POST',
  target: { resource },
});

/** Orders operations that refer to each other by their positions. */
function order(references: readonly (readonly number[])[], resources: ('Users' | 'Groups')[] = []) {
  const operations = references.map((_, index) => post(index, resources[index]));
  return orderSteps(operations, ({ index }) =>
    (references[index] ?? []).flatMap((other) => operations[other] ?? []),
  ).map(({ operations: members, circular }) => ({ members: members.map(({ index }) => index), circular }));
}

describe('orderSteps', () => {
  test('keeps the order of operations that do not refer to each other', () => {
    expect(order([[], [], []]).map(({ members }) => members)).toEqual([[0], [1], [2]]);
  });

  test('delays an operation until what it refers to was created, past the ones between', () => {
    expect(order([[2], [], []]).map(({ members }) => members)).toEqual([[1], [2], [0]]);
  });

  test('joins operations that refer to each other, users before groups', () => {
    expect(order([[1], [2], [0]], ['Groups', 'Users', 'Groups'])).toEqual([
      { members: [1, 0, 2], circular: true },
    ]);
  });

  test('tells an operation that refers to itself', () => {
    expect(order([[0], []])).toEqual([
      { members: [0], circular: true },
      { members: [1], circular: false },
    ]);
  });

  test('orders a chain of a thousand', () => {
    const chain = Array.from({ length: 1_000 }, (_, index) => (index < 999 ? [index + 1] : []));

    expect(order(chain).map(({ members }) => members[0])).toEqual(
      Array.from({ length: 1_000 }, (_, index) => 999 - index),
    );
  });

  test('puts two operations into one step exactly when each leads to the other, and references first otherwise', () => {
    const graphs = fc
      .integer({ min: 1, max: 12 })
      .chain((size) =>
        fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }), { minLength: size, maxLength: size }),
      );
    fc.assert(
      fc.property(graphs, (references) => {
        const reaches = references.map((_, from) => reachable(references, from));
        const steps = order(references);

        const stepOf = new Map(steps.flatMap(({ members }, step) => members.map((index) => [index, step])));
        expect([...stepOf.keys()].sort((a, b) => a - b)).toEqual(references.map((_, index) => index));
        for (const [a, fromA] of reaches.entries()) {
          for (const b of references.keys()) {
            const together = stepOf.get(a) === stepOf.get(b);
            expect(together).toBe(a === b || (fromA.has(b) && reaches[b]?.has(a) === true));
            if (fromA.has(b)) expect(stepOf.get(b)).toBeLessThanOrEqual(stepOf.get(a) ?? -1);
          }
        }
      }),
    );
  });
});

/** The positions that a position leads to by one or more references. */
function reachable(references: readonly (readonly number[])[], from: number): ReadonlySet<number> {
  const found = new Set<number>();
  const open = [...(references[from] ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(references[next] ?? []));
  }
  return found;
}
