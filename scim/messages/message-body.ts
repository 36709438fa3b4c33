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
  const wanted = schema.toLowerCase();
  const isNamed = urns.some(
    (urn) => urn === schema || (typeof urn === 'string' && urn.toLowerCase() === wanted),
  );
  if (urns.length === 0 || isNamed) return body;
  throw new ScimError('invalidSyntax', `"schemas" of a ${what} must hold "${schema}".`);
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
 */
export function memberOf(object: JsonObject, name: string): JsonValue | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  const folded = name.toLowerCase();
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === folded);
  return key === undefined ? undefined : object[key];
}

/** What a value is, for the detail of an error: "an array", "the number -1". */
export function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${String(value).slice(0, 40)}`;
}
