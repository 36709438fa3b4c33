import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { elementKey, isListed } from '../resource/element-identity';
import { hasNoValue, MAX_VALUES, readAttributeValue, readElements } from '../resource/read-value';
import type { Draft } from './draft';
import type { PatchOperation } from './request';
import type { AttributeTarget } from './target';

/**
 * Applies an operation to a whole multi-valued attribute: `emails`. `add` appends and never takes away, so an empty
 * value adds nothing; `replace` sets the list, to nothing with null, "" or []; `remove` takes all, or with a value
 * only what the value lists.
 *
 * @param value undefined when the operation has none
 * @throws ScimError `invalidValue` for a value of the wrong type or with two primary elements
 */
export function applyToList(
  draft: Draft,
  target: AttributeTarget,
  op: PatchOperation['op'],
  value: JsonValue | undefined,
): void {
  const { attribute, text } = target;
  const current = listOf(draft, target);
  draft.effort.spend(current.length);
  if (op === 'remove' && value === undefined) {
    setList(draft, target, []);
    return;
  }
  if (op === 'remove') {
    removeElements(draft, target, current, readElements(attribute, value ?? null, text));
    return;
  }
  const read = readAttributeValue(attribute, value ?? null, text);
  const given = Array.isArray(read) ? read : [];
  if (op === 'replace') setList(draft, target, given);
  else addElements(draft, target, current, given);
}

/** The attribute's elements; the array is the draft's or the resource's own, not a copy. */
export function listOf(draft: Draft, target: AttributeTarget): readonly JsonValue[] {
  const current = draft.get(target.extension, target.attribute.name);
  return Array.isArray(current) ? current : [];
}

/** Stores a list, or removes the attribute when the list is empty. */
export function setList(draft: Draft, target: AttributeTarget, list: readonly JsonValue[]): void {
  if (list.length > MAX_VALUES) {
    throw new ScimError(
      'invalidValue',
      `"${target.attribute.name}" would have ${list.length} values; at most ${MAX_VALUES} are accepted.`,
    );
  }
  const { extension, attribute } = target;
  draft.set(extension, attribute.name, list.length === 0 ? undefined : (list as JsonValue[]));
}

/**
 * Clears `primary` of all elements but the one at `keep`: at most one is primary (RFC 7643 section 2.4), and the one
 * set last wins (RFC 7644 section 3.5.2).
 */
export function keepOnePrimary(list: JsonValue[], keep: number): void {
  for (const [index, element] of list.entries()) {
    if (index === keep || !isJsonObject(element) || element.primary !== true) continue;
    list[index] = { ...element, primary: false };
  }
}

/**
 * Drops elements that a filter made and that never got a value, once all operations are through: Entra ID sends
 * `emails[type eq "work"].primary` before or without `….value`. What they took `primary` from has it again.
 */
export function dropUnassigned(draft: Draft, target: AttributeTarget): void {
  const { extension, attribute } = target;
  const list = listOf(draft, target);
  const kept = list.filter((element) => !hasNoValue(attribute, element));
  if (kept.length === list.length) return;
  if (list.some(isPrimary) && !kept.some(isPrimary)) {
    const before = draft.getOriginal(extension, attribute.name);
    const former = Array.isArray(before) ? before.find(isPrimary) : undefined;
    const key = former && elementKey(attribute, former, draft.effort);
    const place = kept.findIndex((element) => elementKey(attribute, element, draft.effort) === key);
    const heir = kept[place];
    if (isJsonObject(heir)) kept[place] = { ...heir, primary: true };
  }
  setList(draft, target, kept);
}

function isPrimary(element: JsonValue): boolean {
  return isJsonObject(element) && element.primary === true;
}

function removeElements(
  draft: Draft,
  target: AttributeTarget,
  current: readonly JsonValue[],
  listed: readonly JsonValue[],
): void {
  if (listed.length === 0) return;
  const goes = isListed(target.attribute, listed, draft.effort);
  const kept = current.filter((element) => !goes(element));
  if (kept.length < current.length) setList(draft, target, kept);
}

function addElements(
  draft: Draft,
  target: AttributeTarget,
  current: readonly JsonValue[],
  given: readonly JsonValue[],
): void {
  const { attribute } = target;
  if (given.length === 0) return;
  const list = draft.own(current as JsonValue[]);
  const places = draft.placesIn(list, (element) => elementKey(attribute, element, draft.effort));
  for (const element of given) {
    const key = elementKey(attribute, element, draft.effort);
    const place = places.get(key) ?? list.length;
    list[place] = merged(list[place], element);
    places.set(key, place);
    if (isJsonObject(element) && element.primary === true) keepOnePrimary(list, place);
  }
  setList(draft, target, list);
}

function merged(present: JsonValue | undefined, added: JsonValue): JsonValue {
  if (!isJsonObject(present) || !isJsonObject(added)) return added;
  const union: JsonObject = { ...present, ...added };
  return union;
}
