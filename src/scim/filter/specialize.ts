import type { JsonObject } from '../json';
import type { ResourceTypeDefinition } from '../schema/definition';
import { resolveAttribute } from '../schema/resolve';
import type { Filter } from './ast';
import { compileFilter } from './match';

/**
 * What a filter comes to for one resource type: a shorter filter, or the same answer for every resource of the type.
 */
export type SpecializedFilter = Filter | boolean;

/**
 * Works out those parts of a filter that are the same for every resource of a type: comparisons of
 * `meta.resourceType`, and attributes that the type does not have.
 * `meta.resourceType eq "User" and userName eq "bob"`, asked at the root (RFC 7644 section 3.4.2.1), is then a
 * look-up among the users and nothing at all among the groups, instead of a walk over both.
 *
 * The result agrees with `compileFilter(filter, resourceType, { unknownAttributes: 'absent' })` on every resource of
 * the type.
 *
 * @throws ScimError invalidFilter for what `compileFilter` refuses of `meta.resourceType`
 * @example specializeFilter(parseFilter('meta.resourceType eq "Group" or userName pr'), GROUP) // true
 */
export function specializeFilter(filter: Filter, resourceType: ResourceTypeDefinition): SpecializedFilter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return join(
        filter.kind,
        filter.filters.map((side) => specializeFilter(side, resourceType)),
      );
    case 'not': {
      const inner = specializeFilter(filter.filter, resourceType);
      return typeof inner === 'boolean' ? !inner : { kind: 'not', filter: inner };
    }
    default:
      return constantOf(filter, resourceType) ?? filter;
  }
}

function join(kind: 'and' | 'or', sides: readonly SpecializedFilter[]): SpecializedFilter {
  /** The side that decides alone: one false in an `and`, one true in an `or`. */
  const decisive = kind === 'or';
  const open: Filter[] = [];
  for (const side of sides) {
    if (side === decisive) return decisive;
    if (typeof side !== 'boolean') open.push(side);
  }
  const [only] = open;
  if (only === undefined) return !decisive;
  return open.length === 1 ? only : { kind, filters: open };
}

function constantOf(
  filter: Exclude<Filter, { kind: 'and' | 'or' | 'not' }>,
  resourceType: ResourceTypeDefinition,
): boolean | undefined {
  const resolved = resolveAttribute(resourceType, filter.name);
  const isConstant =
    resolved === undefined ||
    (resolved.kind === 'attribute' &&
      resolved.extension === undefined &&
      resolved.attribute.name === 'meta' &&
      resolved.subAttribute?.name === 'resourceType');
  if (!isConstant) return undefined;
  const anyResource: JsonObject = { meta: { resourceType: resourceType.name } };
  return compileFilter(filter, resourceType, { unknownAttributes: 'absent' })(anyResource);
}
