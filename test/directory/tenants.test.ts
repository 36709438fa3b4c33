import type { TenantId } from '../../src/directory/table/keys';
import {
  createTenant,
  getTenant,
  listTenants,
  readTenantId,
  resumeTenant,
  suspendTenant,
} from '../../src/directory/tenants/tenants';
import { findToken } from '../../src/directory/tenants/token-check';
import { issueToken, listTokens } from '../../src/directory/tenants/tokens';
import { useTestTable } from '../../testing/engine';
import { NOW, order } from './token-order';

const engine = useTestTable();

let tenants = 0;
async function newTenant(): Promise<TenantId> {
  const tenantId = readTenantId(`tenant-${++tenants}`);
  await createTenant(engine.table, { tenantId, name: `Tenant ${tenants}`, now: NOW });
  return tenantId;
}

describe('tenants', () => {
  test('are created once and listed by id', async () => {
    const tenantId = await newTenant();

    await expect(createTenant(engine.table, { tenantId, name: 'Again' })).rejects.toMatchObject({
      code: 'conflict',
    });
    const listed = await listTenants(engine.table);
    expect(listed.find((tenant) => tenant.tenantId === tenantId)).toEqual({
      tenantId,
      name: `Tenant ${tenants}`,
      createdAt: NOW.toISOString(),
      status: 'active',
      sessionEpoch: 0,
    });
  });

  test.each(['', 'Acme', 'a#b', '-a', 'a-', 'a'.repeat(41), 'a b'])('%j is not a tenant id', (text) => {
    expect(() => readTenantId(text)).toThrow('tenant id');
  });

  test('a suspended tenant has no live token until it is resumed, and gets no new one', async () => {
    const tenant = await newTenant();
    const first = await issueToken(engine.table, order(tenant));
    const other = await issueToken(engine.table, order(tenant, 'okta'));
    const outcomes = () =>
      Promise.all([first, other].map(async ({ text }) => (await findToken(engine.table, text, NOW)).outcome));

    await suspendTenant(engine.table, tenant);

    expect(await outcomes()).toEqual(['suspended', 'suspended']);
    await expect(issueToken(engine.table, order(tenant))).rejects.toMatchObject({ code: 'conflict' });
    await resumeTenant(engine.table, tenant);
    expect(await outcomes()).toEqual(['live', 'live']);
  });

  test('a suspension raises the epoch of the sessions, and resuming does not lower it', async () => {
    const tenant = await newTenant();

    await suspendTenant(engine.table, tenant);
    await resumeTenant(engine.table, tenant);

    expect(await getTenant(engine.table, tenant)).toMatchObject({ status: 'active', sessionEpoch: 1 });
  });

  test('a suspension misses no token that is issued at the same time', async () => {
    const tenant = await newTenant();

    const [issued] = await Promise.allSettled([
      issueToken(engine.table, order(tenant)),
      suspendTenant(engine.table, tenant),
      issueToken(engine.table, order(tenant, 'okta')),
    ]);

    expect(['fulfilled', 'rejected']).toContain(issued.status);
    for (const token of await listTokens(engine.table, tenant)) expect(token.tenantSuspended).toBe(true);
  });
});
