import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testNamesIn } from './test-names';

const ROOT = join(__dirname, '../..');

interface Row {
  readonly section: string;
  readonly requirement: string;
  readonly shown: string;
}

/** The rows of the tables in docs/conformance.md, headings left out; a "|" in a cell is written "\|". */
function rows(): Row[] {
  const lines = readFileSync(join(ROOT, 'docs/conformance.md'), 'utf8').split('\n');
  return lines
    .filter((line) => line.startsWith('| ') && !/^\|\s*(Section|-+)\s*\|/.test(line))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|')))
    .map((cells) => ({ section: cells[1] ?? '', requirement: cells[3] ?? '', shown: cells[4] ?? '' }));
}

/** `file` › name, one or several with <br> between; a row may say why there is none. */
const REFERENCE = /^`([\w./-]+\.test\.ts)` › (.+)$/;
const REASON = /^(Not applicable|Not done|Left to AWS|Measured): .{20,}/;

const names = new Map<string, ReadonlySet<string>>();
function exists(file: string, name: string): boolean {
  const path = join(ROOT, 'test', file);
  if (!existsSync(path)) return false;
  const known = names.get(file) ?? testNamesIn(path);
  names.set(file, known);
  return known.has(name);
}

test('every row of the conformance tables names a test that exists, or says why there is none', () => {
  const faults = rows().flatMap(({ section, requirement, shown }) =>
    shown.split('<br>').flatMap((part) => {
      const reference = REFERENCE.exec(part);
      if (reference === null) return REASON.test(part) ? [] : [`${section} (${requirement}): ${part}`];
      const [, file = '', name = ''] = reference;
      return exists(file, name) ? [] : [`${section} (${requirement}): no test "${name}" in test/${file}`];
    }),
  );

  expect(faults).toEqual([]);
});

test('the tables cover the three RFCs, the interoperability profile and the identity providers', () => {
  const all = rows();

  expect(all.length).toBeGreaterThan(150);
  for (const prefix of ['7643 ', '7644 ', '9865 ', 'AL1 ', 'AL2 ', 'Interop ', 'IdP ', 'Gallery ']) {
    expect([prefix, all.filter(({ section }) => section.startsWith(prefix)).length > 3]).toEqual([
      prefix,
      true,
    ]);
  }
  expect(new Set(all.map(({ section, requirement }) => `${section} ${requirement}`)).size).toBe(all.length);
});

test('a test that does not exist is noticed, rows of tables included', () => {
  expect(
    exists('docs/conformance.test.ts', 'a test that does not exist is noticed, rows of tables included'),
  ).toBe(true);
  expect(exists('endpoints/extensions.test.ts', 'a test of another name')).toBe(false);
  expect(exists('endpoints/absent.test.ts', 'x')).toBe(false);
  expect(exists('scim/resource/required.test.ts', 'blanks alone are no value')).toBe(true);
});
