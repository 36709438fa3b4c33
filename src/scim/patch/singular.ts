import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { countsAsSame } from '../resource/immutable';
import { isKept, readAttributeValue, readElement } from '../resource/read-value';
import type { AttributeDefinition } from '../schema/definition';
import { findAttribute } from '../schema/resolve';
import type { Draft } from './draft';
import { onlyElement } from './only-element';
import type { PatchOperation } from './request';
import type { AttributeTarget } from './target';

/**
 * Applies an operation to a singular attribute or to a sub-attribute of one: `active`, `name`, `name.givenName`,
 * `urn:…:User:manager`. `value` undefined, null, a blank text or an empty list unassigns (unassigned.ts). A filter in
 * brackets (`manager[value eq "id"]`) has the operation done when it matches: else a `remove` has nothing to do and the
 * others have no target.
 *
 * @throws ScimError `invalidValue` for a value of the wrong type, `mutability` for a change of an immutable attribute,
 *   `noTarget`
 */
export function applyToSingular(
  draft: Draft,
  target: AttributeTarget,
  op: PatchOperation['op'],
  value: JsonValue | undefined,
): void {
  const { attribute, subAttribute, extension, selection } = target;
  const given = op === 'remove' ? undefined : onlyElement(value, target.text);
  const current = draft.get(extension, attribute.name);
  if (selection?.matches(current, draft.effort) === false) {
    if (op === 'remove') return;
    throw new ScimError('noTarget', `"${target.text}" selects no value.`);
  }
  // An add of a filter without a value has nothing to add.
  if (op === 'add' && value === undefined) return;
  const next =
    attribute.type === 'complex'
      ? patchComplex(current, given, target)
      : readSimple(given, attribute, target);
  const kept = subAttribute === undefined ? unlessImmutable(attribute, current, next) : next;
  draft.set(extension, attribute.name, kept);
}

function readSimple(
  given: JsonValue | undefined,
  attribute: AttributeDefinition,
  target: AttributeTarget,
): JsonValue | undefined {
  const next = given === undefined ? undefined : readAttributeValue(attribute, given, target.text);
  // Neither reading of a cleared `active` is safe: absent would count as active for one reader and as disabled for
  // another.
  if (next === undefined && attribute.name === 'active') {
    throw new ScimError('invalidValue', '"active" must be true or false; it cannot be cleared.');
  }
  return next;
}

function patchComplex(
  current: JsonValue | undefined,
  given: JsonValue | undefined,
  target: AttributeTarget,
): JsonObject | undefined {
  const { attribute, subAttribute } = target;
  if (given === undefined && subAttribute === undefined) return undefined;
  const before = isJsonObject(current) ? current : {};
  const changes =
    subAttribute === undefined
      ? mergeableParts(attribute, given, target.text)
      : new Map([
          [
            subAttribute,
            given === undefined ? undefined : readAttributeValue(subAttribute, given, target.text),
          ],
        ]);
  return mergeParts(before, changes);
}

/** Sub-attributes to write; undefined clears one. */
export type Parts = ReadonlyMap<AttributeDefinition, JsonValue | undefined>;

/**
 * Takes the value for a complex attribute apart. Only what is named is written, what is named with null or "" is
 * cleared (RFC 7644 section 3.5.2.3: a replace of a complex attribute leaves the sub-attributes that it does not
 * name). Entra ID sends a manager as a bare string, which is its `value`.
 */
export function mergeableParts(
  attribute: AttributeDefinition,
  given: JsonValue | undefined,
  text: string,
): Parts {
  const subAttributes = attribute.subAttributes ?? [];
  const parts = new Map<AttributeDefinition, JsonValue | undefined>();
  const read = given === undefined ? undefined : readElement(attribute, given, text);
  for (const [name, value] of Object.entries(isJsonObject(read) ? read : {})) {
    const definition = findAttribute(subAttributes, name);
    if (definition !== undefined) parts.set(definition, value);
  }
  for (const name of Object.keys(isJsonObject(given) ? given : {})) {
    const definition = findAttribute(subAttributes, name);
    if (definition !== undefined && isKept(definition) && !parts.has(definition)) {
      parts.set(definition, undefined);
    }
  }
  return parts;
}

/**
 * Writes sub-attributes into a copy of a complex value. When `value` changes, the `$ref` that led to the old one goes
 * with it unless a new one is given.
 *
 * @returns undefined when nothing is left
 * @throws ScimError `mutability` for a change of an immutable sub-attribute
 */
export function mergeParts(before: JsonObject, parts: Parts): JsonObject | undefined {
  const after = { ...before };
  let namesReference = false;
  for (const [definition, given] of parts) {
    const value = unlessImmutable(definition, before[definition.name], given);
    if (value === undefined) delete after[definition.name];
    else after[definition.name] = value;
    if (definition.name === '$ref') namesReference = true;
  }
  if (!namesReference && after.$ref !== undefined && after.value !== before.value) delete after.$ref;
  return Object.keys(after).length === 0 ? undefined : after;
}

/**
 * What an attribute is to have, unless it is immutable and has a value: one that counts as the same keeps its spelling,
 * as in a PUT. Unlike `checkImmutable`, which looks at the whole resource, this is also for an element of a list that a
 * path selects: it is changed, not replaced.
 */
function unlessImmutable(
  definition: AttributeDefinition,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): JsonValue | undefined {
  if (definition.mutability !== 'immutable' || before === undefined) return after;
  if (countsAsSame(definition, before, after)) return before;
  throw new ScimError('mutability', `"${definition.name}" is immutable; it has a value already.`);
}
