import { equalsFolded, foldCase, foldForSearch } from '../comparison';
import { ScimError } from '../errors';
import type { JsonValue } from '../json';
import type { AttributeDefinition } from '../schema/definition';
import type { ComparisonOperator, ComparisonValue } from './ast';

/** Tells whether one value of an attribute, undefined when the attribute is absent, satisfies a comparison. */
export type ValueTest = (value: JsonValue | undefined) => boolean;

type Ordering = 'gt' | 'ge' | 'lt' | 'le';

const DATE_TIME =
  /^\d{4}-\d{2}-\d{2}(?:[Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:[Zz]|[+-]\d{2}:\d{2})?)?$/;
/** Length of "2026-11-23T19:27:10.123Z"; texts of this form sort as the instants do. */
const CANONICAL_DATE_TIME_LENGTH = 24;

/**
 * Makes the test for `<attribute> <operator> <value>` by the attribute's type and case rule (RFC 7644 section
 * 3.4.2.2, table 3). Everything about the value is worked out here, once, so that the test itself is cheap. Null is
 * not for here: it asks for presence, not for a value.
 *
 * A value of another type than the attribute's is converted where that is beyond doubt ("True" for a boolean, as
 * Entra ID sends it; "5" for a number) and refused otherwise. An identity provider takes an empty answer for "no such
 * user" and creates a second one, so a mistaken filter must not look like one.
 *
 * @param name the attribute as the client wrote it, for the error text
 * @throws ScimError invalidFilter when the operator or value does not suit the attribute
 */
export function compileComparison(
  definition: AttributeDefinition,
  operator: ComparisonOperator,
  value: Exclude<ComparisonValue, null>,
  name: string,
): ValueTest {
  switch (definition.type) {
    case 'boolean':
      return compareBoolean(operator, value, name);
    case 'decimal':
    case 'integer':
      return compareNumber(operator, value, name);
    case 'dateTime':
      return compareDateTime(operator, value, name);
    case 'binary':
      if (isOrdering(operator)) throw refuseOperator(name, 'binary', operator, 'eq, ne, co, sw, ew and pr');
      return compareString(operator, value, name, definition.caseExact);
    case 'string':
    case 'reference':
      return compareString(operator, value, name, definition.caseExact);
    case 'complex':
      throw new ScimError('invalidFilter', `"${name}" is complex: compare one of its sub-attributes.`);
  }
}

function compareBoolean(
  operator: ComparisonOperator,
  value: string | number | boolean,
  name: string,
): ValueTest {
  if (operator !== 'eq' && operator !== 'ne')
    throw refuseOperator(name, 'boolean', operator, 'eq, ne and pr');
  const expected = readBoolean(value);
  if (expected === undefined) {
    throw new ScimError(
      'invalidFilter',
      `"${name}" is a boolean and is compared with ${kindOf(value)}; true or false is accepted.`,
    );
  }
  return operator === 'eq' ? (actual) => actual === expected : (actual) => actual !== expected;
}

function readBoolean(value: string | number | boolean): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const word = String(value).toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

function compareNumber(
  operator: ComparisonOperator,
  value: string | number | boolean,
  name: string,
): ValueTest {
  if (operator !== 'eq' && operator !== 'ne' && !isOrdering(operator)) {
    throw refuseOperator(name, 'number', operator, 'eq, ne, gt, ge, lt, le and pr');
  }
  const expected = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof expected !== 'number' || !Number.isFinite(expected)) {
    throw new ScimError(
      'invalidFilter',
      `"${name}" is a number and is compared with ${kindOf(value)}; a number such as 5 is accepted.`,
    );
  }
  if (operator === 'eq') return (actual) => actual === expected;
  if (operator === 'ne') return (actual) => actual !== expected;
  return (actual) => typeof actual === 'number' && ordered(operator, actual, expected);
}

function compareDateTime(
  operator: ComparisonOperator,
  value: string | number | boolean,
  name: string,
): ValueTest {
  if (operator === 'co' || operator === 'sw' || operator === 'ew') {
    return compareString(operator, value, name, false);
  }
  const instant = typeof value === 'string' ? readInstant(value) : Number.NaN;
  if (Number.isNaN(instant)) {
    throw new ScimError(
      'invalidFilter',
      `"${name}" is a dateTime and is compared with ${kindOf(value)} of another form; a string such as "2026-11-23T19:27:10Z" is accepted.`,
    );
  }
  const canonical = new Date(instant).toISOString();
  if (operator === 'eq') return (actual) => sameInstant(actual, instant, canonical);
  if (operator === 'ne') return (actual) => !sameInstant(actual, instant, canonical);
  return (actual) => {
    if (typeof actual !== 'string') return false;
    return isCanonicalDateTime(actual) && canonical.length === CANONICAL_DATE_TIME_LENGTH
      ? ordered(operator, actual, canonical)
      : ordered(operator, readInstant(actual), instant);
  };
}

