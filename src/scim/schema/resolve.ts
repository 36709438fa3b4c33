import { COMMON_ATTRIBUTES } from './common-attributes';
import type { AttributeDefinition, ResourceTypeDefinition, SchemaDefinition } from './definition';

/** Where an attribute name leads in a resource type's schemas. */
export type ResolvedAttribute =
  /**
   * An attribute, or with `subAttribute` a part of it. `extension` is the URN under which an extension's attribute
   * lies in the resource; undefined for core and common attributes.
   */
  | {
      readonly kind: 'attribute';
      readonly extension: string | undefined;
      readonly attribute: AttributeDefinition;
      readonly subAttribute: AttributeDefinition | undefined;
    }
  /** A whole extension, named by its URN alone. */
  | { readonly kind: 'extension'; readonly schema: SchemaDefinition };

/**
 * Definitions by name, both as the schema writes it and in lower case. Names of few schemas, so it stays small; made
 * once for each schema object.
 */
const definitionIndexes = new WeakMap<
  readonly AttributeDefinition[],
  ReadonlyMap<string, AttributeDefinition>
>();
const resourceTypeIndexes = new WeakMap<ResourceTypeDefinition, ReadonlyMap<string, ResolvedAttribute>>();

/** Finds a definition by name; attribute names are case-insensitive (RFC 7643 section 2.1). */
export function findAttribute(
  definitions: readonly AttributeDefinition[],
  name: string,
): AttributeDefinition | undefined {
  let index = definitionIndexes.get(definitions);
  if (index === undefined) {
    index = new Map(
      definitions.flatMap((definition) => [
        [definition.name, definition],
        [definition.name.toLowerCase(), definition],
      ]),
    );
    definitionIndexes.set(definitions, index);
  }
  return index.get(name) ?? index.get(name.toLowerCase());
}

/**
 * Looks an attribute name up: `userName`, `name.givenName`, `urn:…:core:2.0:User:userName`,
 * `urn:…:enterprise:2.0:User:manager.value` or a bare extension URN. A name without URN is sought among the common
 * and core attributes, then in the extensions: PingFederate and some administrators leave the URN out. Case does not
 * count. One or two look-ups in a map that is made once for each resource type.
 *
 * @returns undefined when the resource type has no such attribute
 */
export function resolveAttribute(
  resourceType: ResourceTypeDefinition,
  name: string,
): ResolvedAttribute | undefined {
  let index = resourceTypeIndexes.get(resourceType);
  if (index === undefined) {
    index = indexResourceType(resourceType);
    resourceTypeIndexes.set(resourceType, index);
  }
  return index.get(name) ?? index.get(name.toLowerCase());
}

/**
 * Every name that leads to an attribute. Writing all of them out, instead of splitting a name at dots and colons,
 * leaves no question of where a URN ends: URNs contain both themselves (`…:2.0:User`).
 */
function indexResourceType(resourceType: ResourceTypeDefinition): ReadonlyMap<string, ResolvedAttribute> {
  const index = new Map<string, ResolvedAttribute>();
  const add = (name: string, resolved: ResolvedAttribute) => {
    for (const key of [name, name.toLowerCase()]) if (!index.has(key)) index.set(key, resolved);
  };
  const addAll = (
    urn: string,
    definitions: readonly AttributeDefinition[],
    extension: string | undefined,
  ) => {
    for (const attribute of definitions) {
      for (const subAttribute of [undefined, ...(attribute.subAttributes ?? [])]) {
        const resolved = { kind: 'attribute', extension, attribute, subAttribute } as const;
        const name = subAttribute === undefined ? attribute.name : `${attribute.name}.${subAttribute.name}`;
        add(name, resolved);
        add(`${urn}:${name}`, resolved);
      }
    }
  };
  // First come, first kept: an extension's attribute never hides one of the core schema.
  addAll(resourceType.schema.id, COMMON_ATTRIBUTES, undefined);
  addAll(resourceType.schema.id, resourceType.schema.attributes, undefined);
  for (const { schema } of resourceType.extensions) {
    add(schema.id, { kind: 'extension', schema });
    addAll(schema.id, schema.attributes, schema.id);
  }
  return index;
}
