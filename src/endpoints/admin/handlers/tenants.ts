import * as tenants from '../../../admin/tenants';
import type { TENANTS } from '../../../admin-api/tenants';
import type { Tenant } from '../../../directory/tenants/tenants';
import type { HandlersOf } from './handler';

const DEFAULT_LIMIT = 100;

export const tenantHandlers: HandlersOf<typeof TENANTS> = {
  async create(deployment, input) {
    const { rate, ...tenant } = await tenants.createTenant(deployment, input);
    return { ...shown(tenant), ...(rate === undefined ? {} : { rate }) };
  },
  async list(deployment, { limit = DEFAULT_LIMIT, after }) {
    const { items, next } = await tenants.pageOfTenants(deployment, { after, limit });
    return { items: items.map(shown), next };
  },
  suspend: (deployment, { tenantId }) => tenants.suspendTenant(deployment, { tenantId }),
  resume: (deployment, { tenantId }) => tenants.resumeTenant(deployment, { tenantId }),
  delete: tenants.deleteTenantPart,
};

const shown = ({ tenantId, name, createdAt, status, sessionEpoch }: Tenant) => ({
  tenantId,
  name,
  createdAt,
  status,
  sessionEpoch,
});
