import type { JsonObject, JsonValue } from '../../../src/scim/json';
import { applyPatch } from '../../../src/scim/patch/apply';
import { readPatchRequest } from '../../../src/scim/patch/request';
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, USER_SCHEMA } from '../../../src/scim/schema/definition';
import { readExtensions } from '../../../src/scim/schema/extensions/read-extension';
import { createRegistry } from '../../../src/scim/schema/registry';
import { BADGE, CONTRACT, EXTENDED } from '../../endpoints/badge-extension';
import { errorOf } from './error-of';

const pia: JsonObject = {
  userName: 'pia',
  title: 'Ms',
  name: { givenName: 'Pia', familyName: 'Berg' },
  [ENTERPRISE]: { department: 'Sales', manager: { value: 'boss', $ref: '../Users/boss' } },
};

const patch = (resource: JsonObject, ...Operations: JsonValue[]): JsonObject =>
  applyPatch(EXTENDED.user, resource, readPatchRequest({ Operations }));
const errorName = (...operations: JsonValue[]) => errorOf(() => patch(pia, ...operations)).errorName;

describe('one value', () => {
  test('is removed whatever value the remove names', () => {
    expect(patch(pia, { op: 'remove', path: 'title', value: 'other' })).not.toHaveProperty('title');
  });

  test.each([null, '', [], [null], ['']])('is cleared by %j', (value) => {
    expect(patch(pia, { op: 'replace', path: 'title', value })).not.toHaveProperty('title');
  });

  test('comes in a list of one, and not in a list of two', () => {
    expect(patch(pia, { op: 'replace', path: 'title', value: ['Dr'] }).title).toBe('Dr');
    expect(errorName({ op: 'replace', path: 'title', value: ['Dr', 'Ms'] })).toBe('invalidValue');
  });

  test('that is required is not replaced by blanks', () => {
    expect(errorName({ op: 'replace', path: 'userName', value: '  ' })).toBe('invalidValue');
  });
});

describe('a complex value', () => {
  test('has its parts cleared that are named with null or ""', () => {
    const value = { givenName: null, familyName: '', formatted: 'Pia' };
    expect(patch(pia, { op: 'replace', path: 'name', value }).name).toEqual({ formatted: 'Pia' });
    expect(patch(pia, { op: 'add', value: { name: { givenName: '' } } }).name).toEqual({
      familyName: 'Berg',
    });
  });

  test('has no part that the schema does not have', () => {
    expect(patch(pia, { op: 'replace', path: 'name', value: { nosuch: 'x' } })).toBe(pia);
    expect(errorName({ op: 'replace', path: 'name.nosuch', value: 'x' })).toBe('invalidPath');
    expect(errorName({ op: 'replace', path: 'emails[type eq "work"].nosuch', value: 'x' })).toBe(
      'invalidPath',
    );
  });

  const managerAfter = (operation: JsonObject) => (patch(pia, operation)[ENTERPRISE] as JsonObject).manager;
  test.each<[string, JsonValue, JsonValue]>([
    ['manager', { value: 'new' }, { value: 'new' }],
    ['manager', 'new', { value: 'new' }],
    ['manager', [{ value: 'new', $ref: '../Users/new' }], { value: 'new', $ref: '../Users/new' }],
    ['manager.value', 'new', { value: 'new' }],
    ['manager.value', 'boss', { value: 'boss', $ref: '../Users/boss' }],
    ['manager.$ref', '../Users/b', { value: 'boss', $ref: '../Users/b' }],
  ])('loses the reference to its former value: %s becomes %j', (path, value, expected) => {
    expect(managerAfter({ op: 'replace', path, value })).toEqual(expected);
  });
});

describe('a password', () => {
  test('is checked and not kept, and to remove it is no error', () => {
    expect(errorName({ op: 'replace', path: 'password', value: { a: 1 } })).toBe('invalidValue');
    expect(patch(pia, { op: 'add', path: 'password', value: 'secret' })).toBe(pia);
    expect(patch(pia, { op: 'remove', path: 'password' })).toBe(pia);
    expect(patch(pia, { op: 'remove', path: 'password', value: { a: 1 } })).toBe(pia);
  });
});

