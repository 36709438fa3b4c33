import { ScimError } from '../errors';
import type { Filter } from '../filter/ast';
import { compileComparison } from '../filter/compare';
import type { JsonObject } from '../json';
import type { AttributeDefinition } from '../schema/definition';
import { findAttribute } from '../schema/resolve';

/**
 * Compiles the filter of a value path (`[type eq "work"]`) into a predicate over ONE element of the complex attribute.
 *
 * @throws ScimError `invalidFilter` when the filter names what is no sub-attribute, or compares it with what does not
 *   suit its type
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
      const { name } = definition;
      if (filter.value === null) {
        const absent = filter.operator === 'eq';
        return (element) => (element[name] === undefined) === absent;
      }
      const test = compileComparison(definition, filter.operator, filter.value, filter.name);
      return (element) => test(element[name]);
    }
  }
}

function subAttributeOf(attribute: AttributeDefinition, name: string): AttributeDefinition {
  const found = findAttribute(attribute.subAttributes ?? [], name);
  if (found !== undefined) return found;
  throw new ScimError('invalidFilter', `"${attribute.name}" has no sub-attribute "${name}".`);
}
