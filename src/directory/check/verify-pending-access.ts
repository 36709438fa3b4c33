import { PENDING_ACCESS_INDEX_KEY, tenantKey } from '../table/keys';
import { broken, OVERDUE_MS, type TenantEvidence } from './evidence';
import type { Finding } from './finding';

/** What other stores of sessions are still to be told of a tenant: of one that exists, seen by the sweep, and soon. */
export async function verifyPendingAccess({ tenant, item, look, now }: TenantEvidence): Promise<Finding[]> {
  if ((await look(tenantKey(tenant))) === undefined) return [broken('tenant-missing', tenant, item)];
  const { pk, sk, g1, changeId, progressedAt } = item;
  if (g1 !== PENDING_ACCESS_INDEX_KEY) {
    const write = {
      kind: 'update',
      key: { pk, sk },
      update: 'SET g1 = :g1',
      values: { ':g1': PENDING_ACCESS_INDEX_KEY, ':id': changeId },
      condition: { expression: 'changeId = :id' },
    } as const;
    return [broken('mark-inconsistent', tenant, item, { writes: [write] })];
  }
  if (typeof progressedAt !== 'number' || now - progressedAt <= OVERDUE_MS) return [];
  const detail = `other stores of sessions; not gone on with since ${new Date(progressedAt).toISOString()}`;
  return [broken('revocation-overdue', tenant, item, { detail })];
}
