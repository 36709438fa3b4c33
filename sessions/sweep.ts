import { findPendingWork, type PendingWork } from '../directory/pending-work';
import type { Table } from '../directory/table';
import { revokePending } from './revoke';
import type { HandOver } from './targets/hand-over';

export interface SweepResult {
  /** Sessions removed. */
  readonly sessions: number;
  /** Marks worked off. */
  readonly revocations: number;
  /** Age in ms of the oldest mark that was found, 0 when there is none. */
  readonly oldestMs: number;
  /** Marks left for the next run because the time was up. */
  readonly left: number;
}

/** Younger marks are left to the stream, which is just about to work them off. */
const GRACE_MS = 30_000;

/**
 * Drives the revocations that the stream missed (a disabled mapping, a lost batch, records older than a day): finds
 * all pending marks by the sparse index and works off the oldest first.
 *
 * @param deadline milliseconds since 1970 after which no further mark is begun
 * @param graceMs marks younger than this are left to the stream; 30 seconds when absent
 * @param onFailure told of a mark that could not be worked off; the others go on
 * @param handOver tells other stores of sessions, see `revokePending`
 * @param pending what `findPendingWork` found, when it was asked before
 */
export async function sweepRevocations(
  table: Table,
  {
    deadline,
    now = Date.now,
    graceMs = GRACE_MS,
    onFailure,
    pending,
    handOver,
  }: {
    deadline: number;
    now?: () => number;
    graceMs?: number;
    onFailure?: (userId: string, error: unknown) => void;
    pending?: readonly PendingWork[];
    handOver?: HandOver;
  },
): Promise<SweepResult> {
  const marks = (pending ?? (await findPendingWork(table)))
    .flatMap(({ tenant, id, revocationPending: since }) =>
      since === undefined ? [] : [{ tenant, id, since }],
    )
    .sort((a, b) => a.since - b.since);
  const startedAt = now();
  const due = marks.filter(({ since }) => startedAt - since >= graceMs);
  let sessions = 0;
  let revocations = 0;
  let begun = 0;
  for (const { tenant, id } of due) {
    if (now() >= deadline) break;
    begun++;
    try {
      const revocation = await revokePending(table, tenant, id, now, handOver);
      sessions += revocation.sessions;
      revocations++;
    } catch (error) {
      onFailure?.(id, error);
    }
  }
  const oldest = marks[0];
  return {
    sessions,
    revocations,
    oldestMs: oldest === undefined ? 0 : Math.max(0, startedAt - oldest.since),
    left: due.length - begun,
  };
}
