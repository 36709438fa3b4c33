import * as tenants from '../../../admin/tenants';
import type { TENANTS } from '../../../admin-api/tenants';
import type { HandlersOf } from './handler';

const DEFAULT_LIMIT = 100;

export const tenantHandlers: HandlersOf<typeof TENANTS> = {
  create: tenants.createTenant,
  list: (deployment, { limit = DEFAULT_LIMIT, after }) => tenants.pageOfTenants(deployment, { after, limit }),
  suspend: tenants.suspendTenant,
  resume: tenants.resumeTenant,
};
