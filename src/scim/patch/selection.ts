import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import { hasNoValue, isLabel, readAttributeValue } from '../resource/read-value';
import type { AttributeDefinition } from '../schema/definition';
import { findAttribute } from '../schema/resolve';
import type { Draft } from './draft';
import { keepOnePrimary, listOf, setList } from './multi-valued';
import { onlyElement } from './only-element';
import type { PatchOperation } from './request';
import { mergeableParts, mergeParts, type Parts } from './singular';
import { type AttributeTarget, type ElementSelection, equalitiesOf } from './target';

/** What changing an element takes, in units of effort: it is copied, and compared with what it was. */
const CHANGE_UNITS = 10;

/**
 * Applies an operation to parts of a multi-valued attribute: to the elements that a filter selects
 * (`emails[type eq "work"]`), to a sub-attribute of these (`emails[type eq "work"].value`), or to a sub-attribute of
 * all elements (`emails.display`).
 *
 * A filter that names a slot (`type eq "work"`, `primary eq true`) and selects nothing lets `add` and `replace` make
 * the element, since Entra ID counts on it. With any other filter that is `noTarget` (RFC 7644 section 3.5.2.3). A
 * `remove` that selects nothing succeeds: what should be gone is gone.
 *
 * @throws ScimError `noTarget`, `invalidValue`, `mutability`
 */
export function applyToElements(
  draft: Draft,
  target: AttributeTarget,
  op: PatchOperation['op'],
  value: JsonValue | undefined,
): void {
  const list = listOf(draft, target);
  const selected = selectedIndexes(draft, list, target.selection);
  draft.effort.spend(selected.length * CHANGE_UNITS);
  const given = op === 'remove' ? undefined : onlyElement(value, target.text);
  const clears = given === undefined && !(op === 'add' && value === undefined);
  if (op === 'replace' && selected.length === 0) requireSlot(target);
  if (clears) clearElements(draft, target, list, selected);
  else if (selected.length > 0) changeElements(draft, target, op, list, selected, given);
  else setList(draft, target, appended(draft, list, newElement(target, given)));
}

/** Where the elements are that a path selects; without a filter all of them. */
export function selectedIndexes(
  { effort }: Draft,
  list: readonly JsonValue[],
  selection: ElementSelection | undefined,
): number[] {
  effort.spend(list.length);
  const indexes: number[] = [];
  for (const [index, element] of list.entries()) {
    if (selection === undefined || selection.matches(element, effort)) indexes.push(index);
  }
  return indexes;
}

function clearElements(
  draft: Draft,
  target: AttributeTarget,
  list: readonly JsonValue[],
  selected: readonly number[],
): void {
  const { subAttribute } = target;
  if (selected.length === 0) return;
  if (subAttribute === undefined) {
    const gone = new Set(selected);
    setList(
      draft,
      target,
      list.filter((_, index) => !gone.has(index)),
    );
    return;
  }
  const cleared = new Map(
    selected.map((index) => [index, mergedAt(list, index, new Map([[subAttribute, undefined]]))]),
  );
  setList(
    draft,
    target,
    list.flatMap((element, index) => {
      if (!cleared.has(index)) return [element];
      const rest = cleared.get(index);
      // With its `value` an element loses its meaning: no one wants an e-mail that is only "work" and primary.
      return rest === undefined || hasNoValue(target.attribute, rest) ? [] : [rest];
    }),
  );
}

