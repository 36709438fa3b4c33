import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestOutcome } from '../jest-run';
import { keepBusy } from './busy';
import { HELP, readCommandLine } from './command-line';
import { describeRuns, differencesOf, type SeededRun } from './differences';

const PROJECT = join(__dirname, '..', '..');

describe('of tests of which one fails with odd seeds and one needs another to come before it', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'repeat-test-')));
  beforeAll(() => {
    mkdirSync(join(root, 'test'));
    writeFileSync(
      join(root, 'jest.config.cjs'),
      `module.exports = {
        testMatch: ['<rootDir>/test/*.test.js'],
        transform: {},
        testEnvironment: '${join(PROJECT, 'test/jest/environment.cjs')}',
        runtime: '${join(PROJECT, 'test/jest/runtime.cjs')}',
      };`,
    );
    writeFileSync(
      join(root, 'test', 'luck.test.js'),
      `test('is solid', () => {});
       test('leans on luck', () => expect(Number(process.env.SCIM_TEST_SEED) % 2).toBe(0));`,
    );
    writeFileSync(
      join(root, 'test', 'order.test.js'),
      `let isPrepared = false;
       test('prepares', () => { isPrepared = true; });
       test('leans on order', () => expect(isPrepared).toBe(true));`,
    );
    writeFileSync(join(root, 'test', 'unreadable.test.js'), 'this is no JavaScript');
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test('prints each run and what differed, with the command to have it again, and fails', async () => {
    const { status, out, err } = await repeat(root, ['4', '--seed', '100', '--busy', 'luck', 'order']);

    expect(out).toMatch(/^ +1 +100 +\d+ +\d+ +0 +\d+\.\d$/m);
    expect(out).toMatch(/^4 runs in \d+ s: 2 tests did not pass in every run\.$/m);
    expect(out).toContain(
      'test/luck.test.js: leans on luck\n  failed in some runs: 2 of 4, with the seeds 101, 103\n',
    );
    expect(out).toContain('  again: npm run test:repeat -- 1 --seed 101 test/luck.test.js\n');
    expect(out).toMatch(/test\/order\.test\.js: leans on order\n {2}failed in some runs: [1-3] of 4/);
    expect(out).not.toContain('is solid');
    expect(err).toMatch(/run 1 of 4: 1 of 2 files, .* files per minute, \d+ min left/);
    expect(err).toContain('with the seed 101: FAIL test/luck.test.js\n');
    expect(status).toBe(1);
  });

  test('finds with --reverse what one test needs of another, whatever the seed', async () => {
    const { status, out } = await repeat(root, ['1', '--seed', '100', '--reverse', 'luck', 'order']);

    expect(out).toContain('test/order.test.js: leans on order\n  failed in every run: 1 of 1');
    expect(out).toContain('  again: npm run test:repeat -- 1 --seed 100 --reverse test/order.test.js\n');
    expect(status).toBe(1);
  });

  test('counts a file that cannot be run as failed', async () => {
    const { status, out } = await repeat(root, ['1', 'unreadable']);

    expect(out).toContain('test/unreadable.test.js: (the file does not run)\n  failed in every run: 1 of 1');
    expect(status).toBe(1);
  });

  test('says so when all is well, or nothing is there to run', async () => {
    const [well, nothing, help] = [
      await repeat(root, ['1', '--seed', '100', 'luck']),
      await repeat(root, ['1', 'absent']),
      await repeat(root, ['--help']),
    ];

    expect(well).toMatchObject({ status: 0, out: expect.stringMatching(/every test passed in every run/) });
    expect(nothing).toMatchObject({
      status: 2,
      err: expect.stringMatching(/^No test file matches absent\./),
    });
    expect(help).toEqual({ status: 0, out: HELP, err: '' });
  });
});

/** `npm run test:repeat -- …` over the tests of another folder, without the npm. */
async function repeat(root: string, parameters: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/repeat/run.ts', ...parameters], {
    cwd: PROJECT,
    env: { ...process.env, SCIM_TEST_ROOT: root },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  const [status] = await once(child, 'close');
  return { status, ...said };
}

const outcome = (name: string, status: TestOutcome['status']): TestOutcome => ({
  file: 'a.test.ts',
  name,
  status,
  message: status === 'failed' ? 'why' : '',
});
const run = (seed: number, ...outcomes: TestOutcome[]): SeededRun => ({ seed, seconds: 1, outcomes });

test('a test that is not in every run is a difference too', () => {
  const runs = [run(1, outcome('x', 'passed'), outcome('y', 'passed')), run(2, outcome('x', 'passed'))];

  expect(differencesOf(runs)).toEqual([
    { file: 'a.test.ts', name: 'y', failedIn: [], absentIn: [2], message: '' },
  ]);
  expect(describeRuns(runs)).toContain('a.test.ts: y\n  not run with the seeds 2');
});

test.each<[string[], object]>([
  [[], { runs: 10, paths: [], seed: undefined, isBusy: false, wantsHelp: false }],
  [['3', 'test/scim'], { runs: 3, paths: ['test/scim'] }],
  [['test/scim', '3'], { runs: 10, paths: ['test/scim', '3'] }],
  [['--seed', '7', '--busy', '2'], { runs: 2, seed: 7, isBusy: true }],
  [['--reverse', '1'], { runs: 1, isReversed: true }],
])('%j is read', (parameters, expected) => {
  expect(readCommandLine(parameters)).toMatchObject(expected);
});

test.each([
  [['0'], 'The number of runs is "0"'],
  [['1', '--seed', 'x'], '--seed is "x"'],
  [['1', '--fast'], "Unknown option '--fast'"],
])('%j is refused', (parameters, message) => {
  expect(() => readCommandLine(parameters)).toThrow(message);
});

test('the busy process is gone when it is stopped', async () => {
  const busy = keepBusy();
  await once(busy.process, 'spawn');

  await busy.stop();

  expect(busy.process.signalCode).toBe('SIGKILL');
});
