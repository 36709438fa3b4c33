import type { AttributeDefinition } from '../../../src/scim/schema/definition';
import { findSchema, GROUP, RESOURCE_TYPES, SCHEMAS, USER } from '../../../src/scim/schema/registry';

function everyAttribute(definitions: readonly AttributeDefinition[]): AttributeDefinition[] {
  return definitions.flatMap((definition) => [definition, ...everyAttribute(definition.subAttributes ?? [])]);
}
const all = SCHEMAS.flatMap(({ attributes }) => everyAttribute(attributes));
const user = new Map(USER.schema.attributes.map((definition) => [definition.name, definition]));

test('the User schema has the attributes of RFC 7643 section 4.1, in its order', () => {
  expect([...user.keys()].join(' ')).toBe(
    'userName name displayName nickName profileUrl title userType preferredLanguage locale timezone active password emails phoneNumbers ims photos addresses groups entitlements roles x509Certificates',
  );
});

test('the characteristics that carry rules are those of RFC 7643', () => {
  expect(user.get('userName')).toMatchObject({ required: true, caseExact: false, uniqueness: 'server' });
  expect(user.get('password')).toMatchObject({ mutability: 'writeOnly', returned: 'never' });
  expect(user.get('groups')).toMatchObject({ mutability: 'readOnly', multiValued: true });
  expect(user.get('x509Certificates')?.subAttributes?.[0]).toMatchObject({ type: 'binary', caseExact: true });
  expect(GROUP.schema.attributes[0]).toMatchObject({ name: 'displayName', required: true });
  expect(GROUP.schema.attributes[1]?.subAttributes?.map(({ mutability }) => mutability)).toEqual(
    Array(3).fill('immutable'),
  );
});

test('an attribute has sub-attributes if and only if it is complex, and references say to what', () => {
  expect(
    all.filter(({ type, subAttributes }) => (type === 'complex') !== (subAttributes !== undefined)),
  ).toEqual([]);
  expect(all.filter(({ type, referenceTypes }) => type === 'reference' && !referenceTypes?.length)).toEqual(
    [],
  );
});

test('names are unique among siblings, whatever their case', () => {
  const siblings = [
    ...SCHEMAS.map(({ attributes }) => attributes),
    ...all.map(({ subAttributes }) => subAttributes ?? []),
  ];
  for (const list of siblings) {
    expect(new Set(list.map(({ name }) => name.toLowerCase())).size).toBe(list.length);
  }
});

test('schemas are found by URN in any case', () => {
  for (const schema of SCHEMAS) expect(findSchema(schema.id.toUpperCase())).toBe(schema);
  expect(findSchema('urn:none')).toBeUndefined();
  expect(RESOURCE_TYPES.map(({ name }) => name)).toEqual(['User', 'Group']);
});

test('schemas have the names and descriptions of RFC 7643 section 8.7', () => {
  const described = SCHEMAS.map(({ id, name, description }) => [id.split(':schemas:')[1], name, description]);

  expect(described).toEqual([
    ['core:2.0:User', 'User', 'User Account'],
    ['core:2.0:Group', 'Group', 'Group'],
    ['extension:enterprise:2.0:User', 'EnterpriseUser', 'Enterprise User'],
    [
      'core:2.0:ServiceProviderConfig',
      'Service Provider Configuration',
      "Schema for representing the service provider's configuration",
    ],
    ['core:2.0:ResourceType', 'ResourceType', 'Specifies the schema that describes a SCIM resource type'],
    ['core:2.0:Schema', 'Schema', 'Specifies the schema that describes a SCIM schema'],
  ]);
});
