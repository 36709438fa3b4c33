import { PendingRotation, type SweepProgress } from '../directory/pending/pending-sweep';
import type { PendingWork } from '../directory/pending/pending-work';
import type { Table } from '../directory/table/table';
import { revokePending } from './revoke';
import type { AccessPublisher } from './sinks/access-publisher';

export interface SweepResult extends SweepProgress {
  /** Sessions removed. */
  readonly sessions: number;
  /** Marks worked off. */
  readonly revocations: number;
}

/** Younger marks are left to the stream, which is just about to work them off. */
const GRACE_MS = 30_000;

/**
 * Drives the revocations that the stream missed (a disabled mapping, a lost batch, records older than a day), which it
 * finds by the sparse index.
 *
 * @param deadline milliseconds since 1970 after which no further mark is begun
 * @param graceMs marks younger than this are left to the stream; 30 seconds when absent
 * @param onFailure told of a mark that could not be worked off; the others go on
 * @param publishAccess tells the other stores of sessions, see `revokePending`
 * @param rotation keeps where one run stopped for the next
 */
export async function sweepRevocations(
  table: Table,
  {
    deadline,
    now = Date.now,
    graceMs = GRACE_MS,
    onFailure,
    publishAccess,
    rotation = new PendingRotation(),
  }: {
    deadline: number;
    now?: () => number;
    graceMs?: number;
    onFailure?: (userId: string, error: unknown) => void;
    publishAccess?: AccessPublisher;
    rotation?: PendingRotation;
  },
): Promise<SweepResult> {
  let sessions = 0;
  let revocations = 0;
  const carryOut = async ({ tenant, id }: PendingWork): Promise<void> => {
    const revocation = await revokePending(table, tenant, id, now, publishAccess);
    sessions += revocation.sessions;
    revocations++;
  };
  const since = ({ revocationPending }: PendingWork) => revocationPending;
  const progress = await rotation.run(table, { since, carryOut, onFailure, graceMs, deadline, now });
  return { sessions, revocations, ...progress };
}
