/**
 * How long after a write was begun its consequences may still come into sight: a request lives 30 s at the most, and
 * the index may lag behind the table. Deletions are cleaned up a second time when this time is over, and memberships
 * are taken from the index alone when their group has not changed for as long.
 */
export const LATE_WRITES_MS = 60_000;
