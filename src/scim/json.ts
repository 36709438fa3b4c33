/** A value that JSON (RFC 8259) can express. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object. Keys read from a request are untrusted: read them with `Object.hasOwn` or iterate entries. */
export interface JsonObject {
  [name: string]: JsonValue | undefined;
}

/** Tells a JSON object from an array, null and the scalars. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The object that a client serialized twice, so that it arrives as JSON text in a string: `"{\"type\": …}"`, as Java
 * clients are known to send. Any other value is given back as it is.
 */
export function objectInText(value: JsonValue): JsonValue {
  return typeof value === 'string' && /^\s*\{/.test(value) ? (parsed(value) ?? value) : value;
}

/** The same for a list of objects: `"[{\"type\": …}]"`. A list of anything else in a string stays text. */
export function listInText(value: JsonValue): JsonValue {
  if (typeof value !== 'string' || !/^\s*\[\s*\{/.test(value)) return value;
  const inner = parsed(value);
  return Array.isArray(inner) && inner.every(isJsonObject) ? inner : value;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** A lone half of a surrogate pair: valid in JSON text, but neither UTF-8 nor the database can hold it. */
export const LONE_SURROGATE = /\p{Surrogate}/u;
