import { isJsonObject, type JsonValue } from '../json';

/**
 * Deep equality of canonical values; the order of an object's members does not matter, that of an array's elements
 * does. Parts that are the same reference are not walked, so comparing a resource with its patched copy costs what
 * the PATCH touched.
 */
export function isSameValue(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    return a.every((element, index) => isSameValue(element, b[index]));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && isSameValue(a[name], b[name]));
}
