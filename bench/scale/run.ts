/**
 * Measures whether an operation becomes slower when the tenant or a group becomes larger.
 *
 * npm run bench:scale -- [--million] [--runs 200] [--write]
 *
 * One engine a tenant size runs at the same time, and every operation goes round all of them in turn, so that
 * whatever else the machine does meets all sizes alike.
 */

import { enginePackage } from '../../local/dynamodb/engine-binary';
import type { Directory } from '../../src/directory/resources/directory';
import { isTenantId } from '../../src/directory/table/keys';
import { ORIGIN } from '../../testing/origin';
import {
  machine,
  markdownTable,
  versionOf,
  wantsReport,
  writePlot,
  writeSection,
} from '../../testing/report';
import { median, quantile, significant } from '../../testing/statistics';
import { type BenchTable, startBenchTable } from '../engine';
import { drawLines } from '../plot';
import { Progress } from '../progress';
import { loadPopulation } from './loader';
import { groupCount, groupOperations, type Operation, TENANT_OPERATIONS } from './operations';

const SIZES = [100, 10_000, 100_000, ...(process.argv.includes('--million') ? [1_000_000] : [])];
const GROUP_SIZES = [10, 1_000, 50_000];
/** Largest median over smallest: what "flat" means. */
const GOAL = 1.3;
const WARM_UP = 20;
const runs = numberOption('--runs', 200);

/** An operation's samples in ms, by size. */
interface Row {
  readonly name: string;
  readonly samples: readonly (readonly number[])[];
}

async function main(): Promise<void> {
  const tables: BenchTable[] = [];
  try {
    const tenants: Directory[] = [];
    for (const users of SIZES) {
      const table = await startBenchTable('scim', (folder) =>
        loadPopulation(folder, 'scim', populationOf(users)),
      );
      tables.push(table);
      tenants.push(directoryOf(table));
    }
    const progress = new Progress(
      'requests',
      (runs + WARM_UP) *
        (TENANT_OPERATIONS.length * SIZES.length + groupOperations(() => 0).length * GROUP_SIZES.length),
    );
    const rows = await measure(TENANT_OPERATIONS, SIZES, tenants, progress);
    const largest = tenants.at(-1);
    if (largest === undefined) return;
    const inLargest = GROUP_SIZES.map(() => largest);
    const bigGroup = (size: number) => GROUP_SIZES.indexOf(size);
    const groupRows = await measure(groupOperations(bigGroup), GROUP_SIZES, inLargest, progress);
    progress.finish();
    report(rows, groupRows);
  } finally {
    for (const table of tables) await table.stop();
  }
}

/**
 * Every user is in a group of ten; the largest tenant holds the big groups besides. Their members are the last users,
 * so that the first ones can be added.
 */
function populationOf(users: number) {
  const big =
    users === SIZES.at(-1) ? GROUP_SIZES.map((members) => ({ members, firstMember: users - members })) : [];
  const small = Array.from({ length: groupCount(users) - big.length }, (_, n) => ({
    members: 10,
    firstMember: n * 10,
  }));
  return { tenant: TENANT, users, groups: [...big, ...small] };
}

async function measure(
  operations: readonly Operation[],
  sizes: readonly number[],
  directories: readonly Directory[],
  progress: Progress,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, prepare, run } of operations) {
    const samples = sizes.map((): number[] => []);
    const places = sizes.flatMap((size, at) => {
      const directory = directories[at];
      const into = samples[at];
      return directory === undefined || into === undefined ? [] : [{ size, directory, into }];
    });
    for (const { size, directory } of places) await prepare?.(directory, size);
    for (let number = 0; number < runs + WARM_UP; number++) {
      for (const { size, directory, into } of places) {
        const start = performance.now();
        await run(directory, size, number);
        if (number >= WARM_UP) into.push(performance.now() - start);
      }
      progress.add(places.length);
    }
    rows.push({ name, samples });
  }
  return rows;
}

function report(rows: readonly Row[], groupRows: readonly Row[]): void {
  const tables = [
    tableOf('users in the tenant', SIZES, rows),
    tableOf('members of the group', GROUP_SIZES, groupRows),
  ];
  const all = [...rows, ...groupRows];
  const steep = all.filter((row) => ratioOf(row) > GOAL);
  const verdict =
    steep.length === 0
      ? `Every row is flat: the largest median is at most ${GOAL} times the smallest.`
      : `Not flat (largest median above ${GOAL} times the smallest): ${steep.map(({ name }) => name).join(', ')}.`;
  const about = `${machine()} ${versionOf(enginePackage())}, endpoints called in the process, ${runs} runs a cell; median (99th percentile) in ms.`;
  console.log([about, ...tables, verdict].join('\n\n'));
  if (!wantsReport()) return;
  const plots = [
    plotOf('scale-users', 'Median time of an operation', 'users in the tenant', SIZES, rows),
    plotOf('scale-members', 'Median time of an operation', 'members of the group', GROUP_SIZES, groupRows),
  ];
  writeSection('benchmarks/scale.md', 'scale', [about, ...tables, verdict, ...plots].join('\n\n'));
}

function ratioOf({ samples }: Row): number {
  const medians = samples.map(median);
  return Math.max(...medians) / Math.min(...medians);
}

function tableOf(over: string, sizes: readonly number[], rows: readonly Row[]): string {
  const head = [over, ...sizes.map((size) => size.toLocaleString('en-US')), 'largest / smallest'];
  const body = rows.map((row) => [
    row.name,
    ...row.samples.map(
      (samples) => `${significant(median(samples))} (${significant(quantile(samples, 0.99))})`,
    ),
    ratioOf(row).toFixed(2),
  ]);
  return markdownTable(head, body);
}

function plotOf(
  file: string,
  title: string,
  over: string,
  sizes: readonly number[],
  rows: readonly Row[],
): string {
  const svg = drawLines({
    title,
    measured: 'local run, not AWS',
    xTitle: over,
    yTitle: 'ms',
    xScale: 'logarithmic',
    series: rows.map(({ name, samples }) => ({
      name,
      points: sizes.map((size, position) => [size, median(samples[position] ?? [])] as const),
    })),
  });
  return writePlot(file, `${title} over the number of ${over}`, svg);
}

const TENANT = tenantId('bench');

function tenantId(text: string) {
  if (!isTenantId(text)) throw new Error(`"${text}" is not a tenant id.`);
  return text;
}

const directoryOf = ({ table }: BenchTable): Directory => ({
  table,
  tenant: TENANT,
  origin: ORIGIN,
  now: () => new Date(),
});

function numberOption(name: string, otherwise: number): number {
  const position = process.argv.indexOf(name);
  return position < 0 ? otherwise : Number(process.argv[position + 1]);
}

void main();
