/**
 * Measures whether the log's questions become slower when the log becomes longer.
 *
 * npm run bench:log -- [--million] [--runs 20] [--write]
 */

import { enginePackage } from '../../local/dynamodb/engine-binary';
import { planUndo } from '../../src/admin/undo/plan';
import type { UndoneActs } from '../../src/admin/undo/their-changes';
import { readAttributedLog } from '../../src/directory/log/attribution';
import type { LogRange } from '../../src/directory/log/read-log';
import type { Table } from '../../src/directory/table/table';
import { readTenantId } from '../../src/directory/tenants/tenants';
import { ORIGIN } from '../../testing/origin';
import { machine, markdownTable, versionOf, wantsReport, writeSection } from '../../testing/report';
import { median, significant } from '../../testing/statistics';
import { startBenchTable } from '../engine';
import { Progress } from '../progress';
import { loadItems } from '../scale/loader';
import {
  DEACTIVATED,
  ENTRIES_OF_LOOKED_UP,
  type FilledLog,
  itemsOf,
  LOOKED_UP,
  QUARTER_MS,
  quarterOf,
  WRONG,
} from './filled-log';

const SIZES = [1_000, 50_000, ...(process.argv.includes('--million') ? [1_000_000] : [])];
const at = process.argv.indexOf('--runs');
const RUNS = at < 0 ? 20 : Number(process.argv[at + 1]);
/** What reads a day of the log takes seconds. */
const MAX_LONG_RUNS = 3;
const DAY_MS = 86_400_000;

interface Question {
  readonly name: string;
  readonly isLong?: true;
  readonly ask: (table: Table, log: FilledLog) => Promise<number>;
  /** How many are found, whatever else the log has. */
  readonly finds: number;
}

const iso = (ms: number): string => new Date(ms).toISOString();

const QUESTIONS: readonly Question[] = [
  {
    name: `all ${ENTRIES_OF_LOOKED_UP} entries of one user, of 30 days`,
    ask: (table, log) =>
      entriesIn(table, log, {
        since: iso(log.end - 31 * DAY_MS),
        until: iso(log.end + DAY_MS),
        resourceId: LOOKED_UP,
      }),
    finds: ENTRIES_OF_LOOKED_UP,
  },
  {
    name: `what would undoing ${DEACTIVATED} deactivations of a quarter of an hour do`,
    ask: (table, log) => plan(table, log, quarterOf(log), QUARTER_MS),
    finds: DEACTIVATED,
  },
  {
    name: 'the same with a deleted group, which has the day behind it read',
    isLong: true,
    ask: (table, log) => plan(table, log, quarterOf(log), QUARTER_MS + 1_000),
    finds: DEACTIVATED,
  },
];

async function entriesIn(table: Table, { tenant }: FilledLog, range: LogRange): Promise<number> {
  let count = 0;
  for await (const _entry of readAttributedLog(table, tenant, range)) count++;
  return count;
}

async function plan(table: Table, { tenant }: FilledLog, begin: number, lengthMs: number): Promise<number> {
  const acts: UndoneActs = { since: iso(begin), until: iso(begin + lengthMs), actor: WRONG };
  const { steps } = await planUndo({ table, tenant, origin: ORIGIN, now: () => new Date() }, acts);
  return steps.length;
}

async function main(): Promise<void> {
  const end = Math.floor(Date.now() / 1000) * 1000 - DAY_MS;
  const rows: string[][] = [];
  for (const entries of SIZES) {
    const log = { tenant: readTenantId('acme'), entries, end };
    const progress = new Progress(`${entries.toLocaleString('en-US')} entries`, entries);
    const bench = await startBenchTable('scim', (folder) =>
      loadItems(folder, 'scim', itemsOf(log), progress),
    );
    try {
      for (const question of QUESTIONS) rows.push(await measured(bench.table, log, question));
      console.log(markdownTable(HEAD, rows.slice(-QUESTIONS.length)));
    } finally {
      await bench.stop();
    }
  }
  if (wantsReport()) writeSection('benchmarks/log.md', 'log', textOf(rows));
}

const HEAD = ['question', 'entries in the log', 'ms', 'read units', 'calls'];

async function measured(table: Table, log: FilledLog, question: Question): Promise<string[]> {
  const { name, ask, finds, isLong } = question;
  let [units, calls] = [0, 0];
  const counting = table.with({
    deadline: Number.POSITIVE_INFINITY,
    onCall: ({ readUnits }) => {
      units += readUnits;
      calls++;
    },
  });
  const samples: number[] = [];
  const runs = isLong === true ? Math.min(RUNS, MAX_LONG_RUNS) : RUNS;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const found = await ask(counting, log);
    samples.push(performance.now() - start);
    if (found !== finds) throw new Error(`${name}: ${found} found, and there are ${finds}.`);
  }
  const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 1 });
  return [
    name,
    log.entries.toLocaleString('en-US'),
    String(significant(median(samples))),
    number(units / runs),
    number(calls / runs),
  ];
}

const textOf = (rows: readonly string[][]): string =>
  [
    `${machine()} Engine: ${versionOf(enginePackage())}.`,
    `Medians of ${RUNS} runs, of ${MAX_LONG_RUNS} where a day is read, over the embedded engine on the same machine. The entries are of 30 days; each user of the others has ten of them.`,
    markdownTable(
      HEAD,
      [...rows].sort((a, b) => (a[0] ?? '').localeCompare(b[0] ?? '')),
    ),
  ].join('\n\n');

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
