import {
  Conflict,
  DirectoryError,
  InvalidValue,
  ItemTooLarge,
  NotFound,
  NotRestorable,
  PreconditionFailed,
  ProtectedUser,
  Throttled,
  TooMany,
  type TooManyOf,
  Unavailable,
  UniquenessConflict,
} from '../../directory/errors';
import { ScimError } from '../../scim/errors';

/** What a SCIM client can do when its request asks for too much. No SCIM request maps roles. */
const ADVICE: Readonly<Record<Exclude<TooManyOf, 'role mappings'>, string>> = {
  'resources looked at':
    "Filter by id, userName, externalId, e-mail address, a group's displayName or members, or page through all resources with a cursor.",
  'resources sorted':
    'Narrow the filter, or leave "sortBy" out: without it lists of any size are paged, in an order that never changes.',
  'resources held': 'Ask for fewer of them with a smaller count, or narrow the filter.',
  'members answered':
    'Ask for it with excludedAttributes=members, and page through its members with GET /Users?filter=groups.value eq "<group id>".',
  'members read':
    'Compare members.value by eq with the id of a member, or add a condition on displayName or externalId.',
  'members sought':
    'Create users and groups before they become members, and send "members" in several requests.',
  'levels of groups': 'Take the deepest ones apart, or name a group further down in the filter.',
  groups:
    'Leave them out with excludedAttributes=groups, ask for fewer users with a smaller count, or name one group in the filter: groups.value eq "<group id>".',
  'time for groups':
    'Leave them out with excludedAttributes=groups, or ask for fewer users with a smaller count.',
};

/**
 * What an error is to a SCIM client: what the directory throws becomes the SCIM error that means it, and a ScimError
 * is what it is. Undefined for any other error, which is a fault of the service.
 */
export function scimErrorOf(error: unknown): ScimError | undefined {
  if (error instanceof ScimError) return error;
  return error instanceof DirectoryError ? translate(error) : undefined;
}

function translate(error: DirectoryError): ScimError | undefined {
  const { message } = error;
  if (error instanceof Throttled) return new ScimError('tooManyRequests', message, error.retryAfterSeconds);
  if (error instanceof Unavailable) return new ScimError('unavailable', message, error.retryAfterSeconds);
  if (error instanceof ItemTooLarge) return new ScimError('payloadTooLarge', message);
  if (error instanceof InvalidValue) return new ScimError('invalidValue', message);
  if (error instanceof ProtectedUser) return new ScimError('forbidden', message);
  if (error instanceof NotFound) return new ScimError('notFound', message);
  if (error instanceof Conflict || error instanceof NotRestorable) return new ScimError('conflict', message);
  if (error instanceof TooMany && error.of !== 'role mappings')
    return new ScimError('tooMany', `${message} ${ADVICE[error.of]}`);
  if (error instanceof UniquenessConflict) {
    const { attribute, value } = error;
    const advice = `Find it with filter=${attribute} eq ${JSON.stringify(value)}.`;
    return new ScimError('uniqueness', `${message} ${advice}`);
  }
  if (error instanceof PreconditionFailed) {
    // RFC 7644 section 3.14
    return new ScimError(
      'preconditionFailed',
      `The resource is at version W/"${error.version}", which the request's If-Match or If-None-Match does not allow. Read it again and repeat the request with its present version.`,
    );
  }
  return undefined;
}
