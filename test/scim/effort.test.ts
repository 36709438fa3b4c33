import { foldCase } from '../../src/scim/comparison';
import { Effort, MAX_EFFORT } from '../../src/scim/effort';
import { compileFilter } from '../../src/scim/filter/match';
import { parseFilter } from '../../src/scim/filter/parse';
import type { JsonObject, JsonValue } from '../../src/scim/json';
import { applyPatch } from '../../src/scim/patch/apply';
import { splitMemberOperations } from '../../src/scim/patch/members';
import { readPatchRequest } from '../../src/scim/patch/request';
import { GROUP, USER } from '../../testing/registry';

const times = <Result>(count: number, make: (n: number) => Result): Result[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** Units that work takes. */
function unitsOf(work: (effort: Effort) => void, units = Number.MAX_SAFE_INTEGER): number {
  const effort = new Effort(units);
  work(effort);
  return units - effort.left;
}

const filterUnits = (text: string, resource: JsonObject) => {
  const matches = compileFilter(parseFilter(text), USER);
  return unitsOf((effort) => void matches(resource, effort));
};

const patchUnits = (resource: JsonObject, operations: JsonValue[]) =>
  unitsOf((effort) => void applyPatch(USER, resource, readPatchRequest({ Operations: operations }), effort));

const phones = (count: number, length = 100): JsonObject => ({
  userName: 'ann',
  phoneNumbers: times(count, (n) => ({ value: `${'ä'.repeat(length)}${n}`, type: `t${n}` })),
});

describe('an effort', () => {
  test('is spent to the last unit, and then an error says what was too much and how to ask for less', () => {
    const effort = new Effort(3);
    effort.spend(3);
    expect(() => effort.spend(1)).toThrow(
      expect.objectContaining({
        status: 400,
        scimType: 'tooMany',
        detail: expect.stringContaining('Shorten the filter'),
      }),
    );
    expect(effort.take(0)).toBe(false);
  });

  test.each(['', 'Ann', 'Straße', 'ΟΔΟΣ', 'Ａｎｎ', 'x'.repeat(100), `${'Ä'.repeat(100)}ς`])(
    'folds %j as everybody else does, also the second time',
    (text) => {
      const effort = new Effort();
      expect([effort.fold(text), effort.fold(text)]).toEqual([foldCase(text), foldCase(text)]);
      expect(effort.foldForSearch(text)).toBe(foldCase(text).replaceAll('ς', 'σ'));
    },
  );

  test('pays once for folding a text, however often it is compared', () => {
    const text = 'Ä'.repeat(4_000);
    const once = unitsOf((effort) => effort.fold(text));
    const often = unitsOf((effort) => times(500, () => effort.fold(text)));
    expect(often).toBe(once);
    expect(once).toBeGreaterThan(0);
  });

  test('forgets texts rather than keep more than one resource can hold, and goes on right', () => {
    const effort = new Effort();
    for (let n = 0; n < 400; n++) effort.fold(`${'Ä'.repeat(4_000)}${n}`);
    expect(effort.fold(`${'Ä'.repeat(4_000)}0`)).toBe(`${'ä'.repeat(4_000)}0`);
  });
});

describe('every comparison of a filter is paid for', () => {
  const ann: JsonObject = {
    userName: 'ann',
    active: true,
    emails: [{ value: 'ann@example.com', primary: true }],
    meta: { created: '2026-01-01T00:00:00Z' },
    x509Certificates: [{ value: 'QUJD' }],
  };
  const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
  test.each([
    ...operators.map((operator) => `userName ${operator} "x"`),
    ...operators.map((operator) => `nickName ${operator} "x"`),
    ...operators.map((operator) => `meta.created ${operator} "2025-01-01T00:00:00Z"`),
    ...['eq', 'ne', 'co', 'sw', 'ew'].map((operator) => `x509Certificates.value ${operator} "x"`),
    'active eq false',
    'emails.primary ne true',
    'title pr',
    'title eq null',
    'emails[value eq "x"]',
    'emails[display co "x"]',
    'emails[not (type pr)]',
  ])('%s', (text) => {
    expect(filterUnits(text, ann)).toBeGreaterThanOrEqual(1);
    const five = filterUnits(times(5, () => `not (${text}) and (${text})`).join(' or '), ann);
    expect(five).toBeGreaterThanOrEqual(5);
  });

  test('each value of a list', () => {
    const units = filterUnits('phoneNumbers.display co "x"', phones(1000));
    expect(units).toBeGreaterThanOrEqual(1000);
  });

  test('a search by the length of the text, a long sought text by much more', () => {
    const resource = { userName: 'ann', displayName: 'a'.repeat(4_000) };
    const short = filterUnits(`displayName co "${'a'.repeat(100)}b"`, resource);
    const long = filterUnits(`displayName co "${'a'.repeat(300)}b${'a'.repeat(300)}"`, resource);
    expect(short).toBeGreaterThan(400);
    expect(long).toBeGreaterThan(short * 20);
  });
});

describe('every pass of a PATCH over a list is paid for', () => {
  test.each<[string, JsonValue]>([
    ['a filter', { op: 'remove', path: 'phoneNumbers[value co "x"]' }],
    ['a filter on what is absent', { op: 'remove', path: 'phoneNumbers[display sw "x"]' }],
    ['a filter with pr', { op: 'remove', path: 'phoneNumbers[display pr]' }],
    ['a sub-attribute of all', { op: 'replace', path: 'phoneNumbers.display', value: 'x' }],
    ['a value to add', { op: 'add', path: 'phoneNumbers', value: [{ value: 'x' }] }],
    ['values to remove', { op: 'remove', path: 'phoneNumbers', value: [{ value: 'x' }] }],
    ['a key of a value without path', { op: 'add', value: { 'phoneNumbers.display': 'x' } }],
  ])('%s', (_, operation) => {
    const few = patchUnits(
      phones(900),
      times(2, () => operation),
    );
    const many = patchUnits(
      phones(900),
      times(12, () => operation),
    );
    expect(many - few).toBeGreaterThanOrEqual(10 * 900);
  });

  test('values to remove that have no value of their own are compared with each element', () => {
    const value = times(100, (n) => ({ display: `d${n}` }));
    expect(patchUnits(phones(1000), [{ op: 'remove', path: 'phoneNumbers', value }])).toBeGreaterThan(
      500_000,
    );
  });

  test('values are folded once in all operations', () => {
    const operation = (n: number) => ({ op: 'remove', path: `phoneNumbers[value co "x${n}"]` });
    const folding = patchUnits(phones(1000), [operation(0)]);
    const further = patchUnits(phones(1000), [operation(0), operation(1)]) - folding;
    expect(further).toBeLessThan(folding / 10);
  });

  test('50 operations of hundreds of conditions on 1,000 values are refused, and the error names the operation', () => {
    const conditions = (n: number) => times(350, (part) => `value co "b${part}.${n}"`).join(' or ');
    const operations = times(50, (n) => ({ op: 'remove', path: `phoneNumbers[${conditions(n)}]` }));
    expect(() => applyPatch(USER, phones(1000), readPatchRequest({ Operations: operations }))).toThrow(
      expect.objectContaining({ scimType: 'tooMany', detail: expect.stringMatching(/^Operations\[\d+\]: /) }),
    );
  });
});

test('a filter on members that names their type is paid for', () => {
  const ids = times(100, (n) => `value eq "${n}"`).join(' or ');
  const path = `members[(${ids}) and type eq "User"]`;
  const operations = readPatchRequest({ Operations: [{ op: 'remove', path }] });
  const units = unitsOf((effort) => void splitMemberOperations(GROUP, operations, () => 'User', effort));
  expect(units).toBeGreaterThan(100 * 50);
});

describe('what identity providers send takes a small part of a request’s effort', () => {
  test('a filter of ten conditions over 20,000 users', () => {
    const user: JsonObject = {
      userName: 'adele.vance@contoso.example',
      displayName: 'Adèle Vance-Sørensen',
      emails: times(3, (n) => ({ value: `adele.vance${n}@contoso.example`, type: 'work' })),
    };
    const conditions = times(5, (n) => `displayName co "zoë ${n}" or emails.value ew "@${n}.example"`);
    expect(filterUnits(conditions.join(' or '), user) * 20_000).toBeLessThan(MAX_EFFORT / 2);
  });

  test('1,000 operations, each on one of 1,000 values', () => {
    const operations = times(100, (n) => ({
      op: 'replace',
      path: `phoneNumbers[type eq "t${n}"].value`,
      value: `+1 ${n}`,
    }));
    expect(patchUnits(phones(1000, 10), operations) * 10).toBeLessThan(MAX_EFFORT / 3);
  });

  test('1,000 values added one by one', () => {
    const operations = times(1000, (n) => ({
      op: 'add',
      path: 'phoneNumbers',
      value: [{ value: `+1 ${n}` }],
    }));
    expect(patchUnits({ userName: 'ann' }, operations)).toBeLessThan(MAX_EFFORT / 10);
  });

  test('members of a group take none: they are not compared', () => {
    const value = times(10_000, (n) => ({ value: `${n}` }));
    const { rest, members } = splitMemberOperations(
      GROUP,
      readPatchRequest({ Operations: [{ op: 'add', path: 'members', value }] }),
    );
    expect([rest, members?.add.size]).toEqual([[], 10_000]);
  });
});
