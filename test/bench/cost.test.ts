import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureCosts, OPERATIONS, type Row } from '../../bench/cost/cost-bench';

interface KeptCost {
  readonly name: string;
  readonly read: number;
  readonly write: number;
  readonly roundTrips: number;
  readonly calls: number;
}

/** The table that `npm run bench:cost -- --write` keeps. */
const KEPT = JSON.parse(readFileSync(join(__dirname, '../../bench/cost/costs.json'), 'utf8')) as KeptCost[];
const operations = OPERATIONS.filter(({ slow }) => slow !== true);

let rows: ReadonlyMap<string, Row>;
beforeAll(async () => {
  rows = new Map((await measureCosts(operations)).map((row) => [row.operation.name, row]));
});

/** The members of a measurement that are dearer than they may be, for a message that tells both. */
function dearer(
  cost: Omit<KeptCost, 'name'>,
  limit: Partial<Omit<KeptCost, 'name'>>,
): Record<string, string> {
  const members = ['read', 'write', 'roundTrips', 'calls'] as const;
  return Object.fromEntries(
    members.flatMap((member) => {
      const most = limit[member];
      return most !== undefined && cost[member] > most
        ? [[member, `${cost[member]} instead of ${most}`]]
        : [];
    }),
  );
}

function costOf(name: string): Omit<KeptCost, 'name'> {
  const row = rows.get(name);
  if (row === undefined) throw new Error(`"${name}" was not measured.`);
  return { ...row.cost.documented, roundTrips: row.cost.roundTrips, calls: row.cost.calls };
}

describe('cost of each operation in request units, calls and round trips', () => {
  test('has a kept row for every operation', () => {
    expect(KEPT.map(({ name }) => name)).toEqual(OPERATIONS.map(({ name }) => name));
  });

  test.each(operations.map((operation) => [operation.name, operation] as const))(
    '%s: not dearer than kept in bench/cost/costs.json, and within its plan',
    (name, { plan }) => {
      const kept = KEPT.find((row) => row.name === name);

      expect(dearer(costOf(name), kept ?? {})).toEqual({});
      expect(dearer(costOf(name), plan)).toEqual({});
    },
  );
});
