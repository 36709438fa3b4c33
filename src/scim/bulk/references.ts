import { isJsonObject, type JsonValue } from '../json';

const PREFIX = 'bulkid:';
/**
 * A quoted reference in the filter of a PATCH path, `members[value eq "bulkId:x"]`; the quotes' content may hold
 * escapes.
 */
const IN_FILTER = /"(bulkId:(?:[^"\\]|\\.)*)"/gi;

/**
 * Puts ids in the place of references to resources that the same request creates (RFC 7644 section 3.7.2). A
 * reference is a whole string `bulkId:x` anywhere in the data, the last segment of a `$ref`, or a quoted value in the
 * filter of a PATCH operation's `path`.
 *
 * @param idOf the id of the resource that is created under a bulkId
 * @returns a copy; the data must not be nested deeper than a request may be
 * @example resolveReferences({ members: [{ value: 'bulkId:a' }] }, () => '2819c223') // { members: [{ value: '2819c223'
 *   }] }
 */
export function resolveReferences(data: JsonValue, idOf: (bulkId: string) => string): JsonValue {
  return resolveUnder('', data, idOf);
}

/** The bulkIds that data refers to. */
export function referencesIn(data: JsonValue): ReadonlySet<string> {
  const found = new Set<string>();
  resolveReferences(data, (bulkId) => {
    found.add(bulkId);
    return '';
  });
  return found;
}

/** The bulkId of `bulkId:x`; undefined for any other text. */
export function bulkIdIn(text: string): string | undefined {
  const isReference = text.length > PREFIX.length && text.slice(0, PREFIX.length).toLowerCase() === PREFIX;
  return isReference ? text.slice(PREFIX.length) : undefined;
}

function resolveUnder(name: string, value: JsonValue, idOf: (bulkId: string) => string): JsonValue {
  if (typeof value === 'string') return resolveText(name, value, idOf);
  if (Array.isArray(value)) return value.map((element) => resolveUnder(name, element, idOf));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, part]) => [
    key,
    part === undefined ? undefined : resolveUnder(key.toLowerCase(), part, idOf),
  ]);
  return Object.fromEntries(entries);
}

function resolveText(name: string, text: string, idOf: (bulkId: string) => string): string {
  const whole = bulkIdIn(text);
  if (whole !== undefined) return idOf(whole);
  if (name === '$ref') {
    const start = text.lastIndexOf('/') + 1;
    const last = bulkIdIn(text.slice(start));
    return last === undefined ? text : text.slice(0, start) + idOf(last);
  }
  if (name !== 'path') return text;
  return text.replace(IN_FILTER, (quoted, escaped: string) => {
    const bulkId = bulkIdIn(unescaped(escaped));
    return bulkId === undefined ? quoted : JSON.stringify(idOf(bulkId));
  });
}

/** The content of a JSON string; text that is none is taken as it is. */
function unescaped(escaped: string): string {
  try {
    return String(JSON.parse(`"${escaped}"`));
  } catch {
    return escaped;
  }
}
