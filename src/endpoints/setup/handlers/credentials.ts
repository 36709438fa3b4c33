import * as clients from '../../../admin/clients';
import * as credentials from '../../../admin/setup/credentials';
import * as tokens from '../../../admin/tokens';
import type { TokenState } from '../../../directory/tenants/token-item';
import type { CREDENTIAL_ROUTES } from '../../../setup-api/credentials';
import { milliseconds } from '../../admin/handlers/handler';
import { type HandlersOf, of, type SetupCall } from './handler';

export const credentialHandlers: HandlersOf<typeof CREDENTIAL_ROUTES> = {
  async 'GET /credentials'(call) {
    const listed = await credentials.listCredentials(call.deployment, withCache(call));
    return {
      tokens: listed.tokens.map((token) => ({ ...shownToken(token, token.state), ...effectOf(token) })),
      clients: listed.clients.map((client) => ({ ...shownClient(client), ...effectOf(client) })),
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
    const revoked = await credentials.revokeToken(call.deployment, { ...withCache(call), tokenId });
    return { ...shownToken(revoked, 'revoked'), isEffective: revoked.isEffective };
  },
  async 'POST /clients'(call, { label, lifeSeconds }) {
    const order = { ...of(call), label, lifeMs: milliseconds(lifeSeconds) };
    const { clientSecret, ...created } = await clients.createClient(call.deployment, order);
    return { ...shownClient(created), clientSecret };
  },
  async 'POST /clients/{clientId}/rotate'(call, { overlapSeconds, ...client }) {
    const order = { ...client, ...of(call), overlapMs: milliseconds(overlapSeconds) };
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
    const revoked = await credentials.revokeClient(call.deployment, { ...withCache(call), clientId });
    return { ...shownClient(revoked), isEffective: revoked.isEffective };
  },
};

const withCache = (call: SetupCall) => ({ ...of(call), authorizerCacheMs: call.authorizerCacheMs });

const effectOf = ({ isEffective }: Partial<credentials.Revocation>) =>
  isEffective === undefined ? {} : { isEffective };

/** A token without what is none of the customer's business. */
const shownToken = (
  { tokenId, label, scope, createdAt, expiresAt, lastUsedAt, revokedAt }: tokens.ShownToken,
  state: TokenState,
) => ({
  ...{ tokenId, label, scope, state, createdAt, expiresAt },
  ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
  ...(revokedAt === undefined ? {} : { revokedAt }),
});

const shownClient = (client: clients.ShownClient) => {
  const { clientId, secrets, label, scope, state, createdAt, expiresAt, lastUsedAt, revokedAt, trust } =
    client;
  return {
    ...{ clientId, label, scope, state, createdAt },
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
    ...(trust === undefined ? {} : { trust }),
    secrets,
  };
};
