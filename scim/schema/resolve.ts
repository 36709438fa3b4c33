import { COMMON_ATTRIBUTES } from './common-attributes';
import type { AttributeDefinition, ResourceTypeDefinition, SchemaDefinition } from './definition';

/** Where an attribute name leads in a resource type's schemas. */
export type ResolvedAttribute =
  /** An attribute, or with `subAttribute` a part of it. `extension` is the URN under which an extension's attribute lies in the resource; undefined for core and common attributes. */
  | {
      readonly kind: 'attribute';
      readonly extension: string | undefined;
      readonly attribute: AttributeDefinition;
      readonly subAttribute: AttributeDefinition | undefined;
    }
  /** A whole extension, named by its URN alone. */
  | { readonly kind: 'extension'; readonly schema: SchemaDefinition };

/** Finds a definition by name; attribute names are case-insensitive (RFC 7643 section 2.1). */
export function findAttribute(
  definitions: readonly AttributeDefinition[],
  name: string,
): AttributeDefinition | undefined {
  const exact = definitions.find((definition) => definition.name === name);
  if (exact !== undefined) return exact;
  const folded = name.toLowerCase();
  return definitions.find((definition) => definition.name.toLowerCase() === folded);
}

/**
 * Looks an attribute name up: `userName`, `name.givenName`, `urn:…:core:2.0:User:userName`, `urn:…:enterprise:2.0:User:manager.value` or a bare extension URN.
 * The longest known URN prefix is taken off first, since URNs contain dots and colons themselves (`…:2.0:User`). A name without URN is sought among the
 * common and core attributes, then in the extensions: PingFederate and some administrators leave the URN out.
 *
 * @returns undefined when the resource type has no such attribute
 */
export function resolveAttribute(
  resourceType: ResourceTypeDefinition,
  name: string,
): ResolvedAttribute | undefined {
  const folded = name.toLowerCase();
  if (folded.startsWith('urn:')) {
    const schemas = [resourceType.schema, ...resourceType.extensions.map((extension) => extension.schema)]
      .filter(
        (schema) => folded === schema.id.toLowerCase() || folded.startsWith(`${schema.id.toLowerCase()}:`),
      )
      .sort((a, b) => b.id.length - a.id.length);
    const schema = schemas[0];
    if (schema === undefined) return undefined;
    const isCore = schema === resourceType.schema;
    if (name.length === schema.id.length) return isCore ? undefined : { kind: 'extension', schema };
    const definitions = isCore ? [...COMMON_ATTRIBUTES, ...schema.attributes] : schema.attributes;
    return resolveWithin(definitions, name.slice(schema.id.length + 1), isCore ? undefined : schema.id);
  }
  const core = resolveWithin([...COMMON_ATTRIBUTES, ...resourceType.schema.attributes], name, undefined);
  if (core !== undefined) return core;
  for (const { schema } of resourceType.extensions) {
    const found = resolveWithin(schema.attributes, name, schema.id);
    if (found !== undefined) return found;
  }
  return undefined;
}

function resolveWithin(
  definitions: readonly AttributeDefinition[],
  dotted: string,
  extension: string | undefined,
): ResolvedAttribute | undefined {
  const dot = dotted.indexOf('.');
  const attribute = findAttribute(definitions, dot < 0 ? dotted : dotted.slice(0, dot));
  if (attribute === undefined) return undefined;
  if (dot < 0) return { kind: 'attribute', extension, attribute, subAttribute: undefined };
  const subAttribute = findAttribute(attribute.subAttributes ?? [], dotted.slice(dot + 1));
  if (subAttribute === undefined) return undefined;
  return { kind: 'attribute', extension, attribute, subAttribute };
}
