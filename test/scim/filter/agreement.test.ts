import fc from 'fast-check';
import { foldCase, foldForSearch } from '../../../src/scim/comparison';
import type { ComparisonOperator, Filter } from '../../../src/scim/filter/ast';
import { type Lookup, lookupsOf } from '../../../src/scim/filter/lookups';
import { compileFilter } from '../../../src/scim/filter/match';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/scim/json';
import { ENTERPRISE_USER_SCHEMA } from '../../../src/scim/schema/definition';
import { USER } from '../../../testing/registry';
import { combined } from './arbitraries';

// A few values that differ by case and accents only, so that random filters hit random resources often.
const words = fc.constantFrom('a', 'A', 'ab', 'b', 'é', 'É', 'ı', 'I', 'aΣ', 'ς');
const dates = fc.constantFrom(
  '2026-11-23T10:00:00.000Z',
  '2026-11-23T11:00:00+01:00',
  '2026-11-22T00:00:00Z',
);

interface Kind {
  readonly path: readonly string[];
  readonly type: 'folded' | 'exact' | 'boolean' | 'date';
}
const KINDS: Record<string, Kind> = {
  id: { path: ['id'], type: 'exact' },
  userName: { path: ['userName'], type: 'folded' },
  externalId: { path: ['externalId'], type: 'exact' },
  active: { path: ['active'], type: 'boolean' },
  'name.givenName': { path: ['name', 'givenName'], type: 'folded' },
  emails: { path: ['emails', 'value'], type: 'folded' },
  'emails.type': { path: ['emails', 'type'], type: 'folded' },
  'emails.primary': { path: ['emails', 'primary'], type: 'boolean' },
  groups: { path: ['groups', 'value'], type: 'exact' },
  'meta.created': { path: ['meta', 'created'], type: 'date' },
  department: { path: [ENTERPRISE_USER_SCHEMA, 'department'], type: 'folded' },
  manager: { path: [ENTERPRISE_USER_SCHEMA, 'manager', 'value'], type: 'exact' },
};
const ELEMENT_KINDS: Record<string, Kind> = {
  value: { path: ['value'], type: 'folded' },
  type: { path: ['type'], type: 'folded' },
  primary: { path: ['primary'], type: 'boolean' },
};

function leaf(kinds: Record<string, Kind>): fc.Arbitrary<Filter> {
  const choices = Object.entries(kinds).map(([name, { type }]) => {
    const operators: ComparisonOperator[] = ['eq', 'eq', 'eq', 'ne'];
    if (type !== 'boolean') operators.push('gt', 'ge', 'lt', 'le');
    if (type === 'folded' || type === 'exact') operators.push('co', 'sw', 'ew');
    const value = type === 'boolean' ? fc.constantFrom(true, false, 'True') : type === 'date' ? dates : words;
    return fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          kind: fc.constant('compare' as const),
          name: fc.constant(name),
          operator: fc.constantFrom(...operators),
          value,
        }),
      },
      { weight: 1, arbitrary: fc.constant({ kind: 'present' as const, name }) },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom('eq' as const, 'ne' as const)
          .map((operator) => ({ kind: 'compare' as const, name, operator, value: null })),
      },
    );
  });
  return fc.oneof(...choices);
}

const emailPath = fc.record({
  kind: fc.constant('valuePath' as const),
  name: fc.constant('emails'),
  filter: combined(leaf(ELEMENT_KINDS)),
});
const userFilters = combined(
  fc.oneof({ weight: 3, arbitrary: leaf(KINDS) }, { weight: 1, arbitrary: emailPath }),
);

const optional = { requiredKeys: [] };
const atLeastOne = <T extends object>(object: T) => Object.keys(object).length > 0;
const email = fc.record({ value: words, type: words, primary: fc.boolean() }, optional).filter(atLeastOne);
const users: fc.Arbitrary<JsonObject> = fc.record(
  {
    id: words,
    userName: words,
    externalId: words,
    active: fc.boolean(),
    name: fc.record({ givenName: words }),
    emails: fc.array(email, { minLength: 1, maxLength: 3 }),
    groups: fc.array(fc.record({ value: words }), { minLength: 1, maxLength: 2 }),
    meta: fc.record({ created: dates }),
    [ENTERPRISE_USER_SCHEMA]: fc
      .record({ department: words, manager: fc.record({ value: words }) }, optional)
      .filter(atLeastOne),
  },
  { requiredKeys: ['id', 'userName'] },
);

/**
 * The rules of compileFilter once more, written as plainly as possible: every value at a path, absent ones as
 * undefined.
 */