describe('a schema as a whole', () => {
  const contracted: JsonObject = {
    ...pia,
    [BADGE]: { clearance: 1 },
    [CONTRACT]: { number: '1' },
  };

  test.each<JsonObject>([
    { op: 'remove', path: BADGE },
    { op: 'remove', path: BADGE.toUpperCase() },
    { op: 'replace', path: BADGE, value: null },
    { op: 'replace', path: BADGE, value: '' },
    { op: 'add', path: BADGE, value: [] },
    { op: 'replace', value: { [BADGE]: null } },
  ])('is removed with all that is in it by %j', (operation) => {
    expect(patch(contracted, operation)).toEqual({ ...pia, [CONTRACT]: { number: '1' } });
  });

  test('is left with what only the service writes', () => {
    const HR = 'urn:example:params:scim:schemas:extension:hr:2.0:User';
    const attributes = [{ name: 'level' }, { name: 'rank', mutability: 'readOnly' }, { name: 'grade' }];
    const content = { id: HR, resourceTypes: [{ name: 'User' }], attributes };
    const { user } = createRegistry(readExtensions([{ name: 'hr.json', content }]));
    const removed = (hr: JsonObject) =>
      applyPatch(user, { ...pia, [HR]: hr }, readPatchRequest({ Operations: [{ op: 'remove', path: HR }] }));

    expect(removed({ level: 'a', rank: 'r', grade: 'g' })).toEqual({ ...pia, [HR]: { rank: 'r' } });
    expect(removed({ level: 'a', grade: 'g' })).toEqual(pia);
  });

  test('that is not there is removed without a change', () => {
    expect(patch(pia, { op: 'remove', path: BADGE })).toBe(pia);
  });

  test.each<[JsonObject, string]>([
    [{ op: 'replace', path: BADGE, value: 5 }, `The value of "${BADGE}" must be an object`],
    [{ op: 'replace', path: BADGE, value: [1] }, `The value of "${BADGE}" must be an object`],
    [{ op: 'add', path: USER_SCHEMA, value: 'x' }, `The value of "${USER_SCHEMA}" must be an object`],
    [{ op: 'add', value: 'x' }, 'A value without "path" must be an object'],
  ])('%j is no object of attributes', (operation, words) => {
    expect(errorOf(() => patch(pia, operation))).toMatchObject({
      errorName: 'invalidValue',
      detail: expect.stringContaining(words),
    });
  });

  test('has attributes of the core in its value', () => {
    expect(patch(pia, { op: 'replace', path: USER_SCHEMA, value: { title: 'Dr' } }).title).toBe('Dr');
    expect(patch(pia, { op: 'add', value: { [USER_SCHEMA]: { title: 'Dr' } } }).title).toBe('Dr');
  });
});

describe('what is immutable or required', () => {
  const badged: JsonObject = {
    ...pia,
    [BADGE]: { badgeNumber: 'I-1' },
    [CONTRACT]: { number: '1', place: { site: 'Oslo', desk: '1' } },
  };
  const errorOn = (operation: JsonObject) => errorOf(() => patch(badged, operation)).errorName;

  test('is set once, and repeated', () => {
    expect(patch(pia, { op: 'add', path: `${BADGE}:badgeNumber`, value: 'I-1' })).toMatchObject({
      [BADGE]: { badgeNumber: 'I-1' },
    });
    expect(patch(badged, { op: 'replace', path: `${BADGE}:badgeNumber`, value: 'I-1' })).toBe(badged);
    expect(patch(badged, { op: 'replace', path: 'place', value: { site: 'Oslo', desk: '2' } })).toMatchObject(
      {
        [CONTRACT]: { place: { site: 'Oslo', desk: '2' } },
      },
    );
  });

  test.each<JsonObject>([
    { op: 'replace', path: `${BADGE}:badgeNumber`, value: 'I-2' },
    { op: 'replace', path: `${BADGE}:badgeNumber`, value: null },
    { op: 'remove', path: `${BADGE}:badgeNumber` },
    { op: 'remove', path: BADGE },
    { op: 'replace', path: 'place.site', value: 'Bergen' },
    { op: 'replace', path: 'place', value: { site: 'Bergen' } },
    { op: 'remove', path: 'place.site' },
    { op: 'remove', path: 'place' },
  ])('is not changed by %j', (operation) => {
    expect(errorOn(operation)).toBe('mutability');
  });

  test('keeps the spelling it has where case is not exact, as in a PUT', () => {
    for (const operation of [
      { op: 'replace', path: 'place.site', value: 'OSLO' },
      { op: 'add', path: 'place', value: { site: 'oslo' } },
    ]) {
      expect(patch(badged, operation)).toBe(badged);
    }
  });

  test('is not changed in an element that a path selects', () => {
    const urn = 'urn:example:params:scim:schemas:extension:keys:2.0:User';
    const subAttributes = [{ name: 'serial', mutability: 'immutable' }, { name: 'door' }];
    const attributes = [{ name: 'keys', type: 'complex', multiValued: true, subAttributes }];
    const content = { id: urn, resourceTypes: [{ name: 'User' }], attributes };
    const { user } = createRegistry(readExtensions([{ name: 'keys.json', content }]));
    const keyed = { userName: 'pia', [urn]: { keys: [{ serial: 'k-1', door: 'in' }] } };
    const apply = (operation: JsonObject) =>
      applyPatch(user, keyed, readPatchRequest({ Operations: [operation] }));

    for (const operation of [
      { op: 'replace', path: 'keys[door eq "in"].serial', value: 'k-2' },
      { op: 'remove', path: 'keys[door eq "in"].serial' },
      { op: 'add', path: 'keys[door eq "in"]', value: { serial: 'k-2' } },
    ]) {
      expect(errorOf(() => apply(operation)).errorName).toBe('mutability');
    }
    expect(apply({ op: 'replace', path: 'keys[door eq "in"].door', value: 'out' })).toMatchObject({
      [urn]: { keys: [{ serial: 'k-1', door: 'out' }] },
    });
  });

  test('of an extension is there as soon as the extension is', () => {
    expect(errorName({ op: 'add', path: 'hours', value: 1 })).toBe('invalidValue');
    expect(errorOn({ op: 'remove', path: `${CONTRACT}:number` })).toBe('mutability');
  });
});
