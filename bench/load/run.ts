/**
 * Puts a SCIM server under the load of Entra ID's initial cycle, and beside it a peer.
 *
 * --write keeps the result in docs/benchmarks/load.md, in the section of each number of users (`load-100`,
 * `load-1000`).
 *
 * npm run bench:load -- [--users 100,10000] [--groups 100] [--connections 1,16,64] [--peer [1,16,64]] [--write]
 *
 * --peer takes the numbers of connections at which the peer is measured, too; all of them when it has none.
 *
 * With BASE_URL and TOKEN in the environment any server is measured (an empty directory, please: users and groups come
 * and go in it by the thousand); otherwise the local run is started, anew for every row, since its data are what the
 * next request meets.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { enginePackage } from '../../local/dynamodb/engine-binary';
import {
  machine,
  markdownTable,
  versionOf,
  wantsReport,
  writePlot,
  writeSection,
} from '../../testing/report';
import { median, quantile, significant } from '../../testing/statistics';
import { drawPoints } from '../plot';
import { Progress } from '../progress';
import { Connections, type Target } from './connections';
import { cpuTimes } from './cpu';
import { empty, type Renew, requestsOf, runCycle, WARM_UP_USERS, warmUp } from './cycle';
import type { Phase } from './measure';

/** A server that runs, with an empty directory. */
interface RunningServer {
  readonly target: Target;
  /** Absent for a server that runs elsewhere. */
  readonly pid?: number | undefined;
  /** Gives another directory, which is empty; absent when there is only the one. */
  readonly newDirectory?: () => Promise<Target>;
  stop(): Promise<void>;
}

/** A server that can be started. */
interface Server {
  readonly name: string;
  readonly start: () => Promise<RunningServer>;
}

/** A cycle's result. */
interface Run {
  readonly server: string;
  readonly users: number;
  readonly connections: number;
  readonly throttled: number;
  readonly phases: readonly Phase[];
}

const userCounts = numbersOption('--users', [100, 10_000]);
const connectionCounts = numbersOption('--connections', [1, 16, 64]);
const [mostGroups = 100] = numbersOption('--groups', [100]);
const withPeer = process.argv.includes('--peer');
const peerConnectionCounts = withPeer ? numbersOption('--peer', connectionCounts) : [];

async function main(): Promise<void> {
  const own = serverOfEnvironment() ?? localRun;
  const runs: Run[] = [];
  for (const users of userCounts) {
    for (const connections of connectionCounts) {
      runs.push(await measure(own, users, connections));
      if (peerConnectionCounts.includes(connections)) runs.push(await measure(peer, users, connections));
    }
  }
  report(own, runs);
}

async function measure(server: Server, users: number, count: number): Promise<Run> {
  const running = await server.start();
  const connections = new Connections(running.target, count);
  const size = { users, groups: Math.max(1, Math.min(mostGroups, Math.floor(users / 10))) };
  const label = `${server.name}, ${users.toLocaleString('en-US')} users, ${count} connections`;
  const renew: Renew = async (made) => {
    if (running.newDirectory === undefined) await empty(connections, made);
    else connections.turnTo(await running.newDirectory());
  };
  try {
    const warming = new Progress(`${label}, warming up`, WARM_UP_USERS);
    await warmUp(connections, warming, renew);
    warming.finish();
    const progress = new Progress(label, requestsOf(size));
    const meter = () => cpuTimes(running.pid);
    const phases = await runCycle(connections, size, { progress, meter, renew });
    progress.finish();
    return { server: server.name, users, connections: count, throttled: connections.throttled, phases };
  } finally {
    connections.close();
    await running.stop();
  }
}

const localRun: Server = { name: 'this project', start: () => startProcess('local-run.ts') };
const peer: Server = { name: 'scimmy-routers', start: () => startProcess('peer.ts') };

/** Each server has a process of its own, so that none shares its thread with the load generator. */
async function startProcess(file: string): Promise<RunningServer> {
  const child = fork(join(__dirname, 'servers', file), { execArgv: ['--import', 'tsx'] });
  const exit = once(child, 'exit');
  const nextTarget = () =>
    Promise.race([
      once(child, 'message').then(([message]) => message as Target),
      exit.then(() => Promise.reject(new Error(`${file} has ended.`))),
    ]);
  return {
    target: await nextTarget(),
    pid: child.pid,
    newDirectory: () => {
      child.send('new directory');
      return nextTarget();
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await exit;
    },
  };
}

function serverOfEnvironment(): Server | undefined {
  const { BASE_URL: baseUrl, TOKEN: token } = process.env;
  if (baseUrl === undefined || token === undefined) return undefined;
  return {
    name: new URL(baseUrl).host,
    start: async () => ({ target: { baseUrl, token }, stop: async () => {} }),
  };
}

