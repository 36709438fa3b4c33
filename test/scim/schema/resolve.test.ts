import { ENTERPRISE_USER_SCHEMA, USER_SCHEMA } from '../../../src/scim/schema/definition';
import { resolveAttribute } from '../../../src/scim/schema/resolve';
import { GROUP, USER } from '../../../testing/registry';

const path = (name: string, resourceType = USER) => {
  const resolved = resolveAttribute(resourceType, name);
  if (resolved?.kind !== 'attribute') return resolved?.kind;
  return [resolved.extension, resolved.attribute.name, resolved.subAttribute?.name].filter(
    (part) => part !== undefined,
  );
};

describe('resolveAttribute', () => {
  test.each([
    ['userName', ['userName']],
    ['USERNAME', ['userName']],
    ['name.GIVENNAME', ['name', 'givenName']],
    [`${USER_SCHEMA}:name.givenName`, ['name', 'givenName']],
    [`${USER_SCHEMA.toUpperCase()}:ID`, ['id']],
    [`${ENTERPRISE_USER_SCHEMA}:manager.$ref`, [ENTERPRISE_USER_SCHEMA, 'manager', '$ref']],
    ['department', [ENTERPRISE_USER_SCHEMA, 'department']],
    ['meta.lastModified', ['meta', 'lastModified']],
    [ENTERPRISE_USER_SCHEMA.toLowerCase(), 'extension'],
  ])('finds %s', (name, expected) => {
    expect(path(name)).toEqual(expected);
  });

  test.each([
    '',
    'nosuch',
    'name.nosuch',
    'name.',
    'userName.x',
    'name.givenName.x',
    USER_SCHEMA,
    `${USER_SCHEMA}:`,
    `${USER_SCHEMA}:department`,
    'urn:x:userName',
    '__proto__',
    'constructor',
    'members',
  ])('finds nothing for %j', (name) => {
    expect(path(name)).toBeUndefined();
  });

  test('keeps resource types apart', () => {
    expect(path('members.value', GROUP)).toEqual(['members', 'value']);
    expect(path('userName', GROUP)).toBeUndefined();
  });
});
