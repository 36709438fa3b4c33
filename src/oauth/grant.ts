import type { Table } from '../directory/table/table';
import { issueAccessToken } from '../directory/tenants/access-tokens';
import type { Client } from '../directory/tenants/client-item';
import type { TokenScope } from '../directory/tenants/token-item';
import { authenticate, recordUse } from './authenticate';
import type { IssuerKeys } from './issuer-keys';
import { OAuthError } from './oauth-error';
import type { TokenRequest } from './token-request';

/** The answer to a token request that is granted (RFC 6749 section 5.1). */
export interface Grant {
  readonly client: Client;
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly scope: 'scim' | 'scim.read';
}

const SCOPES: Readonly<Record<string, TokenScope>> = { scim: 'write', 'scim.read': 'read' };

/**
 * Grants an access token for a client's credentials.
 *
 * @param lifeSeconds of the token; it ends with the client, if that is earlier
 * @param onUseUnrecorded told when the use of what the client has shown could not be noted, which fails no request
 * @throws OAuthError, ClientRefused for a client that is known
 */
export async function grantToken(
  table: Table,
  request: TokenRequest,
  {
    onUseUnrecorded,
    keys,
    ...order
  }: {
    readonly keys: IssuerKeys;
    readonly lifeSeconds: number;
    readonly requestId: string;
    readonly now: Date;
    readonly onUseUnrecorded: (error: unknown) => void;
  },
): Promise<Grant> {
  const { now } = order;
  const authenticated = await authenticate(table, request, { keys, now });
  const { client } = authenticated;
  const scope = scopeFor(client, request.scope);
  const issued = await issueAccessToken(table, client, { scope, ...order });
  await recordUse(table, authenticated, now).catch(onUseUnrecorded);
  const expiresIn = issued.accessToken.expiresAt - Math.floor(now.getTime() / 1000);
  return { client, accessToken: issued.text, expiresIn, scope: scope === 'write' ? 'scim' : 'scim.read' };
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
