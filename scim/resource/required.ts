import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import type { AttributeDefinition, ResourceTypeDefinition } from '../schema/definition';

/**
 * Checks that a canonical resource has what its schemas require: run it on the result of a POST, PUT or PATCH, not on the request, so that a PATCH that removes a
 * required attribute is refused too. A string of blanks alone counts as absent: nobody could find such a user again. An extension's required attributes count
 * when the extension has data or is required itself (RFC 7643 section 6).
 *
 * @throws ScimError `invalidValue` naming the first attribute that is missing
 */
export function checkRequired(resourceType: ResourceTypeDefinition, resource: JsonObject): void {
  checkAttributes(resourceType.schema.attributes, resource, '');
  for (const { schema, required } of resourceType.extensions) {
    const data = resource[schema.id];
    if (isJsonObject(data)) checkAttributes(schema.attributes, data, `${schema.id}:`);
    else if (required) checkAttributes(schema.attributes, {}, `${schema.id}:`);
  }
}

function checkAttributes(
  definitions: readonly AttributeDefinition[],
  values: JsonObject,
  prefix: string,
): void {
  for (const definition of definitions) {
    const value = values[definition.name];
    const path = `${prefix}${definition.name}`;
    if (value === undefined || isBlank(value)) {
      if (definition.required && definition.mutability !== 'readOnly') {
        throw new ScimError(
          'invalidValue',
          `"${path}" is required and missing or blank; send a value for it.`,
        );
      }
    } else if (definition.subAttributes?.some((subAttribute) => subAttribute.required)) {
      for (const element of Array.isArray(value) ? value : [value]) {
        if (isJsonObject(element)) checkAttributes(definition.subAttributes, element, `${path}.`);
      }
    }
  }
}

function isBlank(value: JsonValue): boolean {
  return typeof value === 'string' && value.trim() === '';
}
