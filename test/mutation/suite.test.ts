import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Modules } from './modules';
import { collect, runTests } from './suite';

let said: string[] = [];
const say = (word: string) => () => void said.push(word);
beforeEach(() => {
  said = [];
});

function declared() {
  return collect('a.test.ts', () => {
    beforeAll(say('file'));
    afterAll(say('file ends'));
    test('first', say('1'));
    describe('block', () => {
      beforeAll(async () => said.push('block'));
      beforeEach(say('before'));
      afterEach(say('after'));
      test.each([2, [3]])('each', (value) => void said.push(JSON.stringify(value)));
      test.each([[4, 'four']])('row', (value, word) => void said.push(`${value} ${word}`));
    });
  });
}

test('every test has an id of its own, which begins with its file', () => {
  expect(declared().map(({ id }) => id)).toEqual([
    'a.test.ts first',
    'a.test.ts block each',
    'a.test.ts block each #2',
    'a.test.ts block row',
  ]);
});

test('hooks run around their tests, those of a block when its first test runs', async () => {
  const outcomes = await runTests(declared(), true, () => {});

  expect(said.join(', ')).toBe(
    'file, 1, block, before, 2, after, before, [3], after, before, 4 four, after, file ends',
  );
  expect(outcomes.filter(({ failure }) => failure !== undefined)).toEqual([]);
});

test.each<[string, () => Promise<void>]>([
  ['an assertion', async () => expect(1).toBe(2)],
  ['an error', () => Promise.reject(new Error('no'))],
])('%s that fails fails the test, and the next is not run', async (_, body) => {
  const tests = collect('b.test.ts', () => {
    afterEach(say('after'));
    test('fails', body);
    test('is not run', say('next'));
  });

  const outcomes = await runTests(tests, true, () => {});

  expect(outcomes).toEqual([expect.objectContaining({ test: tests[0], failure: expect.any(String) })]);
  expect(said).toEqual(['after']);
});

test('a hook that fails fails its test', async () => {
  const tests = collect('c.test.ts', () => {
    beforeEach(() => {
      throw new Error('no engine');
    });
    test('does not run', say('ran'));
  });

  expect(await runTests(tests, false, () => {})).toEqual([expect.objectContaining({ failure: 'no engine' })]);
  expect(said).toEqual([]);
});

test('modules keep their state within one set of modules and begin anew in the next', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modules-'));
  try {
    writeFileSync(join(folder, 'state.ts'), 'export const seen: string[] = [];');
    writeFileSync(
      join(folder, 'entry.ts'),
      "import { join } from 'node:path';\nimport { seen } from './state';\nseen.push(join('a', 'b'));\nexport { seen };",
    );
    const load = (modules: Modules, file: string) => modules.load(join(folder, file));
    const modules = new Modules();
    load(modules, 'entry.ts');

    expect(load(modules, 'entry.ts')).toHaveProperty('seen', ['a/b']);
    expect(load(modules, 'state.ts')).toHaveProperty('seen', ['a/b']);
    expect(load(new Modules(), 'state.ts')).toHaveProperty('seen', []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
