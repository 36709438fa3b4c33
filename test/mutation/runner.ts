/** Stryker's test runner of this project: a plug-in that Stryker loads in its worker process, in the sandbox. */
import { join } from 'node:path';
import type { StrykerOptions } from '@stryker-mutator/api/core';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import {
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { Modules } from './modules';
import { collect, type Outcome, runTests, type TestCase } from './suite';

/** What Stryker's instrumented sources read and write. */
interface Instrumented {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: NonNullable<Extract<DryRunResult, { status: DryRunStatus.Complete }>['mutantCoverage']>;
}

const instrumented: Instrumented = {};
Object.assign(globalThis, { __stryker__: instrumented });

/**
 * Runs the tests within one process, with modules executed anew per mutant but compiled only once, and no further than
 * to the first test that fails.
 */
class SuiteRunner implements TestRunner {
  static readonly inject = tokens(commonTokens.options);
  readonly #files: readonly string[];
  readonly #milliseconds = new Map<string, number>();

  constructor(options: StrykerOptions) {
    this.#files = options.testFiles ?? [];
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  init(): Promise<void> {
    // What a mutant leaves behind unawaited fails no test in Jest either; it must not end the process.
    process.on('unhandledRejection', () => {});
    for (const file of ['test/quiet-sdk.ts', 'test/seed.ts']) new Modules().load(join(process.cwd(), file));
    return Promise.resolve();
  }

  async dryRun(_: DryRunOptions): Promise<DryRunResult> {
    const modules = new Modules();
    const outcomes: Outcome[] = [];
    for (const file of this.#files) {
      const tests = testsOf(modules, file);
      outcomes.push(
        ...(await runTests(tests, false, ({ id }) => {
          instrumented.currentTestId = id;
        })),
      );
      instrumented.currentTestId = undefined;
    }
    for (const { test, milliseconds } of outcomes) this.#milliseconds.set(test.id, milliseconds);
    return {
      status: DryRunStatus.Complete,
      tests: outcomes.map(resultOf),
      ...(instrumented.mutantCoverage === undefined ? {} : { mutantCoverage: instrumented.mutantCoverage }),
    };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, testFilter, hitLimit, mutantActivation } = options;
    instrumented.hitLimit = hitLimit;
    instrumented.hitCount = hitLimit === undefined ? undefined : 0;
    if (mutantActivation === 'static') instrumented.activeMutant = activeMutant.id;
    const outcomes: Outcome[] = [];
    try {
      const modules = new Modules();
      for (const file of this.#filesOf(testFilter)) {
        const tests = testsOf(modules, file).filter(({ id }) => testFilter?.includes(id) ?? true);
        instrumented.activeMutant = activeMutant.id;
        outcomes.push(...(await runTests(this.#quickestFirst(tests), true, () => {})));
        if (mutantActivation !== 'static') instrumented.activeMutant = undefined;
        if (outcomes.at(-1)?.failure !== undefined) break;
      }
    } finally {
      instrumented.activeMutant = undefined;
    }
    return toMutantRunResult(
      determineHitLimitReached(instrumented.hitCount, hitLimit) ?? {
        status: DryRunStatus.Complete,
        tests: outcomes.map(resultOf),
      },
    );
  }

  /** The files of the tests, those first whose tests take the least time. */
  #filesOf(ids: readonly string[] | undefined): string[] {
    if (ids === undefined) return [...this.#files];
    const costs = this.#files.map((file) => {
      const own = ids.filter((id) => id.startsWith(`${file} `));
      return { file, count: own.length, cost: own.reduce((so, id) => so + this.#cost(id), 0) };
    });
    return costs
      .filter(({ count }) => count > 0)
      .sort((a, b) => a.cost - b.cost)
      .map(({ file }) => file);
  }

  #quickestFirst(tests: readonly TestCase[]): TestCase[] {
    return tests.toSorted((a, b) => this.#cost(a.id) - this.#cost(b.id));
  }

  /** A process that replaces one that was stopped has not run the tests; the order alone suffers. */
  #cost(id: string): number {
    return this.#milliseconds.get(id) ?? 0;
  }
}

const testsOf = (modules: Modules, file: string) =>
  collect(file, () => {
    modules.load(join(process.cwd(), file));
  });

function resultOf({ test, milliseconds, failure }: Outcome): TestResult {
  const result = { id: test.id, name: test.id, fileName: test.file, timeSpentMs: Math.round(milliseconds) };
  return failure === undefined
    ? { ...result, status: TestStatus.Success }
    : { ...result, status: TestStatus.Failed, failureMessage: failure };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'suite', SuiteRunner)];
