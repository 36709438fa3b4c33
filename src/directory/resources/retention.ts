/** How long a tombstone stays; its expiry is the signal that the vendor's own data of the user is due for deletion. */
const DEFAULT_RETENTION_DAYS = 30;

/** The days for which what is left of a deleted user or group is kept: TOMBSTONE_RETENTION_DAYS, or 30. */
export function retentionDaysOf({ TOMBSTONE_RETENTION_DAYS: given }: NodeJS.ProcessEnv): number {
  const days = Number(given);
  return Number.isFinite(days) && days > 0 ? days : DEFAULT_RETENTION_DAYS;
}
