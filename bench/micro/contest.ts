import { isDeepStrictEqual } from 'node:util';
import { measure } from 'mitata';
import { median } from '../../testing/statistics';

/** One way of doing a task. It is run again and again and must give the same answer each time. */
export interface Contender {
  readonly name: string;
  readonly run: () => unknown;
  /** Turns what `run` gives into the form of the task's right answer; what `run` gives itself when absent. */
  readonly answer?: (output: unknown) => unknown;
}

/** A task that several libraries do on the same input. */
export interface Task {
  readonly group: string;
  readonly name: string;
  /** The right answer, written down by hand or by rule, never taken from a contender. */
  readonly right: unknown;
  /** How many units one run does (for instance resources matched): times are given for one. */
  readonly units?: number;
  readonly contenders: readonly Contender[];
}

/** What came of a contender in a task. */
export interface Result {
  readonly name: string;
  /** Microseconds a unit; not a number when it refuses the input. */
  readonly median: number;
  readonly p99: number;
  readonly verdict: 'right' | 'wrong' | 'refuses';
}

/** A contender in one of the tasks, and what its rounds gave. */
interface Entry {
  readonly task: Task;
  readonly contender: Contender;
  readonly verdict: Result['verdict'];
  readonly rounds: { readonly p50: number; readonly p99: number }[];
}

/** An odd number, so that the median is one of them. */
export const ROUNDS = 7;
const MILLISECOND = 1_000_000;
const WARM_UP_NS = 50 * MILLISECOND;
const ROUND_NS = 30 * MILLISECOND;
/** Runs between two looks at the clock; few enough that a slow contender's round stays short. */
const RUNS_A_SAMPLE = 256;

/**
 * Measures all tasks of a table in rounds. Whoever is timed first must not pay for compilation, for the garbage of what
 * ran before, or for a neighbour on the machine: so every contender is warmed up on every task before any is timed, and
 * each round times each of them once, in an order that turns from round to round. The result is the median of the
 * rounds.
 */
export async function contest(
  tasks: readonly Task[],
  onRound: (round: number) => void,
): Promise<ReadonlyMap<Task, readonly Result[]>> {
  const entries: Entry[] = [];
  for (const task of tasks) {
    for (const contender of task.contenders) {
      entries.push({ task, contender, verdict: await verifyItem(contender, task.right), rounds: [] });
    }
  }
  const timed = entries.filter(({ verdict }) => verdict !== 'refuses');
  for (const { contender } of timed) await time(contender, WARM_UP_NS);
  for (let round = 0; round < ROUNDS; round++) {
    onRound(round + 1);
    for (const { contender, rounds } of turned(timed, round)) rounds.push(await time(contender, ROUND_NS));
  }
  return new Map(tasks.map((task) => [task, entries.filter((entry) => entry.task === task).map(resultOf)]));
}

/**
 * Forces no garbage collection before the clock runs, as mitata would: a forced one also drops optimised code, so that
 * a short round would time its compilation. Garbage is collected as it comes, and the turning order spreads what others
 * left behind.
 */
async function time({ run }: Contender, nanoseconds: number): Promise<{ p50: number; p99: number }> {
  return await measure(run, { min_cpu_time: nanoseconds, batch_samples: RUNS_A_SAMPLE, gc: false });
}

/** Begins at another place and goes the other way every second round, so that nobody always follows the same one. */
function turned<T>(items: readonly T[], round: number): readonly T[] {
  const start = Math.floor((items.length * round) / ROUNDS);
  const turned = [...items.slice(start), ...items.slice(0, start)];
  return round % 2 === 0 ? turned : turned.reverse();
}

function resultOf({ task, contender, verdict, rounds }: Entry): Result {
  const microseconds = (nanoseconds: number[]) => median(nanoseconds) / (1_000 * (task.units ?? 1));
  return {
    name: contender.name,
    median: microseconds(rounds.map(({ p50 }) => p50)),
    p99: microseconds(rounds.map(({ p99 }) => p99)),
    verdict,
  };
}

async function verifyItem({ run, answer }: Contender, right: unknown): Promise<Result['verdict']> {
  let output: unknown;
  try {
    output = await run();
  } catch {
    return 'refuses';
  }
  const given = answer === undefined ? output : answer(output);
  // Through JSON, so that instances of a library's classes are compared by what they would send.
  return isDeepStrictEqual(plain(given), plain(right)) ? 'right' : 'wrong';
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
