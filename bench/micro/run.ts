/**
 * Measures the protocol's CPU time beside other libraries on the same inputs, and checks that all of them answer right.
 *
 * npm run bench:micro -- [--only filter|patch|member|resource|handler] [--write]
 */
import SCIMMY from 'scimmy';
import {
  machine,
  markdownTable,
  versionOf,
  wantsReport,
  writePlot,
  writeSection,
} from '../../testing/report';
import { median, significant } from '../../testing/statistics';
import { drawPoints } from '../plot';
import { contest, type Result, ROUNDS, type Task } from './contest';
import { filterTasks } from './filters';
import { handlerRows } from './handler';
import { memberTasks, userPatchTasks } from './patches';
import { resourceTasks } from './resources';

const PEERS = ['scim2-parse-filter', 'scim-patch', 'scimmy'];
/** A typical PATCH of Entra ID must cost less handler CPU than this, in ms. */
const HANDLER_GOAL_MS = 0.3;

/** Stands above the tables: a figure is worth as much as the way it came about. */
const METHOD = `All sides are treated alike: they run from one bundle, the form in which Lambda gets the code; every contender of a table is warmed up on all of its rows before any is timed; ${ROUNDS} rounds time each contender of each row once, in an order that turns from round to round, without forced garbage collections (they drop optimised code). A cell is the median of the rounds' medians (and of their 99th percentiles).`;

const SUBJECTS: Record<string, () => Task[]> = {
  filter: filterTasks,
  patch: userPatchTasks,
  member: memberTasks,
  resource: resourceTasks,
};

async function main(): Promise<void> {
  SCIMMY.Schemas.User.extend(SCIMMY.Schemas.EnterpriseUser as never, false);
  const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
  const sections: string[] = [
    `${machine()} ${PEERS.map(versionOf).join(', ')}, ${versionOf('mitata')}.`,
    METHOD,
  ];
  const tasks = Object.entries(SUBJECTS).flatMap(([name, make]) =>
    only === undefined || only === name ? make() : [],
  );
  for (const group of new Set(tasks.map((task) => task.group))) {
    const inGroup = tasks.filter((task) => task.group === group);
    const results = await contest(inGroup, (round) =>
      process.stderr.write(`${group}: round ${round} of ${ROUNDS}\n`),
    );
    sections.push(`## ${group}`, tableOf(inGroup, results));
    if (wantsReport()) sections.push(plotOf(group, inGroup, results));
  }
  if (only === undefined || only === 'handler')
    sections.push('## A whole request in the handler', await handlerTable());
  console.log(sections.join('\n\n'));
  if (wantsReport()) writeSection('benchmarks/micro.md', 'micro', sections.join('\n\n'));
}

const namesIn = (tasks: readonly Task[]) => [
  ...new Set(tasks.flatMap(({ contenders }) => contenders.map(({ name }) => name))),
];

/** Medians in microseconds; a peer's wrong answer is marked, since doing less is easily fast. */
function tableOf(tasks: readonly Task[], results: ReadonlyMap<Task, readonly Result[]>): string {
  const names = namesIn(tasks);
  const rows = tasks.map((task) => {
    const found = results.get(task) ?? [];
    return [
      `\`${task.name.replaceAll('|', '\\|')}\``,
      ...names.map((name) => cell(found.find((result) => result.name === name))),
      lead(found),
    ];
  });
  return markdownTable(['µs, median (99th percentile)', ...names, 'fastest right peer / this project'], rows);
}

function cell(result: Result | undefined): string {
  if (result === undefined) return '-';
  if (result.verdict === 'refuses') return 'refuses';
  const figures = `${significant(result.median)} (${significant(result.p99)})`;
  return result.verdict === 'right' ? figures : `wrong: ${figures}`;
}

function lead(results: readonly Result[]): string {
  const [own, ...peers] = results;
  const right = peers.filter(({ verdict }) => verdict === 'right').map((result) => result.median);
  if (own === undefined || right.length === 0) return 'no peer is right';
  return (Math.min(...right) / own.median).toFixed(1);
}

function plotOf(
  group: string,
  tasks: readonly Task[],
  results: ReadonlyMap<Task, readonly Result[]>,
): string {
  const svg = drawPoints({
    title: `${group}: median time where the answer is right`,
    measured: 'one process on this machine, not AWS',
    xTitle: 'µs',
    labels: tasks.map(({ name }) => (name.length > 38 ? `${name.slice(0, 37)}…` : name)),
    series: namesIn(tasks).map((name) => ({
      name,
      values: tasks.map((task) => {
        const result = results.get(task)?.find((each) => each.name === name);
        return result?.verdict === 'right' ? result.median : Number.NaN;
      }),
    })),
  });
  const file = `micro-${group
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .replace(/-$/, '')}`;
  return writePlot(file, group, svg);
}

async function handlerTable(): Promise<string> {
  const rows = (await handlerRows()).map(({ name, samples }) => [
    name,
    significant(median(samples)),
    `${significant(Math.min(...samples))} to ${significant(Math.max(...samples))}`,
    name.startsWith('PATCH') ? (median(samples) < HANDLER_GOAL_MS ? 'met' : 'missed') : '',
  ]);
  return markdownTable(
    [
      'CPU ms per request, marshalling, signing and log included',
      'median',
      'spread',
      `goal: ${HANDLER_GOAL_MS} ms`,
    ],
    rows,
  );
}

void main();
