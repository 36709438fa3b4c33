import { ScimError } from '../../../src/scim/errors';
import { compileFilter } from '../../../src/scim/filter/match';
import { parseFilter } from '../../../src/scim/filter/parse';
import type { JsonObject } from '../../../src/scim/json';
import { ENTERPRISE_USER_SCHEMA, USER_SCHEMA } from '../../../src/scim/schema/definition';
import { GROUP, USER } from '../../registry';

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
  it.each([
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
    'title eq null and title ne "x"',
    'userName ne null',
    'x509Certificates.value eq "QUJD"',
    'title pr or (active eq true and (title pr or userName pr))',
  ])('finds the user by %s', (text) => {
    expect(matches(text)).toBe(true);
  });

  it.each([
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
  ])('does not find the user by %s', (text) => {
    expect(matches(text)).toBe(false);
  });

  it.each([
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

  it('finds groups by member', () => {
    for (const text of ['members eq "Id-2"', 'members.value eq "Id-2"', 'members[value eq "Id-2"]']) {
      expect(compileFilter(parseFilter(text), GROUP)(group)).toBe(true);
    }
    expect(compileFilter(parseFilter('members eq "id-2"'), GROUP)(group)).toBe(false);
  });

  it.each([
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
    ['meta.created gt "yesterday"', 'dateTime'],
    ['meta.created gt "2026-99-99"', 'dateTime'],
    ['meta.created gt 5', 'dateTime'],
    [`${ENTERPRISE_USER_SCHEMA} eq "x"`, 'whole schema'],
  ])('refuses %s and says why', (text, part) => {
    const compile = () => compileFilter(parseFilter(text), USER);
    expect(compile).toThrow(ScimError);
    expect(compile).toThrow(part);
  });

  it('takes unknown attributes as absent when asked to, and still refuses the password', () => {
    const compile = (text: string) => compileFilter(parseFilter(text), USER, { unknownAttributes: 'absent' });
    expect(compile('members eq "x"')(bob)).toBe(false);
    expect(compile('members[value eq "x"]')(bob)).toBe(false);
    expect(compile('members ne "x" and members eq null')(bob)).toBe(true);
    expect(compile('members eq "x" or userName sw "bob"')(bob)).toBe(true);
    expect(() => compile('password pr')).toThrow(ScimError);
  });
});
