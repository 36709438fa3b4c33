import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enginePackage } from '../../local/dynamodb/engine-binary';
import { markdownTable, versionOf, wantsReport, writeSection } from '../../testing/report';
import { measureCosts, OPERATIONS, type Row } from './cost-bench';
import { DOLLARS_PER_MILLION, dollarsPerMillion, type Units } from './documented-units';
import { beyondGoal } from './goals';

/*
 * npm run bench:cost              prints the table
 * npm run bench:cost -- --write   keeps it as well: in docs/benchmarks/cost.md, and in bench/cost/costs.json for a test
 */

const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 1 });

function units({ read, write }: Units): string {
  if (read === 0 && write === 0) return '0';
  return [read > 0 ? `${number(read)} R` : '', write > 0 ? `${number(write)} W` : '']
    .filter(Boolean)
    .join(' + ');
}

const sameUnits = (a: Units, b: Units) => a.read === b.read && a.write === b.write;

function cells({ operation: { name, floor, plan }, cost }: Row): string[] {
  const { documented, engine, calls, roundTrips } = cost;
  return [
    name,
    floor === undefined ? '' : units(floor),
    units(plan),
    units(documented),
    sameUnits(documented, engine) ? '' : units(engine),
    number(calls),
    number(roundTrips),
    dollarsPerMillion(documented).toFixed(2),
    beyondGoal(name, { ...documented, roundTrips }),
  ];
}

const HEAD = [
  'operation',
  'floor',
  'held at',
  'units',
  'engine says',
  'calls',
  'round trips',
  '$ a million',
  'beyond the goal',
];

async function main(): Promise<void> {
  const rows = await measureCosts(OPERATIONS, (row) => console.log(cells(row).join(' | ')));
  const { read, write, region, asOf } = DOLLARS_PER_MILLION;
  const text = [
    `Request units by AWS's documented rules (R: reads of 4 kB, W: writes of 1 kB), computed from the items that each call touched on the embedded engine (${versionOf(enginePackage())}); "engine says" is its own ReturnConsumedCapacity where that differs, since it charges projected sizes and index writes in transactions once. Round trips are calls that wait for each other. "Held at" is the most that a test lets the row cost; "beyond the goal" says by how much it misses what was aimed at (bench/cost/goals.ts; docs/decisions.md tells why). Dollars: ${region}, on demand, ${asOf}: $${read} a million read units, $${write} a million write units; requests, functions and the gateway come on top (docs/capacity.md).`,
    markdownTable(HEAD, rows.map(cells)),
  ].join('\n\n');
  if (!wantsReport()) return;
  writeSection('benchmarks/cost.md', 'cost', text);
  const kept = rows.map(({ operation: { name, slow }, cost }) => ({
    name,
    ...(slow ? { slow } : {}),
    read: cost.documented.read,
    write: cost.documented.write,
    roundTrips: cost.roundTrips,
    calls: cost.calls,
  }));
  writeFileSync(join(__dirname, 'costs.json'), `${JSON.stringify(kept, undefined, 2)}\n`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
