import * as clients from '../../directory/tenants/clients';
import { beginFlush } from '../../directory/tenants/revocation-flush';
import { readTenantId } from '../../directory/tenants/tenants';
import { type Token, type TokenState, tokenState } from '../../directory/tenants/token-item';
import * as tokens from '../../directory/tenants/tokens';
import { actEntry } from '../acts';
import { flushRevoked } from '../authorizer-cache';
import { type ClientInput, type ShownClient, shownClient } from '../clients';
import type { Deployment } from '../deployment';
import type { TenantInput } from '../tenants';
import { type ShownToken, shownToken, type TokenInput } from '../tokens';

/**
 * What a link does about credentials otherwise than administrators do. A flush makes the gateway forget what it knows
 * of all tenants, and API Gateway takes ten calls of an account per second: whoever has a link could send one
 * revocation again and again, and keep those of others from being told. So there is one flush that comes through per
 * credential, and attempts that fail are seconds apart.
 */
interface WithCache {
  /** How long the gateway remembers what the authorizer said. */
  readonly authorizerCacheMs: number;
}

/** How it stands with the end of a credential that was revoked. */
export interface Revocation {
  /** Whether the gateway has been told, or has forgotten it by itself; if not, it may accept it for a while. */
  readonly isEffective: boolean;
}

type Listed<Shown> = Shown & Partial<Revocation>;

/** A tenant's tokens and clients, the newest first, and of what was revoked whether that is effective. */
export async function listCredentials(
  { table }: Deployment,
  { tenantId, authorizerCacheMs }: TenantInput & WithCache,
): Promise<{
  readonly tokens: readonly Listed<ShownToken & { readonly state: TokenState }>[];
  readonly clients: readonly Listed<ShownClient>[];
}> {
  const tenant = readTenantId(tenantId);
  const now = new Date();
  const [listedTokens, listedClients] = await Promise.all([
    tokens.listTokens(table, tenant),
    clients.listClients(table, tenant),
  ]);
  const effect = (credential: Token) =>
    credential.revokedAt === undefined
      ? {}
      : { isEffective: isForgotten(credential, authorizerCacheMs, now) };
  return {
    tokens: listedTokens.map((token) => ({
      ...shownToken(token),
      state: tokenState(token, now),
      ...effect(token),
    })),
    clients: listedClients.map((client) => ({ ...shownClient(client), ...effect(client) })),
  };
}

/** Refuses a token from now on. Asked again, it has the gateway told where that has failed. */
export async function revokeToken(
  deployment: Deployment,
  { tenantId, tokenId, authorizerCacheMs }: TokenInput & WithCache,
): Promise<ShownToken & Revocation> {
  const tenant = readTenantId(tenantId);
  const entry = await actEntry(deployment, tenant, { type: 'token.revoked', tokenId });
  const token = await tokens.revokeToken(deployment.table, tenant, tokenId, new Date(), [entry]);
  return { ...shownToken(token), isEffective: await flushOnce(deployment, token, authorizerCacheMs) };
}

/** Refuses a client from now on, with its secrets and all access tokens that it was given; asked again likewise. */
export async function revokeClient(
  deployment: Deployment,
  { tenantId, clientId, authorizerCacheMs }: ClientInput & WithCache,
): Promise<ShownClient & Revocation> {
  const tenant = readTenantId(tenantId);
  const entry = await actEntry(deployment, tenant, { type: 'client.revoked', clientId });
  const client = await clients.revokeClient(deployment.table, tenant, clientId, new Date(), [entry]);
  return { ...shownClient(client), isEffective: await flushOnce(deployment, client, authorizerCacheMs) };
}

/** @returns whether the revocation is effective */
async function flushOnce(
  deployment: Deployment,
  credential: Token,
  authorizerCacheMs: number,
): Promise<boolean> {
  const { tenantId, tokenId } = credential;
  const now = new Date();
  if (isForgotten(credential, authorizerCacheMs, now)) return true;
  if (!(await beginFlush(deployment.table, tenantId, tokenId, now))) return false;
  return flushRevoked(deployment, tenantId, tokenId);
}

const isForgotten = ({ revokedAt, cacheFlushedAt }: Token, authorizerCacheMs: number, now: Date): boolean =>
  cacheFlushedAt !== undefined ||
  (revokedAt !== undefined && Date.parse(revokedAt) + authorizerCacheMs <= now.getTime());
