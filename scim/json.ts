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