function sameInstant(actual: JsonValue | undefined, instant: number, canonical: string): boolean {
  return typeof actual === 'string' && (actual === canonical || readInstant(actual) === instant);
}

function isCanonicalDateTime(text: string): boolean {
  return (
    text.length === CANONICAL_DATE_TIME_LENGTH && text[10] === 'T' && text[19] === '.' && text[23] === 'Z'
  );
}

/**
 * Milliseconds since 1970 of an xsd:dateTime; NaN when it is none. RFC 7643 section 2.3.5 wants date and time; a date
 * alone means its start, and a missing zone means UTC, so that the answer does not depend on the machine. Digits
 * beyond milliseconds (.NET writes seven) are cut off.
 */
export function readInstant(text: string): number {
  if (!DATE_TIME.test(text)) return Number.NaN;
  const upper = text.toUpperCase();
  const zoned = upper.length === 10 || upper.endsWith('Z') || /[+-]\d{2}:\d{2}$/.test(upper);
  return Date.parse(zoned ? upper : `${upper}Z`);
}

function compareString(
  operator: ComparisonOperator,
  value: string | number | boolean,
  name: string,
  caseExact: boolean,
): ValueTest {
  if (typeof value !== 'string') {
    throw new ScimError(
      'invalidFilter',
      `"${name}" is a string and is compared with ${kindOf(value)}; write the value in double quotes: ${name} ${operator} "${value}".`,
    );
  }
  return caseExact ? compareExact(operator, value) : compareFolded(operator, value);
}

function compareExact(operator: ComparisonOperator, value: string): ValueTest {
  switch (operator) {
    case 'eq':
      return (actual) => actual === value;
    case 'ne':
      return (actual) => actual !== value;
    case 'co':
      return (actual) => typeof actual === 'string' && actual.includes(value);
    case 'sw':
      return (actual) => typeof actual === 'string' && actual.startsWith(value);
    case 'ew':
      return (actual) => typeof actual === 'string' && actual.endsWith(value);
    default:
      return (actual) => typeof actual === 'string' && ordered(operator, actual, value);
  }
}

function compareFolded(operator: ComparisonOperator, value: string): ValueTest {
  const folded = foldCase(value);
  const sought = foldForSearch(value);
  switch (operator) {
    case 'eq':
      return (actual) => typeof actual === 'string' && equalsFolded(actual, folded);
    case 'ne':
      return (actual) => typeof actual !== 'string' || !equalsFolded(actual, folded);
    case 'co':
      return (actual) => typeof actual === 'string' && foldForSearch(actual).includes(sought);
    case 'sw':
      return (actual) => typeof actual === 'string' && foldForSearch(actual).startsWith(sought);
    case 'ew':
      return (actual) => typeof actual === 'string' && foldForSearch(actual).endsWith(sought);
    default:
      return (actual) => typeof actual === 'string' && ordered(operator, foldCase(actual), folded);
  }
}

/**
 * Strings are ordered by their UTF-16 code units: the RFC says "lexicographical", and an order by locale would differ
 * between machines.
 */
function ordered<T extends string | number>(operator: Ordering, actual: T, expected: T): boolean {
  switch (operator) {
    case 'gt':
      return actual > expected;
    case 'ge':
      return actual >= expected;
    case 'lt':
      return actual < expected;
    case 'le':
      return actual <= expected;
  }
}

function isOrdering(operator: ComparisonOperator): operator is Ordering {
  return operator === 'gt' || operator === 'ge' || operator === 'lt' || operator === 'le';
}

function refuseOperator(name: string, type: string, operator: string, accepted: string): ScimError {
  return new ScimError(
    'invalidFilter',
    `"${name}" is a ${type} and cannot be compared with ${operator}; ${accepted} are accepted.`,
  );
}

function kindOf(value: string | number | boolean): string {
  return typeof value === 'string' ? 'a string' : typeof value === 'number' ? 'a number' : 'true or false';
}
