import {
  type ItemKey,
  type ResourceId,
  resourceKey,
  type TenantId,
  tombstoneKey,
} from '../directory/table/keys';
import { ConditionFailed, type Table } from '../directory/table/table';
import { sessionPages } from '../sessions/session-item';
import type { AccessPublisher } from './sinks/access-publisher';

/** What one run of the revoker did. */
export interface Revocation {
  /** Sessions removed. */
  readonly sessions: number;
  /**
   * Milliseconds from the write that took the access away to the last of its sessions gone; undefined when nothing
   * was pending.
   */
  readonly lagMs: number | undefined;
}

interface Marked extends ItemKey {
  readonly sessionEpoch?: number;
  readonly revocationPending?: number;
  readonly cleanupPending?: number;
  readonly targetUsername?: string;
  readonly targetFormerNames?: readonly string[];
}

const MARK_ATTRIBUTES = [
  'pk',
  'sk',
  'sessionEpoch',
  'revocationPending',
  'cleanupPending',
  'targetUsername',
  'targetFormerNames',
] as const satisfies readonly (keyof Marked)[];

/**
 * Removes the sessions that a user's pending mark condemns, then clears the mark: of a user those with an older
 * epoch, of a deleted one all. Sessions of the current epoch are never touched, so it may run late, twice and at the
 * same time as itself. A mark that was renewed meanwhile stays for the next run.
 *
 * The sessions are dead already, by their epoch; this removes what is left of them.
 *
 * @param now milliseconds since 1970
 * @param publishAccess tells the other stores of sessions; this table comes first, and the mark stays until the telling
 *   has
 *   succeeded
 * @example
 * const { sessions, lagMs } = await revokePending(table, tenant, userId);
 */
export async function revokePending(
  table: Table,
  tenant: TenantId,
  userId: ResourceId,
  now: () => number = Date.now,
  publishAccess?: AccessPublisher,
): Promise<Revocation> {
  const keys = [resourceKey(tenant, 'User', userId), tombstoneKey(tenant, 'User', userId)];
  const found = await table.batchGet<Marked>(keys, {
    consistent: true,
    attributes: [...MARK_ATTRIBUTES],
  });
  // Each mark for itself. Both are there when the batch was read around the deletion: the user's is then gone, and
  // clearing it comes to nothing. Should a user and its tombstone ever be there both, neither mark is left standing.
  let sessions = 0;
  let since = Number.POSITIVE_INFINITY;
  for (const marked of found) {
    if (marked.revocationPending === undefined) continue;
    const epoch = marked.pk === keys[1]?.pk ? epochAfterDeletion(marked) : (marked.sessionEpoch ?? 0);
    sessions += await removeOlder(table, tenant, userId, epoch);
    const { targetUsername: username, targetFormerNames: formerNames } = marked;
    const change = { tenant, userId, cause: 'ended', username, formerNames } as const;
    await publishAccess?.(change, `${userId}-${marked.revocationPending}`);
    await clearMark(table, marked);
    since = Math.min(since, marked.revocationPending);
  }
  return { sessions, lagMs: Number.isFinite(since) ? Math.max(0, now() - since) : undefined };
}

/**
 * Sessions of the deleted user's last epoch go, too. Those of a user who was restored while this runs have a newer one.
 * A tombstone from before epochs were kept belongs to a user who cannot be restored.
 */
const epochAfterDeletion = ({ sessionEpoch }: Marked): number =>
  sessionEpoch === undefined ? Number.POSITIVE_INFINITY : sessionEpoch + 1;

async function removeOlder(
  table: Table,
  tenant: TenantId,
  userId: ResourceId,
  epoch: number,
): Promise<number> {
  let removed = 0;
  for await (const page of sessionPages(table, tenant, userId)) {
    const older = page.filter((session) => session.epoch < epoch);
    await table.batchWrite(older.map(({ pk, sk }) => ({ kind: 'delete', key: { pk, sk } })));
    removed += older.length;
  }
  return removed;
}

/**
 * A session's epoch never changes, so a delete without a condition cannot meet a fresh one. Clearing the mark is
 * conditional: a newer deactivation keeps its own. A tombstone whose cleanup is pending stays in the index of pending
 * work.
 */
async function clearMark(
  table: Table,
  { pk, sk, revocationPending, sessionEpoch, cleanupPending }: Marked,
): Promise<void> {
  const isLastMark = cleanupPending === undefined;
  const conditions = [
    'revocationPending = :pending',
    `attribute_${isLastMark ? 'not_exists' : 'exists'}(cleanupPending)`,
    ...(sessionEpoch === undefined ? [] : ['sessionEpoch = :epoch']),
  ];
  try {
    await table.write({
      kind: 'update',
      key: { pk, sk },
      update: `REMOVE revocationPending, targetUsername, targetFormerNames${isLastMark ? ', g1' : ''}`,
      values: {
        ':pending': revocationPending,
        ...(sessionEpoch === undefined ? {} : { ':epoch': sessionEpoch }),
      },
      condition: { expression: conditions.join(' AND ') },
    });
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}
