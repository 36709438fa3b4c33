import { DEFAULT_OVERLAP_MS } from '../directory/tenants/succession';
import { readTenantId } from '../directory/tenants/tenants';
import { type Token, type TokenScope, type TokenState, tokenState } from '../directory/tenants/token-item';
import * as tokens from '../directory/tenants/tokens';
import { actEntry, makingWrites } from './acts';
import { flushAuthorizerCache, flushRevoked } from './authorizer-cache';
import type { Deployment } from './deployment';
import type { TenantInput } from './tenants';

export { DEFAULT_OVERLAP_MS } from '../directory/tenants/succession';

/** No gateway caches an answer for longer: the most that `authorizerCacheSeconds` takes. */
const MAX_CACHE_MS = 3_600_000;
/** Length of life of a token when nothing else is said. */
export const DEFAULT_TOKEN_LIFE_MS = 365 * 86_400_000;

/** A token as administrators see it, every time in one form. */
export interface ShownToken
  extends Pick<
    Token,
    'tenantId' | 'tokenId' | 'label' | 'scope' | 'createdAt' | 'lastUsedAt' | 'revokedAt' | 'tenantSuspended'
  > {
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

/** A token just made. Its text exists nowhere else. */
export interface CreatedToken extends ShownToken {
  /** The secret: what the identity provider presents. */
  readonly token: string;
  /** URL to paste into the identity provider, where it is known. */
  readonly baseUrl: string | undefined;
}

/** Names the token that a use case is about. */
export interface TokenInput extends TenantInput {
  /** Public id. */
  readonly tokenId: string;
}

/** What revoking a token has done. */
export interface RevokedToken extends ShownToken {
  /** False where no gateway could be told to forget that it accepted the token. */
  readonly cacheFlushed: boolean;
}

/** What rotating a token has done. */
export interface RotatedToken extends CreatedToken {
  /** False where no gateway could be told of the old token's end; undefined where it need not be, the end being far. */
  readonly cacheFlushed: boolean | undefined;
  /** Why the gateway that is there could not be told. */
  readonly cacheFlushFailure?: string;
}

/**
 * Issues a token for a tenant.
 *
 * @example
 * const { token } = await createToken(deployment, { tenantId: 'acme', label: 'entra' });
 */
export async function createToken(
  deployment: Deployment,
  {
    tenantId,
    label,
    scope = 'write',
    lifeMs = DEFAULT_TOKEN_LIFE_MS,
  }: TenantInput & { readonly label: string; readonly scope?: TokenScope; readonly lifeMs?: number },
): Promise<CreatedToken> {
  const expiresAt = new Date(Date.now() + lifeMs);
  const tenant = readTenantId(tenantId);
  const issued = await tokens.issueToken(
    deployment.table,
    { tenant, label, scope, expiresAt },
    ({ tokenId }) => makingWrites(deployment, tenant, { type: 'token.created', tokenId }, { tokenId }),
  );
  return created(issued, deployment.baseUrl);
}

/** A tenant's tokens, the newest first, with their state. */
export async function listTokens(
  { table }: Deployment,
  { tenantId }: TenantInput,
): Promise<(ShownToken & { readonly state: TokenState })[]> {
  const now = new Date();
  const found = await tokens.listTokens(table, readTenantId(tenantId));
  return found.map((token) => ({ ...shownToken(token), state: tokenState(token, now) }));
}

/** Issues a successor of a token, and lets the old one expire after an overlap. */
export async function rotateToken(
  deployment: Deployment,
  { tenantId, tokenId, overlapMs = DEFAULT_OVERLAP_MS }: TokenInput & { readonly overlapMs?: number },
): Promise<RotatedToken> {
  const tenant = readTenantId(tenantId);
  const issued = await tokens.rotateToken(
    deployment.table,
    tenant,
    tokenId,
    { overlapMs },
    async (successor) => [
      await actEntry(deployment, tenant, { type: 'token.rotated', tokenId }),
      ...(await makingWrites(
        deployment,
        tenant,
        { type: 'token.created', tokenId: successor.tokenId },
        { tokenId: successor.tokenId },
      )),
    ],
  );
  // What the gateway remembers of the old token has the end that it had before.
  const flushed = overlapMs < MAX_CACHE_MS ? await tryToFlush(deployment) : { cacheFlushed: undefined };
  return { ...created(issued, deployment.baseUrl), ...flushed };
}

/** The successor is in this answer alone: it must not be lost with a flush. */
async function tryToFlush(
  deployment: Deployment,
): Promise<Pick<RotatedToken, 'cacheFlushed' | 'cacheFlushFailure'>> {
  try {
    return { cacheFlushed: await flushAuthorizerCache(deployment) };
  } catch (error) {
    return {
      cacheFlushed: false,
      cacheFlushFailure: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    };
  }
}

/** Refuses a token from now on. */
export async function revokeToken(
  deployment: Deployment,
  { tenantId, tokenId }: TokenInput,
): Promise<RevokedToken> {
  const tenant = readTenantId(tenantId);
  const entry = await actEntry(deployment, tenant, { type: 'token.revoked', tokenId });
  const token = await tokens.revokeToken(deployment.table, tenant, tokenId, new Date(), [entry]);
  return { ...shownToken(token), cacheFlushed: await flushRevoked(deployment, tenant, tokenId) };
}

const created = ({ text, token }: tokens.IssuedToken, baseUrl: string | undefined): CreatedToken => ({
  ...shownToken(token),
  token: text,
  baseUrl,
});

/** A token as administrators see it. */
export const shownToken = (token: Token): ShownToken => {
  const { tenantId, tokenId, label, scope, createdAt, expiresAt, lastUsedAt, revokedAt, tenantSuspended } =
    token;
  return {
    ...{ tenantId, tokenId, label, scope, createdAt },
    expiresAt: new Date(expiresAt * 1000).toISOString(),
    ...{ lastUsedAt, revokedAt, tenantSuspended },
  };
};
