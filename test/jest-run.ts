import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';

const JEST = join(dirname(require.resolve('jest/package.json')), 'bin', 'jest.js');

const MAX_LINES = 20;

/** Where the tests are, and which of them. */
export interface TestSelection {
  /** Folder with Jest's configuration. */
  readonly root: string;
  readonly paths: readonly string[];
}

/** What Jest gets besides the paths. */
export interface JestOptions {
  readonly parameters?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

/** How one test ended in one run. */
export interface TestOutcome {
  /** The test's file and full name. */
  readonly file: string;
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly message: string;
}

/** One run of the tests. */
export interface Run {
  readonly seconds: number;
  readonly outcomes: readonly TestOutcome[];
}

/** The part of Jest's JSON report that is used. */
interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

/** The test files of a selection. */
export async function listFiles(selection: TestSelection): Promise<string[]> {
  const files: string[] = [];
  await jest(
    selection,
    { parameters: ['--listTests'] },
    {
      onOut: (line) => {
        if (line.trim() !== '') files.push(relative(selection.root, line.trim()));
      },
    },
  );
  return files;
}

/**
 * Runs the tests once.
 *
 * @param onFile called when a file is through
 * @throws Error with what Jest said last when it ended without a report
 */
export async function runTests(
  selection: TestSelection,
  { parameters = [], environment }: JestOptions,
  onFile?: (outcome: 'PASS' | 'FAIL', file: string) => void,
): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'jest-run-'));
  const file = join(folder, 'result.json');
  const start = performance.now();
  let said: string[] = [];
  try {
    await jest(
      selection,
      { parameters: ['--json', '--outputFile', file, ...parameters], environment },
      {
        onError: (line) => {
          said = [...said, line].slice(-MAX_LINES);
          const [, outcome, name = ''] = /^(PASS|FAIL) (\S+)/.exec(line) ?? [];
          if (outcome === 'PASS' || outcome === 'FAIL') onFile?.(outcome, name);
        },
      },
    );
    const seconds = (performance.now() - start) / 1_000;
    if (!existsSync(file)) throw new Error(`Jest ended without a report: ${said.join('\n')}`);
    const report = JSON.parse(readFileSync(file, 'utf8')) as JestReport;
    return { seconds, outcomes: outcomesOf(report, selection.root) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many tests of a run ended in a way. */
export const count = ({ outcomes }: Run, status: TestOutcome['status']): number =>
  outcomes.filter((outcome) => outcome.status === status).length;

function outcomesOf({ testResults }: JestReport, root: string): TestOutcome[] {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(root, name);
    if (assertionResults.length === 0 && message !== '') {
      return [{ file, name: '(the file does not run)', status: 'failed' as const, message }];
    }
    return assertionResults.map(({ fullName, status, failureMessages }) => ({
      file,
      name: fullName,
      status: status === 'passed' || status === 'failed' ? status : 'skipped',
      message: (failureMessages ?? []).join('\n'),
    }));
  });
}

/** Runs Jest and resolves when it has ended, whatever its exit code: the report says what failed. */
function jest(
  { root, paths }: TestSelection,
  { parameters = [], environment }: JestOptions,
  { onOut, onError }: { onOut?: (line: string) => void; onError?: (line: string) => void },
): Promise<void> {
  const child = spawn(process.execPath, [JEST, '--rootDir', root, ...parameters, '--', ...paths], {
    cwd: root,
    env: { ...process.env, FORCE_COLOR: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => onOut?.(line));
  createInterface({ input: child.stderr }).on('line', (line) => onError?.(line));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
}
