import fc from 'fast-check';
import type { ComparisonOperator, Filter } from '../../../src/scim/filter/ast';

const OPERATORS: readonly ComparisonOperator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];

/** Attribute names, of a schema or not. */
export const names = fc.constantFrom(
  'userName',
  'name.givenName',
  'emails.$ref',
  'x-y_z9',
  'urn:ietf:params:scim:schemas:core:2.0:User:name.familyName',
);

const leaves: fc.Arbitrary<Filter> = fc.oneof(
  names.map((name) => ({ kind: 'present', name }) as const),
  fc.record({
    kind: fc.constant('compare' as const),
    name: names,
    operator: fc.constantFrom(...OPERATORS),
    value: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
  }),
);

/** Joins filters by and, or and not, to a few levels. */
export function combined(leaf: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        filters: fc.array(tie('filter'), { minLength: 2, maxLength: 4 }),
      }),
      fc.record({ kind: fc.constant('not' as const), filter: tie('filter') }),
    ),
  })).filter;
}

/** Filters of every form of the grammar, well typed or not. */
export function filters({ valuePaths = true } = {}): fc.Arbitrary<Filter> {
  if (!valuePaths) return combined(leaves);
  const valuePath = fc.record({
    kind: fc.constant('valuePath' as const),
    name: names,
    filter: combined(leaves),
  });
  return combined(fc.oneof(leaves, valuePath));
}
