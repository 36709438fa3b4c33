import type { JsonObject, JsonValue } from '../../../src/scim/json';
import { applyPatch } from '../../../src/scim/patch/apply';
import { readPatchRequest } from '../../../src/scim/patch/request';
import { CONTRACT, EXTENDED } from '../../endpoints/badge-extension';
import { errorOf } from './error-of';

const work = { value: 'pia@work.example', type: 'work', primary: true };
const home = { value: 'pia@home.example', type: 'home', display: 'Home' };
const pia: JsonObject = { userName: 'pia', emails: [work, home] };

const patch = (resource: JsonObject, ...Operations: JsonValue[]): JsonObject =>
  applyPatch(EXTENDED.user, resource, readPatchRequest({ Operations }));
const emailsAfter = (...operations: JsonValue[]) => patch(pia, ...operations).emails;

describe('a whole list', () => {
  test('is removed by a remove without value', () => {
    expect(patch(pia, { op: 'remove', path: 'emails' })).toEqual({ userName: 'pia' });
  });

  test('is left alone by an add of nothing and a remove of what it does not have', () => {
    for (const value of [[], null, '']) expect(patch(pia, { op: 'add', path: 'emails', value })).toBe(pia);
    for (const value of [[], [{ value: 'other@x.example' }]]) {
      expect(patch(pia, { op: 'remove', path: 'emails', value })).toBe(pia);
    }
  });

  test('has an added element merged with the one that has its value, and appended otherwise', () => {
    const value = [
      { value: 'PIA@home.example', type: 'home', primary: false },
      { value: 'new@x.example', type: 'other' },
    ];
    expect(emailsAfter({ op: 'add', path: 'emails', value })).toEqual([
      work,
      { ...home, value: 'PIA@home.example', primary: false },
      { value: 'new@x.example', type: 'other' },
    ]);
  });

  test('keeps one primary element: the one that was added last', () => {
    const added = { value: 'new@x.example', primary: true };
    expect(emailsAfter({ op: 'add', path: 'emails', value: [added] })).toEqual([
      { ...work, primary: false },
      home,
      added,
    ]);
    expect(emailsAfter({ op: 'add', path: 'emails', value: [{ value: 'new@x.example' }] })).toContainEqual(
      work,
    );
  });

  test('holds a thousand values and no more', () => {
    const many = (count: number, from = 0) =>
      Array.from({ length: count }, (_, index) => ({ value: `${from + index}@x.example` }));
    const full = patch({ userName: 'a' }, { op: 'add', path: 'emails', value: many(1000) });

    expect(full.emails).toHaveLength(1000);
    expect(errorOf(() => patch(full, { op: 'add', path: 'emails', value: many(1, 1000) })).errorName).toBe(
      'invalidValue',
    );
  });
});

describe('elements that a filter selects', () => {
  test('are replaced as a whole by a replace, and merged by an add', () => {
    const value = { value: 'new@x.example' };
    const path = 'emails[type eq "home"]';
    expect(emailsAfter({ op: 'replace', path, value })).toEqual([work, { ...value, type: 'home' }]);
    expect(emailsAfter({ op: 'add', path, value })).toEqual([work, { ...home, ...value }]);
  });

  test('are left alone by an add without value, which makes none either', () => {
    expect(patch(pia, { op: 'add', path: 'emails[type eq "home"]' })).toBe(pia);
    expect(patch(pia, { op: 'add', path: 'phoneNumbers[type eq "home"]' })).toBe(pia);
  });

  test.each([null, '', [], [null], ['']])('go by a replace with %j', (value) => {
    expect(emailsAfter({ op: 'replace', path: 'emails[type eq "home"]', value })).toEqual([work]);
  });

  test('take a list of one value as that value, and refuse one of two', () => {
    const path = 'emails[type eq "home"].display';
    expect(emailsAfter({ op: 'replace', path, value: ['H'] })).toEqual([work, { ...home, display: 'H' }]);
    expect(errorOf(() => emailsAfter({ op: 'replace', path, value: ['H', 'I'] })).errorName).toBe(
      'invalidValue',
    );
  });

  test('lose a part that is removed, and go with their value', () => {
    expect(emailsAfter({ op: 'remove', path: 'emails[type eq "home"].display' })).toEqual([
      work,
      { value: home.value, type: 'home' },
    ]);
    const bare = patch(pia, { op: 'remove', path: 'emails.display' }, { op: 'remove', path: 'emails.value' });
    expect(bare).toEqual({ userName: 'pia' });
  });

  test('all get a part, except that only one is primary and that they differ in their value', () => {
    expect(emailsAfter({ op: 'replace', path: 'emails.display', value: 'D' })).toEqual([
      { ...work, display: 'D' },
      { ...home, display: 'D' },
    ]);
    expect(emailsAfter({ op: 'replace', path: 'emails.primary', value: false })).toEqual([
      { ...work, primary: false },
      { ...home, primary: false },
    ]);
    expect(errorOf(() => emailsAfter({ op: 'replace', path: 'emails.primary', value: true })).errorName).toBe(
      'invalidValue',
    );
    expect(errorOf(() => emailsAfter({ op: 'replace', path: 'emails.value', value: 'x' })).errorName).toBe(
      'invalidValue',
    );
    const both = 'emails[value co "pia"]';
    expect(errorOf(() => emailsAfter({ op: 'add', path: both, value: { primary: true } })).errorName).toBe(
      'invalidValue',
    );
    expect(emailsAfter({ op: 'add', path: both, value: { display: 'D' } })).toHaveLength(2);
  });

  test('one that is made as the primary one takes that from the other', () => {
    const path = 'emails[type eq "other" and primary eq true].value';
    expect(emailsAfter({ op: 'add', path, value: 'o@x.example' })).toEqual([
      { ...work, primary: false },
      home,
      { value: 'o@x.example', type: 'other', primary: true },
    ]);
    expect(
      emailsAfter({ op: 'add', path: 'emails[type eq "other"].value', value: 'o@x.example' }),
    ).toContainEqual(work);
  });

  test('one that is made primary among other parts takes that from the other, too', () => {
    const value = { display: 'H', primary: true };
    expect(emailsAfter({ op: 'add', path: 'emails[type eq "home"]', value })).toEqual([
      { ...work, primary: false },
      { ...home, ...value },
    ]);
  });

  test('are made for a slot that is named twice', () => {
    const path = 'phoneNumbers[type eq "work" and type eq "work"].value';
    expect(patch(pia, { op: 'add', path, value: '1' }).phoneNumbers).toEqual([{ type: 'work', value: '1' }]);
  });

  test.each([
    'emails[primary eq false and type ne "home" and type ne "work"].value',
    'emails[type co "fax"].value',
    'emails[type eq "fax" and type eq "pager"].value',
    'emails[not (type eq "work" or type eq "home")].value',
    'phoneNumbers[primary eq false].value',
  ])('are not made for what names no slot: %s', (path) => {
    expect(errorOf(() => emailsAfter({ op: 'add', path, value: 'x@x.example' })).errorName).toBe('noTarget');
  });
});

