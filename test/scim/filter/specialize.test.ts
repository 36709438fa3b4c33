import fc from 'fast-check';
import type { Filter } from '../../../src/scim/filter/ast';
import { compileFilter } from '../../../src/scim/filter/match';
import { parseFilter } from '../../../src/scim/filter/parse';
import { printFilter } from '../../../src/scim/filter/print';
import { specializeFilter } from '../../../src/scim/filter/specialize';
import type { JsonObject } from '../../../src/scim/json';
import { ENTERPRISE_USER_SCHEMA, type ResourceTypeDefinition } from '../../../src/scim/schema/definition';
import { GROUP, USER } from '../../../testing/registry';
import { combined } from './arbitraries';

const text = (filter: string, resourceType: ResourceTypeDefinition) => {
  const special = specializeFilter(parseFilter(filter), resourceType);
  return typeof special === 'boolean' ? special : printFilter(special);
};

test.each<[string, string | boolean, string | boolean]>([
  ['meta.resourceType eq "User"', true, false],
  ['meta.resourceType eq "user"', false, false],
  ['meta.resourceType ne "User"', false, true],
  ['meta.resourceType pr', true, true],
  ['meta.resourceType eq "User" or meta.resourceType eq "Group"', true, true],
  ['meta.resourceType eq "User" and userName eq "bob"', 'userName eq "bob"', false],
  ['not (meta.resourceType eq "User") or userName eq "bob"', 'userName eq "bob"', true],
  ['userName eq "bob"', 'userName eq "bob"', false],
  ['userName ne "bob"', 'userName ne "bob"', true],
  ['not (userName pr)', 'not (userName pr)', true],
  ['userName eq null', 'userName eq null', true],
  ['displayName sw "a" and members pr', false, 'displayName sw "a" and members pr'],
  [
    'urn:ietf:params:scim:schemas:core:2.0:User:displayName eq "a"',
    'urn:ietf:params:scim:schemas:core:2.0:User:displayName eq "a"',
    false,
  ],
  ['emails[value eq "a"]', 'emails[value eq "a"]', false],
  ['meta.resourceType eq "User" and meta.resourceType pr', true, false],
  ['meta.resourceType eq "a" or meta.resourceType eq "b"', false, false],
  ['meta pr', 'meta pr', 'meta pr'],
  ['meta.created pr', 'meta.created pr', 'meta.created pr'],
  [
    'displayName eq "a" or department eq "a"',
    'displayName eq "a" or department eq "a"',
    'displayName eq "a"',
  ],
  [`${ENTERPRISE_USER_SCHEMA} pr`, `${ENTERPRISE_USER_SCHEMA} pr`, false],
  ['manager.value eq "a"', 'manager.value eq "a"', false],
])('%s is %p for users and %p for groups', (filter, forUsers, forGroups) => {
  expect(text(filter, USER)).toBe(forUsers);
  expect(text(filter, GROUP)).toBe(forGroups);
});

const leaves: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    kind: fc.constant('compare' as const),
    name: fc.constantFrom('meta.resourceType', 'displayName', 'userName', 'nickName'),
    operator: fc.constantFrom('eq' as const, 'ne' as const, 'sw' as const),
    value: fc.constantFrom('User', 'Group', 'a'),
  }),
  fc.record({
    kind: fc.constant('present' as const),
    name: fc.constantFrom('meta.resourceType', 'displayName', 'userName', 'members'),
  }),
);
const values = fc.constantFrom('User', 'Group', 'a', undefined);

test('it agrees with the whole filter on every resource of the type', () => {
  fc.assert(
    fc.property(
      combined(leaves),
      fc.constantFrom(USER, GROUP),
      values,
      values,
      (filter, resourceType, displayName, name) => {
        const resource: JsonObject = { meta: { resourceType: resourceType.name } };
        if (displayName !== undefined) resource.displayName = displayName;
        if (name !== undefined && resourceType === USER)
          Object.assign(resource, { userName: name, nickName: name });
        const absent = { unknownAttributes: 'absent' } as const;

        const special = specializeFilter(filter, resourceType);

        const matches =
          typeof special === 'boolean' ? special : compileFilter(special, resourceType, absent)(resource);
        expect(matches).toBe(compileFilter(filter, resourceType, absent)(resource));
      },
    ),
    { numRuns: 500 },
  );
});
