import * as clients from '../../../admin/clients';
import type { CLIENTS } from '../../../admin-api/clients';
import { type HandlersOf, milliseconds } from './handler';

export const clientHandlers: HandlersOf<typeof CLIENTS> = {
  create: (deployment, { lifeSeconds, ...order }) =>
    clients.createClient(deployment, { ...order, lifeMs: milliseconds(lifeSeconds) }),
  // A tenant has 90 at the most, in one item.
  list: async (deployment, { tenantId }) => ({ items: await clients.listClients(deployment, { tenantId }) }),
  rotate: (deployment, { overlapSeconds, ...client }) =>
    clients.rotateClient(deployment, { ...client, overlapMs: milliseconds(overlapSeconds) }),
  show: clients.showClient,
  trust: clients.trustIssuer,
  removeTrust: clients.removeTrust,
  revoke: clients.revokeClient,
};
