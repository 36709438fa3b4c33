import * as tokens from '../../../admin/tokens';
import type { TOKENS } from '../../../admin-api/tokens';
import { type HandlersOf, milliseconds } from './handler';

export const tokenHandlers: HandlersOf<typeof TOKENS> = {
  create: (deployment, { lifeSeconds, ...order }) =>
    tokens.createToken(deployment, { ...order, lifeMs: milliseconds(lifeSeconds) }),
  // A tenant has 90 at the most, in one item.
  list: async (deployment, { tenantId }) => ({ items: await tokens.listTokens(deployment, { tenantId }) }),
  rotate: (deployment, { overlapSeconds, ...token }) =>
    tokens.rotateToken(deployment, { ...token, overlapMs: milliseconds(overlapSeconds) }),
  revoke: tokens.revokeToken,
};
