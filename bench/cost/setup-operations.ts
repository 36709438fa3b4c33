import { tableDeployment } from '../../src/admin/deployment';
import { showConnection } from '../../src/admin/setup/connection';
import { createToken } from '../../src/admin/tokens';
import { recordSeen } from '../../src/directory/log/watched-requests';
import type { TenantId } from '../../src/directory/table/keys';
import { createSetupLink, findSetupLink } from '../../src/directory/tenants/setup-links';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import type { CostBench, Operation } from './operation';

const HOUR_MS = 3_600_000;

/** What it costs that a customer's administrator looks at the set-up page. */
export const SETUP_OPERATIONS: readonly Operation[] = [
  {
    name: 'set-up page: the link of a request, with its tenant',
    plan: { read: 2, write: 0, roundTrips: 1 },
    prepare: async (bench) => {
      const tenant = await newTenant(bench);
      const order = { tenant, for: 'IT', lifeMs: HOUR_MS, may: [], roles: [] };
      const { secret } = await createSetupLink(bench.table, order);
      return () => findSetupLink(bench.table, secret, new Date());
    },
  },
  {
    name: 'set-up page: a look at the connection, every few seconds',
    // The tenant, its ledger and its token; the counters; what was refused on each of eight days, what was done on two.
    plan: { read: 18, write: 0, roundTrips: 11 },
    prepare: async (bench) => {
      const tenantId = await newTenant(bench);
      const deployment = { ...tableDeployment('http://127.0.0.1:1', 'scim-cost'), table: bench.table };
      await createToken(deployment, { tenantId, label: 'entra' });
      const look = () => showConnection(deployment, { tenantId });
      // The first look has the requests of the token watched for a quarter of an hour.
      await look();
      return look;
    },
  },
  {
    name: 'set-up page: the note of a request while somebody looks',
    plan: { read: 0, write: 1, roundTrips: 1 },
    prepare: async (bench) => {
      const tenant = await newTenant(bench);
      const seen = { method: 'GET', route: '/v2/Users', status: 200 };
      return () => recordSeen(bench.table, tenant, { ...seen, time: new Date().toISOString() });
    },
  },
];

async function newTenant({ table, next }: CostBench): Promise<TenantId> {
  const tenantId = readTenantId(`setup-${next()}`);
  await createTenant(table, { tenantId, name: 'Costs' });
  return tenantId;
}
