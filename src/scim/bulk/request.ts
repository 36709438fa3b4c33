import { ScimError } from '../errors';
import { isJsonObject, type JsonValue } from '../json';
import { kindOf, memberOf, operationsOf, readMessage } from '../messages/message-body';
import { type BulkTarget, readBulkPath } from './path';

/** Schema URN of the Bulk request (RFC 7644 section 3.7). */
export const BULK_REQUEST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

/**
 * Deepest nesting of a Bulk request. Real ones have about 8 levels; the bound keeps what walks the body off the end
 * of the stack.
 */
const MAX_NESTING = 64;

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type BulkMethod = (typeof METHODS)[number];

/** What an operation's answer repeats of it. */
interface Position {
  /** Place in the request's `Operations`, which is also its place in the answer. */
  readonly index: number;
  readonly bulkId?: string;
}

/** One operation of a Bulk request, its shape checked; `data` is still the client's. */
export interface BulkOperation extends Position {
  readonly method: BulkMethod;
  readonly target: BulkTarget;
  /** The version that the client has seen: the same as `If-Match`. */
  readonly version?: string;
  readonly data?: JsonValue;
}

/** An operation that cannot be tried, and why. The others go on. */
export interface UnreadableOperation extends Position {
  readonly method?: string;
  readonly fault: ScimError;
}

/** A Bulk request. */
export interface BulkRequest {
  /** Errors after which nothing more is tried; undefined for no limit. */
  readonly failOnErrors: number | undefined;
  readonly operations: readonly (BulkOperation | UnreadableOperation)[];
}

export const isReadable = (operation: BulkOperation | UnreadableOperation): operation is BulkOperation =>
  !('fault' in operation);

/**
 * Reads the body of a Bulk request (RFC 7644 section 3.7). What is wrong with one operation is that operation's
 * error; only what concerns the request as a whole is thrown. Lenient as PATCH requests are: names and methods in any
 * case, `schemas` absent, no operations at all. A POST may lack a `bulkId`, since answers come in the order of the
 * request. `failOnErrors` 0 is "no limit": it is what serializers write for a number that was never set.
 *
 * @param baseUrl a path may also be the resource's URL, as an answer's `location` gives it
 * @throws ScimError `invalidSyntax` for a malformed request, `payloadTooLarge` for too many operations
 */
export function readBulkRequest(
  body: JsonValue,
  { maxOperations, baseUrl }: { maxOperations: number; baseUrl: string },
): BulkRequest {
  const message = readMessage(body, 'Bulk request', BULK_REQUEST_SCHEMA);
  checkNesting(message);
  const operations = operationsOf(message);
  if (operations.length > maxOperations) {
    throw new ScimError(
      'payloadTooLarge',
      `"Operations" holds ${operations.length} operations; maxOperations is ${maxOperations}. Send the rest in further requests.`,
    );
  }
  const failOnErrors = readFailOnErrors(memberOf(message, 'failOnErrors'));
  const taken = new Set<string>();
  return {
    failOnErrors,
    operations: operations.map((operation, index) => readOperation(operation, index, baseUrl, taken)),
  };
}

/** Iterative, since JSON of a million open brackets is parsed without complaint. */
function checkNesting(body: JsonValue): void {
  let level: JsonValue[] = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_NESTING) {
      throw new ScimError('invalidSyntax', `The body is nested deeper than ${MAX_NESTING} levels.`);
    }
    const next: JsonValue[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      for (const part of Object.values(value)) if (part !== undefined) next.push(part);
    }
    level = next;
  }
}

function readFailOnErrors(given: JsonValue | undefined): number | undefined {
  if (given === undefined || given === null) return undefined;
  const count = typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : given;
  if (typeof count === 'number' && Number.isInteger(count) && count >= 0)
    return count === 0 ? undefined : count;
  throw new ScimError('invalidSyntax', `"failOnErrors" must be a whole number from 0, not ${kindOf(given)}.`);
}

function readOperation(
  operation: JsonValue,
  index: number,
  baseUrl: string,
  taken: Set<string>,
): BulkOperation | UnreadableOperation {
  const where = `Operations[${index}]`;
  if (!isJsonObject(operation)) {
    const fault = new ScimError('invalidSyntax', `${where} must be an object, not ${kindOf(operation)}.`);
    return { index, fault };
  }
  const bulkId = readBulkId(memberOf(operation, 'bulkId'));
  const method = readMethod(memberOf(operation, 'method'));
  try {
    if (method === undefined) {
      throw new ScimError('invalidSyntax', `${where}.method must be one of ${METHODS.join(', ')}.`);
    }
    const target = readBulkPath(memberOf(operation, 'path'), where, baseUrl);
    if (method === 'POST' && bulkId !== undefined) {
      if (taken.has(bulkId)) {
        throw new ScimError(
          'invalidValue',
          `${where}.bulkId ${JSON.stringify(bulkId.slice(0, 100))} is the bulkId of an earlier operation; each must be unique in the request.`,
        );
      }
      taken.add(bulkId);
    }
    const version = readVersion(memberOf(operation, 'version'), where);
    const data = memberOf(operation, 'data');
    if (method !== 'DELETE' && (data === undefined || data === null)) {
      throw new ScimError('invalidSyntax', `${where} is a ${method} without "data".`);
    }
    return { index, method, bulkId, target, version, data: method === 'DELETE' ? undefined : data };
  } catch (error) {
    if (error instanceof ScimError) return { index, method, bulkId, fault: error };
    throw error;
  }
}

function readMethod(given: JsonValue | undefined): BulkMethod | undefined {
  if (typeof given !== 'string') return undefined;
  const method = given.toUpperCase();
  return METHODS.find((known) => known === method);
}

function readBulkId(given: JsonValue | undefined): string | undefined {
  if (typeof given === 'number') return String(given);
  return typeof given === 'string' && given !== '' ? given : undefined;
}

function readVersion(given: JsonValue | undefined, where: string): string | undefined {
  if (given === undefined || given === null || given === '') return undefined;
  if (typeof given === 'string') return given;
  throw new ScimError(
    'invalidValue',
    `${where}.version must be a string such as W/"1", not ${kindOf(given)}.`,
  );
}
