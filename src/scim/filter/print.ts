import type { ComparisonValue, Filter } from './ast';

/**
 * Prints a filter in the grammar of RFC 7644 section 3.4.2.2, such that `parseFilter` gives back the same filter: an
 * equal text is an equal filter, so it can stand for it in a cursor or a cache key.
 *
 * @example printFilter(parseFilter('(userName  EQ "bob")')) // 'userName eq "bob"'
 */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
      return filter.filters
        .map((side) =>
          side.kind === 'and' || side.kind === 'or' ? `(${printFilter(side)})` : printFilter(side),
        )
        .join(' and ');
    case 'or':
      return filter.filters
        .map((side) => (side.kind === 'or' ? `(${printFilter(side)})` : printFilter(side)))
        .join(' or ');
    case 'not':
      return `not (${printFilter(filter.filter)})`;
    case 'present':
      return `${filter.name} pr`;
    case 'compare':
      return `${filter.name} ${filter.operator} ${printValue(filter.value)}`;
    case 'valuePath':
      return `${filter.name}[${printFilter(filter.filter)}]`;
  }
}

function printValue(value: ComparisonValue): string {
  // JSON.stringify(-0) is "0".
  return Object.is(value, -0) ? '-0' : JSON.stringify(value);
}
