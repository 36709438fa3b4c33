import { createHash, timingSafeEqual } from 'node:crypto';
import { ConditionFailed, type Table } from '../directory/table/table';
import { issueAccessToken } from '../directory/tenants/access-tokens';
import { type Client, clientKey, liveSecrets } from '../directory/tenants/client-item';
import { findClient } from '../directory/tenants/clients';
import { type TokenScope, type TokenState, tokenState } from '../directory/tenants/token-item';
import { OAuthError } from './oauth-error';
import type { ClientCredentials, TokenRequest } from './token-request';

/** The answer to a token request that is granted (RFC 6749 section 5.1). */
export interface Grant {
  readonly client: Client;
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly scope: 'scim' | 'scim.read';
}

/** A client that is known and not let in; for its tenant's log. The answer does not tell it from an unknown one. */
export class ClientRefused extends OAuthError {
  constructor(
    readonly client: Client,
    readonly reason: 'wrong-secret' | Exclude<TokenState, 'live'>,
  ) {
    super('invalid_client', UNKNOWN_CLIENT);
  }
}

const UNKNOWN_CLIENT =
  'The client is unknown, its secret is wrong or has ended, or it is not let in any more.';
const USE_RECORDED_EVERY_MS = 300_000;
const SCOPES: Readonly<Record<string, TokenScope>> = { scim: 'write', 'scim.read': 'read' };

/**
 * Grants an access token for a client's credentials.
 *
 * @param lifeSeconds of the token; it ends with the client's last secret, if that is earlier
 * @param onUseUnrecorded told when the use of the secret could not be noted, which fails no request
 * @throws OAuthError, ClientRefused for a client that is known
 */
export async function grantToken(
  table: Table,
  request: TokenRequest,
  {
    onUseUnrecorded,
    ...order
  }: {
    readonly lifeSeconds: number;
    readonly requestId: string;
    readonly now: Date;
    readonly onUseUnrecorded: (error: unknown) => void;
  },
): Promise<Grant> {
  const { now } = order;
  const { client, secretId } = await authenticate(table, request, now);
  const scope = scopeFor(client, request.scope);
  const issued = await issueAccessToken(table, client, { scope, ...order });
  await recordSecretUse(table, client, secretId, now).catch(onUseUnrecorded);
  const expiresIn = issued.accessToken.expiresAt - Math.floor(now.getTime() / 1000);
  return { client, accessToken: issued.text, expiresIn, scope: scope === 'write' ? 'scim' : 'scim.read' };
}

/**
 * Secrets are compared as digests, in constant time. How long it takes tells a known client_id from an unknown one: it
 * is no secret, and nobody finds one among 96 random bits.
 */
async function authenticate(
  table: Table,
  { clientId, secret }: ClientCredentials,
  now: Date,
): Promise<{ client: Client; secretId: string }> {
  const client = await findClient(table, clientId);
  const presented = createHash('sha256').update(secret).digest();
  const live = client === undefined ? [] : liveSecrets(client, now);
  const matching = live.filter(([, { sha256 }]) => timingSafeEqual(presented, Buffer.from(sha256, 'hex')));
  if (client === undefined) throw new OAuthError('invalid_client', UNKNOWN_CLIENT);
  const state = tokenState(client, now);
  if (state !== 'live') throw new ClientRefused(client, state);
  const [[secretId] = []] = matching;
  if (secretId === undefined) throw new ClientRefused(client, 'wrong-secret');
  return { client, secretId };
}

/**
 * The scope that is granted: the client's own when none is asked for (Entra ID's page for gallery applications has no
 * field for it), otherwise the widest of those asked for.
 *
 * @throws OAuthError invalid_scope
 */
function scopeFor({ scope: most }: Client, asked: string | undefined): TokenScope {
  if (asked === undefined) return most;
  const scopes = asked.split(' ').map((name) => (Object.hasOwn(SCOPES, name) ? SCOPES[name] : undefined));
  if (scopes.includes(undefined)) {
    throw new OAuthError('invalid_scope', 'A scope is unknown; scim and scim.read are accepted.');
  }
  if (!scopes.includes('write')) return 'read';
  if (most === 'write') return 'write';
  throw new OAuthError('invalid_scope', 'The client may read only; the scope scim.read is accepted.');
}

/** Notes that a secret was used, at most every five minutes. */
async function recordSecretUse(table: Table, client: Client, secretId: string, now: Date): Promise<void> {
  const lately = new Date(now.getTime() - USE_RECORDED_EVERY_MS).toISOString();
  const lastUsedAt = client.secrets[secretId]?.lastUsedAt;
  if (lastUsedAt !== undefined && lastUsedAt > lately) return;
  try {
    await table.write({
      kind: 'update',
      key: clientKey(client.tokenId),
      update: 'SET secrets.#id.lastUsedAt = :now',
      names: { '#id': secretId },
      values: { ':now': now.toISOString() },
      // The secret may have been rotated out meanwhile.
      condition: { expression: 'attribute_exists(secrets.#id)' },
    });
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}
