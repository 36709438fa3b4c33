/** What happened, in a word that never changes. */
export type DirectoryErrorCode =
  | 'throttled'
  | 'unavailable'
  | 'item-too-large'
  | 'invalid-value'
  | 'not-found'
  | 'conflict'
  | 'not-restorable'
  | 'protected'
  | 'uniqueness'
  | 'precondition-failed'
  | 'too-many';

/**
 * Whatever the directory refuses or cannot do: a `code` to tell them by, and a message for the person who reads it.
 * What such an error means in a protocol, as an HTTP status does, is up to whoever speaks the protocol.
 *
 * @example
 * try {
 *   await scim.sessions.revokeAll('acme', userId);
 * } catch (error) {
 *   if (error instanceof DirectoryError && error.code === 'throttled') return later();
 *   throw error;
 * }
 */
export abstract class DirectoryError extends Error {
  abstract readonly code: DirectoryErrorCode;
}

/**
 * DynamoDB took no more requests until the time was used up, or earlier work has to be finished first.
 *
 * @example
 * if (error instanceof Throttled) response.set('retry-after', String(error.retryAfterSeconds)).sendStatus(429);
 */
export class Throttled extends DirectoryError {
  override readonly name: string = 'Throttled';
  readonly code = 'throttled';

  /** @param retryAfterSeconds when it is worth trying again */
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}

/** A request has to look through the tenant, and as many of its requests as may do so at once are doing it. */
export class TooManyScans extends Throttled {
  override readonly name = 'TooManyScans';

  /** @param scans how many there may be at once */
  constructor(
    readonly tenantId: string,
    readonly scans: number,
    retryAfterSeconds: number,
  ) {
    super(
      `No index answers this request, so that it has to look through what the tenant has, and ${scans} such requests of the tenant are under way: as many as there may be at once. Repeat it later and send such requests one after the other, or filter by what an index answers: id, userName, externalId, e-mail address, a group's displayName or members.`,
      retryAfterSeconds,
    );
  }
}

/**
 * DynamoDB did not answer until the time was used up. Whether a write has happened is not known.
 *
 * @example
 * if (error instanceof Unavailable) response.set('retry-after', String(error.retryAfterSeconds)).sendStatus(503);
 */
export class Unavailable extends DirectoryError {
  override readonly name = 'Unavailable';
  readonly code = 'unavailable';

  /** @param retryAfterSeconds when it is worth trying again */
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}

/**
 * A resource is larger than an item of DynamoDB may be.
 *
 * @example
 * // A picture in the profile of `logins.findOrCreate`, for instance.
 * if (error instanceof ItemTooLarge) login = await scim.logins.findOrCreate('acme', identity);
 */
export class ItemTooLarge extends DirectoryError {
  override readonly name = 'ItemTooLarge';
  readonly code = 'item-too-large';

  constructor() {
    super(
      'The resource is larger than the 400 kB that one resource may take; send fewer or shorter attribute values.',
    );
  }
}

/**
 * A value that is not accepted: a tenant id, a label, a role, a user's attributes. The message says what is.
 *
 * @example
 * if (error instanceof InvalidValue) response.status(400).json({ message: error.message });
 */
export class InvalidValue extends DirectoryError {
  override readonly name = 'InvalidValue';
  readonly code = 'invalid-value';
}

/**
 * There is no such tenant, token, user or group.
 *
 * @example
 * await scim.createToken('nobody').catch((error) => error instanceof NotFound); // true, of startScim
 */
export class NotFound extends DirectoryError {
  override readonly name = 'NotFound';
  readonly code = 'not-found';
}

/**
 * The state of what is there does not allow it.
 *
 * @example
 * await scim.createTenant('acme'); // of startScim
 * await scim.createTenant('acme').catch((error) => error instanceof Conflict); // true: there is one already
 */
export class Conflict extends DirectoryError {
  override readonly name = 'Conflict';
  readonly code = 'conflict';
}

