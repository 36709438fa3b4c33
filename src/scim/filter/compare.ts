import { equalsFolded, foldCase, foldForSearch } from '../comparison';
import type { Effort } from '../effort';
import { ScimError } from '../errors';
import type { JsonValue } from '../json';
import type { AttributeDefinition } from '../schema/definition';
import type { ComparisonOperator, ComparisonValue } from './ast';

/**
 * Tells whether one value of an attribute, undefined when the attribute is absent, satisfies a comparison, and pays for
 * that.
 */
export type ValueTest = (value: JsonValue | undefined, effort: Effort) => boolean;

/** The same for values whose length is bounded by their type, so that each costs as much as the other. */
type PlainTest = (value: JsonValue | undefined) => boolean;

const DATE_TIME_UNITS = 4;

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
      return paid(1, compareBoolean(operator, value, name));
    case 'decimal':
    case 'integer':
      return paid(1, compareNumber(operator, value, name));
    case 'dateTime':
      return operator === 'co' || operator === 'sw' || operator === 'ew'
        ? compareString(operator, value, name, false)
        : paid(DATE_TIME_UNITS, compareDateTime(operator, value, name));
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

function paid(units: number, test: PlainTest): ValueTest {
  return (actual, effort) => {
    effort.spend(units);
    return test(actual);
  };
}

function compareBoolean(
  operator: ComparisonOperator,
  value: string | number | boolean,
  name: string,
): PlainTest {
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
): PlainTest {
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
  operator: 'eq' | 'ne' | Ordering,
  value: string | number | boolean,
  name: string,
): PlainTest {
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
      return (actual, effort) => isExactly(actual, value, effort);
    case 'ne':
      return (actual, effort) => !isExactly(actual, value, effort);
    default: {
      const test = TEXT_TESTS[operator];
      return (actual, effort) => isText(actual, effort) && test(actual, value, effort);
    }
  }
}

function isExactly(actual: JsonValue | undefined, value: string, effort: Effort): boolean {
  if (!isText(actual, effort)) return false;
  effort.compare(actual, value);
  return actual === value;
}

function compareFolded(operator: ComparisonOperator, value: string): ValueTest {
  const folded = foldCase(value);
  const sought = foldForSearch(value);
  switch (operator) {
    case 'eq':
      return (actual, effort) => isFolded(actual, folded, effort);
    case 'ne':
      return (actual, effort) => !isFolded(actual, folded, effort);
    case 'co':
    case 'sw':
    case 'ew': {
      const test = TEXT_TESTS[operator];
      return (actual, effort) => isText(actual, effort) && test(effort.foldForSearch(actual), sought, effort);
    }
    default: {
      const test = TEXT_TESTS[operator];
      return (actual, effort) => isText(actual, effort) && test(effort.fold(actual), folded, effort);
    }
  }
}

function isFolded(actual: JsonValue | undefined, folded: string, effort: Effort): boolean {
  if (!isText(actual, effort)) return false;
  effort.compare(actual, folded);
  return equalsFolded(actual, folded, effort);
}

/** A value that is not there has been looked for, too. */
function isText(actual: JsonValue | undefined, effort: Effort): actual is string {
  if (typeof actual === 'string') return true;
  effort.spend(1);
  return false;
}

type TextTest = (actual: string, value: string, effort: Effort) => boolean;

/** The comparisons of two strings that are only true of strings, both folded already where case does not count. */
const TEXT_TESTS: Readonly<Record<Exclude<ComparisonOperator, 'eq' | 'ne'>, TextTest>> = {
  co: (actual, value, effort) => {
    effort.seek(value, actual);
    return actual.includes(value);
  },
  sw: (actual, value, effort) => {
    effort.compare(actual, value);
    return actual.startsWith(value);
  },
  ew: (actual, value, effort) => {
    effort.compare(actual, value);
    return actual.endsWith(value);
  },
  gt: orderedText('gt'),
  ge: orderedText('ge'),
  lt: orderedText('lt'),
  le: orderedText('le'),
};

function orderedText(operator: Ordering): TextTest {
  return (actual, value, effort) => {
    effort.compare(actual, value);
    return ordered(operator, actual, value);
  };
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
