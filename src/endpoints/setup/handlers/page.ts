import { tokenUrlOf } from '../../../admin/clients';
import { keepSetupProgress, readSetupProgress } from '../../../directory/tenants/setup-progress';
import type { PAGE_ROUTES } from '../../../setup-api/page';
import type { HandlersOf } from './handler';

export const pageHandlers: HandlersOf<Omit<typeof PAGE_ROUTES, 'GET /branding'>> = {
  async 'GET /page'({ deployment, link, tenant }) {
    const { baseUrl = '' } = deployment;
    const { linkId, for: whom, may, roles, endsAt: expiresAt } = link;
    return {
      tenant: { name: tenant.name },
      link: { linkId, for: whom, may, roles, expiresAt },
      urls: { baseUrl, tokenUrl: tokenUrlOf(baseUrl) },
      progress: await readSetupProgress(deployment.table, tenant.tenantId),
    };
  },
  'PUT /progress': ({ deployment, tenant }, progress) =>
    keepSetupProgress(deployment.table, tenant.tenantId, progress, new Date()),
};
