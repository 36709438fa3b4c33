import { ScimError } from '../errors';
import { isJsonObject, type JsonValue } from '../json';
import { kindOf, memberOf, operationsOf, readMessage } from '../messages/message-body';
import type { ResourceTypeDefinition } from '../schema/definition';
import { refuseLooseOperation } from './strict';

/** Schema URN of the PATCH request (RFC 7644 section 3.5.2). */
export const PATCH_OP_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/**
 * Most operations one PATCH may carry. authentik sends one operation per member, in chunks; the IPSIE profile asks
 * for at least 50.
 */
const MAX_PATCH_OPERATIONS = 1000;

/** One operation of a PATCH request, its shape checked; `path` and `value` are still the client's. */
export interface PatchOperation {
  /** Position in the request's `Operations`, for error details. */
  readonly index: number;
  readonly op: 'add' | 'replace' | 'remove';
  /** Undefined when the operation is on the resource as a whole. */
  readonly path: string | undefined;
  /** Undefined when absent. A `remove` with null counts as absent, as serializers write absent members so. */
  readonly value: JsonValue | undefined;
}

/**
 * Reads the body of a PATCH request (RFC 7644 section 3.5.2). Lenient where clients are known to be sloppy: names in
 * any case (`operations`, `Op`), `op` in any case (Entra ID: `Add`), `schemas` absent, a path that is null or empty,
 * and no operations at all (Microsoft's validator), which changes nothing.
 *
 * @param resourceType what is patched; one that is strict takes no operation without path, and no name that its
 *   schemas do not define
 * @returns the operations in order
 * @throws ScimError `invalidSyntax` for a malformed request, `payloadTooLarge` for more than 1,000 operations,
 *   `noTarget` for a `remove` without path, `invalidValue` for an `add` or `replace` without value; each detail names
 *   the operation, such as "Operations[2]"
 * @example readPatchRequest({ Operations: [{ op: 'Replace', path: 'active', value: 'False' }] })
 */
export function readPatchRequest(body: JsonValue, resourceType?: ResourceTypeDefinition): PatchOperation[] {
  const operations = operationsOf(readMessage(body, 'PATCH', PATCH_OP_SCHEMA));
  if (operations.length > MAX_PATCH_OPERATIONS) {
    throw new ScimError(
      'payloadTooLarge',
      `"Operations" holds ${operations.length} operations; at most ${MAX_PATCH_OPERATIONS} are accepted in one PATCH.`,
    );
  }
  const strictType = resourceType?.isStrict === true ? resourceType : undefined;
  return operations.map((operation, index) => readOperation(operation, index, strictType));
}

function readOperation(
  operation: JsonValue,
  index: number,
  strictType: ResourceTypeDefinition | undefined,
): PatchOperation {
  if (!isJsonObject(operation)) {
    throw new ScimError('invalidSyntax', `${whereIs(index)} must be an object, not ${kindOf(operation)}.`);
  }
  const op = readOp(memberOf(operation, 'op'), index);
  const path = readPath(memberOf(operation, 'path'), index);
  const given = memberOf(operation, 'value');
  const value = op === 'remove' && given === null ? undefined : given;
  if (strictType !== undefined) {
    at(index, () => refuseLooseOperation(strictType, { path, value }));
  }
  if (op === 'remove' && path === undefined) {
    throw new ScimError(
      'noTarget',
      `${whereIs(index)} is a "remove" without "path"; name the attribute to remove.`,
    );
  }
  // Bitwarden handles an add of `members[value eq "id"]` without value, so some client sends it: the filter says it
  // all.
  const filterSaysAll = op === 'add' && path?.includes('[') === true;
  if (op !== 'remove' && value === undefined && !filterSaysAll) {
    throw new ScimError(
      'invalidValue',
      `${whereIs(index)} is "${op}" without "value"; give the value, or null to clear.`,
    );
  }
  return { index, op, path, value };
}

/** Made for errors only: writing it for every operation costs as much as reading one. */
const whereIs = (index: number): string => `Operations[${index}]`;

/** Has an error begin with the operation's position. */
export function at(index: number, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    throw new ScimError(error.errorName, `${whereIs(index)}: ${error.detail}`);
  }
}

function readOp(op: JsonValue | undefined, index: number): PatchOperation['op'] {
  if (op === 'add' || op === 'replace' || op === 'remove') return op;
  const folded = typeof op === 'string' ? op.toLowerCase() : undefined;
  if (folded === 'add' || folded === 'replace' || folded === 'remove') return folded;
  throw new ScimError('invalidSyntax', `${whereIs(index)}.op must be "add", "replace" or "remove".`);
}

function readPath(path: JsonValue | undefined, index: number): string | undefined {
  if (path === undefined || path === null) return undefined;
  if (typeof path !== 'string') {
    throw new ScimError('invalidPath', `${whereIs(index)}.path must be a string, not ${kindOf(path)}.`);
  }
  const trimmed = path.trim();
  return trimmed === '' ? undefined : trimmed;
}
