import { LATE_WRITES_MS } from '../resources/late-writes';
import { type Origin, serviceOrigin } from '../resources/origin';
import type { Table } from '../table/table';
import { cleanUp, finishChange } from './cleanup';
import { PendingRotation, type SweepProgress } from './pending-sweep';
import type { PendingWork } from './pending-work';

export interface CleanupSweepResult extends SweepProgress {
  /** Deletions whose cleanup was gone through once more. */
  readonly cleanups: number;
  /** Large membership changes that were carried out. */
  readonly changes: number;
}

/**
 * Works off what the cleaner has left or missed: the second cleanup after each deletion, once nothing that was under
 * way at the deletion can still be written, and large membership changes whose request and stream record both came to
 * nothing.
 *
 * @param deadline milliseconds since 1970 after which no further work is begun
 * @param onFailure told of work that could not be done; the rest goes on
 * @param origin of this run
 * @param rotation keeps where one run stopped for the next
 */
export async function sweepCleanups(
  table: Table,
  {
    deadline,
    now = Date.now,
    onFailure,
    rotation = new PendingRotation(),
    origin = serviceOrigin(),
  }: {
    deadline: number;
    now?: () => number;
    onFailure?: (id: string, error: unknown) => void;
    rotation?: PendingRotation;
    origin?: Origin;
  },
): Promise<CleanupSweepResult> {
  let cleanups = 0;
  let changes = 0;
  const carryOut = async ({ tenant, kind, id, cleanupPending }: PendingWork): Promise<void> => {
    const directory = { table, tenant, origin, now: () => new Date(now()) };
    if (cleanupPending !== undefined) {
      await cleanUp(directory, kind, id);
      cleanups++;
    } else {
      await finishChange(directory, id);
      changes++;
    }
  };
  const since = ({ cleanupPending, changePending }: PendingWork) => cleanupPending ?? changePending;
  const task = { since, carryOut, onFailure, graceMs: LATE_WRITES_MS, deadline, now };
  const progress = await rotation.run(table, task);
  return { cleanups, changes, ...progress };
}