function evaluate(filter: Filter, object: JsonObject, kinds: Record<string, Kind>): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((side) => evaluate(side, object, kinds));
    case 'or':
      return !filter.filters.every((side) => !evaluate(side, object, kinds));
    case 'not':
      return !evaluate(filter.filter, object, kinds);
    case 'valuePath': {
      const elements = object[filter.name] ?? [];
      return (
        Array.isArray(elements) &&
        elements.some((element) => isJsonObject(element) && evaluate(filter.filter, element, ELEMENT_KINDS))
      );
    }
    default: {
      const kind = kinds[filter.name];
      if (kind === undefined) throw new Error(`no kind for ${filter.name}`);
      // `emails pr` asks for the attribute, `emails eq` for its values; in these resources an e-mail may lack its
      // value.
      const path =
        filter.name === 'emails' && (filter.kind === 'present' || filter.value === null)
          ? ['emails']
          : kind.path;
      const values = collect(object, path);
      if (filter.kind === 'present') return values.some((value) => value !== undefined);
      if (filter.value === null) {
        return values.some((value) => value !== undefined) === (filter.operator === 'ne');
      }
      const isSearch = ['co', 'sw', 'ew'].includes(filter.operator);
      const prepared = (value: JsonValue) =>
        isSearch && kind.type === 'folded' ? foldForSearch(String(value)) : normal(value, kind.type);
      const right = prepared(filter.value);
      // An element that does not say so is not primary (RFC 7643 section 2.4).
      const hasElements = path.at(-1) === 'primary' && (path.length === 1 || object.emails !== undefined);
      return values.some((stored) => {
        const value = stored ?? (hasElements ? false : undefined);
        if (value === undefined) return filter.operator === 'ne';
        return related(prepared(value), filter.operator, right);
      });
    }
  }
}

function collect(value: JsonValue | undefined, path: readonly string[]): (JsonValue | undefined)[] {
  if (Array.isArray(value)) return value.flatMap((element) => collect(element, path));
  const [key, ...rest] = path;
  if (key === undefined) return [value];
  return collect(isJsonObject(value) ? value[key] : undefined, rest);
}

function normal(value: JsonValue, type: Kind['type']): string | number {
  if (type === 'boolean') return String(value).toLowerCase();
  if (type === 'date') return new Date(String(value)).getTime();
  return type === 'folded' ? foldCase(String(value)) : String(value);
}

function related(left: string | number, operator: ComparisonOperator, right: string | number): boolean {
  const [l, r] = [String(left), String(right)];
  switch (operator) {
    case 'eq':
      return left === right;
    case 'ne':
      return left !== right;
    case 'co':
      return l.indexOf(r) >= 0;
    case 'sw':
      return l.slice(0, r.length) === r;
    case 'ew':
      return l.length >= r.length && l.slice(l.length - r.length) === r;
    case 'gt':
      return left > right;
    case 'ge':
      return left > right || left === right;
    case 'lt':
      return left < right;
    case 'le':
      return left < right || left === right;
  }
}

function satisfies(user: JsonObject, { attribute, operator, value }: Lookup): boolean {
  const kind = KINDS[attribute];
  if (kind === undefined) throw new Error(`no kind for ${attribute}`);
  const folded = (text: JsonValue) =>
    operator === 'eq' ? normal(text, kind.type) : foldForSearch(String(text));
  const wanted = folded(value);
  return collect(user, kind.path).some((actual) => {
    if (actual === undefined) return false;
    return operator === 'eq' ? folded(actual) === wanted : String(folded(actual)).startsWith(String(wanted));
  });
}

describe('compileFilter and a plain evaluator', () => {
  test('agree on random users and filters', () => {
    fc.assert(
      fc.property(userFilters, fc.array(users, { minLength: 1, maxLength: 8 }), (filter, some) => {
        const matches = compileFilter(filter, USER);
        for (const user of some) expect(matches(user)).toBe(evaluate(filter, user, KINDS));
      }),
      { numRuns: 1500 },
    );
  });
});

describe('lookupsOf', () => {
  test('never misses a user that matches', () => {
    let tried = 0;
    fc.assert(
      fc.property(userFilters, fc.array(users, { minLength: 1, maxLength: 8 }), (filter, some) => {
        const lookups = lookupsOf(filter, USER);
        if (lookups === undefined) return;
        const matches = compileFilter(filter, USER);
        for (const user of some.filter((each) => matches(each))) {
          tried++;
          expect(lookups.some((lookup) => satisfies(user, lookup))).toBe(true);
        }
      }),
      { numRuns: 4000 },
    );
    expect(tried).toBeGreaterThan(5);
  });
});
