import { readdirSync, readFileSync } from 'node:fs';

/** The parts of a server whose CPU time is told apart: its own process, the database, and all its other processes. */
export type Part = 'server' | 'functions' | 'database';

/** CPU time in ms. */
export type CpuTimes = Readonly<Record<Part, number>>;

/** A tick of `/proc/<pid>/stat`: 100 a second on every Linux. */
const MS_A_TICK = 10;

interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly milliseconds: number;
}

/**
 * CPU time that a process and all below it have used so far.
 *
 * @param root the server's process; undefined for a server that runs elsewhere
 * @returns undefined where there is no `/proc`
 */
export function cpuTimes(root: number | undefined): CpuTimes | undefined {
  if (root === undefined || process.platform !== 'linux') return undefined;
  const processes = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? timesOf(Number(name)) : []));
  const times: Record<Part, number> = { server: 0, functions: 0, database: 0 };
  for (const { pid, milliseconds } of withDescendants(root, processes))
    times[partOf(pid, root)] += milliseconds;
  return times;
}

function withDescendants(root: number, processes: readonly ProcessTimes[]): ProcessTimes[] {
  const family = new Set([root]);
  let before: number;
  do {
    before = family.size;
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid);
  } while (family.size > before);
  return processes.filter(({ pid }) => family.has(pid));
}

/** Nothing for a process that ended meanwhile. */
function timesOf(pid: number): ProcessTimes[] {
  const stat = read(`/proc/${pid}/stat`);
  // The second field, the name in parentheses, may hold spaces.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, parent, , , , , , , , , , user, system] = fields;
  if (parent === undefined || user === undefined || system === undefined) return [];
  return [{ pid, parent, milliseconds: (user + system) * MS_A_TICK }];
}

function partOf(pid: number, root: number): Part {
  if (pid === root) return 'server';
  return read(`/proc/${pid}/cmdline`).includes('--db-path') ? 'database' : 'functions';
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
