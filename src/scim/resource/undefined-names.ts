import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { COMMON_ATTRIBUTES } from '../schema/common-attributes';
import type { AttributeDefinition, ResourceTypeDefinition } from '../schema/definition';
import { findAttribute } from '../schema/resolve';

/*
 * What the SCIM interoperability profile has a service refuse in a body ("Attribute and Schema Handling"): attributes
 * and schemas that /Schemas does not list. For tenants that are `strict`; of the others such names are ignored, as
 * identity providers send them.
 */

/**
 * Refuses a resource with an attribute, a part of one or a schema that is not defined. Each name has to be where its
 * schema puts it: an extension's attribute in the object under its URN.
 *
 * @throws ScimError `invalidSyntax`
 */
export function refuseUndefinedNames(resourceType: ResourceTypeDefinition, body: JsonObject): void {
  for (const [name, value] of Object.entries(body)) {
    const extension = resourceType.extensions.find(
      ({ schema }) => schema.id.toLowerCase() === name.toLowerCase(),
    );
    if (extension !== undefined) {
      refuseUndefinedAttributes(extension.schema.attributes, value, extension.schema.id);
    } else {
      const definition = definitionIn([COMMON_ATTRIBUTES, resourceType.schema.attributes], name);
      if (definition === undefined) throw isUndefined(name);
      if (definition.name === 'schemas') refuseUndefinedSchemas(resourceType, value);
      else refuseUndefinedParts(definition, value, definition.name);
    }
  }
}

/** Refuses names in an object of attributes: an extension's, under its URN. @throws ScimError `invalidSyntax` */
export function refuseUndefinedAttributes(
  attributes: readonly AttributeDefinition[],
  value: JsonValue | undefined,
  urn: string,
): void {
  if (!isJsonObject(value)) return;
  for (const [name, part] of Object.entries(value)) {
    const definition = findAttribute(attributes, name);
    if (definition === undefined) throw isUndefined(`${urn}:${name}`);
    refuseUndefinedParts(definition, part, `${urn}:${definition.name}`);
  }
}

/** Refuses names in the value of a complex attribute. @throws ScimError `invalidSyntax` */
export function refuseUndefinedParts(
  { subAttributes }: AttributeDefinition,
  value: JsonValue | undefined,
  path: string,
): void {
  if (subAttributes === undefined) return;
  for (const element of Array.isArray(value) ? value : [value]) {
    if (!isJsonObject(element)) continue;
    const unknown = Object.keys(element).find((name) => findAttribute(subAttributes, name) === undefined);
    if (unknown !== undefined) throw isUndefined(`${path}.${unknown}`);
  }
}

/** Refuses URNs of schemas that the resource type does not have. @throws ScimError `invalidSyntax` */
export function refuseUndefinedSchemas(
  { name, schema, extensions }: ResourceTypeDefinition,
  value: JsonValue | undefined,
): void {
  const known = [schema.id, ...extensions.map((extension) => extension.schema.id)];
  const folded = known.map((urn) => urn.toLowerCase());
  for (const urn of Array.isArray(value) ? value : [value]) {
    if (typeof urn === 'string' && !folded.includes(urn.toLowerCase())) {
      throw new ScimError(
        'invalidSyntax',
        `"schemas" names ${JSON.stringify(urn.slice(0, 200))}, which no ${name} has; ${known.map((id) => `"${id}"`).join(', ')} are accepted.`,
      );
    }
  }
}

/** The error for a name that is not defined. */
export const isUndefined = (name: string): ScimError =>
  new ScimError(
    'invalidSyntax',
    `${JSON.stringify(name.slice(0, 200))} is not defined in the schemas; see /Schemas. The tenant is strict.`,
  );

const definitionIn = (lists: readonly (readonly AttributeDefinition[])[], name: string) =>
  lists.map((list) => findAttribute(list, name)).find((found) => found !== undefined);
