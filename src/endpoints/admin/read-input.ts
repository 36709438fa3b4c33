import type { InputError } from '../../admin-api/problem-types';
import type { JsonSchema } from '../../admin-api/schema';
import { LONE_SURROGATE } from '../../scim/json';
import { shownValue } from './shown-value';

/** RFC 3339 with the zone, which a time of day without one would leave open. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * What of a value a schema does not accept, each part by its JSON Pointer. Nothing of the prototype's is taken for a
 * property: names come from the request.
 *
 * @param pointer of the value in the body
 */
export function faultsOf(value: unknown, schema: JsonSchema, pointer = '#'): InputError[] {
  switch (schema.type) {
    case 'object':
      return faultsOfObject(value, schema, pointer);
    case 'array':
      return faultsOfArray(value, schema, pointer);
    default: {
      const fault = faultOfScalar(value, schema);
      return fault === undefined ? [] : [{ pointer, detail: `${named(pointer)} ${fault}` }];
    }
  }
}

function faultsOfObject(value: unknown, schema: JsonSchema, pointer: string): InputError[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ pointer, detail: `${named(pointer)} is ${shownValue(value)}; an object is accepted.` }];
  }
  const properties = schema.properties ?? {};
  const accepted = Object.keys(properties).join(', ') || 'none';
  const missing = (schema.required ?? [])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => ({ pointer: below(pointer, name), detail: `"${name}" is missing.` }));
  const given = Object.entries(value).flatMap(([name, member]): InputError[] => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property !== undefined) return faultsOf(member, property, below(pointer, name));
    const detail = `There is no property ${shownValue(name)}; accepted are: ${accepted}.`;
    return [{ pointer: below(pointer, name), detail }];
  });
  return [...missing, ...given];
}

function faultsOfArray(value: unknown, schema: JsonSchema, pointer: string): InputError[] {
  const { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  if (!Array.isArray(value)) {
    return [{ pointer, detail: `${named(pointer)} is ${shownValue(value)}; a list is accepted.` }];
  }
  if (value.length < minItems || value.length > maxItems) {
    const bounds =
      maxItems === Number.POSITIVE_INFINITY ? `at least ${minItems}` : `${minItems} to ${maxItems}`;
    return [{ pointer, detail: `${named(pointer)} has ${value.length} elements; ${bounds} are accepted.` }];
  }
  if (items === undefined) return [];
  return value.flatMap((element: unknown, position) => faultsOf(element, items, `${pointer}/${position}`));
}

/** The end of a sentence that begins with what the value is of. */
export function faultOfScalar(value: unknown, schema: JsonSchema): string | undefined {
  const is = `is ${shownValue(value)};`;
  if (schema.type === 'boolean') {
    return typeof value === 'boolean' ? undefined : `${is} true and false are accepted.`;
  }
  if (schema.type === 'integer') {
    const { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = schema;
    const isWithin =
      typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum;
    return isWithin ? undefined : `${is} a whole number from ${minimum} to ${maximum} is accepted.`;
  }
  if (typeof value !== 'string') return `${is} a string is accepted.`;
  return faultOfText(value, schema, is);
}

function faultOfText(value: string, schema: JsonSchema, is: string): string | undefined {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, description = '' } = schema;
  const length = [...value].length;
  if (LONE_SURROGATE.test(value)) return `${is} half of a character is not accepted.`;
  if (schema.enum !== undefined) {
    return schema.enum.includes(value) ? undefined : `${is} ${schema.enum.join(', ')} is accepted.`;
  }
  if (schema.format === 'date-time') {
    const isMoment = MOMENT.test(value) && !Number.isNaN(Date.parse(value));
    return isMoment ? undefined : `${is} a moment with its zone is accepted, as in 2026-11-25T10:00:00Z.`;
  }
  if (length < minLength) return `has ${length} characters; at least ${minLength} are accepted.`;
  if (length > maxLength) return `has ${length} characters; at most ${maxLength} are accepted.`;
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) {
    return `${is} accepted is: ${description}`;
  }
  return undefined;
}

const named = (pointer: string): string => (pointer === '#' ? 'The body' : `"${pointer.slice(2)}"`);

/** RFC 6901 section 3; the name of an unknown property is the client's, and cut. */
const below = (pointer: string, name: string): string =>
  `${pointer}/${name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`;
