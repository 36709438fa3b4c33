import type { Run, TestOutcome } from '../jest-run';

/** A run in the order and with the inputs of a seed. */
export interface SeededRun extends Run {
  readonly seed: number;
  /** Whether the tests of each file came backwards. */
  readonly isReversed?: boolean;
}

/** A test that did not pass in every run. */
export interface Difference {
  readonly file: string;
  readonly name: string;
  /** Seeds of the runs in which it failed. */
  readonly failedIn: readonly number[];
  /** Seeds of the runs in which it was not there at all. */
  readonly absentIn: readonly number[];
  /** What the first failure said. */
  readonly message: string;
}

const MAX_MESSAGE_LINES = 12;

/** Which tests failed, or were not run, in which of the runs. */
export function differencesOf(runs: readonly SeededRun[]): Difference[] {
  const keyOf = ({ file, name }: TestOutcome) => `${file}\n${name}`;
  const byRun = runs.map(({ seed, outcomes }) => ({
    seed,
    outcomes: new Map(outcomes.map((outcome) => [keyOf(outcome), outcome])),
  }));
  const all = new Map(runs.flatMap(({ outcomes }) => outcomes.map((outcome) => [keyOf(outcome), outcome])));
  return [...all]
    .map(([key, { file, name }]) => {
      const failures = byRun.filter(({ outcomes }) => outcomes.get(key)?.status === 'failed');
      return {
        file,
        name,
        failedIn: failures.map(({ seed }) => seed),
        absentIn: byRun.filter(({ outcomes }) => !outcomes.has(key)).map(({ seed }) => seed),
        message: failures[0]?.outcomes.get(key)?.message ?? '',
      };
    })
    .filter(({ failedIn, absentIn }) => failedIn.length > 0 || absentIn.length > 0);
}

/** What the runs had in common and what not, with the command that has a failure again. */
export function describeRuns(runs: readonly SeededRun[]): string {
  const differences = differencesOf(runs);
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
  const order = runs.some(({ isReversed }) => isReversed) ? ' --reverse' : '';
  const heading = `${runs.length} runs in ${Math.round(seconds)} s: `;
  if (differences.length === 0) return `${heading}every test passed in every run.\n`;
  const parts = differences.map(({ file, name, failedIn, absentIn, message }) => {
    const lines = [`${file}: ${name}`];
    if (failedIn.length > 0) {
      const how = failedIn.length === runs.length ? 'failed in every run' : 'failed in some runs';
      lines.push(
        `  ${how}: ${failedIn.length} of ${runs.length}, with the seeds ${failedIn.join(', ')}`,
        `  again: npm run test:repeat -- 1 --seed ${failedIn[0]}${order} ${file}`,
        ...message
          .split('\n')
          .slice(0, MAX_MESSAGE_LINES)
          .map((line) => `    ${line}`.trimEnd()),
      );
    }
    if (absentIn.length > 0) lines.push(`  not run with the seeds ${absentIn.join(', ')}`);
    return lines.join('\n');
  });
  return `${heading}${differences.length} tests did not pass in every run.\n\n${parts.join('\n\n')}\n`;
}
