import type { TenantId } from '../table/keys';
import type { Table, Write } from '../table/table';
import { changeWithTokens } from './change-with-tokens';
import { type ChangedAccess, pendingAccessPut, readPendingAccess, tellAgain } from './pending-access';
import type { TenantStatus } from './tenants';

/**
 * Suspends a tenant: its tokens are refused and its sessions are dead, for ever. The tokens' items are marked in the
 * same transaction, so that the authorizer needs no second read to know it. The gateway's authorizer cache must be
 * flushed afterwards. That other stores of sessions are told of its users is pending from then on, once more when it is
 * suspended already.
 *
 * @param extraWrites written in the same transaction; not when the tenant is suspended already
 * @throws NotFound
 */
export async function suspendTenant(
  table: Table,
  tenantId: TenantId,
  extraWrites: readonly Write[] = [],
): Promise<void> {
  await changeStatus(table, tenantId, 'suspended', extraWrites);
}

/**
 * Resumes a suspended tenant: its tokens are accepted again. Sessions from before the suspension stay dead, also in
 * other stores that were not told of it yet. These are told likewise.
 *
 * @param extraWrites written in the same transaction; not when the tenant is active already
 * @throws NotFound
 */
export async function resumeTenant(
  table: Table,
  tenantId: TenantId,
  extraWrites: readonly Write[] = [],
): Promise<void> {
  await changeStatus(table, tenantId, 'active', extraWrites);
}

async function changeStatus(
  table: Table,
  tenant: TenantId,
  status: TenantStatus,
  extraWrites: readonly Write[],
): Promise<void> {
  const cause = status === 'suspended' ? 'ended' : 'returned';
  const decided: { unchanged?: ChangedAccess } = {};
  await changeWithTokens(table, tenant, async ({ status: before, sessionEpoch: epoch }) => {
    const now = Date.now();
    decided.unchanged = before === status ? { tenant, cause, sessionEpoch: epoch, now } : undefined;
    if (decided.unchanged !== undefined) return undefined;
    const sessionEpoch = epoch + (status === 'suspended' ? 1 : 0);
    const endedUntil = status === 'active' ? await endedUntilOf(table, tenant) : undefined;
    return {
      tenant: {
        update: 'SET #status = :status, sessionEpoch = :epoch REMOVE removing, removal',
        names: { '#status': 'status' },
        values: { ':status': status, ':epoch': sessionEpoch, ':before': before },
        condition: { expression: '#status = :before' },
      },
      token:
        status === 'suspended'
          ? { update: 'SET tenantSuspended = :true', values: { ':true': true } }
          : { update: 'REMOVE tenantSuspended' },
      extraWrites: [...extraWrites, pendingAccessPut({ tenant, cause, endedUntil, sessionEpoch, now })],
    };
  });
  if (decided.unchanged !== undefined) await tellAgain(table, { ...decided.unchanged, status });
}

/** How far a suspension has been told of that is overtaken by a return; undefined when all of it is. */
async function endedUntilOf(table: Table, tenant: TenantId): Promise<string | undefined> {
  const pending = await readPendingAccess(table, tenant);
  return pending?.cause === 'ended' ? pending.place : undefined;
}
