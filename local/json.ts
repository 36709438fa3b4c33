/**
 * A JSON object of unknown shape: a template, an event, an answer of a function. Each property is checked where it is
 * read.
 */
export type JsonRecord = Record<string, unknown>;

/** Tells an object from an array, null and the scalars. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one when it is something else. For optional parts of a template. */
export const recordOf = (value: unknown): JsonRecord => (isRecord(value) ? value : {});

/** The value as a list; an empty one when it is something else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * The value as a string, or undefined. CloudFormation writes numbers and booleans as strings at will, so both are
 * accepted.
 */
export function stringOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The value as a finite number, or undefined. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value === '')) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** The value as a boolean, or undefined. */
export function booleanOf(value: unknown): boolean | undefined {
  if (value === true || value === 'true') return true;
  return value === false || value === 'false' ? false : undefined;
}

/** Parses JSON; undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
