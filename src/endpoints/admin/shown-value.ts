/** Characters of a value that a sentence shows. */
const MAX_SHOWN = 100;

/** A value of the request as a sentence of an answer shows it: JSON, cut. */
export function shownValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return JSON.stringify(typeof value === 'string' ? value.slice(0, MAX_SHOWN) : value);
}