describe('an element that a filter makes and that never gets a value', () => {
  const makePrimary = { op: 'add', path: 'emails[type eq "other"].primary', value: true };

  test('is dropped in the end, and what it took primary from has it again', () => {
    expect(patch(pia, makePrimary)).toBe(pia);
    expect(
      emailsAfter(makePrimary, { op: 'replace', path: 'emails[type eq "work"].display', value: 'W' }),
    ).toEqual([{ ...work, display: 'W' }, home]);
  });

  test('stays when a later operation gives it one', () => {
    const value = { op: 'add', path: 'emails[type eq "other"].value', value: 'o@x.example' };
    expect(emailsAfter(makePrimary, value)).toEqual([
      { ...work, primary: false },
      home,
      { type: 'other', primary: true, value: 'o@x.example' },
    ]);
  });

  test('gives primary to nobody when the former one is gone, or another one has it', () => {
    expect(emailsAfter(makePrimary, { op: 'remove', path: 'emails[type eq "work"]' })).toEqual([home]);
    expect(
      emailsAfter(makePrimary, { op: 'add', path: 'emails[type eq "home"].primary', value: true }),
    ).toEqual([
      { ...work, primary: false },
      { ...home, primary: true },
    ]);
  });

  test('is dropped from every list, and is no element of a list that was empty', () => {
    const phone = { op: 'add', path: 'phoneNumbers[type eq "work"].primary', value: true };
    expect(patch(pia, phone)).toBe(pia);
    expect(patch(pia, makePrimary, phone)).toBe(pia);
    expect(patch(pia, phone, makePrimary)).toBe(pia);
  });
});

describe('values of a simple list that a filter selects', () => {
  const coded: JsonObject = { userName: 'pia', [CONTRACT]: { number: '1', codes: ['a', 'b', 'c'] } };
  const codesAfter = (...operations: JsonValue[]) =>
    (patch(coded, ...operations)[CONTRACT] as JsonObject).codes;

  test('are removed or replaced, and are there once', () => {
    expect(codesAfter({ op: 'remove', path: 'codes[value eq "b"]' })).toEqual(['a', 'c']);
    expect(codesAfter({ op: 'remove', path: 'codes[value eq "b"]', value: 'b' })).toEqual(['a', 'c']);
    expect(codesAfter({ op: 'replace', path: 'codes[value eq "b"]', value: 'd' })).toEqual(['a', 'd', 'c']);
    expect(codesAfter({ op: 'replace', path: 'codes[value eq "b"]', value: null })).toEqual(['a', 'c']);
    expect(codesAfter({ op: 'replace', path: 'codes[value eq "b"]', value: 'a' })).toEqual(['a', 'c']);
    expect(codesAfter({ op: 'remove', path: 'codes[value pr]' })).toBeUndefined();
  });

  test('have nothing that could be added to, and nothing to replace when there are none', () => {
    const path = 'codes[value eq "x"]';
    expect(errorOf(() => codesAfter({ op: 'add', path, value: 'y' })).errorName).toBe('invalidPath');
    expect(errorOf(() => codesAfter({ op: 'add', path: 'codes[value eq "a"]', value: 'y' })).errorName).toBe(
      'invalidPath',
    );
    expect(errorOf(() => codesAfter({ op: 'replace', path, value: 'y' })).errorName).toBe('noTarget');
    expect(patch(coded, { op: 'remove', path })).toBe(coded);
  });
});