function changeElements(
  draft: Draft,
  target: AttributeTarget,
  op: PatchOperation['op'],
  list: readonly JsonValue[],
  selected: readonly number[],
  given: JsonValue | undefined,
): void {
  if (given === undefined) return;
  const parts = partsOf(target, given);
  const replaces = op === 'replace' && target.subAttribute === undefined;
  const changed = selected.map((index) =>
    replaces ? replacedElement(target, list[index], parts) : mergedAt(list, index, parts),
  );
  const setsPrimary = [...parts].some(
    ([definition, value]) => definition.name === 'primary' && value === true,
  );
  const ambiguous = setsPrimary || (target.selection === undefined && target.subAttribute?.name === 'value');
  if (ambiguous && selected.length > 1) {
    throw new ScimError(
      'invalidValue',
      `"${target.text}" selects ${selected.length} values, but only one of them may be given this value; narrow it with a filter such as ${target.attribute.name}[type eq "work"].`,
    );
  }
  const next = draft.own(list as JsonValue[]);
  draft.forgetPlaces(next);
  for (const [place, index] of selected.entries()) next[index] = changed[place] ?? {};
  if (setsPrimary && selected[0] !== undefined) keepOnePrimary(next, selected[0]);
  setList(
    draft,
    target,
    next.filter((element) => !isJsonObject(element) || Object.keys(element).length > 0),
  );
}

function mergedAt(list: readonly JsonValue[], index: number, parts: Parts): JsonObject | undefined {
  const element = list[index];
  return isJsonObject(element) ? mergeParts(element, parts) : undefined;
}

function partsOf(target: AttributeTarget, given: JsonValue): Parts {
  const { attribute, subAttribute, text } = target;
  if (subAttribute === undefined) return mergeableParts(attribute, given, text);
  return new Map([[subAttribute, readAttributeValue(subAttribute, given, text)]]);
}

/**
 * RFC 7644 section 3.5.2.3 replaces the whole element; what the filter compared stays as it is unless the value says
 * otherwise.
 */
function replacedElement(
  target: AttributeTarget,
  present: JsonValue | undefined,
  parts: Parts,
): JsonObject | undefined {
  const equalities = target.selection === undefined ? undefined : equalitiesOf(target.selection.filter);
  const next = new Map<AttributeDefinition, JsonValue | undefined>();
  for (const name of equalities?.keys() ?? []) {
    const definition = findAttribute(target.attribute.subAttributes ?? [], name);
    if (definition !== undefined && isJsonObject(present)) next.set(definition, present[definition.name]);
  }
  for (const [definition, value] of parts) next.set(definition, value);
  return mergeParts({}, next);
}

function newElement(target: AttributeTarget, given: JsonValue | undefined): JsonObject {
  const slot = requireSlot(target);
  const parts: Parts = given === undefined ? new Map() : partsOf(target, given);
  return mergeParts({}, new Map([...slot, ...parts])) ?? {};
}

/**
 * What the path's filter says of an element that is to be made: nothing when there is no filter.
 *
 * @throws ScimError `noTarget` when the filter is anything but the name of a slot, or when the path leads to the very
 *   sub-attribute that it compares. An element never gets its value out of a filter.
 */
function requireSlot({ attribute, subAttribute, selection, text }: AttributeTarget): Parts {
  const slot = new Map<AttributeDefinition, JsonValue | undefined>();
  if (selection === undefined) return slot;
  for (const [name, value] of equalitiesOf(selection.filter) ?? []) {
    const definition = findAttribute(attribute.subAttributes ?? [], name);
    if (definition === undefined || value === null) continue;
    slot.set(definition, readAttributeValue(definition, value, `${attribute.name}.${name}`));
  }
  const names = [...slot.keys()].map(({ name }) => name);
  const isSlot = [...slot].some(
    // "Not the primary one" may be any number of elements.
    ([{ name }, value]) => (name === 'type' && value !== undefined) || (name === 'primary' && value === true),
  );
  const isLabeled = names.every((name) => isLabel(name) && name !== subAttribute?.name);
  if (isSlot && isLabeled) return slot;
  throw new ScimError(
    'noTarget',
    `"${text}" selects no value. A value is only made for a filter that names its type, such as ${attribute.name}[type eq "work"], or the primary one.`,
  );
}

function appended(draft: Draft, list: readonly JsonValue[], element: JsonObject): JsonValue[] {
  const next = draft.own(list as JsonValue[]);
  draft.forgetPlaces(next);
  next.push(element);
  if (element.primary === true) keepOnePrimary(next, next.length - 1);
  return next;
}
