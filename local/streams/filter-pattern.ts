import { isRecord, type JsonRecord, parseJson } from '../json';
import { LocalError } from '../local-error';

/** A pattern of an event source mapping's `FilterCriteria`. */
export type FilterPattern = JsonRecord;

/** Reads the text of a pattern. @throws LocalError when it is no JSON object */
export function parsePattern(text: string, where: string): FilterPattern {
  const pattern = parseJson(text);
  if (!isRecord(pattern)) throw new LocalError(`The template's ${where} is not a JSON object: ${text}`);
  checkPattern(pattern, where);
  return pattern;
}

/** True when a record matches one of the patterns; no patterns match everything. */
export const matchesAny = (patterns: readonly FilterPattern[], record: unknown): boolean =>
  patterns.length === 0 || patterns.some((pattern) => matches(pattern, record));

/**
 * EventBridge's pattern language as far as event source mappings have it: every named field must match one of its
 * list's values or operators; fields that the pattern does not name are free. A list in the record matches when one
 * of its elements does. Numbers in DynamoDB's JSON are strings, and `numeric` works on numbers only, as in AWS.
 */
export function matches(pattern: FilterPattern, record: unknown): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or' && Array.isArray(expected)) {
      return expected.some((alternative) => isRecord(alternative) && matches(alternative, record));
    }
    const value = isRecord(record) && Object.hasOwn(record, field) ? record[field] : undefined;
    if (Array.isArray(expected)) return expected.some((condition) => meets(condition, value));
    // Inside a list of objects any one may match.
    if (Array.isArray(value)) return value.some((element) => matches(expected as FilterPattern, element));
    return matches(expected as FilterPattern, value);
  });
}

const OPERATORS: Readonly<Record<string, (operand: unknown, value: unknown) => boolean>> = {
  prefix: (operand, value) => text(value, operand, (whole, part) => whole.startsWith(part)),
  suffix: (operand, value) => text(value, operand, (whole, part) => whole.endsWith(part)),
  'equals-ignore-case': (operand, value) =>
    text(value, operand, (a, b) => a.toLowerCase() === b.toLowerCase()),
  wildcard: (operand, value) => text(value, operand, (whole, pattern) => wildcard(pattern).test(whole)),
  numeric: (operand, value) => typeof value === 'number' && Array.isArray(operand) && numeric(operand, value),
  'anything-but': anythingBut,
};

function meets(condition: unknown, value: unknown): boolean {
  if (!isRecord(condition)) {
    return Array.isArray(value) ? value.some((element) => element === condition) : value === condition;
  }
  const [operator = '', operand] = Object.entries(condition)[0] ?? [];
  // A leaf is there when it has a value; an object is no leaf.
  if (operator === 'exists') return (value !== undefined && !isRecord(value)) === operand;
  const test = OPERATORS[operator];
  if (test === undefined || value === undefined) return false;
  return Array.isArray(value) ? value.some((element) => test(operand, element)) : test(operand, value);
}

function anythingBut(operand: unknown, value: unknown): boolean {
  if (value === undefined || isRecord(value)) return false;
  if (isRecord(operand)) {
    const [operator = '', inner] = Object.entries(operand)[0] ?? [];
    const test = OPERATORS[operator];
    const choices = Array.isArray(inner) && operator !== 'numeric' ? inner : [inner];
    return test !== undefined && !choices.some((choice) => test(choice, value));
  }
  return !(Array.isArray(operand) ? operand : [operand]).includes(value);
}

/** `[">", 0, "<=", 5]`: every pair must hold. */
function numeric(pairs: readonly unknown[], value: number): boolean {
  for (let position = 0; position < pairs.length; position += 2) {
    const limit = Number(pairs[position + 1]);
    const holds = {
      '<': value < limit,
      '<=': value <= limit,
      '=': value === limit,
      '>=': value >= limit,
      '>': value > limit,
    };
    if (!holds[pairs[position] as keyof typeof holds]) return false;
  }
  return true;
}

function text(value: unknown, operand: unknown, test: (value: string, operand: string) => boolean): boolean {
  return typeof value === 'string' && typeof operand === 'string' && test(value, operand);
}

const wildcard = (pattern: string) =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*')}$`, 's');

/** AWS refuses a pattern at deployment that it cannot evaluate; so does the local run at its start. */
function checkPattern(pattern: JsonRecord, where: string): void {
  for (const [field, expected] of Object.entries(pattern)) {
    if (Array.isArray(expected)) {
      for (const condition of expected) {
        if (field === '$or') {
          if (isRecord(condition)) checkPattern(condition, where);
        } else if (isRecord(condition)) {
          const operator = Object.keys(condition)[0] ?? '';
          if (operator !== 'exists' && OPERATORS[operator] === undefined) {
            throw new LocalError(
              `The template's ${where} uses the operator "${operator}", which the local run does not know.`,
            );
          }
        }
      }
    } else if (isRecord(expected)) {
      checkPattern(expected, where);
    } else {
      throw new LocalError(
        `The template's ${where} has a value for "${field}" that is neither a list nor an object.`,
      );
    }
  }
}
