import type { Effort } from '../effort';
import { valueWhenAbsent } from '../filter/places';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import type { AttributeDefinition } from '../schema/definition';
import { findAttribute } from '../schema/resolve';

/** What making a key takes, in units of effort, besides its length. */
const KEY_UNITS = 20;

/**
 * Text that is equal for two elements of a multi-valued attribute which are one: same `value` and same `type`
 * (RFC 7643 section 2.4: no (type, value) pair should appear twice; RFC 7644 section 3.5.2.1: a value that is there
 * already is not added again). Elements without `value`, such as addresses, are the same when they are equal
 * throughout.
 *
 * @param effort pays for folding and for the length of the text
 */
export function elementKey(attribute: AttributeDefinition, element: JsonValue, effort: Effort): string {
  const key = keyOf(attribute, element, effort);
  effort.spend(KEY_UNITS + (key.length >> 3));
  return key;
}

function keyOf(attribute: AttributeDefinition, element: JsonValue, effort: Effort): string {
  if (!isJsonObject(element)) return JSON.stringify(folded(attribute, element, effort));
  if (element.value === undefined) {
    return JSON.stringify(
      Object.keys(element)
        .filter((name) => name !== 'primary' || element.primary !== false)
        .sort()
        .map((name) => [name, element[name]]),
    );
  }
  return JSON.stringify([
    foldedPart(attribute, element, 'value', effort),
    foldedPart(attribute, element, 'type', effort) ?? null,
  ]);
}

/**
 * Makes the test for `remove` with a list of values (Entra ID, JumpCloud, older authentik): an element goes when a
 * listed one has the same `value` and, where both say, the same `type`. A listed element without `value` takes all
 * elements that agree with it in all it names.
 */
export function isListed(
  attribute: AttributeDefinition,
  listed: readonly JsonValue[],
  effort: Effort,
): (element: JsonValue) => boolean {
  const byValue = new Map<JsonValue | undefined, JsonValue[]>();
  const withoutValue: JsonObject[] = [];
  for (const item of listed) {
    if (isJsonObject(item) && item.value === undefined) {
      withoutValue.push(item);
      continue;
    }
    const value = isJsonObject(item)
      ? foldedPart(attribute, item, 'value', effort)
      : folded(attribute, item, effort);
    const same = byValue.get(value);
    if (same === undefined) byValue.set(value, [item]);
    else same.push(item);
  }
  return (element) => {
    const value = isJsonObject(element)
      ? foldedPart(attribute, element, 'value', effort)
      : folded(attribute, element, effort);
    const candidates = value === undefined ? [] : (byValue.get(value) ?? []);
    if (candidates.some((item) => agrees(attribute, item, element, ['type'], effort))) return true;
    return withoutValue.some((item) => agrees(attribute, item, element, Object.keys(item), effort));
  };
}

function agrees(
  attribute: AttributeDefinition,
  listed: JsonValue,
  element: JsonValue,
  names: readonly string[],
  effort: Effort,
): boolean {
  effort.spend(2 + names.length * 3);
  if (!isJsonObject(listed) || !isJsonObject(element)) return true;
  return names.every((name) => {
    if (listed[name] === undefined) return true;
    // A type that the stored element does not have cannot contradict: Keycloak's e-mails come without one.
    if (name === 'type' && element.type === undefined && listed.value !== undefined) return true;
    return foldedPart(attribute, listed, name, effort) === foldedPart(attribute, element, name, effort);
  });
}

function foldedPart(
  attribute: AttributeDefinition,
  element: JsonObject,
  name: string,
  effort: Effort,
): JsonValue | undefined {
  const definition = findAttribute(attribute.subAttributes ?? [], name);
  const value = element[name] ?? (definition && valueWhenAbsent(attribute, definition));
  return definition === undefined || value === undefined ? value : folded(definition, value, effort);
}

function folded(definition: AttributeDefinition, value: JsonValue, effort: Effort): JsonValue {
  return typeof value === 'string' && !definition.caseExact ? effort.fold(value) : value;
}
