/** How long a tombstone stays; its expiry is the signal that the vendor's own data of the user is due for deletion. */
const DEFAULT_RETENTION_DAYS = 30;

/** A tombstone carries the marks of work that is still to be done, so it outlives that work by far. */
const MIN_TOMBSTONE_DAYS = 1;

/**
 * The days for which a deleted user or group can be restored: TOMBSTONE_RETENTION_DAYS, or 30. With 0 nothing is kept
 * of them.
 */
export function retentionDaysOf({ TOMBSTONE_RETENTION_DAYS: given = '' }: NodeJS.ProcessEnv): number {
  const days = given === '' ? Number.NaN : Number(given);
  return Number.isFinite(days) && days >= 0 ? days : DEFAULT_RETENTION_DAYS;
}

/** The days for which a tombstone stays, also when it keeps nothing of its resource. */
export const tombstoneDaysOf = (environment: NodeJS.ProcessEnv): number =>
  Math.max(MIN_TOMBSTONE_DAYS, retentionDaysOf(environment));
