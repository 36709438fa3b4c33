import fc from 'fast-check';
import type { JsonObject } from '../../../src/scim/json';
import { ENTERPRISE_USER_SCHEMA } from '../../../src/scim/schema/definition';
import { compareSortKeys, type SortKey, sortKeyOf } from '../../../src/scim/sort/sort-key';
import { GROUP, USER } from '../../../testing/registry';

const ANN: JsonObject = {
  id: '1',
  userName: 'ANN@Example.com',
  externalId: 'Ext-1',
  active: true,
  displayName: '',
  name: { familyName: 'ÅNGSTRÖM' },
  emails: [
    { value: 'First@x.y', type: 'home' },
    { value: 'Primary@x.y', type: 'work', primary: true },
  ],
  phoneNumbers: [{ value: '2' }, { value: '1' }],
  meta: { created: '2026-11-23T10:00:00.000Z', version: 'W/"3"' },
  [ENTERPRISE_USER_SCHEMA]: { department: 'Sales', manager: { value: 'Boss' } },
};

test.each<[string, SortKey]>([
  ['userName', 'ann@example.com'],
  ['USERNAME', 'ann@example.com'],
  ['externalId', 'Ext-1'],
  ['active', 1],
  ['displayName', null],
  ['nickName', null],
  ['name.familyName', 'ångström'],
  ['name.givenName', null],
  ['emails', 'primary@x.y'],
  ['emails.type', 'work'],
  ['phoneNumbers.value', '2'],
  ['addresses.locality', null],
  ['meta.created', Date.parse('2026-11-23T10:00:00.000Z')],
  ['meta.version', 'W/"3"'],
  ['urn:ietf:params:scim:schemas:core:2.0:User:userName', 'ann@example.com'],
  [`${ENTERPRISE_USER_SCHEMA}:department`, 'sales'],
  ['department', 'sales'],
  ['manager', 'Boss'],
])('by %s the key is %p', (sortBy, key) => {
  expect(sortKeyOf(USER, sortBy)?.(ANN)).toBe(key);
});

test('an attribute that the type does not have has no key', () => {
  expect(sortKeyOf(USER, 'shoeSize')).toBeUndefined();
  expect(sortKeyOf(GROUP, 'userName')).toBeUndefined();
});

test.each([
  ['password', 'never returned'],
  ['groups', 'not stored'],
  ['groups.display', 'not stored'],
  [ENTERPRISE_USER_SCHEMA, 'whole schema'],
  ['name', 'name.familyName'],
])('sorting by %s is refused, naming it and the reason', (sortBy, reason) => {
  expect(() => sortKeyOf(USER, sortBy)).toThrow(
    expect.objectContaining({ errorName: 'invalidValue', detail: expect.stringContaining(`"${sortBy}"`) }),
  );
  expect(() => sortKeyOf(USER, sortBy)).toThrow(reason);
});

test('absent values come last in ascending and first in descending order', () => {
  const keys: SortKey[] = ['b', null, 'a'];
  expect([...keys].sort((l, r) => compareSortKeys(l, r, false))).toEqual(['a', 'b', null]);
  expect([...keys].sort((l, r) => compareSortKeys(l, r, true))).toEqual([null, 'b', 'a']);
});

test('the order is total', () => {
  const key = fc.oneof(fc.string(), fc.integer(), fc.constant(null));
  fc.assert(
    fc.property(key, key, key, fc.boolean(), (a, b, c, descending) => {
      const compare = (l: SortKey, r: SortKey) => Math.sign(compareSortKeys(l, r, descending));
      expect(compare(a, b) + compare(b, a)).toBe(0);
      if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      if (a !== b) expect(compare(a, b)).not.toBe(0);
    }),
  );
});
