import {
  COUNTER_SHARDS,
  isResourceId,
  pendingRevocationsIndexKey,
  type ResourceId,
  type TenantId,
  tenantOfPartition,
} from '../directory/keys';
import type { Table } from '../directory/table';
import { revokePending } from './revoke';

/** A pending mark that the stream has not worked off. */
interface Pending {
  readonly tenant: TenantId;
  readonly userId: ResourceId;
  /** Milliseconds since 1970. */
  readonly since: number;
}

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
 * Drives the revocations that the stream missed (a disabled mapping, a lost batch, records older than a day): finds all pending marks by the sparse index and works
 * off the oldest first.
 *
 * @param deadline milliseconds since 1970 after which no further mark is begun
 * @param onFailure told of a mark that could not be worked off; the others go on
 */
export async function sweepRevocations(
  table: Table,
  {
    deadline,
    now = Date.now,
    onFailure,
  }: { deadline: number; now?: () => number; onFailure?: (userId: string, error: unknown) => void },
): Promise<SweepResult> {
  const pending = (await Promise.all([...COUNTER_SHARDS].map((shard) => pendingIn(table, shard)))).flat();
  pending.sort((a, b) => a.since - b.since);
  const startedAt = now();
  const due = pending.filter(({ since }) => startedAt - since >= GRACE_MS);
  let sessions = 0;
  let revocations = 0;
  let begun = 0;
  for (const { tenant, userId } of due) {
    if (now() >= deadline) break;
    begun++;
    try {
      const revocation = await revokePending(table, tenant, userId, now);
      sessions += revocation.sessions;
      revocations++;
    } catch (error) {
      onFailure?.(userId, error);
    }
  }
  const oldest = pending[0];
  return {
    sessions,
    revocations,
    oldestMs: oldest === undefined ? 0 : Math.max(0, startedAt - oldest.since),
    left: due.length - begun,
  };
}

async function pendingIn(table: Table, shard: string): Promise<Pending[]> {
  const keys = await table.queryAll({ index: 'g1', pk: pendingRevocationsIndexKey(shard) });
  // The index is eventually consistent and holds keys only: the items tell whether the mark is still there, and since when.
  const items = await table.batchGet<{ revocationPending?: number }>(
    keys.map(({ pk, sk }) => ({ pk, sk })),
    { consistent: true, attributes: ['pk', 'sk', 'revocationPending'] },
  );
  return items.flatMap(({ pk, sk, revocationPending }) => {
    const tenant = tenantOfPartition(pk);
    const userId = sk.slice(2);
    return tenant === undefined || revocationPending === undefined || !isResourceId(userId)
      ? []
      : [{ tenant, userId, since: revocationPending }];
  });
}
