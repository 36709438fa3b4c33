import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AREAS } from './areas';
import { type MutationReport, outcomesIn, outcomesOf, renewed, score, survivorsOf, total } from './outcome';

const at = (line: number, from: number, to: number) => ({
  start: { line, column: from },
  end: { line, column: to },
});
const mutant = (status: string, location = at(1, 5, 10), replacement = 'a <= b') => ({
  status,
  mutatorName: 'EqualityOperator',
  replacement,
  location,
});
const report: MutationReport = {
  files: {
    'scim/b.ts': { source: 'if (a < b)\n  go();\n', mutants: [mutant('Killed'), mutant('Timeout')] },
    'scim/a.ts': {
      source: 'if (a < b)\n  go();\n',
      mutants: [
        mutant('NoCoverage', at(2, 3, 7), ''),
        mutant('Survived'),
        mutant('Killed'),
        mutant('Ignored'),
        mutant('CompileError'),
      ],
    },
    'scim/types.ts': { source: '', mutants: [] },
  },
};

test('a mutant is noticed by a failing test and by one that does not end; ignored ones do not count', () => {
  const outcomes = outcomesOf(report);

  expect(outcomes).toEqual([
    { file: 'scim/a.ts', noticed: 1, survived: 1, untested: 1 },
    { file: 'scim/b.ts', noticed: 2, survived: 0, untested: 0 },
  ]);
  expect(outcomes.map(score)).toEqual(['33.3', '100.0']);
  expect(score(total(outcomes))).toBe('60.0');
});

test('of a table only the rows of files that were tried again are new', () => {
  const table = ['| file | mutants |', '| --- | --: |', '| scim/a.ts | 3 | 1 | 1 | 1 | 33.3 |'].join('\n');
  const before = [...outcomesIn(table), { file: 'scim/b.ts', noticed: 0, survived: 2, untested: 0 }];
  const again = { file: 'scim/b.ts', noticed: 2, survived: 0, untested: 0 };

  expect(renewed(before, [again])).toEqual([
    { file: 'scim/a.ts', noticed: 1, survived: 1, untested: 1 },
    again,
  ]);
});

test('what survived is told with its place, in the order of the source', () => {
  expect(survivorsOf(report)).toEqual([
    'scim/a.ts:1: a < b -> a <= b',
    'scim/a.ts:2: go() -> nothing (no test runs it)',
  ]);
});

test('the folders of every area are there', () => {
  const folders = Object.values(AREAS).flatMap(({ mutate, tests }) => [...mutate, ...tests]);

  expect(folders.filter((folder) => !existsSync(join(__dirname, '..', '..', folder)))).toEqual([]);
});
