import { cleanUp, finishChange, LATE_WRITES_MS } from './cleanup';
import type { Directory } from './directory';
import { type ItemKey, resourceKey, tombstoneKey } from './keys';
import { findPendingWork } from './pending-work';
import type { Table } from './table';

/** Younger changes are left to their request, which may be carrying them out, and to the stream. */
const CHANGE_GRACE_MS = 30_000;

export interface CleanupSweep {
  /** Deletions cleaned up after. */
  readonly cleanups: number;
  /** Membership changes carried out to the end. */
  readonly changes: number;
  /** Pieces of work left for the next run because the time was up. */
  readonly left: number;
}

/**
 * Does the work that requests left behind and the stream's consumer did not finish: the second cleanup after each deletion (see `cleanUp`), and large membership changes.
 * The oldest first.
 *
 * @param deadline milliseconds since 1970 after which nothing further is begun
 * @param onFailure told of work that failed; the rest goes on
 */
export async function sweepCleanups(
  table: Table,
  {
    deadline,
    now = Date.now,
    onFailure,
  }: { deadline: number; now?: () => number; onFailure?: (item: ItemKey, error: unknown) => void },
): Promise<CleanupSweep> {
  const startedAt = now();
  const due = (await findPendingWork(table))
    .map((work) => ({ ...work, since: work.cleanupPending ?? work.changePending ?? Number.NaN }))
    .filter(({ cleanupPending, since }) => {
      const graceMs = cleanupPending === undefined ? CHANGE_GRACE_MS : LATE_WRITES_MS;
      return startedAt - since >= graceMs;
    })
    .sort((a, b) => a.since - b.since);
  const done = { cleanups: 0, changes: 0 };
  let begun = 0;
  for (const { tenant, kind, id, cleanupPending } of due) {
    if (now() >= deadline) break;
    begun++;
    const directory: Directory = { table, tenant, now: () => new Date(now()) };
    try {
      if (cleanupPending !== undefined) {
        await cleanUp(directory, kind, id);
        done.cleanups++;
      } else {
        await finishChange(directory, id);
        done.changes++;
      }
    } catch (error) {
      const keyOf = cleanupPending === undefined ? resourceKey : tombstoneKey;
      onFailure?.(keyOf(tenant, kind, id), error);
    }
  }
  return { ...done, left: due.length - begun };
}
