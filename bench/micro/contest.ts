import { isDeepStrictEqual } from 'node:util';
import { measure } from 'mitata';

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

const CPU_TIME_NS = 150_000_000;

/** Has every contender of a task answer, compares the answer with the right one, and measures those that answer at all. */
export async function contest(task: Task): Promise<Result[]> {
  const results: Result[] = [];
  for (const contender of task.contenders) {
    const verdict = await judge(contender, task.right);
    if (verdict === 'refuses') {
      results.push({ name: contender.name, median: Number.NaN, p99: Number.NaN, verdict });
      continue;
    }
    const stats = await measure(contender.run, { min_cpu_time: CPU_TIME_NS });
    const scale = 1_000 * (task.units ?? 1);
    results.push({ name: contender.name, median: stats.p50 / scale, p99: stats.p99 / scale, verdict });
  }
  return results;
}

async function judge({ run, answer }: Contender, right: unknown): Promise<Result['verdict']> {
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
