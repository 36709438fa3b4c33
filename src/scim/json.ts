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
  if (typeof value !== 'string' || !/^\s*\{/.test(value)) return value;
  try {
    const inner: unknown = JSON.parse(value);
    return isJsonObject(inner) ? inner : value;
  } catch {
    return value;
  }
}

/** A lone half of a surrogate pair: valid in JSON text, but neither UTF-8 nor the database can hold it. */
export const LONE_SURROGATE = /\p{Surrogate}/u;
