/**
 * Changes the sources at one place after the other and sees whether a test notices.
 *
 * npm run test:mutation -- filter|patch|sessions|directory [--only src/scim/filter/match.ts] [--write]
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startTestTable } from '../../testing/engine';
import { machine, markdownTable, readSection, versionOf, writeSection } from '../../testing/report';
import { AREAS, type Area } from './areas';
import {
  type FileOutcome,
  type MutationReport,
  outcomesIn,
  outcomesOf,
  renewed,
  score,
  survivorsOf,
  total,
} from './outcome';

const ROOT = join(__dirname, '..', '..');
/** Kept from run to run, so that a further run tries only what has changed. */
const KEPT = join(ROOT, '.local', 'mutation');

const HELP = `Changes the sources at one place after the other and sees whether a test notices (Stryker).

  npm run test:mutation -- filter                                   one area: ${Object.keys(AREAS).join(', ')}
  npm run test:mutation -- filter --only src/scim/filter/match.ts   one file of it; may be given several times
  npm run test:mutation -- filter --write                           writes the scores of what was tried into docs/mutation.md
  npm run test:mutation -- filter --survivors                       prints again what survived the last run

A mutant takes as long as the tests that run through it take to fail, the quickest first. A further run tries what has changed since the last.
Texts are left as they are: what an error says is not what is proven here. Exit code: 0 when Stryker could run.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true },
      write: { type: 'boolean' },
      survivors: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const [name = ''] = positionals;
  const area = AREAS[name];
  if (values.help === true || area === undefined) {
    process.stdout.write(HELP);
    process.exitCode = values.help === true ? 0 : 2;
    return;
  }
  if (values.survivors !== true) await stryker(name, area, values.only);
  const report = JSON.parse(readFileSync(reportFile(name), 'utf8')) as MutationReport;
  const outcomes = outcomesOf(report);
  process.stdout.write(`${survivorsOf(report).join('\n')}\n\n${tableOf(outcomes)}\n`);
  if (values.write === true) {
    const section = `mutation-${name}`;
    const kept = outcomesIn(readSection('mutation.md', section)).filter(({ file }) =>
      existsSync(join(ROOT, file)),
    );
    const tried = `tests: \`${area.tests.join('`, `')}\`. Files that this run did not try have the row of an earlier one.`;
    const about = `${machine()} ${versionOf('@stryker-mutator/core')}; ${tried}`;
    writeSection('mutation.md', section, `${about}\n\n${tableOf(renewed(kept, outcomes))}`);
  }
}

function tableOf(outcomes: readonly FileOutcome[]): string {
  return markdownTable(
    ['file', 'mutants', 'noticed', 'survived', 'no test runs it', 'score in %'],
    [...outcomes, total(outcomes)].map((outcome) => [
      outcome.file,
      String(outcome.noticed + outcome.survived + outcome.untested),
      String(outcome.noticed),
      String(outcome.survived),
      String(outcome.untested),
      score(outcome),
    ]),
  );
}

const reportFile = (name: string) => join(KEPT, `${name}.json`);

/** Runs Stryker in a copy of the project, one mutant at a time. */
async function stryker(name: string, area: Area, only: readonly string[] | undefined): Promise<void> {
  mkdirSync(KEPT, { recursive: true });
  const configuration = join(KEPT, `${name}.config.json`);
  writeFileSync(configuration, JSON.stringify(configurationOf(name, area, only), undefined, 2));
  const bin = join(dirname(require.resolve('@stryker-mutator/core/package.json')), 'bin', 'stryker.js');
  // One engine for all mutants: each test file makes a table of its own in it.
  const engine = await startTestTable();
  const child = spawn(process.execPath, ['--import', 'tsx', bin, 'run', configuration], {
    cwd: ROOT,
    env: {
      ...process.env,
      DYNAMODB_ENDPOINT: engine.endpoint,
      // Property tests draw the same inputs for every mutant, so that a score can be had again, and not many of them.
      SCIM_TEST_SEED: '1',
      SCIM_TEST_MAX_RUNS: '500',
    },
    stdio: 'inherit',
  });
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => engine.stop());
  if (status !== 0) throw new Error(`Stryker ended with the status ${String(status)}.`);
}

const configurationOf = (name: string, { mutate, tests }: Area, only: readonly string[] | undefined) => ({
  testRunner: 'suite',
  plugins: [join(__dirname, 'runner.ts')],
  testRunnerNodeArgs: ['--import', 'tsx'],
  checkerNodeArgs: ['--import', 'tsx'],
  testFiles: testFilesOf(tests),
  coverageAnalysis: 'perTest',
  concurrency: 1,
  mutate: only ?? mutate.map((folder) => `${folder}/**/*.ts`),
  mutator: { excludedMutations: ['StringLiteral'] },
  ignoreStatic: true,
  incremental: true,
  incrementalFile: join(KEPT, `${name}.incremental.json`),
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: reportFile(name) },
  tempDirName: join(tmpdir(), `scim-mutation-${name}`),
  ignorePatterns: ['.local', 'cdk.out', 'coverage'],
  // A mutant that is slow on a busy machine must not pass for one that loops; most of these are told by their count.
  timeoutMS: 30_000,
  timeoutFactor: 2,
  // Stryker would read it with TypeScript's compiler API, which TypeScript 7 does not have; nothing in it matters here.
  tsconfigFile: 'none.json',
});

/** Test files that call `jest` itself need Jest, and are left out. */
function testFilesOf(paths: readonly string[]): string[] {
  return paths
    .flatMap((path) =>
      path.endsWith('.ts')
        ? [path]
        : readdirSync(join(ROOT, path), { recursive: true, encoding: 'utf8' }).map((name) =>
            join(path, name),
          ),
    )
    .filter((file) => file.endsWith('.test.ts') && !/\bjest\./.test(readFileSync(join(ROOT, file), 'utf8')))
    .sort();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
