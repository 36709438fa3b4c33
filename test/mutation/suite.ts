import { expect } from 'expect';

type Body = (...values: never[]) => unknown;

/** A test file or a `describe` in it. */
interface Block {
  readonly parent?: Block;
  readonly title: string;
  readonly beforeAll: Body[];
  readonly beforeEach: Body[];
  readonly afterEach: Body[];
  readonly afterAll: Body[];
}

/** One test, as it was declared. */
export interface TestCase {
  /** The same in every run, and no other test's; begins with the file. */
  readonly id: string;
  /** The file and the titles; the tests of one `each` share it. */
  readonly name: string;
  readonly file: string;
  readonly block: Block;
  readonly body: Body;
}

export interface Outcome {
  readonly test: TestCase;
  readonly milliseconds: number;
  /** What was thrown; absent when the test passed. */
  readonly failure?: string;
}

/**
 * The part of Jest's globals that the tests of the areas use, over plain functions: what is declared is collected, and
 * run as often as one likes. Jest itself loads everything anew for every run, which costs more than the tests.
 */
export function collect(file: string, load: () => void): TestCase[] {
  const tests: TestCase[] = [];
  let block: Block = blockOf(file);
  const test = (title: string, body: Body) => {
    const name = `${blocksAround(block)
      .map((around) => around.title)
      .join(' ')} ${title}`;
    const same = tests.filter((other) => other.name === name).length;
    tests.push({ id: same === 0 ? name : `${name} #${same + 1}`, name, file, block, body });
  };
  const describe = (title: string, body: Body) => {
    const parent = block;
    block = blockOf(title, parent);
    body();
    block = parent;
  };
  const withEach = (declare: (title: string, body: Body) => void) =>
    Object.assign(declare, {
      each: (rows: readonly unknown[]) => (title: string, body: (...values: unknown[]) => unknown) => {
        // As in Jest: rows are spread when all of them are lists.
        const table = rows.every((row) => Array.isArray(row)) ? rows : rows.map((row) => [row]);
        for (const row of table) declare(title, () => body(...row));
      },
    });
  const hook = (kind: 'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll') => (body: Body) => {
    block[kind].push(body);
  };
  const declarations = {
    test: withEach(test),
    describe: withEach(describe),
    beforeAll: hook('beforeAll'),
    beforeEach: hook('beforeEach'),
    afterEach: hook('afterEach'),
    afterAll: hook('afterAll'),
  };
  const before = new Map(Object.keys(declarations).map((name) => [name, Reflect.get(globalThis, name)]));
  Object.assign(globalThis, { expect, ...declarations });
  try {
    load();
  } finally {
    Object.assign(globalThis, Object.fromEntries(before));
  }
  return tests;
}

/**
 * Runs tests of one file, with the hooks of their blocks.
 *
 * @param untilFailure ends with the first test that fails
 * @param onStart is told each test before it and its hooks run
 */
export async function runTests(
  tests: readonly TestCase[],
  untilFailure: boolean,
  onStart: (test: TestCase) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const entered = new Set<Block>();
  for (const test of tests) {
    onStart(test);
    const start = performance.now();
    const failure = await failureOf(test, entered);
    outcomes.push({
      test,
      milliseconds: performance.now() - start,
      ...(failure === undefined ? {} : { failure }),
    });
    if (failure !== undefined && untilFailure) break;
  }
  for (const block of [...entered].reverse()) await all(block.afterAll).catch(() => {});
  return outcomes;
}

async function failureOf(test: TestCase, entered: Set<Block>): Promise<string | undefined> {
  const blocks = blocksAround(test.block);
  try {
    for (const block of blocks) {
      if (entered.has(block)) continue;
      entered.add(block);
      await all(block.beforeAll);
    }
    try {
      for (const block of blocks) await all(block.beforeEach);
      await test.body();
    } finally {
      for (const block of blocks.toReversed()) await all(block.afterEach);
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function all(bodies: readonly Body[]): Promise<void> {
  for (const body of bodies) await body();
}

const blockOf = (title: string, parent?: Block): Block => ({
  ...(parent === undefined ? {} : { parent }),
  title,
  beforeAll: [],
  beforeEach: [],
  afterEach: [],
  afterAll: [],
});

/** The block and those around it, from outside to inside. */
function blocksAround(block: Block): Block[] {
  return [...(block.parent === undefined ? [] : blocksAround(block.parent)), block];
}
