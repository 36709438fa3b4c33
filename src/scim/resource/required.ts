import { ScimError } from '../errors';
import { isJsonObject, type JsonObject } from '../json';
import type { AttributeDefinition, ResourceTypeDefinition } from '../schema/definition';
import { subset } from '../schema/subset';
import { isNone } from '../unassigned';

/**
 * Checks that a canonical resource has what its schemas require: run it on the result of a POST, PUT or PATCH, not on
 * the request, so that a PATCH that removes a required attribute is refused too. A blank string counts as absent:
 * nobody could find such a user again. An extension's required attributes count when the extension has data or is
 * required itself, and one that is required must have data (RFC 7643 section 6).
 *
 * @param before the resource before a PATCH: what it lacked already may stay absent, since a vendor may have made an
 *   attribute required later, and such a user
 *   must still be deactivated
 * @throws ScimError `invalidValue` naming the first attribute that is missing
 */
export function checkRequired(
  resourceType: ResourceTypeDefinition,
  resource: JsonObject,
  before?: JsonObject,
): void {
  const missing = missingAttributes(resourceType, resource);
  if (missing.length === 0) return;
  const known = before === undefined ? [] : missingAttributes(resourceType, before);
  const path = missing.find((candidate) => !known.includes(candidate));
  if (path === undefined) return;
  throw new ScimError('invalidValue', `"${path}" is required and missing or blank; send a value for it.`);
}

function missingAttributes(resourceType: ResourceTypeDefinition, resource: JsonObject): string[] {
  const missing: string[] = [];
  collect(resourceType.schema.attributes, resource, '', missing);
  for (const { schema, required } of resourceType.extensions) {
    if (!required && withRequired(schema.attributes).length === 0) continue;
    const data = resource[schema.id];
    if (!isJsonObject(data) && !required) continue;
    const found = missing.length;
    collect(schema.attributes, isJsonObject(data) ? data : {}, `${schema.id}:`, missing);
    if (!isJsonObject(data) && missing.length === found) missing.push(schema.id);
  }
  return missing;
}

/** Required attributes, and complex ones with a required part. The service fills in what is readOnly. */
const withRequired = subset(
  ({ required, mutability, subAttributes }) =>
    (required && mutability !== 'readOnly') || subAttributes?.some((part) => part.required) === true,
);

function collect(
  definitions: readonly AttributeDefinition[],
  values: JsonObject,
  prefix: string,
  missing: string[],
): void {
  for (const definition of withRequired(definitions)) {
    const value = values[definition.name];
    if (value === undefined || isNone(value)) {
      if (definition.required && definition.mutability !== 'readOnly') missing.push(prefix + definition.name);
    } else if (definition.subAttributes?.some((subAttribute) => subAttribute.required)) {
      for (const element of Array.isArray(value) ? value : [value]) {
        if (!isJsonObject(element)) continue;
        collect(definition.subAttributes, element, `${prefix}${definition.name}.`, missing);
      }
    }
  }
}
