import { ScimError } from '../../../src/scim/errors';
import { compileFilter } from '../../../src/scim/filter/match';
import { parseFilter } from '../../../src/scim/filter/parse';
import { valueWhenAbsent } from '../../../src/scim/filter/places';
import type { JsonObject } from '../../../src/scim/json';
import { ENTERPRISE_USER_SCHEMA, USER_SCHEMA } from '../../../src/scim/schema/definition';
import { readExtensions } from '../../../src/scim/schema/extensions/read-extension';
import { createRegistry } from '../../../src/scim/schema/registry';
import { findAttribute } from '../../../src/scim/schema/resolve';
import { GROUP, USER } from '../../../testing/registry';
import { BADGE, CONTRACT, EXTENDED } from '../../endpoints/badge-extension';

const bob: JsonObject = {
  schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA],
  id: 'Id-1',
  externalId: 'Ext',
  userName: 'Bob@Example.com',
  displayName: 'Bob Straße',
  active: true,
  name: { givenName: 'Bob' },
  emails: [{ value: 'bob@work.example', type: 'work', primary: true }, { value: 'bob@home.example' }],
  roles: [{ value: 'admin', primary: true }],
  x509Certificates: [{ value: 'QUJD' }],
  [ENTERPRISE_USER_SCHEMA]: { department: 'R&D', manager: { value: 'Boss-1' } },
  meta: {
    resourceType: 'User',
    created: '2026-11-01T00:00:00.000Z',
    lastModified: '2026-11-23T10:00:00.000Z',
  },
};
const bare: JsonObject = { schemas: [USER_SCHEMA], id: 'Id-2', userName: 'x' };
const group: JsonObject = { id: 'g', displayName: 'Team', members: [{ value: 'Id-1' }, { value: 'Id-2' }] };

const matches = (text: string, resource: JsonObject = bob) =>
  compileFilter(parseFilter(text), USER)(resource);

