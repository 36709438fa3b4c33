import type { TenantId } from '../table/keys';
import type { Table, Write } from '../table/table';
import { changeWithTokens } from './change-with-tokens';
import type { TenantStatus } from './tenants';

/**
 * Suspends a tenant: its tokens are refused and its sessions are dead, for ever. The tokens' items are marked in the
 * same transaction, so that the authorizer needs no second read to know it. The gateway's authorizer cache must be
 * flushed afterwards.
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
 * Resumes a suspended tenant: its tokens are accepted again. Sessions from before the suspension stay dead.
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

function changeStatus(
  table: Table,
  tenantId: TenantId,
  status: TenantStatus,
  extraWrites: readonly Write[],
): Promise<void> {
  return changeWithTokens(table, tenantId, async (tenant) => {
    if (tenant.status === status) return undefined;
    return {
      tenant: {
        update: 'SET #status = :status, sessionEpoch = :epoch REMOVE removing, removal',
        names: { '#status': 'status' },
        values: {
          ':status': status,
          ':epoch': tenant.sessionEpoch + (status === 'suspended' ? 1 : 0),
          ':before': tenant.status,
        },
        condition: { expression: '#status = :before' },
      },
      token:
        status === 'suspended'
          ? { update: 'SET tenantSuspended = :true', values: { ':true': true } }
          : { update: 'REMOVE tenantSuspended' },
      extraWrites,
    };
  });
}
