import type { ResourceKind } from './table/keys';

/** What happened, in a word that never changes. */
export type DirectoryErrorCode =
  | 'throttled'
  | 'unavailable'
  | 'item-too-large'
  | 'invalid-value'
  | 'not-found'
  | 'conflict'
  | 'uniqueness'
  | 'precondition-failed'
  | 'too-many';

/**
 * Whatever the directory refuses or cannot do: a `code` to tell them by, and a message for the person who reads it.
 * What such an error means in a protocol, as an HTTP status does, is up to whoever speaks the protocol.
 */
export abstract class DirectoryError extends Error {
  abstract readonly code: DirectoryErrorCode;
}

/** DynamoDB took no more requests until the time was used up, or earlier work has to be finished first. */
export class Throttled extends DirectoryError {
  override readonly name = 'Throttled';
  readonly code = 'throttled';

  /** @param retryAfterSeconds when it is worth trying again */
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}

/** DynamoDB did not answer until the time was used up. Whether a write has happened is not known. */
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

/** A resource is larger than an item of DynamoDB may be. */
export class ItemTooLarge extends DirectoryError {
  override readonly name = 'ItemTooLarge';
  readonly code = 'item-too-large';

  constructor() {
    super(
      'The resource is larger than the 400 kB that one resource may take; send fewer or shorter attribute values.',
    );
  }
}

/** A value that is not accepted: a tenant id, a label, a role, a user's attributes. */
export class InvalidValue extends DirectoryError {
  override readonly name = 'InvalidValue';
  readonly code = 'invalid-value';
}

/** There is no such tenant, token, user or group. */
export class NotFound extends DirectoryError {
  override readonly name = 'NotFound';
  readonly code = 'not-found';
}

/** The state of what is there does not allow it. */
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
  readonly code = 'conflict';

  constructor(
    readonly reason: NotRestorableReason,
    message: string,
  ) {
    super(message);
  }
}

/** Another user has the userName, or another group the displayName. */
export class UniquenessConflict extends DirectoryError {
  override readonly name = 'UniquenessConflict';
  readonly code = 'uniqueness';
  readonly attribute: 'userName' | 'displayName';

  constructor(
    kind: ResourceKind,
    readonly value: unknown,
  ) {
    const attribute = kind === 'User' ? 'userName' : 'displayName';
    super(
      `Another ${kind === 'User' ? 'user' : 'group'} has the ${attribute} ${JSON.stringify(value)} (upper and lower case are not told apart).`,
    );
    this.attribute = attribute;
  }
}

/** The resource has another version than the one that the change was meant for. */
export class PreconditionFailed extends DirectoryError {
  override readonly name = 'PreconditionFailed';
  readonly code = 'precondition-failed';

  /** @param version the one that the resource has */
  constructor(readonly version: number) {
    super(`The resource is at version ${version}, which the precondition does not allow.`);
  }
}

/**
 * Of what there may be too much: resources to look at, to sort, to hold; members to answer, to read, to seek; levels
 * of groups in groups, groups in all, or the time for them.
 */
export type TooManyOf =
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
 * The answer needs more than one request may cause. It is not cut short, since a part of it would look like all; only
 * the groups that an answer shows with a user are (`groupsShown` in groups/group-membership.ts).
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