/**
 * Why something deleted cannot be restored: there was never such a resource, or nothing of it is left; it is there;
 * the time for which it was kept is over; nothing but the fact was kept; another one has its userName or displayName;
 * what the deletion left behind is still being removed.
 */
export type NotRestorableReason =
  | 'never-there'
  | 'there-already'
  | 'retention-over'
  | 'not-kept'
  | 'name-taken'
  | 'cleanup-pending';

/** A deleted user or group that cannot be restored, or not yet. */
export class NotRestorable extends DirectoryError {
  override readonly name = 'NotRestorable';
  readonly code = 'not-restorable';

  constructor(
    readonly reason: NotRestorableReason,
    message: string,
  ) {
    super(message);
  }
}

/** What may not be done to a protected user. */
export type ProtectedFrom = 'deactivation' | 'deletion' | 'rename';

const PROTECTED_FROM: Readonly<Record<ProtectedFrom, string>> = {
  deactivation: 'cannot be deactivated: "active" stays true',
  deletion: 'cannot be deleted',
  rename: 'keeps its "userName" and "externalId", by which its logins are known',
};

/**
 * The user is protected (docs/protected-users.md): nobody may deactivate, delete or rename them until an administrator
 * of the service has lifted that.
 */
export class ProtectedUser extends DirectoryError {
  override readonly name = 'ProtectedUser';
  readonly code = 'protected';

  /** @param from what was refused */
  constructor(
    readonly tenantId: string,
    readonly userId: string,
    readonly from: ProtectedFrom,
  ) {
    super(
      `This user is protected by the provider of this application and ${PROTECTED_FROM[from]}. Nothing was changed. Leave the user out of what is provisioned, or ask the provider of this application to lift the protection.`,
    );
  }
}

/**
 * Another user has the userName or the appId, or another group the displayName.
 *
 * @example
 * if (error instanceof UniquenessConflict) console.error(error.attribute, error.value);
 */
export class UniquenessConflict extends DirectoryError {
  override readonly name = 'UniquenessConflict';
  readonly code = 'uniqueness';

  constructor(
    readonly attribute: 'userName' | 'displayName' | 'appId',
    readonly value: unknown,
  ) {
    const caseRule = attribute === 'appId' ? '' : ' (upper and lower case are not told apart)';
    super(
      `Another ${attribute === 'displayName' ? 'group' : 'user'} has the ${attribute} ${JSON.stringify(value)}${caseRule}.`,
    );
  }
}

/**
 * The resource has another version than the one that the change was meant for.
 *
 * @example
 * if (error instanceof PreconditionFailed) console.error(`It is at version ${error.version} by now.`);
 */
export class PreconditionFailed extends DirectoryError {
  override readonly name = 'PreconditionFailed';
  readonly code = 'precondition-failed';

  /** @param version the one that the resource has */
  constructor(readonly version: number) {
    super(`The resource is at version ${version}, which the precondition does not allow.`);
  }
}

/**
 * Of what there may be too much: mappings of groups to roles in a tenant; and in the work of one request resources to
 * look at, to sort, to hold; members to answer, to read, to seek; levels of groups in groups, groups in all, or the
 * time for them.
 */
export type TooManyOf =
  | 'role mappings'
  | 'resources looked at'
  | 'resources sorted'
  | 'resources held'
  | 'members answered'
  | 'members read'
  | 'members sought'
  | 'levels of groups'
  | 'groups'
  | 'time for groups';

/**
 * There would be more than there may be, or the answer needs more than one request may cause. It is not cut short,
 * since a part of it would look like all.
 *
 * @example
 * // Of `roles.of`: a part of the roles might lack the one that restricts.
 * if (error instanceof TooMany) response.sendStatus(403);
 */
export class TooMany extends DirectoryError {
  override readonly name = 'TooMany';
  readonly code = 'too-many';

  constructor(
    readonly of: TooManyOf,
    message: string,
  ) {
    super(message);
  }
}
