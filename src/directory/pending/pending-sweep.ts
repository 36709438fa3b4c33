import { pendingWorkIndexKey, SHARDS } from '../table/keys';
import type { Table } from '../table/table';
import { type PendingWork, readPendingWork } from './pending-work';

/** What is to be done about pending work. */
export interface SweepTask {
  /** Since when the work waits, in ms since 1970; undefined for work that is somebody else's. */
  readonly since: (work: PendingWork) => number | undefined;
  readonly carryOut: (work: PendingWork) => Promise<void>;
  /** Told of work that could not be carried out; the rest goes on. */
  readonly onFailure?: (id: string, error: unknown) => void;
  /** Younger work is left alone. */
  readonly graceMs: number;
  /** Milliseconds since 1970 after which no further work is begun. */
  readonly deadline: number;
  readonly now: () => number;
}

export interface SweepProgress {
  /**
   * Age in ms of the oldest work that waits, as far as this run looked, or that an earlier run could not carry out and
   * this one did not come back to; 0 when there is none.
   */
  readonly oldestMs: number;
  /** Whether all that waits was looked at; false when the time was up before. */
  readonly isComplete: boolean;
}

/** One of the 16 index partitions of pending work, and how far the last run came in it. */
interface Lane {
  readonly pk: string;
  /** Key of the last work that was begun; undefined when the partition was gone through to its end. */
  place: { readonly pk: string; readonly sk: string; readonly g1: string } | undefined;
  /** Since when the oldest work waits that was met before `place` and could not be carried out. */
  failedSince: number;
}

/** Marks that are read at once: as many as fit in one call for their items. */
const MARKS_AT_ONCE = 100;
const NEVER = Number.POSITIVE_INFINITY;

/**
 * Goes round in the index of pending work, in its 16 partitions side by side and a page at a time: a run is over when
 * its time is, whatever lies there, and the next one goes on where it stopped. So a million marks after an outage are
 * worked off from the first minute on, and marks that cannot be worked off hold up nobody: each gets its turn.
 *
 * Where the runs stopped is kept in the instance of the function alone. When that is lost, a run begins at the front
 * again, where only what cannot be carried out still lies.
 */
export class PendingRotation {
  private readonly lanes: readonly Lane[] = [...SHARDS].map((shard) => ({
    pk: pendingWorkIndexKey(shard),
    place: undefined,
    failedSince: NEVER,
  }));

  /** Carries out what is due until all is looked at or the time is up. */
  async run(table: Table, task: SweepTask): Promise<SweepProgress> {
    const startedAt = task.now();
    const settled = await Promise.allSettled(
      this.lanes.map((lane) => sweepLane(table, lane, task, startedAt)),
    );
    // The others have had their time before a partition that could not be read is told.
    const looks = settled.map((lane) => {
      if (lane.status === 'rejected') throw lane.reason;
      return lane.value;
    });
    const oldest = Math.min(...looks.map(({ oldestSince }) => oldestSince));
    return {
      oldestMs: Math.max(0, startedAt - oldest),
      isComplete: looks.every(({ isComplete }) => isComplete),
    };
  }
}

interface Look {
  readonly oldestSince: number;
  readonly isComplete: boolean;
}

/** Goes on from where the last run stopped to the end, and then round again from the front. */
async function sweepLane(table: Table, lane: Lane, task: SweepTask, startedAt: number): Promise<Look> {
  const failedSince = lane.failedSince;
  const began = lane.place;
  const rest = await goOn(table, lane, task, startedAt);
  if (began === undefined) return rest;
  if (!rest.isComplete) return { ...rest, oldestSince: Math.min(rest.oldestSince, failedSince) };
  const front = await goOn(table, lane, task, startedAt);
  const before = front.isComplete ? NEVER : failedSince;
  return { ...front, oldestSince: Math.min(rest.oldestSince, front.oldestSince, before) };
}

/** Goes from the lane's place to the end of its partition. */
async function goOn(table: Table, lane: Lane, task: SweepTask, startedAt: number): Promise<Look> {
  const { now, deadline, since, graceMs } = task;
  let oldestSince = NEVER;
  let after: Record<string, unknown> | undefined = lane.place;
  if (after === undefined) lane.failedSince = NEVER;
  do {
    const page = await table.query({ index: 'g1', pk: lane.pk, after, limit: MARKS_AT_ONCE });
    for (const work of await readPendingWork(table, page.items)) {
      const waiting = since(work) ?? NEVER;
      oldestSince = Math.min(oldestSince, waiting);
      if (startedAt - waiting < graceMs) continue;
      if (now() >= deadline) return { oldestSince, isComplete: false };
      lane.place = { ...work.key, g1: lane.pk };
      if (!(await isCarriedOut(task, work))) lane.failedSince = Math.min(lane.failedSince, waiting);
    }
    after = page.after;
    // Checked behind a page, so that every run, however late, has looked at something.
  } while (after !== undefined && now() < deadline);
  if (after !== undefined) return { oldestSince, isComplete: false };
  lane.place = undefined;
  return { oldestSince, isComplete: true };
}

async function isCarriedOut({ carryOut, onFailure }: SweepTask, work: PendingWork): Promise<boolean> {
  try {
    await carryOut(work);
    return true;
  } catch (error) {
    onFailure?.(work.id, error);
    return false;
  }
}
