import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import type { AttributeDefinition, ResourceTypeDefinition } from '../schema/definition';
import { findAttribute, resolveAttribute } from '../schema/resolve';
import type { AttributeName } from './ast';

/** Where the values of a named attribute lie, seen from a resource or from one element of a value path. */
export interface Place {
  /** Undefined for an extension as a whole. */
  readonly attribute: AttributeDefinition | undefined;
  readonly subAttribute: AttributeDefinition | undefined;
  readonly read: (object: JsonObject) => JsonValue | undefined;
  /** What an element without this sub-attribute is compared as; undefined when absent is absent. */
  readonly whenAbsent?: JsonValue | undefined;
}

/** Finds what a name in a filter means; undefined for a name that means nothing there. */
export type Scope = (name: AttributeName) => Place | undefined;

/** @throws ScimError invalidFilter for an attribute that is never returned: a filter could guess a password */
export function placeInResource(
  resourceType: ResourceTypeDefinition,
  name: AttributeName,
): Place | undefined {
  const resolved = resolveAttribute(resourceType, name);
  if (resolved === undefined) return undefined;
  if (resolved.kind === 'extension') {
    const urn = resolved.schema.id;
    return { attribute: undefined, subAttribute: undefined, read: (resource) => resource[urn] };
  }
  const { extension, attribute, subAttribute } = resolved;
  refuseHidden(name, attribute);
  if (subAttribute !== undefined) refuseHidden(name, subAttribute);
  const key = attribute.name;
  const whenAbsent = subAttribute === undefined ? undefined : valueWhenAbsent(attribute, subAttribute);
  if (extension === undefined)
    return { attribute, subAttribute, whenAbsent, read: (resource) => resource[key] };
  return {
    attribute,
    subAttribute,
    whenAbsent,
    read: (resource) => {
      const container = resource[extension];
      return isJsonObject(container) ? container[key] : undefined;
    },
  };
}

/** RFC 7643 section 2.4: "If not specified, the value of "primary" SHALL be assumed to be "false"." */
export function valueWhenAbsent(
  attribute: AttributeDefinition,
  { name, type }: AttributeDefinition,
): JsonValue | undefined {
  return attribute.multiValued && name === 'primary' && type === 'boolean' ? false : undefined;
}

function refuseHidden(name: AttributeName, definition: AttributeDefinition): void {
  if (definition.returned !== 'never') return;
  throw new ScimError('invalidFilter', `"${name}" is never returned and cannot be filtered on.`);
}

/** The values of a simple multi-valued attribute go by the name of "value" (RFC 7643 section 2.4) in brackets. */
export function implicitValue(attribute: AttributeDefinition): AttributeDefinition[] | undefined {
  return attribute.multiValued ? [{ ...attribute, name: 'value', multiValued: false }] : undefined;
}

/**
 * What names mean within the brackets of a value path: the sub-attributes of one attribute.
 *
 * @param refuse whether a name that is none of them is an error
 */
export function elementScope(
  name: AttributeName,
  parent: AttributeDefinition,
  definitions: readonly AttributeDefinition[],
  refuse: boolean,
): Scope {
  return (subName) => {
    const attribute = findAttribute(definitions, subName);
    if (attribute === undefined) {
      if (!refuse) return undefined;
      const accepted = definitions.map((definition) => definition.name).join(', ');
      throw new ScimError(
        'invalidFilter',
        `"${subName}" is not a sub-attribute of "${name}"; ${accepted} are accepted.`,
      );
    }
    refuseHidden(`${name}.${subName}`, attribute);
    const key = attribute.name;
    const whenAbsent = valueWhenAbsent(parent, attribute);
    return { attribute, subAttribute: undefined, whenAbsent, read: (element) => element[key] };
  };
}

/** The error for brackets behind an attribute that has nothing to put into them. */
export function noSubAttributes(name: AttributeName): ScimError {
  return new ScimError('invalidFilter', `"${name}" has no sub-attributes, so "[" cannot follow it.`);
}
