import { ScimError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../json';

/**
 * Reads the body of a request that is a SCIM message (RFC 7644 section 8.2), as far as all messages are alike.
 * `schemas` may be absent or null, one text in place of an array, in any case, and beside other URNs.
 *
 * @param what names the message in an error's detail: "PATCH"
 * @throws ScimError `invalidSyntax` for a body that is no object and for the schema of another message
 */
export function readMessage(body: JsonValue, what: string, schema: string): JsonObject {
  if (!isJsonObject(body)) {
    throw new ScimError('invalidSyntax', `The body of a ${what} must be a JSON object, not ${kindOf(body)}.`);
  }
  const schemas = memberOf(body, 'schemas') ?? [];
  const urns = Array.isArray(schemas) ? schemas : [schemas];
  if (urns.length === 0 || urns.includes(schema) || includesFolded(urns, schema)) return body;
  throw new ScimError('invalidSyntax', `"schemas" of a ${what} must hold "${schema}".`);
}

function includesFolded(urns: readonly JsonValue[], schema: string): boolean {
  const wanted = schema.toLowerCase();
  return urns.some((urn) => typeof urn === 'string' && urn.toLowerCase() === wanted);
}

/**
 * The `Operations` of a PATCH or Bulk request.
 *
 * @throws ScimError `invalidSyntax` when they are no array
 */
export function operationsOf(message: JsonObject): JsonValue[] {
  const operations = memberOf(message, 'Operations');
  if (Array.isArray(operations)) return operations;
  throw new ScimError('invalidSyntax', `"Operations" must be an array, not ${kindOf(operations)}.`);
}

/**
 * Reads a member whatever its case (RFC 7643 section 2.1 makes attribute names case-insensitive); the exact name wins.
 *
 * @param name in ASCII, so that a name of another length is another one; none that `Object.prototype` has
 */
export function memberOf(object: JsonObject, name: string): JsonValue | undefined {
  const exact = object[name];
  if (exact !== undefined) return exact;
  for (const candidate in object) {
    if (candidate.length === name.length && candidate.toLowerCase() === name.toLowerCase())
      return object[candidate];
  }
  return undefined;
}

/** What a value is, for the detail of an error: `an array`, `the number -1`, `the string "x"`. */
export function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  // In quotes, as all that was sent: what keeps a detail without them finds it by these (detail-without-values.ts).
  return `the ${typeof value} ${typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : value}`;
}
