import { lookupsOf, MAX_LOOKUPS } from '../../../src/scim/filter/lookups';
import { parseFilter } from '../../../src/scim/filter/parse';
import { GROUP_SCHEMA, USER_SCHEMA } from '../../../src/scim/schema/definition';
import { GROUP, USER } from '../../../testing/registry';

const lookups = (text: string, resourceType = USER) =>
  lookupsOf(parseFilter(text), resourceType)?.map(
    ({ attribute, operator, value }) => `${attribute}${operator === 'eq' ? '=' : '^'}${value}`,
  );

describe('lookupsOf', () => {
  test.each([
    ['userName eq "Bob"', ['userName=Bob']],
    [`${USER_SCHEMA}:USERNAME EQ "Bob"`, ['userName=Bob']],
    ['emails eq "e"', ['emails=e']],
    ['emails.value eq "e"', ['emails=e']],
    ['emails[type eq "work" and value eq "e"]', ['emails=e']],
    ['emails[type eq "work"].value eq "e"', ['emails=e']],
    ['emails[value eq "e" or value eq "f"]', ['emails=e', 'emails=f']],
    ['groups[value eq "g"]', ['groups=g']],
    ['groups.value eq "g" and externalId eq "x" and active eq true', ['externalId=x']],
    ['userName eq "b" and id eq "i"', ['id=i']],
    ['(userName eq "a" or externalId eq "b") and active eq true', ['userName=a', 'externalId=b']],
    ['userName eq "a" or userName eq "a"', ['userName=a']],
    ['(userName eq "a" or groups eq "g") and emails eq "e"', ['emails=e']],
    ['userName sw "Bob"', ['userName^Bob']],
    ['emails.value sw "b" or displayName sw "b"', ['emails^b', 'displayName^b']],
    ['emails[type eq "work" and value sw "b"]', ['emails^b']],
    ['userName sw "b" or userName eq "b"', ['userName^b', 'userName=b']],
    ['userName sw "b" and externalId eq "x"', ['externalId=x']],
    ['userName sw "b" and groups.value eq "g"', ['userName^b']],
    ['userName sw "b" and active eq true and title pr', ['userName^b']],
  ])('plans %s for users', (text, expected) => {
    expect(lookups(text)).toEqual(expected);
  });

  test.each([
    ['displayName eq "T"', ['displayName=T']],
    ['displayName sw "T" and members pr', ['displayName^T']],
    [`${GROUP_SCHEMA}:members.value eq "u"`, ['members=u']],
    ['members[value eq "u"]', ['members=u']],
    ['members eq "u" and displayName eq "T"', ['displayName=T']],
  ])('plans %s for groups', (text, expected) => {
    expect(lookups(text, GROUP)).toEqual(expected);
  });

  test.each([
    'displayName eq "x"',
    'userName ne "x"',
    'userName sw ""',
    'userName co "x"',
    'userName ew "x"',
    'externalId sw "x"',
    'name.familyName sw "x"',
    'emails.type sw "x"',
    'id sw "x"',
    'not (userName sw "x")',
    'userName sw "x" or title sw "x"',
    'userName eq null',
    'not (userName eq "x")',
    'userName eq "x" or active eq true',
    'emails.type eq "work"',
    'emails[type eq "work"]',
    'emails[not (value eq "x")]',
    'emails[value eq "x" or type eq "work"]',
    'addresses[value eq "x"]',
    'members eq "x"',
    'nosuch eq "x"',
    'manager eq "x"',
    'emails[nosuch eq "x"]',
    'nosuch[value eq "x"]',
    'userName[value eq "x"]',
  ])('leaves %s to a walk', (text) => {
    expect(lookups(text)).toBeUndefined();
  });

  test('plans a union up to its limit and no further', () => {
    const union = (count: number) => Array.from({ length: count }, (_, i) => `id eq "${i}"`).join(' or ');
    expect(lookups(union(MAX_LOOKUPS))).toHaveLength(MAX_LOOKUPS);
    expect(lookups(union(MAX_LOOKUPS + 1))).toBeUndefined();
  });
});
