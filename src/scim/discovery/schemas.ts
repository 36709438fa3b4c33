import { ScimError } from '../errors';
import type { JsonObject } from '../json';
import { listResponse } from '../messages/list-response';
import { type AttributeDefinition, SCHEMA_SCHEMA, type SchemaDefinition } from '../schema/definition';
import { findSchema, SCHEMAS } from '../schema/registry';

/**
 * The ListResponse of `/Schemas` (RFC 7643 section 7). Entra ID reads it when a gallery app is saved and can't bear a
 * null in it.
 */
export function listSchemas(baseUrl: string): JsonObject {
  const resources = SCHEMAS.map((schema) => describeSchema(baseUrl, schema));
  return listResponse({ totalResults: resources.length, startIndex: 1, resources });
}

/**
 * The document of `/Schemas/{id}`.
 *
 * @param baseUrl without a slash at its end
 * @param id URN of the schema, percent-decoded; in any case, as URNs are (RFC 8141 section 3.1 for its first parts)
 * @throws ScimError `notFound`
 */
export function schemaById(baseUrl: string, id: string): JsonObject {
  const schema = findSchema(id);
  if (schema === undefined) {
    throw new ScimError('notFound', 'There is no schema of this URN; "/Schemas" lists those there are.');
  }
  return describeSchema(baseUrl, schema);
}

function describeSchema(baseUrl: string, schema: SchemaDefinition): JsonObject {
  return {
    schemas: [SCHEMA_SCHEMA],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.map(describeAttribute),
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
