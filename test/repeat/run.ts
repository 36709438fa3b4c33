/**
 * Runs the tests again and again in random order with random inputs, and says what differed.
 *
 * npm run test:repeat -- 10 [--reverse] [--busy] [--seed S] [paths]
 */
import { join } from 'node:path';
import { count, type JestOptions, listFiles, runTests, type TestSelection } from '../jest-run';
import { keepBusy } from './busy';
import { type CommandLine, drawSeed, HELP, readCommandLine, UsageError } from './command-line';
import { describeRuns, differencesOf, type SeededRun } from './differences';

/** The variable is for the test of this script, which has tests of its own making run. */
const ROOT = process.env.SCIM_TEST_ROOT ?? join(__dirname, '..', '..');
const RANDOM_ORDER = join(__dirname, 'random-order.cjs');
/** A test that hangs fails; one that is slow on a busy machine does not. */
const TEST_TIMEOUT_MS = 300_000;
const SHOW_EVERY_MS = 15_000;

async function main(): Promise<void> {
  const commandLine = readCommandLine(process.argv.slice(2));
  if (commandLine.wantsHelp) {
    process.stdout.write(HELP);
    return;
  }
  const selection = { root: ROOT, paths: commandLine.paths };
  const busy = commandLine.isBusy ? keepBusy() : undefined;
  try {
    const runs = await repeat(commandLine, selection);
    process.stdout.write(`\n${describeRuns(runs)}`);
    if (differencesOf(runs).length > 0) process.exitCode = 1;
  } finally {
    await busy?.stop();
  }
}

async function repeat(
  { runs: total, seed = drawSeed(), isReversed }: CommandLine,
  selection: TestSelection,
): Promise<SeededRun[]> {
  const { length: files } = await listFiles(selection);
  if (files === 0) throw new UsageError(`No test file matches ${selection.paths.join(' ')}.`);
  const runs: SeededRun[] = [];
  const start = performance.now();
  let done = 0;
  let failed = 0;
  process.stdout.write('run        seed   passed  failed  skipped  seconds\n');
  for (let number = 1; number <= total; number++) {
    const runSeed = seed + number - 1;
    const through = new Set<string>();
    const found = await runTests(selection, optionsOf(runSeed, isReversed), (outcome, file) => {
      // Jest lists what failed once more at its end.
      if (through.has(file)) return;
      through.add(file);
      done++;
      if (outcome === 'FAIL') {
        failed++;
        progress('');
        process.stderr.write(`with the seed ${runSeed}: FAIL ${file}\n`);
      }
      const perMinute = done / ((performance.now() - start) / 60_000);
      const left = Math.ceil((files * total - done) / perMinute);
      progress(
        `run ${number} of ${total}: ${done - files * (number - 1)} of ${files} files, ${failed} failed so far; ${perMinute.toFixed(1)} files per minute, ${left} min left`,
      );
    });
    const run = { ...found, seed: runSeed, isReversed };
    runs.push(run);
    progress('');
    process.stdout.write(
      `${String(number).padStart(3)} ${String(run.seed).padStart(11)} ${(
        ['passed', 'failed', 'skipped'] as const
      )
        .map((status) => String(count(run, status)).padStart(8))
        .join('')} ${run.seconds.toFixed(1).padStart(8)}\n`,
    );
  }
  return runs;
}

/** Has Jest order files and tests, and property tests draw their inputs, as the seed gives it. */
const optionsOf = (seed: number, isReversed: boolean): JestOptions => ({
  parameters: [
    ...(isReversed ? [] : ['--randomize']),
    ...['--seed', String(seed), '--testSequencer', RANDOM_ORDER],
    ...['--testTimeout', String(TEST_TIMEOUT_MS)],
  ],
  environment: { SCIM_TEST_SEED: String(seed), ...(isReversed ? { SCIM_TEST_ORDER: 'reverse' } : {}) },
});

let shownAt = Number.NEGATIVE_INFINITY;

/** Overwrites one line on a terminal; elsewhere a line appears now and then. */
function progress(line: string): void {
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\x1b[2K${line}`);
  } else if (line !== '' && performance.now() - shownAt > SHOW_EVERY_MS) {
    shownAt = performance.now();
    process.stderr.write(`${line}\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof UsageError ? `${error.message}\n\n${HELP}` : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
