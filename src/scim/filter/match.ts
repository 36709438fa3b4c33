import { Effort } from '../effort';
import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import type { AttributeDefinition, ResourceTypeDefinition } from '../schema/definition';
import { findAttribute } from '../schema/resolve';
import type { AttributeName, Filter } from './ast';
import { compileComparison, type ValueTest } from './compare';
import {
  elementScope,
  implicitValue,
  noSubAttributes,
  type Place,
  placeInResource,
  type Scope,
} from './places';

/**
 * Tells whether a resource, in canonical full form, satisfies a filter. The comparisons are paid from the request's
 * effort; without one each resource has an effort of its own.
 *
 * @throws ScimError tooMany when the effort is used up
 */
export type ResourcePredicate = (resource: JsonObject, effort?: Effort) => boolean;

type Predicate = (object: JsonObject, effort: Effort) => boolean;

export interface CompileOptions {
  /**
   * What to do with an attribute that the resource type does not have. `refuse` (the default) answers 400. `absent`
   * takes it as an attribute without value: a search at the root runs one filter over every resource type (RFC 7644
   * section 3.4.2.1).
   */
  readonly unknownAttributes?: 'refuse' | 'absent';
}

/**
 * Compiles a filter to a predicate; names, types and values are looked up, checked and folded once. The rules beyond
 * RFC 7644 section 3.4.2.2:
 *
 * - A multi-valued attribute matches when ANY value matches, `ne` included ("the filter matches if any of the values
 *   of the specified attribute match the specified criterion"): `emails.value ne "a"` finds a user with "a" and "b".
 *   `not (emails.value eq "a")` asks for none.
 * - An absent attribute satisfies `ne` and no other comparison. `eq null` means absent, that is `not (… pr)`;
 *   `ne null` means `pr`.
 * - A complex attribute named alone means its `value` sub-attribute: `emails co "x"`, `members eq "id"`,
 *   `manager eq "id"`.
 * - An element without `primary` is compared as one that is not primary (RFC 7643 section 2.4).
 * - In brackets the values of a simple multi-valued attribute are called `value`: `departmentIds[value eq "x"]`.
 *
 * @throws ScimError invalidFilter for an unknown attribute, one that is never returned (a filter could guess a
 *   password), or a comparison that does not suit the attribute's type
 */
export function compileFilter(
  filter: Filter,
  resourceType: ResourceTypeDefinition,
  options: CompileOptions = {},
): ResourcePredicate {
  const refuse = options.unknownAttributes !== 'absent';
  const matches = compile(
    filter,
    (name) => {
      const place = placeInResource(resourceType, name);
      if (place === undefined && refuse) {
        throw new ScimError(
          'invalidFilter',
          `"${name}" is not an attribute of ${resourceType.name}; see /Schemas.`,
        );
      }
      return place;
    },
    refuse,
  );
  return (resource, effort = new Effort()) => matches(resource, effort);
}

function compile(filter: Filter, scope: Scope, refuse: boolean): Predicate {
  switch (filter.kind) {
    case 'and':
      return every(filter.filters.map((side) => compile(side, scope, refuse)));
    case 'or':
      return some(filter.filters.map((side) => compile(side, scope, refuse)));
    case 'not': {
      const inner = compile(filter.filter, scope, refuse);
      return (object, effort) => !inner(object, effort);
    }
    case 'present':
      return present(scope(filter.name));
    case 'compare': {
      const place = scope(filter.name);
      if (filter.value !== null) return comparison(filter.name, place, filter.operator, filter.value);
      if (filter.operator !== 'eq' && filter.operator !== 'ne') {
        throw new ScimError(
          'invalidFilter',
          `"${filter.name}" is compared with null by ${filter.operator}; null goes with eq and ne only.`,
        );
      }
      const isPresent = present(place);
      return filter.operator === 'ne' ? isPresent : (object, effort) => !isPresent(object, effort);
    }
    case 'valuePath':
      return valuePath(filter.name, scope(filter.name), filter.filter, refuse);
  }
}

function every(sides: readonly Predicate[]): Predicate {
  const [first, second] = sides;
  if (first !== undefined && second !== undefined && sides.length === 2) {
    return (object, effort) => first(object, effort) && second(object, effort);
  }
  return (object, effort) => {
    for (const side of sides) if (!side(object, effort)) return false;
    return true;
  };
}

function some(sides: readonly Predicate[]): Predicate {
  const [first, second] = sides;
  if (first !== undefined && second !== undefined && sides.length === 2) {
    return (object, effort) => first(object, effort) || second(object, effort);
  }
  return (object, effort) => {
    for (const side of sides) if (side(object, effort)) return true;
    return false;
  };
}

