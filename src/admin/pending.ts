import { type PendingWork, readPendingWork } from '../directory/pending/pending-work';
import { pendingWorkIndexKey, SHARDS } from '../directory/table/keys';
import { inParallel } from '../directory/table/parallel';
import type { Table } from '../directory/table/table';
import { readPendingAccess, tenantsWithPendingAccess } from '../directory/tenants/pending-access';
import type { Deployment } from './deployment';

/** Something that waits behind a write that was acknowledged. */
export interface PendingMark {
  readonly tenantId: string;
  readonly kind: 'User' | 'Group' | 'Tenant';
  readonly id: string;
  /** `access`: other stores of sessions are told of the users of a tenant that was suspended or resumed. */
  readonly work: 'revocation' | 'cleanup' | 'change' | 'access';
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** What waits, the oldest first. */
export interface Pending {
  readonly marks: readonly PendingMark[];
  /** Whether there is more than was read. */
  readonly hasMore: boolean;
}

/** Of each of the index's partitions: what is more than this is an outage, and its number does not matter. */
const MAX_MARKS_PER_PARTITION = 100;

/**
 * Reads what waits behind the requests: sessions to be removed, what a deleted resource has left behind, changes of
 * members. Normally that is nothing that is older than some seconds.
 *
 * @example
 * const { marks } = await listPending(deployment);
 */
export async function listPending({ table }: Pick<Deployment, 'table'>): Promise<Pending> {
  const pages = await inParallel([...SHARDS], async (shard) => {
    const query = { index: 'g1', pk: pendingWorkIndexKey(shard), limit: MAX_MARKS_PER_PARTITION } as const;
    const { items, after } = await table.query(query);
    return { works: await readPendingWork(table, items), hasMore: after !== undefined };
  });
  const marks = [...pages.flatMap(({ works }) => works.flatMap(marksOf)), ...(await pendingTenants(table))];
  return {
    marks: marks.sort((a, b) => (a.since < b.since ? -1 : 1)),
    hasMore: pages.some(({ hasMore }) => hasMore),
  };
}

async function pendingTenants(table: Table): Promise<PendingMark[]> {
  const works = await inParallel(await tenantsWithPendingAccess(table), (tenant) =>
    readPendingAccess(table, tenant),
  );
  return works.flatMap((work) => {
    if (work === undefined) return [];
    const { tenant, since } = work;
    return [
      { tenantId: tenant, kind: 'Tenant', id: tenant, work: 'access', since: new Date(since).toISOString() },
    ];
  });
}

function marksOf({
  tenant,
  kind,
  id,
  revocationPending,
  cleanupPending,
  changePending,
}: PendingWork): PendingMark[] {
  const times = { revocation: revocationPending, cleanup: cleanupPending, change: changePending } as const;
  return (['revocation', 'cleanup', 'change'] as const).flatMap((work) => {
    const since = times[work];
    return since === undefined
      ? []
      : [{ tenantId: tenant, kind, id, work, since: new Date(since).toISOString() }];
  });
}
