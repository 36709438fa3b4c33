import fc from 'fast-check';
import { ScimError } from '../../../src/scim/errors';
import type { Filter, PatchPath } from '../../../src/scim/filter/ast';
import {
  MAX_COMPARISONS,
  MAX_FILTER_DEPTH,
  MAX_FILTER_LENGTH,
  parseFilter,
  parsePatchPath,
} from '../../../src/scim/filter/parse';
import { printFilter } from '../../../src/scim/filter/print';
import { filters, names } from './arbitraries';

const compare = (
  name: string,
  operator: 'eq' | 'co' | 'ew',
  value: string | number | boolean | null,
): Filter => ({
  kind: 'compare',
  name,
  operator,
  value,
});
const a = compare('a', 'eq', 1);
const b = compare('b', 'eq', 2);
const c = compare('c', 'eq', 3);
const d = compare('d', 'eq', 4);
const URN = 'urn:ietf:params:scim:schemas:core:2.0:User';

function refusal(read: () => unknown): ScimError {
  try {
    read();
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('parseFilter', () => {
  test.each<[string, Filter]>([
    ['userName eq "bob"', compare('userName', 'eq', 'bob')],
    ['  userName\t EQ \r\n "bob"  ', compare('userName', 'eq', 'bob')],
    ['userName eq "bob and (x) \\"q\\" \\u00e9\\\\"', compare('userName', 'eq', 'bob and (x) "q" é\\')],
    ['active eq TRUE', compare('active', 'eq', true)],
    ['active eq False', compare('active', 'eq', false)],
    ['title eq NULL', compare('title', 'eq', null)],
    ['n eq -1.5e2', compare('n', 'eq', -150)],
    ['manager.$ref eq "x"', compare('manager.$ref', 'eq', 'x')],
    [`${URN}:name.givenName eq "x"`, compare(`${URN}:name.givenName`, 'eq', 'x')],
    ['a eq 1 or b eq 2 and c eq 3', { kind: 'or', filters: [a, { kind: 'and', filters: [b, c] }] }],
    [
      'a eq 1 AND (b eq 2 Or c eq 3) and d eq 4',
      { kind: 'and', filters: [a, { kind: 'or', filters: [b, c] }, d] },
    ],
    ['((a eq 1))', a],
    ['(a eq 1)and(b eq 2)', { kind: 'and', filters: [a, b] }],
    ['orange eq 1', compare('orange', 'eq', 1)],
    ['notes eq 1', compare('notes', 'eq', 1)],
    [
      'title pr and not (displayName ew "7")',
      {
        kind: 'and',
        filters: [
          { kind: 'present', name: 'title' },
          { kind: 'not', filter: compare('displayName', 'ew', '7') },
        ],
      },
    ],
    [
      'emails[type eq "work" and value co "x"]',
      {
        kind: 'valuePath',
        name: 'emails',
        filter: { kind: 'and', filters: [compare('type', 'eq', 'work'), compare('value', 'co', 'x')] },
      },
    ],
    [
      'emails[type eq "work"].value eq "x"',
      {
        kind: 'valuePath',
        name: 'emails',
        filter: { kind: 'and', filters: [compare('type', 'eq', 'work'), compare('value', 'eq', 'x')] },
      },
    ],
    [
      'roles[a eq 1 or b eq 2].value pr',
      {
        kind: 'valuePath',
        name: 'roles',
        filter: {
          kind: 'and',
          filters: [
            { kind: 'or', filters: [a, b] },
            { kind: 'present', name: 'value' },
          ],
        },
      },
    ],
  ])('reads %s', (text, expected) => {
    expect(parseFilter(text)).toEqual(expected);
  });

  test.each([
    ['', 1, 'an attribute name'],
    ['userName', 9, 'an operator'],
    ['userName eqq "x"', 10, 'an operator'],
    ['userName eq', 12, 'a value'],
    ['userName eq bob', 13, 'in double quotes'],
    ["userName eq 'bob'", 13, 'in double quotes'],
    ['userName eq "bob', 17, 'a double quote that ends the string begun at character 13'],
    ['userName eq "a\tb"', 15, 'JSON escape'],
    ['userName eq "CORP\\alice"', 13, 'JSON escapes'],
    ['n eq 01', 6, 'a value'],
    ['n eq 1e999', 6, 'a number'],
    ['a eq 1 b eq 2', 8, '"and", "or" or the end of the filter'],
    ['a eq 1 and', 11, 'an attribute name'],
    ['(a eq 1', 8, '")"'],
    ['a eq 1)', 7, 'the end of the filter'],
    ['not a eq 1', 5, '"(" after "not"'],
    ['emails[type eq "work"', 22, '"]"'],
    ['emails[]', 8, 'an attribute name'],
    ['emails[x[a eq 1]]', 9, 'a value path cannot be inside another one'],
    ['emails[a eq 1].', 16, 'the name of a sub-attribute'],
    ['5 eq 5', 1, 'an attribute name'],
    ['é eq 5', 1, 'an attribute name'],
  ])('refuses %j at character %d', (text, position, expected) => {
    const error = refusal(() => parseFilter(text));
    expect(error.scimType).toBe('invalidFilter');
    expect(error.detail).toContain(`at character ${position}: expected `);
    expect(error.detail).toContain(expected);
    expect(error.detail).toContain(', found ');
  });

  test.each([
    ['userName eq', 'the end'],
    ['userName "Ann Smith"', 'a string'],
    ['userName eq "a" "Ann Smith"', 'a string'],
    ["userName eq 'Ann'", `"'Ann'"`],
    ['userName eq Ann)', '"Ann"'],
    ['userName eq Ann Smith', '"Ann"'],
    ['a eq 1)', '")"'],
    [`userName eq ${'x'.repeat(24)}`, `"${'x'.repeat(24)}"`],
    [`userName eq ${'x'.repeat(1000)}`, `"${'x'.repeat(24)}"`],
  ])(
    '%j: shows one word of what was found, short, and never a string, which may be a name',
    (text, found) => {
      expect(refusal(() => parseFilter(text)).detail).toMatch(
        new RegExp(`, found ${found.replace(')', '\\)')}\\.$`),
      );
    },
  );

  test('refuses a filter that is one character too long, and takes one that just fits', () => {
    const fits = `a eq "${'x'.repeat(MAX_FILTER_LENGTH - 7)}"`;
    expect(parseFilter(fits).kind).toBe('compare');
    expect(refusal(() => parseFilter(`${fits} `)).detail).toContain('8192');
    expect(refusal(() => parseFilter('('.repeat(100_000))).scimType).toBe('invalidFilter');
  });

  test('bounds the depth', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}a eq 1${')'.repeat(depth)}`;
    expect(parseFilter(nested(MAX_FILTER_DEPTH))).toEqual(a);
    expect(refusal(() => parseFilter(nested(MAX_FILTER_DEPTH + 1))).detail).toContain('64 levels');
    const beside = (part: string) =>
      Array(MAX_FILTER_DEPTH + 1)
        .fill(part)
        .join(' and ');
    expect(parseFilter(beside('(a pr or b pr)')).kind).toBe('and');
    expect(parseFilter(beside('a[b pr]')).kind).toBe('and');
  });

  test('bounds the number of comparisons', () => {
    const chain = (count: number) => Array(count).fill('a pr').join(' or ');
    expect(parseFilter(chain(MAX_COMPARISONS)).kind).toBe('or');
    expect(refusal(() => parseFilter(chain(MAX_COMPARISONS + 1))).detail).toContain('512 comparisons');
  });

  test('looks at each character a constant number of times', () => {
    // Arrange: count the reads of single characters while parsing texts of doubling length that make backtracking
    // parsers exponential.
    const reads = (text: string) => {
      const original = String.prototype.charCodeAt;
      let count = 0;
      String.prototype.charCodeAt = function (this: string, index: number) {
        count++;
        return original.call(this, index);
      };
      try {
        parseFilter(text);
      } catch (error) {
        if (!(error instanceof ScimError)) throw error;
      } finally {
        String.prototype.charCodeAt = original;
      }
      return count;
    };
    const shapes = [
      (n: number) => Array(n).fill('(a eq 1 or b eq 2)').join(' and '),
      (n: number) => `${'('.repeat(n)}a eq 1`,
      (n: number) => `a eq "${'\\\\'.repeat(n)}`,
      (n: number) => `a${' '.repeat(n)}eq`,
    ];
    for (const shape of shapes) {
      for (const n of [16, 32, 64]) {
        const text = shape(n);
        expect(reads(text)).toBeLessThan(text.length * 12 + 100);
      }
    }
  });

  test('reads back every filter that is printed', () => {
    fc.assert(
      fc.property(filters(), (filter) => {
        expect(parseFilter(printFilter(filter))).toEqual(filter);
      }),
    );
  });

  test('raises nothing but ScimError on any text', () => {
    const words = [
      '(',
      ')',
      '[',
      ']',
      '].value',
      'not',
      'and',
      'or',
      'eq',
      'pr',
      'a',
      'emails',
      '"x"',
      '"',
      '\\',
      '5',
      'true',
      'null',
      '.',
      ':',
      ' ',
      '\t',
      '\ud800',
    ];
    const soup = fc.array(fc.constantFrom(...words), { maxLength: 40 });
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      soup.map((parts) => parts.join(' ')),
      soup.map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        for (const parse of [parseFilter, parsePatchPath]) {
          try {
            parse(text);
          } catch (error) {
            expect(error).toBeInstanceOf(ScimError);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('parsePatchPath', () => {
  test.each([
    ['userName', { name: 'userName' }],
    [' name.givenName ', { name: 'name.givenName' }],
    [`${URN}:name`, { name: `${URN}:name` }],
    ['members[value eq "x"]', { name: 'members', filter: compare('value', 'eq', 'x') }],
    [
      'emails[type eq "x"].$ref',
      { name: 'emails', filter: compare('type', 'eq', 'x'), subAttribute: '$ref' },
    ],
  ])('reads %s', (text, expected) => {
    expect(parsePatchPath(text)).toEqual(expected);
  });

  test.each([
    ['', 1],
    ['emails[', 8],
    ['emails[type eq "x"]value', 20],
    ['a eq 1', 3],
    ['emails[a eq 1].b.c', 16],
  ])('refuses %j at character %d', (text, position) => {
    const error = refusal(() => parsePatchPath(text));
    expect(error.scimType).toBe('invalidPath');
    expect(error.detail).toContain(`at character ${position}: `);
  });

  test('reads back every path that can be written', () => {
    const print = ({ name, filter, subAttribute }: PatchPath) =>
      `${name}${filter === undefined ? '' : `[${printFilter(filter)}]`}${subAttribute === undefined ? '' : `.${subAttribute}`}`;
    const paths: fc.Arbitrary<PatchPath> = fc.oneof(
      names.map((name) => ({ name })),
      fc.record({ name: names, filter: filters({ valuePaths: false }) }),
      fc.record({
        name: names,
        filter: filters({ valuePaths: false }),
        subAttribute: fc.constantFrom('value', '$ref'),
      }),
    );
    fc.assert(
      fc.property(paths, (path) => {
        expect(parsePatchPath(print(path))).toEqual(path);
      }),
    );
  });
});
