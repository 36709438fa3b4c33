import { randomBytes } from 'node:crypto';
import type { TenantId } from '../../directory/table/keys';
import type { Table } from '../../directory/table/table';
import { createTenant, listTenants, readTenantId, type Tenant } from '../../directory/tenants/tenants';
import { removeTraces } from './tenant-traces';

/** How long a run may take; a tenant that is older was left behind by a run that died. Its tokens end then, too. */
export const LIFETIME_MS = 3_600_000;

const ID = /^verify-[0-9a-f]{16}$/;
const NAME = /^Temporary tenant of "admin verify" until (\S+)$/;

/** Creates a tenant of its own for this run, under an id and a name that no customer has both. */
export async function createTemporaryTenant(table: Table, now = new Date()): Promise<TenantId> {
  const tenantId = readTenantId(`verify-${randomBytes(8).toString('hex')}`);
  const until = new Date(now.getTime() + LIFETIME_MS).toISOString();
  await createTenant(table, { tenantId, name: `Temporary tenant of "admin verify" until ${until}`, now });
  return tenantId;
}

/**
 * Removes what runs have left behind that were killed: temporary tenants past their time, and no others. A customer
 * whose id begins alike is kept, since its name does not say that it is temporary.
 *
 * @returns the tenants that were removed
 */
export async function removeLeftOvers(table: Table, now = new Date()): Promise<TenantId[]> {
  const leftOver = (await listTenants(table)).filter((tenant) => isOver(tenant, now));
  for (const { tenantId } of leftOver) await removeTraces(table, tenantId);
  return leftOver.map(({ tenantId }) => tenantId);
}

function isOver({ tenantId, name }: Tenant, now: Date): boolean {
  const until = Date.parse(NAME.exec(name)?.[1] ?? '');
  return ID.test(tenantId) && until < now.getTime();
}
