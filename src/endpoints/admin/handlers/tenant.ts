import { showTenant } from '../../../admin/show-tenant';
import { updateSettings } from '../../../admin/tenant-settings';
import type { TENANT } from '../../../admin-api/tenant';
import type { HandlersOf } from './handler';

export const oneTenantHandlers: HandlersOf<typeof TENANT> = {
  show: showTenant,
  set: (deployment, { tenantId, ...settings }) => updateSettings(deployment, { tenantId, settings }),
};
