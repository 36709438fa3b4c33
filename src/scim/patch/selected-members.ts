import type { Effort } from '../effort';
import { ScimError } from '../errors';
import type { Filter } from '../filter/ast';
import { compileElementFilter } from '../filter/match';
import { idInReference } from '../resource/read-members';
import { MEMBERS } from '../schema/core-group';

/** What the directory knows of the resource with this id. */
export type TypeOf = (id: string) => 'User' | 'Group' | undefined;

/**
 * The ids that the filter of a path on `members` selects. Without an id in it, the members would have to be read, all
 * of them.
 *
 * @param effort pays for what is compared
 * @throws ScimError `invalidFilter` when it does not select by id
 */
export function selectedIds(
  filter: Filter,
  { typeOf, effort }: { readonly typeOf: TypeOf; readonly effort: Effort },
): string[] {
  const plain = withoutReferences(filter);
  const ids = idsNamed(plain);
  if (ids === undefined) {
    throw new ScimError(
      'invalidFilter',
      'a filter on "members" in a PATCH selects by id: members[value eq "id"], several joined by "or", each with more conditions joined by "and".',
    );
  }
  if (isByIdAlone(plain)) return ids;
  const matches = compileElementFilter(MEMBERS, plain);
  return ids.filter((id) => {
    const type = typeOf(id);
    const types = type === undefined ? ['User', 'Group'] : [type];
    return types.some((known) => matches({ value: id, type: known }, effort));
  });
}

/** `$ref eq "…/Users/id"` says no more than the id and the type do. */
function withoutReferences(filter: Filter): Filter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, filters: filter.filters.map(withoutReferences) };
    case 'not':
      return { kind: 'not', filter: withoutReferences(filter.filter) };
    case 'compare': {
      if (filter.name.toLowerCase() !== '$ref') return filter;
      const found = typeof filter.value === 'string' ? idInReference(filter.value) : undefined;
      if (filter.operator !== 'eq' || found?.type === undefined) {
        throw new ScimError(
          'invalidFilter',
          '"$ref" of a member is compared by eq with the URL of a user or a group.',
        );
      }
      const { id, type } = found;
      return { kind: 'and', filters: [equality('value', id), equality('type', type)] };
    }
    default:
      return filter;
  }
}

function equality(name: string, value: string): Filter {
  return { kind: 'compare', name, operator: 'eq', value };
}

/** Ids of which every member that matches has one; undefined when the filter may match others. */
function idsNamed(filter: Filter): string[] | undefined {
  switch (filter.kind) {
    case 'and':
      return filter.filters.map(idsNamed).find((ids) => ids !== undefined);
    case 'or': {
      const sides = filter.filters.map(idsNamed);
      return sides.some((ids) => ids === undefined) ? undefined : sides.flatMap((ids) => ids ?? []);
    }
    case 'compare':
      return isIdEquality(filter) && typeof filter.value === 'string' ? [filter.value] : undefined;
    default:
      return undefined;
  }
}

function isByIdAlone(filter: Filter): boolean {
  return filter.kind === 'or' ? filter.filters.every(isByIdAlone) : isIdEquality(filter);
}

function isIdEquality(filter: Filter): boolean {
  return filter.kind === 'compare' && filter.operator === 'eq' && filter.name.toLowerCase() === 'value';
}
