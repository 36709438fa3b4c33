import { foldCase } from '../comparison';
import { ScimError } from '../errors';
import { readInstant } from '../filter/compare';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';
import type { AttributeDefinition, ResourceTypeDefinition } from '../schema/definition';
import { findAttribute, resolveAttribute } from '../schema/resolve';

/** What a resource is ordered by; null when it has no value. It is JSON, so that a cursor can carry it. */
export type SortKey = string | number | null;

/**
 * Strings are ordered by this many first characters (UTF-16 code units), then by id: the key of a page's last
 * resource travels in a cursor, which travels in a URL.
 */
const MAX_KEY = 200;

/**
 * Makes the function that reads a resource's sort key (RFC 7644 section 3.4.2.3): folded or exact by `caseExact`,
 * dateTimes as instants, false before true, the primary value of a multi-valued attribute or else the first. A
 * complex attribute named alone means its `value`, as in filters.
 *
 * @returns undefined when the resource type has no such attribute
 * @throws ScimError invalidValue for an attribute that cannot be sorted by, naming it
 * @example sortKeyOf(USER, 'name.familyName')?.({ name: { familyName: 'Ångström' } }) // 'ångström'
 */
export function sortKeyOf(
  resourceType: ResourceTypeDefinition,
  sortBy: string,
): ((resource: JsonObject) => SortKey) | undefined {
  const resolved = resolveAttribute(resourceType, sortBy);
  if (resolved === undefined) return undefined;
  if (resolved.kind === 'extension') throw refuse(sortBy, 'is a whole schema: name one of its attributes');
  const { extension, attribute, subAttribute } = resolved;
  if (attribute.returned === 'never' || subAttribute?.returned === 'never') {
    throw refuse(sortBy, 'is never returned and cannot be sorted by');
  }
  if (extension === undefined && (attribute.name === 'members' || attribute.name === 'groups')) {
    throw refuse(sortBy, 'is not stored with the resource and cannot be sorted by');
  }
  const part = subAttribute ?? findAttribute(attribute.subAttributes ?? [], 'value');
  if (attribute.type === 'complex' && part === undefined) {
    const accepted = (attribute.subAttributes ?? []).map(({ name }) => `${sortBy}.${name}`).join(', ');
    throw refuse(sortBy, `is complex: sort by one of ${accepted}`);
  }
  const definition = part ?? attribute;
  return (resource) => {
    const container = extension === undefined ? resource : resource[extension];
    const value = isJsonObject(container) ? preferred(container[attribute.name]) : undefined;
    return keyOf(definition, part === undefined ? value : isJsonObject(value) ? value[part.name] : undefined);
  };
}

/** The primary one of several values, else the first. */
function preferred(value: JsonValue | undefined): JsonValue | undefined {
  if (!Array.isArray(value)) return value;
  return value.find((element) => isJsonObject(element) && element.primary === true) ?? value[0];
}

function keyOf(definition: AttributeDefinition, value: JsonValue | undefined): SortKey {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return null;
  if (definition.type === 'dateTime') {
    const instant = readInstant(value);
    return Number.isNaN(instant) ? null : instant;
  }
  const first = value.slice(0, MAX_KEY);
  return definition.caseExact ? first : foldCase(first).slice(0, MAX_KEY);
}

/**
 * Compares two sort keys. Absent values come last in ascending and first in descending order (RFC 7644 section
 * 3.4.2.3). Strings go by their UTF-16 code units, as `gt` and `lt` in filters do: an order by locale would differ
 * between machines.
 *
 * @returns below 0 when `left` comes first, 0 for a tie
 */
export function compareSortKeys(left: SortKey, right: SortKey, descending: boolean): number {
  return descending ? compareAscending(right, left) : compareAscending(left, right);
}

function compareAscending(left: SortKey, right: SortKey): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  // Two resource types may define one name differently.
  if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
  return left < right ? -1 : 1;
}

function refuse(sortBy: string, fault: string): ScimError {
  return new ScimError('invalidValue', `"sortBy" is "${sortBy.slice(0, 200)}", which ${fault}.`);
}
