import type { AttributeDefinition, ResourceTypeDefinition } from '../schema/definition';
import { findAttribute, resolveAttribute } from '../schema/resolve';
import type { AttributeName, Filter } from './ast';

/** Attributes that resources can be found by without walking the tenant. */
export type LookupAttribute =
  | 'id'
  | 'userName'
  | 'externalId'
  | 'emails'
  | 'displayName'
  | 'members'
  | 'groups';

/**
 * One read of index items (`eq`) or of search items (`sw`): the resources whose attribute has this value, or begins
 * with it, by the attribute's own case rule. `value` is as the client wrote it.
 */
export interface Lookup {
  readonly attribute: LookupAttribute;
  readonly operator: 'eq' | 'sw';
  readonly value: string;
}

/** Index reads are worth their price up to here; a larger union is better walked. */
export const MAX_LOOKUPS = 50;

/**
 * What each resource type can be looked up by, and how many resources one lookup may bring, roughly: an id one, a
 * group's members very many. Between sides of an `and` the smaller sum wins.
 */
const COSTS: Record<'User' | 'Group', Partial<Record<LookupAttribute, number>>> = {
  User: { id: 1, userName: 2, externalId: 3, emails: 4, groups: 10_000 },
  Group: { id: 1, externalId: 3, displayName: 5, members: 10_000 },
};
/** What each resource type can be looked up by the beginning of, and how many resources that may bring. */
const SEARCHED: Record<'User' | 'Group', readonly LookupAttribute[]> = {
  User: ['userName', 'emails', 'displayName'],
  Group: ['displayName'],
};
const SEARCH_COST = 1_000;
const BY_NAME: ReadonlyMap<string, LookupAttribute> = new Map(
  (['id', 'userName', 'externalId', 'emails', 'displayName', 'members', 'groups'] as const).map((name) => [
    name,
    name,
  ]),
);

/**
 * Finds lookups of which every resource that matches the filter satisfies at least one: a filter over a tenant of any
 * size then costs a few reads. The candidates have to be matched against the whole filter afterwards. `and` takes its
 * cheapest side, `or` the union when every side has lookups, `not` none.
 *
 * @returns undefined when the filter cannot be answered by lookups, or by no fewer than 51; never an empty list
 * @example lookupsOf(parseFilter('active eq true and userName eq "bob"'), USER) // [{ attribute: 'userName',
 *   operator: 'eq', value: 'bob' }]
 */
export function lookupsOf(
  filter: Filter,
  resourceType: ResourceTypeDefinition,
): readonly Lookup[] | undefined {
  return find(filter, {
    costOf: costsOf(resourceType.name),
    attributeOf: (name) => lookupAttribute(resourceType, name),
    elementsOf: (name) => elements(resourceType, name),
  })?.lookups;
}

const costsOf =
  (type: 'User' | 'Group'): Scope['costOf'] =>
  ({ attribute, operator, value }) => {
    if (operator === 'eq') return COSTS[type][attribute];
    // Everything begins with nothing.
    return value !== '' && SEARCHED[type].includes(attribute) ? SEARCH_COST : undefined;
  };

interface Candidate {
  readonly lookups: readonly Lookup[];
  readonly cost: number;
}

interface Scope {
  /** Undefined when it cannot be looked up. */
  readonly costOf: (lookup: Lookup) => number | undefined;
  /** What a comparison of the named attribute looks up. */
  readonly attributeOf: (name: AttributeName) => LookupAttribute | undefined;
  /** The scope of a value path's inner filter. */
  readonly elementsOf: (name: AttributeName) => Pick<Scope, 'attributeOf'> | undefined;
}

function find(filter: Filter, scope: Scope): Candidate | undefined {
  switch (filter.kind) {
    case 'and':
      return cheapest(filter.filters.map((side) => find(side, scope)));
    case 'or':
      return union(filter.filters, scope);
    case 'valuePath': {
      const inner = scope.elementsOf(filter.name);
      return inner && find(filter.filter, { ...inner, costOf: scope.costOf, elementsOf: () => undefined });
    }
    case 'compare': {
      const { operator, value } = filter;
      if ((operator !== 'eq' && operator !== 'sw') || typeof value !== 'string') return undefined;
      const attribute = scope.attributeOf(filter.name);
      if (attribute === undefined) return undefined;
      const lookup = { attribute, operator, value };
      const cost = scope.costOf(lookup);
      return cost === undefined ? undefined : { lookups: [lookup], cost };
    }
    case 'not':
    case 'present':
      return undefined;
  }
}

function cheapest(candidates: readonly (Candidate | undefined)[]): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of candidates) {
    if (candidate !== undefined && (best === undefined || candidate.cost < best.cost)) best = candidate;
  }
  return best;
}

function union(sides: readonly Filter[], scope: Scope): Candidate | undefined {
  const lookups = new Map<string, Lookup>();
  let cost = 0;
  for (const side of sides) {
    const candidate = find(side, scope);
    if (candidate === undefined) return undefined;
    for (const lookup of candidate.lookups) {
      lookups.set(`${lookup.attribute} ${lookup.operator} ${lookup.value}`, lookup);
    }
    if (lookups.size > MAX_LOOKUPS) return undefined;
    cost += candidate.cost;
  }
  return { lookups: [...lookups.values()], cost };
}

/** `userName`, `emails` and `emails.value`; not an extension's attribute that has one of these names. */
function lookupAttribute(
  resourceType: ResourceTypeDefinition,
  name: AttributeName,
): LookupAttribute | undefined {
  const resolved = resolveAttribute(resourceType, name);
  if (resolved?.kind !== 'attribute' || resolved.extension !== undefined) return undefined;
  const { attribute, subAttribute } = resolved;
  return subAttribute === undefined || isValue(subAttribute) ? BY_NAME.get(attribute.name) : undefined;
}

function elements(
  resourceType: ResourceTypeDefinition,
  name: AttributeName,
): Pick<Scope, 'attributeOf'> | undefined {
  const resolved = resolveAttribute(resourceType, name);
  if (resolved?.kind !== 'attribute' || resolved.subAttribute !== undefined) return undefined;
  const found = lookupAttribute(resourceType, name);
  const definitions = resolved.attribute.subAttributes;
  if (found === undefined || definitions === undefined) return undefined;
  return {
    attributeOf: (subName) => {
      const subAttribute = findAttribute(definitions, subName);
      return subAttribute !== undefined && isValue(subAttribute) ? found : undefined;
    },
  };
}

function isValue(subAttribute: AttributeDefinition): boolean {
  return subAttribute.name === 'value';
}
