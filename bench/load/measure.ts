import type { Progress } from '../progress';
import type { Answer, Connections, Request } from './connections';
import type { CpuTimes } from './cpu';

/** What came of one kind of request. */
export interface Phase {
  readonly name: string;
  readonly milliseconds: readonly number[];
  /** The wall-clock seconds that went into these requests. */
  readonly seconds: number;
  readonly errors: number;
  /**
   * CPU time in ms of the server's parts; undefined where it cannot be read. That of steps which take turns is split
   * evenly.
   */
  readonly cpu: CpuTimes | undefined;
}

/** Reads the CPU time that the server has used so far. */
export type CpuMeter = () => CpuTimes | undefined;

/** Adds to a phase what a later round measured. */
export const joined = (phase: Phase, later: Phase | undefined): Phase =>
  later === undefined
    ? phase
    : {
        name: phase.name,
        milliseconds: [...phase.milliseconds, ...later.milliseconds],
        seconds: phase.seconds + later.seconds,
        errors: phase.errors + later.errors,
        cpu: combined(phase.cpu, later.cpu, (left, right) => left + right),
      };

/** CPU times put together part by part; undefined when one of them could not be read. */
export function combined(
  left: CpuTimes | undefined,
  right: CpuTimes | undefined,
  combine: (left: number, right: number) => number,
): CpuTimes | undefined {
  if (left === undefined || right === undefined) return undefined;
  return {
    server: combine(left.server, right.server),
    functions: combine(left.functions, right.functions),
    database: combine(left.database, right.database),
  };
}

/** What is done with an answer to a request that went well. */
export type Take = (n: number, answer: Answer) => void;

/** A kind of request, for each input. */
export interface Step {
  readonly name: string;
  readonly requestOf: (n: number) => Request;
  readonly take?: Take;
}

/**
 * Sends the steps' requests for every input, those of one input one after the other, as an identity provider seeks a
 * user before it creates it.
 *
 * @param mostSeconds no input is begun after these
 * @returns a phase a step. Its seconds are the part of the time that the connections spent on it, so that steps that
 *   take turns have a rate each.
 */
export async function measure(
  connections: Connections,
  progress: Progress,
  meter: CpuMeter,
  inputs: readonly number[],
  steps: readonly Step[],
  mostSeconds = Number.POSITIVE_INFINITY,
): Promise<Phase[]> {
  const results = steps.map((step) => ({ step, milliseconds: [] as number[], errors: 0 }));
  const before = meter();
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1_000;
  await connections.forEach(inputs, async (n) => {
    progress.add(steps.length);
    if (seconds() > mostSeconds) return;
    for (const result of results) {
      const { name, requestOf, take } = result.step;
      const answer = await connections.send(requestOf(n));
      result.milliseconds.push(answer.milliseconds);
      if (answer.status < 400) take?.(n, answer);
      else if (result.errors++ === 0) {
        console.error(`\n${name}: ${answer.status} ${answer.body.slice(0, 300)}`);
      }
    }
  });
  const wall = seconds();
  const cpu = combined(meter(), before, (after, earlier) => (after - earlier) / steps.length);
  const total = sum(results.flatMap(({ milliseconds }) => milliseconds));
  return results.map(({ step, milliseconds, errors }) => ({
    name: step.name,
    milliseconds,
    errors,
    cpu,
    seconds: wall * (sum(milliseconds) / total),
  }));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((left, right) => left + right, 0);
