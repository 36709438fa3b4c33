import { refuseFilter } from '../../../src/scim/discovery/refuse-filter';
import { listResourceTypes, resourceTypeById } from '../../../src/scim/discovery/resource-types';
import { listSchemas, schemaById, schemasOf } from '../../../src/scim/discovery/schemas';
import { serviceProviderConfig } from '../../../src/scim/discovery/service-provider-config';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/scim/json';
import {
  type AttributeDefinition,
  ENTERPRISE_USER_SCHEMA,
  GROUP_SCHEMA,
  USER_SCHEMA,
} from '../../../src/scim/schema/definition';
import { strictRegistry } from '../../../src/scim/schema/strict-registry';
import { REGISTRY } from '../../../testing/registry';

const BASE = 'https://example.com/scim/v2';

function objects(list: JsonObject): JsonObject[] {
  return Array.isArray(list.Resources) ? list.Resources.filter(isJsonObject) : [];
}

/**
 * Checks a document against the definitions that `/Schemas` itself serves, written apart from the code that reads
 * requests.
 */
function faults(definitions: readonly AttributeDefinition[], value: JsonObject, path = ''): string[] {
  const known = new Map(definitions.map((definition) => [definition.name, definition]));
  const missing = definitions.filter(({ name, required }) => required && value[name] === undefined);
  return [
    ...missing.map(({ name }) => `${path}${name} is missing`),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const definition = known.get(name);
      if (definition === undefined) return [`${path}${name} is unknown`];
      if (definition.multiValued !== Array.isArray(inner)) return [`${path}${name} has the wrong arity`];
      return (Array.isArray(inner) ? inner : [inner]).flatMap((one) =>
        isJsonObject(one)
          ? faults(definition.subAttributes ?? [], one, `${path}${name}.`)
          : fits(definition, one)
            ? []
            : [`${path}${name} is ${typeof one}`],
      );
    }),
  ];
}

function fits({ type }: AttributeDefinition, value: JsonValue | undefined): boolean {
  if (type === 'boolean') return typeof value === 'boolean';
  return type === 'integer' ? Number.isInteger(value) : typeof value === 'string';
}

const documents = [
  serviceProviderConfig(REGISTRY, BASE),
  serviceProviderConfig(strictRegistry(REGISTRY), BASE),
  serviceProviderConfig(REGISTRY, BASE, 'https://example.com/docs'),
  ...objects(listResourceTypes(REGISTRY, BASE)),
  ...objects(listSchemas(REGISTRY, BASE)),
];

test.each(documents.map((document) => [String(document.id ?? 'ServiceProviderConfig'), document]))(
  '%s agrees with its own schema',
  (_id, { schemas, meta, ...document }) => {
    const schema = schemasOf(REGISTRY).find(({ id }) => Array.isArray(schemas) && id === schemas[0]);
    // Sub-attributes of sub-attributes exist in the schema of schemas only, and it can't describe itself without end.
    const endless = 'attributes.subAttributes.subAttributes is unknown';
    expect(faults(schema?.attributes ?? [], document).filter((fault) => fault !== endless)).toEqual([]);
    expect(meta).toEqual({
      resourceType: schema?.id.split(':').at(-1),
      location: expect.stringContaining(`${BASE}/`),
    });
  },
);

test('Entra ID: no document has a null', () => {
  expect(JSON.stringify([listSchemas(REGISTRY, BASE), ...documents])).not.toContain('null');
});

test('/Schemas lists User, Group, Enterprise User and the schemas of the discovery documents', () => {
  const ids = objects(listSchemas(REGISTRY, BASE)).map(({ id }) => id);
  expect(ids.slice(0, 3)).toEqual([USER_SCHEMA, GROUP_SCHEMA, ENTERPRISE_USER_SCHEMA]);
  expect(ids).toHaveLength(6);
  expect(listSchemas(REGISTRY, BASE)).toMatchObject({ totalResults: 6, itemsPerPage: 6, startIndex: 1 });
});

test("Entra ID's gallery: the schemas of users and groups list externalId, and no other common attribute", () => {
  const listed = (id: string) => {
    const { attributes } = schemaById(REGISTRY, BASE, id);
    return Array.isArray(attributes) ? attributes.filter(isJsonObject).map(({ name }) => name) : [];
  };
  for (const id of [USER_SCHEMA, GROUP_SCHEMA]) {
    expect(listed(id).filter((name) => name === 'externalId')).toHaveLength(1);
    expect(listed(id).filter((name) => /^(?:id|meta|schemas)$/.test(String(name)))).toEqual([]);
  }
  expect(listed(ENTERPRISE_USER_SCHEMA)).not.toContain('externalId');
});

test('a schema and a resource type are found by id, at the location they give', () => {
  expect(schemaById(REGISTRY, BASE, USER_SCHEMA.toUpperCase()).meta).toEqual({
    resourceType: 'Schema',
    location: `${BASE}/Schemas/${USER_SCHEMA}`,
  });
  expect(resourceTypeById(REGISTRY, BASE, 'User')).toMatchObject({
    endpoint: '/Users',
    schema: USER_SCHEMA,
    schemaExtensions: [{ schema: ENTERPRISE_USER_SCHEMA, required: false }],
  });
});

test.each(['', 'users', '__proto__', 'urn:x'])('an unknown id, "%s", is notFound', (id) => {
  const notFound = expect.objectContaining({ errorName: 'notFound' });
  expect(() => schemaById(REGISTRY, BASE, id)).toThrow(notFound);
  expect(() => resourceTypeById(REGISTRY, BASE, id)).toThrow(notFound);
});

test('a filter is forbidden on discovery endpoints, other parameters are not (RFC 7644 section 4)', () => {
  expect(() => refuseFilter({ Filter: 'id pr' })).toThrow(
    expect.objectContaining({ errorName: 'forbidden' }),
  );
  expect(() => refuseFilter({ startIndex: '1', filter: undefined })).not.toThrow();
});
