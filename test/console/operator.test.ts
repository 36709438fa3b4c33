import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { COMMAND_NAMES } from '../../cli/main';
import { batchesOf } from '../../console/operator/batches';
import { commandLine, quoted } from '../../console/operator/commands';
import { ROUTES } from '../../console/operator/routes';
import type { UseCase } from '../../src/admin-api/use-case';
import { USE_CASES } from '../../src/admin-api/use-cases';
import { CONSOLE_USE_CASES } from '../../src/console-api/use-cases';

/** What the operator's page works out by itself, without a browser. */
const TABLES: Readonly<Record<string, Readonly<Record<string, UseCase>>>> = {
  ...USE_CASES,
  ...CONSOLE_USE_CASES,
};

test('the page calls each use case where the tables have it', () => {
  for (const [name, route] of Object.entries(ROUTES)) {
    const [group = '', verb = ''] = name.split('.');
    const row = TABLES[group]?.[verb];
    expect([name, ...route]).toEqual([name, row?.method, row?.path]);
  }
});

test('both tables have no name in common, so that neither hides a row of the other', () => {
  const names = (table: object) => Object.keys(table);
  expect(names(USE_CASES).filter((name) => names(CONSOLE_USE_CASES).includes(name))).toEqual([]);
});

/** Commands that have no place in the page, and why. */
const AT_THE_TERMINAL_ALONE: Readonly<Record<string, string>> = {
  console: 'is what serves the page',
  'restore end-sessions': 'works on a table that no service stands on yet',
  'restore compare': 'the same',
};

test('every command stands beside what does the same, but for those that are named here', () => {
  const folder = join(__dirname, '../../console/operator');
  const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const missing = COMMAND_NAMES.filter((name) => !sources.some((source) => source.includes(`'${name}'`)));

  expect(missing.sort()).toEqual(Object.keys(AT_THE_TERMINAL_ALONE).sort());
});

describe('a command to copy', () => {
  /** What a shell makes of a line: its words. */
  const wordsOf = (line: string): string[] =>
    execFileSync('bash', ['--norc', '-c', `printf '%s\\0' ${line}`], {
      env: { LC_ALL: 'C.UTF-8' },
      encoding: 'utf8',
    })
      .split('\0')
      .slice(0, -1);

  test('has each value as one word, and leaves out what is not given', () => {
    const line = commandLine(['role map', 'acme', "O'Brien & Söhne", undefined, '--by', 'displayName', '']);

    expect(line).toBe("role map acme 'O'\\''Brien & Söhne' --by displayName");
    expect(wordsOf(line)).toEqual(['role', 'map', 'acme', "O'Brien & Söhne", '--by', 'displayName']);
  });

  test('comes back from a shell as it was, whatever is in it, and has no character that a terminal acts on', () => {
    const strange = fc.constantFrom(
      '\n',
      '\r',
      '\u0003',
      '\u001b[201~',
      "'",
      '"',
      '\\',
      '$',
      '`',
      '!',
      '\u202e',
      '; rm',
    );
    const text = fc.array(fc.oneof(strange, fc.string({ unit: 'grapheme', maxLength: 4 })), { maxLength: 6 });
    const values = fc.array(
      text.map((parts) => parts.join('').replaceAll('\0', '')).filter((value) => value !== ''),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(values, (given) => {
        const line = given.map(quoted).join(' ');
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(wordsOf(line)).toEqual(given);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a file to import is sent in parts', () => {
  const cell = fc.constantFrom('ann', 'a,b', '"two\nlines"', '"with ""quotes"""', '"x\r\ny"', '');
  const row = fc.array(cell, { minLength: 1, maxLength: 4 }).map((cells) => `${cells.join(',')}\n`);

  test('of CSV, each with the heading, cut between rows, with the lines that stand before them', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const heading = 'userName,displayName\n';
        // As large as parts get only with thousands of rows.
        const long = rows.map((each) => `${each.trimEnd()},${'x'.repeat(9_000)}\n`);
        const parts = batchesOf(heading + long.join(''), 'csv');

        expect(parts.map(({ content }) => content.slice(heading.length)).join('')).toBe(long.join(''));
        expect(parts.every(({ content }) => content.startsWith(heading))).toBe(true);
        let lines = 0;
        for (const { content, linesBefore } of parts) {
          expect(linesBefore).toBe(lines);
          lines += content.slice(heading.length).split('\n').length - 1;
        }
        expect(parts.reduce((sum, part) => sum + part.rows, 0)).toBe(rows.length);
      }),
      { numRuns: 50 },
    );
  });

  test('of JSON lines, without a heading; an empty file has none', () => {
    expect(batchesOf('{"a":1}\n{"a":2}', 'jsonl')).toEqual([
      { content: '{"a":1}\n{"a":2}', linesBefore: 0, rows: 2 },
    ]);
    expect(batchesOf('', 'jsonl').every(({ content }) => content === '')).toBe(true);
    expect(batchesOf('userName\n', 'csv')).toEqual([]);
  });
});
