import { foldCase } from '../comparison';
import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { isSameValue } from '../patch/same-value';
import type { AttributeDefinition, ResourceTypeDefinition } from '../schema/definition';
import { subset } from '../schema/subset';

/**
 * What a PUT makes of a resource (RFC 7644 section 3.5.1): the attributes of the request, and beside them those that a
 * client cannot take away by leaving them out, which are readOnly and immutable ones.
 *
 * @param present canonical stored attributes
 * @param wanted canonical attributes of the request, as `readResource` gives them
 * @throws ScimError `mutability` when an immutable attribute has another value already
 */
export function replaceResource(
  resourceType: ResourceTypeDefinition,
  present: JsonObject,
  wanted: JsonObject,
): JsonObject {
  const next: JsonObject = { ...wanted };
  keepUnwritable(resourceType.schema.attributes, present, next);
  for (const { schema } of resourceType.extensions) {
    const before = present[schema.id];
    if (!isJsonObject(before)) continue;
    const sent = next[schema.id];
    const after: JsonObject = isJsonObject(sent) ? { ...sent } : {};
    keepUnwritable(schema.attributes, before, after);
    if (Object.keys(after).length > 0) next[schema.id] = after;
  }
  checkImmutable(resourceType, present, next);
  return next;
}

function keepUnwritable(
  definitions: readonly AttributeDefinition[],
  before: JsonObject,
  after: JsonObject,
): void {
  for (const definition of definitions) {
    const present = before[definition.name];
    if (present === undefined) continue;
    const wanted = after[definition.name];
    if (definition.mutability === 'readOnly') after[definition.name] = present;
    else if (definition.mutability === 'immutable') {
      // A value that counts as the same keeps the spelling it has.
      if (wanted === undefined || countsAsSame(definition, present, wanted)) after[definition.name] = present;
    } else if (definition.subAttributes !== undefined && isJsonObject(present)) {
      const parts: JsonObject = isJsonObject(wanted) ? { ...wanted } : {};
      keepUnwritable(
        definition.subAttributes.filter(({ mutability }) => mutability === 'immutable'),
        present,
        parts,
      );
      if (Object.keys(parts).length > 0) after[definition.name] = parts;
    }
  }
}

/**
 * Checks that immutable attributes, and immutable parts of singular complex ones, kept the values they had. Elements of
 * a multi-valued attribute have no identity of their own: they are replaced, not changed.
 *
 * @throws ScimError `mutability` naming the attribute
 */
export function checkImmutable(
  resourceType: ResourceTypeDefinition,
  before: JsonObject,
  after: JsonObject,
): void {
  checkSection(resourceType.schema.attributes, before, after, '');
  for (const { schema } of resourceType.extensions) {
    if (withImmutable(schema.attributes).length === 0) continue;
    const present = before[schema.id];
    if (isJsonObject(present)) checkSection(schema.attributes, present, after[schema.id], `${schema.id}:`);
  }
}

/** Immutable attributes, and complex ones with an immutable part. */
const withImmutable = subset(
  ({ mutability, subAttributes }) =>
    mutability === 'immutable' || subAttributes?.some((part) => part.mutability === 'immutable') === true,
);

function checkSection(
  definitions: readonly AttributeDefinition[],
  before: JsonObject,
  after: JsonValue | undefined,
  prefix: string,
): void {
  for (const definition of withImmutable(definitions)) {
    const present = before[definition.name];
    if (present === undefined) continue;
    const next = isJsonObject(after) ? after[definition.name] : undefined;
    const path = `${prefix}${definition.name}`;
    if (definition.mutability === 'immutable') {
      if (!countsAsSame(definition, present, next)) {
        throw new ScimError(
          'mutability',
          `"${path}" is immutable and has a value already; leave it as it is.`,
        );
      }
    } else if (definition.subAttributes !== undefined && isJsonObject(present)) {
      checkSection(definition.subAttributes, present, next, `${path}.`);
    }
  }
}

/** Whether a value is that of an attribute already, as RFC 7643 section 2.2 compares it: `caseExact` decides. */
export function countsAsSame(
  definition: AttributeDefinition,
  a: JsonValue,
  b: JsonValue | undefined,
): boolean {
  if (typeof a === 'string' && typeof b === 'string' && !definition.caseExact)
    return foldCase(a) === foldCase(b);
  return isSameValue(a, b);
}
