import { cleanUp, finishChange, LATE_WRITES_MS } from './cleanup';
import { findPendingWork, type PendingWork } from './pending-work';
import type { Table } from './table';

export interface CleanupSweepResult {
  /** Deletions whose cleanup was gone through once more. */
  readonly cleanups: number;
  /** Large membership changes that were carried out. */
  readonly changes: number;
  /** Age in ms of the oldest work that was due, 0 when there was none. */
  readonly oldestMs: number;
  /** Work left for the next run because the time was up. */
  readonly left: number;
}

/**
 * Works off what the cleaner has left or missed, the oldest first: the second cleanup after each deletion, once
 * nothing that was under way at the deletion can still be written, and large membership changes whose request and
 * stream record both came to nothing.
 *
 * @param deadline milliseconds since 1970 after which no further work is begun
 * @param onFailure told of work that could not be done; the rest goes on
 */
export async function sweepCleanups(
  table: Table,
  {
    deadline,
    now = Date.now,
    onFailure,
  }: { deadline: number; now?: () => number; onFailure?: (id: string, error: unknown) => void },
): Promise<CleanupSweepResult> {
  const startedAt = now();
  const due = (await findPendingWork(table))
    .filter((work) => startedAt - since(work) >= LATE_WRITES_MS)
    .sort((a, b) => since(a) - since(b));
  let cleanups = 0;
  let changes = 0;
  let begun = 0;
  for (const { tenant, kind, id, cleanupPending } of due) {
    if (now() >= deadline) break;
    begun++;
    const directory = { table, tenant, now: () => new Date(now()) };
    try {
      if (cleanupPending !== undefined) {
        await cleanUp(directory, kind, id);
        cleanups++;
      } else {
        await finishChange(directory, id);
        changes++;
      }
    } catch (error) {
      onFailure?.(id, error);
    }
  }
  const oldestMs = due[0] === undefined ? 0 : startedAt - since(due[0]);
  return { cleanups, changes, oldestMs, left: due.length - begun };
}

/** Since when there is something to clean up or to carry out; later than any moment when there is not. */
const since = ({ cleanupPending, changePending }: PendingWork): number =>
  cleanupPending ?? changePending ?? Number.POSITIVE_INFINITY;
