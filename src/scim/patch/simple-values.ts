import { ScimError } from '../errors';
import type { JsonValue } from '../json';
import { readElement } from '../resource/read-value';
import type { Draft } from './draft';
import { listOf, setList } from './multi-valued';
import { onlyElement } from './only-element';
import type { PatchOperation } from './request';
import { selectedIndexes } from './selection';
import type { AttributeTarget } from './target';

/**
 * Applies an operation to those values of a simple multi-valued attribute that a filter selects:
 * `remove departmentIds[value eq "b"]`, the one way of the RFC to take a single value out of such a list.
 *
 * @throws ScimError `noTarget` for a `replace` that selects nothing, `invalidPath` for an `add`: it has no part of a
 *   simple value to add to
 */
export function applyToSimpleValues(
  draft: Draft,
  target: AttributeTarget,
  op: PatchOperation['op'],
  value: JsonValue | undefined,
): void {
  const { attribute, text } = target;
  if (op === 'add') {
    throw new ScimError(
      'invalidPath',
      `"${text}" selects single values; add to "${attribute.name}" without a filter.`,
    );
  }
  const list = listOf(draft, target);
  const selected = new Set(selectedIndexes(draft, list, target.selection));
  if (op === 'replace' && selected.size === 0) throw new ScimError('noTarget', `"${text}" selects no value.`);
  if (selected.size === 0) return;
  const given = op === 'remove' ? undefined : onlyElement(value, text);
  const next = given === undefined ? undefined : readElement(attribute, given, text);
  const kept = list.flatMap((element, index) =>
    !selected.has(index) ? [element] : next === undefined ? [] : [next],
  );
  setList(draft, target, [...new Set(kept)]);
}
