import { ScimError } from '../errors';
import type { JsonObject } from '../json';
import { listResponse } from '../messages/list-response';
import { EXTERNAL_ID } from '../schema/common-attributes';
import { type AttributeDefinition, SCHEMA_SCHEMA, type SchemaDefinition } from '../schema/definition';
import { RESOURCE_TYPE, SCHEMA, SERVICE_PROVIDER_CONFIG } from '../schema/meta-schemas';
import type { Registry } from '../schema/registry';

/**
 * Every schema, in the order of `/Schemas`: of the resource types, their extensions, and of the discovery documents.
 */
export function schemasOf({ resourceTypes }: Registry): readonly SchemaDefinition[] {
  const extensions = resourceTypes.flatMap((resourceType) => resourceType.extensions);
  return [
    ...resourceTypes.map(({ schema }) => schema),
    // One extension may extend both resource types.
    ...new Map(extensions.map(({ schema }) => [schema.id, schema])).values(),
    SERVICE_PROVIDER_CONFIG,
    RESOURCE_TYPE,
    SCHEMA,
  ];
}

/**
 * The ListResponse of `/Schemas` (RFC 7643 section 7). Entra ID reads it when a gallery app is saved and can't bear a
 * null in it.
 */
export function listSchemas(registry: Registry, baseUrl: string): JsonObject {
  const resources = schemasOf(registry).map((schema) => describeSchema(registry, baseUrl, schema));
  return listResponse({ totalResults: resources.length, startIndex: 1, resources });
}

/**
 * The document of `/Schemas/{id}`.
 *
 * @param baseUrl without a slash at its end
 * @param id URN of the schema, percent-decoded; in any case, as URNs are (RFC 8141 section 3.1 for its first parts)
 * @throws ScimError `notFound`
 */
export function schemaById(registry: Registry, baseUrl: string, id: string): JsonObject {
  const schema = schemasOf(registry).find((known) => known.id.toLowerCase() === id.toLowerCase());
  if (schema === undefined) {
    throw new ScimError('notFound', 'There is no schema of this URN; "/Schemas" lists those there are.');
  }
  return describeSchema(registry, baseUrl, schema);
}

/**
 * The schemas of users and groups list `externalId`, as RFC 7643 section 3.1 permits for common attributes: the
 * validator of Entra ID's gallery looks for every mapped attribute here, and it is mapped by default.
 */
function describeSchema({ resourceTypes }: Registry, baseUrl: string, schema: SchemaDefinition): JsonObject {
  const isBase = resourceTypes.some((resourceType) => resourceType.schema === schema);
  const attributes = isBase ? [EXTERNAL_ID, ...schema.attributes] : schema.attributes;
  return {
    schemas: [SCHEMA_SCHEMA],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: attributes.map(describeAttribute),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${schema.id}` },
  };
}

function describeAttribute(definition: AttributeDefinition): JsonObject {
  const { canonicalValues, referenceTypes, subAttributes, textForm: _, ...characteristics } = definition;
  return {
    ...characteristics,
    ...(canonicalValues && { canonicalValues: [...canonicalValues] }),
    ...(referenceTypes && { referenceTypes: [...referenceTypes] }),
    ...(subAttributes && { subAttributes: subAttributes.map(describeAttribute) }),
  };
}
