import { schemaById, schemasOf } from '../../../src/scim/discovery/schemas';
import { type AttributeDefinition, ENTERPRISE_USER_SCHEMA } from '../../../src/scim/schema/definition';
import { readExtensions } from '../../../src/scim/schema/extensions/read-extension';
import { createRegistry } from '../../../src/scim/schema/registry';

const registry = createRegistry();
const schemas = schemasOf(registry);

function everyAttribute(definitions: readonly AttributeDefinition[]): AttributeDefinition[] {
  return definitions.flatMap((definition) => [definition, ...everyAttribute(definition.subAttributes ?? [])]);
}
const all = schemas.flatMap(({ attributes }) => everyAttribute(attributes));
const user = new Map(registry.user.schema.attributes.map((definition) => [definition.name, definition]));

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
  expect(registry.group.schema.attributes[0]).toMatchObject({ name: 'displayName', required: true });
  expect(registry.group.schema.attributes[1]?.subAttributes?.map(({ mutability }) => mutability)).toEqual(
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
    ...schemas.map(({ attributes }) => attributes),
    ...all.map(({ subAttributes }) => subAttributes ?? []),
  ];
  for (const list of siblings) {
    expect(new Set(list.map(({ name }) => name.toLowerCase())).size).toBe(list.length);
  }
});

test('schemas are found by URN in any case', () => {
  for (const { id } of schemas) expect(schemaById(registry, '', id.toUpperCase())).toMatchObject({ id });
  expect(registry.resourceTypes.map(({ name }) => name)).toEqual(['User', 'Group']);
});

test('schemas have the names and descriptions of RFC 7643 section 8.7', () => {
  const described = schemas.map(({ id, name, description }) => [id.split(':schemas:')[1], name, description]);

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

test('a registry has its own extensions, and leaves those of another one alone', () => {
  const [extension] = readExtensions([
    {
      name: 'team.json',
      content: {
        id: 'urn:example:team',
        resourceTypes: [{ name: 'User' }, { name: 'Group', required: true }],
        attributes: [{ name: 'costCenter' }],
      },
    },
  ]);
  const extended = createRegistry(extension === undefined ? [] : [extension]);

  expect(extended.user.extensions.map(({ schema }) => schema.id)).toEqual([
    ENTERPRISE_USER_SCHEMA,
    'urn:example:team',
  ]);
  expect(schemasOf(extended)).toContain(extension?.schema);
  expect(createRegistry().user.extensions.map(({ schema }) => schema.id)).toEqual([ENTERPRISE_USER_SCHEMA]);
  expect(registry.group.extensions).toEqual([]);
});
