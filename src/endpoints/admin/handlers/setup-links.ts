import * as links from '../../../admin/setup-links';
import type { SETUP_LINKS } from '../../../admin-api/setup-links';
import { type HandlersOf, milliseconds } from './handler';

export const setupLinkHandlers: HandlersOf<typeof SETUP_LINKS> = {
  create: (deployment, { lifeSeconds, ...order }) =>
    links.createSetupLink(deployment, { ...order, lifeMs: milliseconds(lifeSeconds) }),
  // A tenant has 50 that live at the most.
  list: async (deployment, { tenantId }) => ({ items: await links.listSetupLinks(deployment, { tenantId }) }),
  revoke: links.revokeSetupLink,
};
