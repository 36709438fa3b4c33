import { foldCase } from '../comparison';
import { ScimError } from '../errors';
import type { ComparisonOperator, ComparisonValue, Filter } from '../filter/ast';
import type { JsonObject, JsonValue } from '../json';
import type { AttributeDefinition } from '../schema/definition';
import { findAttribute } from '../schema/resolve';

/**
 * Compiles the filter of a value path (`[type eq "work"]`) into a predicate over ONE element of the complex attribute.
 *
 * @throws ScimError `invalidFilter` when the filter names what is no sub-attribute
 */
export function compileElementFilter(
  filter: Filter,
  attribute: AttributeDefinition,
): (element: JsonObject) => boolean {
  switch (filter.kind) {
    case 'and': {
      const parts = filter.filters.map((part) => compileElementFilter(part, attribute));
      return (element) => parts.every((part) => part(element));
    }
    case 'or': {
      const parts = filter.filters.map((part) => compileElementFilter(part, attribute));
      return (element) => parts.some((part) => part(element));
    }
    case 'not': {
      const inner = compileElementFilter(filter.filter, attribute);
      return (element) => !inner(element);
    }
    case 'present': {
      const { name } = subAttributeOf(attribute, filter.name);
      return (element) => element[name] !== undefined;
    }
    case 'valuePath':
      throw new ScimError(
        'invalidFilter',
        `"${filter.name}[…]" cannot stand within another filter in brackets.`,
      );
    case 'compare': {
      const definition = subAttributeOf(attribute, filter.name);
      return (element) => compare(element[definition.name], filter.operator, filter.value, definition);
    }
  }
}

function subAttributeOf(attribute: AttributeDefinition, name: string): AttributeDefinition {
  const found = findAttribute(attribute.subAttributes ?? [], name);
  if (found !== undefined) return found;
  throw new ScimError('invalidFilter', `"${attribute.name}" has no sub-attribute "${name}".`);
}

function compare(
  actual: JsonValue | undefined,
  operator: ComparisonOperator,
  wanted: ComparisonValue,
  definition: AttributeDefinition,
): boolean {
  const left = comparable(actual ?? null, definition);
  const right = comparable(wanted, definition);
  if (operator === 'eq') return left === right;
  if (operator === 'ne') return left !== right;
  if (typeof left !== 'string' || typeof right !== 'string') return false;
  switch (operator) {
    case 'co':
      return left.includes(right);
    case 'sw':
      return left.startsWith(right);
    case 'ew':
      return left.endsWith(right);
    case 'gt':
      return left > right;
    case 'ge':
      return left >= right;
    case 'lt':
      return left < right;
    case 'le':
      return left <= right;
  }
}

function comparable(value: JsonValue, definition: AttributeDefinition): JsonValue {
  if (typeof value !== 'string') return value;
  // Entra ID compares a boolean with a string: roles[primary eq "True"].
  if (definition.type === 'boolean') {
    const folded = value.toLowerCase();
    return folded === 'true' ? true : folded === 'false' ? false : value;
  }
  return definition.caseExact ? value : foldCase(value);
}