function present(place: Place | undefined): Predicate {
  if (place === undefined) return () => false;
  return testing(place, place.subAttribute, (value, effort) => {
    effort.spend(1);
    return isNonEmpty(value);
  });
}

/**
 * RFC 7644 table 3, `pr`: "a non-empty or non-null value, or … a non-empty node for complex attributes". False and 0
 * are values.
 */
function isNonEmpty(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return false;
  if (typeof value !== 'object') return true;
  return Array.isArray(value) ? value.some(isNonEmpty) : Object.values(value).some(isNonEmpty);
}

function comparison(
  name: AttributeName,
  place: Place | undefined,
  operator: Parameters<typeof compileComparison>[1],
  value: Parameters<typeof compileComparison>[2],
): Predicate {
  if (place === undefined) return () => operator === 'ne';
  const { attribute } = place;
  if (attribute === undefined) {
    throw new ScimError(
      'invalidFilter',
      `"${name}" is a whole schema: name one of its attributes, or use pr.`,
    );
  }
  const subAttributes = attribute.subAttributes ?? [];
  const subAttribute = place.subAttribute ?? findAttribute(subAttributes, 'value');
  if (attribute.type === 'complex' && subAttribute === undefined) {
    const accepted = subAttributes.map((definition) => `${name}.${definition.name}`).join(', ');
    throw new ScimError('invalidFilter', `"${name}" is complex: compare one of ${accepted}.`);
  }
  const test = compileComparison(subAttribute ?? attribute, operator, value, name);
  const { whenAbsent } = place;
  if (whenAbsent === undefined) return testing(place, subAttribute, test);
  return testing(place, subAttribute, test, whenAbsent);
}

/** Applies a test to every value at a place until one passes; to undefined when there is none. */
function testing(
  { attribute, read }: Place,
  subAttribute: AttributeDefinition | undefined,
  test: ValueTest,
  whenAbsent?: JsonValue,
): Predicate {
  if (subAttribute === undefined) {
    if (attribute?.multiValued !== true) return (object, effort) => test(read(object) ?? whenAbsent, effort);
    return (object, effort) => anyValue(read(object), test, effort);
  }
  const key = subAttribute.name;
  const inElement: ValueTest = subAttribute.multiValued
    ? (element, effort) => anyValue(isJsonObject(element) ? element[key] : undefined, test, effort)
    : (element, effort) => test(isJsonObject(element) ? (element[key] ?? whenAbsent) : undefined, effort);
  if (attribute?.multiValued !== true) return (object, effort) => inElement(read(object), effort);
  return (object, effort) => anyValue(read(object), inElement, effort);
}

function anyValue(values: JsonValue | undefined, test: ValueTest, effort: Effort): boolean {
  if (!Array.isArray(values) || values.length === 0) return test(undefined, effort);
  for (const value of values) if (test(value, effort)) return true;
  return false;
}

function valuePath(name: AttributeName, place: Place | undefined, inner: Filter, refuse: boolean): Predicate {
  if (place === undefined) {
    compile(inner, () => undefined, refuse);
    return () => false;
  }
  const { attribute, subAttribute, read } = place;
  if (attribute === undefined || subAttribute !== undefined) throw noSubAttributes(name);
  const matches = elementPredicate(name, attribute, inner, refuse);
  if (!attribute.multiValued) return (object, effort) => matches(read(object), effort);
  return (object, effort) => {
    const values = read(object);
    if (!Array.isArray(values)) return false;
    for (const value of values) if (matches(value, effort)) return true;
    return false;
  };
}

/**
 * Compiles the filter in brackets of a PATCH path (`[type eq "work"]`) to a test of ONE value of the attribute.
 *
 * @throws ScimError `invalidFilter` when the filter names what is no sub-attribute, or compares it with what does not
 *   suit its type
 */
export function compileElementFilter(attribute: AttributeDefinition, filter: Filter): ValueTest {
  return elementPredicate(attribute.name, attribute, filter, true);
}

function elementPredicate(
  name: AttributeName,
  attribute: AttributeDefinition,
  filter: Filter,
  refuse: boolean,
): ValueTest {
  const definitions = attribute.subAttributes ?? implicitValue(attribute);
  if (definitions === undefined) throw noSubAttributes(name);
  const scope = elementScope(name, attribute, definitions, refuse);
  const matches = compile(filter, scope, refuse);
  if (attribute.type === 'complex') return (value, effort) => isJsonObject(value) && matches(value, effort);
  return (value, effort) => value !== undefined && matches({ value }, effort);
}
