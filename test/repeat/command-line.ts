import { parseArgs } from 'node:util';

/** What `npm run test:repeat` was asked to do. */
export interface CommandLine {
  readonly runs: number;
  /** Paths as Jest takes them; all tests when there are none. */
  readonly paths: readonly string[];
  /** The first run's seed; each further run has the next number. Drawn when absent. */
  readonly seed: number | undefined;
  readonly isBusy: boolean;
  /** The tests of each file from the last to the first, in place of an order that is drawn. */
  readonly isReversed: boolean;
  readonly wantsHelp: boolean;
}

const DEFAULT_RUNS = 10;
const MAX_RUNS = 1_000;
/** Jest takes 32 bits with a sign; the runs after the first need room above it. */
const MAX_SEED = 2 ** 31 - 1 - MAX_RUNS;

export const HELP = `Runs the tests again and again, each time in another order and with other random inputs, and says what differed.

  npm run test:repeat -- 10                        all tests, 10 times
  npm run test:repeat -- 5 test/scim test/local    some of them
  npm run test:repeat -- 10 --busy                 while another process keeps a core busy
  npm run test:repeat -- 1 --reverse               the tests of each file from the last to the first
  npm run test:repeat -- 1 --seed 4711 test/scim   a run again, as it was

  N           how often (${DEFAULT_RUNS})
  paths       as Jest takes them
  --seed S    the first run has the seed S, the next one S+1, …; drawn when absent
  --reverse   the tests of each file backwards: what one test needs of another before it is missing then
  --busy      keep one core busy meanwhile
  --help      this text

The seed decides the order of the files, the order of the tests in each file, except with --reverse, and the inputs of property tests. Exit
code: 0 when every test passed in every run, 1 when one failed, 2 when the command was wrong.
`;

/** What is wrong with a command line, as a sentence. */
export class UsageError extends Error {}

/** @throws UsageError naming what is wrong */
export function readCommandLine(parameters: readonly string[]): CommandLine {
  const { values, positionals } = parse(parameters);
  const [first, ...others] = positionals;
  const hasCount = first !== undefined && /^\d+$/.test(first);
  return {
    runs: hasCount ? readNumber('The number of runs', first, 1, MAX_RUNS) : DEFAULT_RUNS,
    paths: hasCount ? others : positionals,
    seed: values.seed === undefined ? undefined : readNumber('--seed', values.seed, 0, MAX_SEED),
    isBusy: values.busy === true,
    isReversed: values.reverse === true,
    wantsHelp: values.help === true,
  };
}

/** A seed for the first of the runs. */
export const drawSeed = (): number => Math.floor(Math.random() * MAX_SEED);

function parse(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: {
        seed: { type: 'string' },
        reverse: { type: 'boolean' },
        busy: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readNumber(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  throw new UsageError(`${name} is "${text}"; a whole number from ${min} to ${max} is accepted.`);
}