describe('compileFilter', () => {
  test.each([
    'userName eq "bob@EXAMPLE.com"',
    'USERNAME Eq "bob@example.com"',
    `${USER_SCHEMA}:userName sw "BOB@"`,
    'userName co "@exam" and userName ew ".COM"',
    'displayName eq "bob STRAẞE"',
    'userName gt "Alice" and userName le "bob@example.com"',
    'id eq "Id-1"',
    'externalId sw "E"',
    'active eq true',
    'active eq "True"',
    'active ne "FALSE"',
    'roles[primary eq "True"].value eq "admin"',
    'name.givenName eq "BOB"',
    'name[givenName eq "bob"]',
    'name pr and emails pr and emails.type pr',
    'emails eq "bob@home.example"',
    'emails co "HOME"',
    'emails.value sw "bob@w"',
    'emails.value ne "bob@work.example"',
    'emails.type ne "work"',
    'emails[type eq "work" and value co "work"]',
    'emails[not (type pr)].value ew "home.example"',
    'emails[type eq null]',
    `${ENTERPRISE_USER_SCHEMA}:department eq "r&d"`,
    'department eq "r&d"',
    'manager eq "Boss-1"',
    `${ENTERPRISE_USER_SCHEMA}:manager.value eq "Boss-1"`,
    `${ENTERPRISE_USER_SCHEMA} pr`,
    `schemas eq "${USER_SCHEMA}"`,
    'meta.lastModified gt "2026-11-23T09:59:59Z"',
    'meta.lastModified eq "2026-11-23T11:00:00+01:00"',
    'meta.lastModified ge "2026-11-23T10:00:00.0000000Z"',
    'meta.created lt "2026-11-02"',
    'meta.created sw "2026-11"',
    'meta.created co "-11-01t"',
    'meta.created ew "000z"',
    'meta.created ge "2026-11-01" and meta.created le "2026-11-01"',
    'meta.lastModified eq "2026-11-23T10:00:00"',
    'meta.lastModified lt "9999-12-31T23:59:59-01:00"',
    `schemas[value eq "${USER_SCHEMA}"]`,
    'userName ge "bob@example.com" and userName le "bob@example.com"',
    'displayName ew "STRASSE" or displayName ew "straße"',
    'title eq null and title ne "x"',
    'userName ne null',
    'x509Certificates.value eq "QUJD"',
    'title pr or (active eq true and (title pr or userName pr))',
  ])('finds the user by %s', (text) => {
    expect(matches(text)).toBe(true);
  });

  test.each([
    'id eq "id-1"',
    'externalId eq "ext"',
    'manager eq "boss-1"',
    'active eq false',
    'title pr',
    'userName eq null',
    'emails.type eq null',
    'not (emails.value eq "bob@work.example")',
    'emails[type eq "work" and value co "home"]',
    'meta.lastModified lt "2026-11-23T10:00:00Z"',
    'meta.lastModified ne "2026-11-23T10:00:00Z"',
    'nickName eq ""',
    'nickName gt "a"',
    'userName gt "bob@example.com" or userName lt "bob@example.com"',
    'meta.created gt "2026-11-01" or meta.created lt "2026-11-01"',
    'schemas[value eq "urn:other"]',
    'schemas[value pr and not (value sw "urn:")]',
  ])('does not find the user by %s', (text) => {
    expect(matches(text)).toBe(false);
  });

  test.each([
    ['name.givenName eq "x"', false],
    ['name.givenName ne "x"', true],
    ['name.givenName pr', false],
    ['emails eq "x"', false],
    ['emails ne "x"', true],
    ['emails[value ne "x"]', false],
    ['manager eq "x"', false],
    ['department co "x"', false],
    [`${ENTERPRISE_USER_SCHEMA} pr`, false],
    ['meta.created gt "2020-01-01"', false],
    ['active ne true', true],
  ])('takes absent parents as absent values: %s is %s', (text, expected) => {
    expect(matches(text, bare)).toBe(expected);
  });

  test('finds groups by member', () => {
    for (const text of ['members eq "Id-2"', 'members.value eq "Id-2"', 'members[value eq "Id-2"]']) {
      expect(compileFilter(parseFilter(text), GROUP)(group)).toBe(true);
    }
    expect(compileFilter(parseFilter('members eq "id-2"'), GROUP)(group)).toBe(false);
  });

  test.each([
    ['nosuch eq "x"', '"nosuch" is not an attribute of User'],
    ['emails.nosuch eq "x"', '"emails.nosuch"'],
    ['emails[nosuch eq "x"]', '"nosuch" is not a sub-attribute of "emails"; value, '],
    ['members eq "x"', '"members"'],
    ['password eq "x"', 'never returned'],
    [`${USER_SCHEMA}:PASSWORD pr`, 'never returned'],
    ['name eq "x"', 'name.givenName'],
    ['addresses co "x"', 'addresses.formatted'],
    ['userName[value eq "x"]', 'has no sub-attributes'],
    ['active gt true', 'cannot be compared with gt'],
    ['active co "t"', 'cannot be compared with co'],
    ['active eq 5', 'true or false is accepted'],
    ['active eq "yes"', 'true or false is accepted'],
    ['userName eq 5', 'userName eq "5"'],
    ['userName eq true', 'in double quotes'],
    ['userName gt null', 'null goes with eq and ne only'],
    ['x509Certificates.value gt "a"', 'binary'],
    ['x509Certificates.value ge "a"', 'binary'],
    ['x509Certificates.value lt "a"', 'binary'],
    ['x509Certificates.value le "a"', 'binary'],
    ['meta.created gt "yesterday"', 'dateTime'],
    ['meta.created gt "2026-99-99"', 'dateTime'],
    ['meta.created gt "Nov 23, 2026"', 'dateTime'],
    ['meta.created gt 5', 'compared with a number'],
    ['meta.created gt true', 'compared with true or false'],
    ['meta.created gt ""', 'compared with a string'],
    [`${ENTERPRISE_USER_SCHEMA} eq "x"`, 'whole schema'],
    [`${ENTERPRISE_USER_SCHEMA}[department eq "x"]`, 'has no sub-attributes'],
    ['emails.value[value eq "x"]', 'has no sub-attributes'],
    ['schemas[type eq "x"]', 'value are accepted'],
  ])('refuses %s and says why', (text, part) => {
    const compile = () => compileFilter(parseFilter(text), USER);
    expect(compile).toThrow(ScimError);
    expect(compile).toThrow(part);
  });

  const ranked: JsonObject = {
    userName: 'x',
    [BADGE]: { clearance: 3 },
    [CONTRACT]: { hours: 37.5, codes: ['a', 'B'] },
  };
  const matchesExtended = (text: string, resource = ranked) =>
    compileFilter(parseFilter(text), EXTENDED.user)(resource);

  test.each([
    ['clearance eq 3', true],
    ['clearance eq "3"', true],
    ['clearance eq 4', false],
    ['clearance ne 4', true],
    ['clearance ne 3', false],
    ['clearance gt 2', true],
    ['clearance gt 3', false],
    ['clearance ge 3', true],
    ['clearance lt 20', true],
    ['clearance lt 3', false],
    ['clearance le 3', true],
    ['clearance le 2', false],
    ['hours eq 37.5', true],
    ['hours eq " 37.5 "', true],
  ])('compares numbers as numbers: %s is %s', (text, expected) => {
    expect(matchesExtended(text)).toBe(expected);
  });

  test.each([
    ['clearance lt 3', false],
    ['clearance ge 0', false],
    ['clearance eq 0', false],
    ['clearance ne 3', true],
  ])('takes an absent number as no number: %s is %s', (text, expected) => {
    expect(matchesExtended(text, bare)).toBe(expected);
  });

  test.each([
    ['clearance co 3', 'cannot be compared with co'],
    ['clearance sw "3"', 'cannot be compared with sw'],
    ['clearance ew 3', 'cannot be compared with ew'],
    ['clearance eq "three"', 'compared with a string'],
    ['clearance eq " "', 'compared with a string'],
    ['clearance eq ""', 'compared with a string'],
    ['clearance eq "Infinity"', 'compared with a string'],
    ['clearance eq true', 'compared with true or false'],
  ])('refuses %s for a number and says why', (text, part) => {
    expect(() => matchesExtended(text)).toThrow(ScimError);
    expect(() => matchesExtended(text)).toThrow(part);
  });

  test.each([
    ['codes[value eq "B"]', true],
    ['codes[value eq "b"]', false],
    ['codes[value sw "a" and value ew "a"]', true],
    ['codes[value eq "a" and value eq "B"]', false],
    ['codes eq "a" and codes eq "B"', true],
    ['codes ne "a"', true],
    ['not (codes pr)', false],
  ])('calls the values of a simple list "value": %s is %s', (text, expected) => {
    expect(matchesExtended(text)).toBe(expected);
  });

  test('takes nothing but the boolean "primary" of an element as false when it is absent', () => {
    const emails = findAttribute(USER.schema.attributes, 'emails');
    const primary = findAttribute(emails?.subAttributes ?? [], 'primary');
    if (emails === undefined || primary === undefined) throw new Error('The schema has no emails.primary.');

    expect(valueWhenAbsent(emails, primary)).toBe(false);
    expect(valueWhenAbsent(emails, { ...primary, name: 'verified' })).toBeUndefined();
    expect(valueWhenAbsent(emails, { ...primary, type: 'string' })).toBeUndefined();
    expect(valueWhenAbsent({ ...emails, multiValued: false }, primary)).toBeUndefined();
  });

  test('lets nobody guess a part that is never returned', () => {
    const subAttributes = [{ name: 'site' }, { name: 'pin', returned: 'never' }];
    const attributes = [{ name: 'vault', type: 'complex', subAttributes }];
    const content = { id: 'urn:example:vault:2.0:User', resourceTypes: [{ name: 'User' }], attributes };
    const { user } = createRegistry(readExtensions([{ name: 'vault.json', content }]));

    for (const text of ['vault.pin eq "1"', 'vault.pin pr', 'vault[site eq "a" and pin sw "1"]']) {
      expect(() => compileFilter(parseFilter(text), user)).toThrow('never returned');
    }
    expect(compileFilter(parseFilter('vault.site eq null'), user)(bare)).toBe(true);
  });

  test.each(['ew "ΟΣ"', 'ew "οσ"', 'ew "ος"', 'co "δοσ"', 'sw "οδοσ"'])(
    'takes both small sigmas for one where a part is sought: %s',
    (text) => {
      expect(matches(`displayName ${text}`, { userName: 'x', displayName: 'ΟΔΟΣ' })).toBe(true);
    },
  );

  test('takes unknown attributes as absent when asked to, and still refuses the password', () => {
    const compile = (text: string) => compileFilter(parseFilter(text), USER, { unknownAttributes: 'absent' });
    expect(compile('members eq "x"')(bob)).toBe(false);
    expect(compile('members[value eq "x"]')(bob)).toBe(false);
    expect(compile('emails[nosuch eq "x"]')(bob)).toBe(false);
    expect(compile('emails[nosuch eq null]')(bob)).toBe(true);
    expect(compile('members ne "x" and members eq null')(bob)).toBe(true);
    expect(compile('members eq "x" or userName sw "bob"')(bob)).toBe(true);
    expect(() => compile('password pr')).toThrow(ScimError);
  });
});
