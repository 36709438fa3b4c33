import * as clients from '../../../admin/clients';
import * as tokens from '../../../admin/tokens';
import type { TokenState } from '../../../directory/tenants/token-item';
import type { CREDENTIAL_ROUTES } from '../../../setup-api/credentials';
import { milliseconds } from '../../admin/handlers/handler';
import { type HandlersOf, of } from './handler';

export const credentialHandlers: HandlersOf<typeof CREDENTIAL_ROUTES> = {
  async 'GET /credentials'(call) {
    const [listedTokens, listedClients] = await Promise.all([
      tokens.listTokens(call.deployment, of(call)),
      clients.listClients(call.deployment, of(call)),
    ]);
    return {
      tokens: listedTokens.map((token) => shownToken(token, token.state)),
      clients: listedClients.map(shownClient),
    };
  },
  async 'POST /tokens'(call, { label, lifeSeconds }) {
    const order = { ...of(call), label, lifeMs: milliseconds(lifeSeconds) };
    const { token, ...created } = await tokens.createToken(call.deployment, order);
    return { ...shownToken(created, 'live'), token };
  },
  async 'POST /tokens/{tokenId}/rotate'(call, { tokenId, overlapSeconds }) {
    const order = { ...of(call), tokenId, overlapMs: milliseconds(overlapSeconds) };
    const { token, ...rotated } = await tokens.rotateToken(call.deployment, order);
    return { ...shownToken(rotated, 'live'), token };
  },
  async 'POST /tokens/{tokenId}/revoke'(call, { tokenId }) {
    const before = (await tokens.listTokens(call.deployment, of(call))).find(
      (one) => one.tokenId === tokenId,
    );
    if (before?.revokedAt !== undefined) return { ...shownToken(before, 'revoked'), ...NOT_TOLD_AGAIN };
    const { cacheFlushed, ...revoked } = await tokens.revokeToken(call.deployment, { ...of(call), tokenId });
    return { ...shownToken(revoked, 'revoked'), isEffective: cacheFlushed };
  },
  async 'POST /clients'(call, { label, lifeSeconds }) {
    const order = { ...of(call), label, lifeMs: milliseconds(lifeSeconds) };
    const { clientSecret, ...created } = await clients.createClient(call.deployment, order);
    return { ...shownClient(created), clientSecret };
  },
  async 'POST /clients/{clientId}/rotate'(call, { clientId, overlapSeconds }) {
    const order = { ...of(call), clientId, overlapMs: milliseconds(overlapSeconds) };
    const { clientSecret, ...rotated } = await clients.rotateClient(call.deployment, order);
    return { ...shownClient(rotated), clientSecret };
  },
  async 'PUT /clients/{clientId}/trust'(call, order) {
    return shownClient(await clients.trustIssuer(call.deployment, { ...order, ...of(call) }));
  },
  async 'DELETE /clients/{clientId}/trust'(call, { clientId }) {
    return shownClient(await clients.removeTrust(call.deployment, { ...of(call), clientId }));
  },
  async 'POST /clients/{clientId}/revoke'(call, { clientId }) {
    const before = await clients.showClient(call.deployment, { ...of(call), clientId });
    if (before.revokedAt !== undefined) return { ...shownClient(before), ...NOT_TOLD_AGAIN };
    const { cacheFlushed, ...revoked } = await clients.revokeClient(call.deployment, {
      ...of(call),
      clientId,
    });
    return { ...shownClient(revoked), isEffective: cacheFlushed };
  },
};

/**
 * What was revoked before. The gateway forgets what it knows of all tenants at once, and API Gateway takes ten calls of
 * an account per second: whoever has a link could send one revocation again and again, and keep those of others from
 * being told.
 */
const NOT_TOLD_AGAIN = { isEffective: false } as const;

/** A token without what is none of the customer's business. */
const shownToken = (
  { tokenId, label, scope, createdAt, expiresAt, lastUsedAt, revokedAt }: tokens.ShownToken,
  state: TokenState,
) => ({
  ...{ tokenId, label, scope, state, createdAt, expiresAt },
  ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
  ...(revokedAt === undefined ? {} : { revokedAt }),
});

const shownClient = ({ secrets, ...client }: clients.ShownClient) => {
  const { clientId, label, scope, state, createdAt, expiresAt, lastUsedAt, revokedAt, trust } = client;
  return {
    ...{ clientId, label, scope, state, createdAt },
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
    ...(trust === undefined ? {} : { trust }),
    secrets: secrets.map(({ secretId: _secretId, ...secret }) => secret),
  };
};