function report(own: Server, runs: readonly Run[]): void {
  const versions = !withPeer
    ? ''
    : ` ${versionOf('scimmy')}, ${versionOf('scimmy-routers')} with its data in memory.`;
  const about = `${machine()} ${versionOf(enginePackage())} as the database.${versions} Load generator and servers share the machine. Requests a second; median and 99th percentile in ms.`;
  // A section a size, so that a run of one size leaves the others' results alone.
  for (const users of userCounts) {
    const sections = [about, ...sectionsOf(users, own, runs)];
    if (wantsReport() && withPeer) sections.push(plotOf(users, runs));
    console.log(sections.join('\n\n'));
    if (wantsReport()) writeSection('benchmarks/load.md', `load-${users}`, sections.join('\n\n'));
  }
}

function sectionsOf(users: number, own: Server, runs: readonly Run[]): string[] {
  return connectionCounts.flatMap((connections) => {
    const at = runs.filter((run) => run.users === users && run.connections === connections);
    const ownRun = at.find(({ server }) => server === own.name);
    const otherRun = at.find(({ server }) => server === peer.name);
    if (ownRun === undefined) return [];
    return [
      `## ${users.toLocaleString('en-US')} users, ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
      tableOf(ownRun, otherRun),
      ...cpuTableOf(ownRun, otherRun),
    ];
  });
}

const rateOf = ({ milliseconds, seconds }: Phase) => milliseconds.length / seconds;

function tableOf(own: Run, other: Run | undefined): string {
  const head = [
    'request',
    ...columnsOf(own),
    ...(other === undefined ? [] : [...columnsOf(other), 'ratio of the rates']),
  ];
  const rows = own.phases.map((phase, position) => {
    const beside = other?.phases[position];
    if (beside === undefined) return [phase.name, ...cellsOf(phase)];
    return [phase.name, ...cellsOf(phase), ...cellsOf(beside), (rateOf(phase) / rateOf(beside)).toFixed(2)];
  });
  return markdownTable(head, rows);
}

const columnsOf = ({ server, throttled }: Run) => [
  `${server}: requests/s`,
  'median',
  'p99',
  throttled === 0 ? 'errors' : `errors (and ${throttled} × 429)`,
];

const cellsOf = (phase: Phase) => [
  significant(rateOf(phase)),
  significant(median(phase.milliseconds)),
  significant(quantile(phase.milliseconds, 0.99)),
  String(phase.errors),
];

/** Where the time goes: rates are bounded by the CPU time that all parts of a server take on the cores they share. */
function cpuTableOf(own: Run, other: Run | undefined): string[] {
  if (own.phases.some(({ cpu }) => cpu === undefined)) return [];
  const head = [
    'CPU ms per request',
    'gateway and streams',
    'functions',
    'database',
    'all',
    other?.server ?? [],
  ].flat();
  const rows = own.phases.map((phase, position) => [
    phase.name,
    ...[phase.cpu?.server, phase.cpu?.functions, phase.cpu?.database, cpuOf(phase)].map(perRequest(phase)),
    ...[other?.phases[position] ?? []].flat().map((beside) => perRequest(beside)(cpuOf(beside))),
  ]);
  return [markdownTable(head, rows)];
}

const cpuOf = ({ cpu }: Phase) => (cpu === undefined ? undefined : cpu.server + cpu.functions + cpu.database);

const perRequest =
  ({ milliseconds }: Phase) =>
  (cpu: number | undefined) =>
    cpu === undefined ? '-' : significant(cpu / milliseconds.length);

function plotOf(users: number, runs: readonly Run[]): string {
  const connections = connectionCounts.includes(16) ? 16 : connectionCounts[0];
  const at = runs.filter((run) => run.users === users && run.connections === connections);
  const title = `Requests per second, ${users.toLocaleString('en-US')} users, ${connections} connections`;
  const svg = drawPoints({
    title,
    measured: 'local run, not AWS',
    xTitle: 'requests per second',
    labels: at[0]?.phases.map(({ name }) => name) ?? [],
    series: at.map(({ server, phases }) => ({ name: server, values: phases.map(rateOf) })),
  });
  return writePlot(`load-${users}`, title, svg);
}

function numbersOption(name: string, otherwise: readonly number[]): readonly number[] {
  const position = process.argv.indexOf(name);
  const text = position < 0 ? undefined : process.argv[position + 1];
  if (text === undefined || text.startsWith('--')) return otherwise;
  const numbers = text.split(',').map(Number);
  if (numbers.every((number) => Number.isSafeInteger(number) && number > 0)) return numbers;
  throw new RangeError(`${name} takes whole numbers separated by commas, not "${text}".`);
}

void main();
