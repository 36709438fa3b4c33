import type { Table } from '../../directory/table/table';
import { type Grant, grantToken } from '../../oauth/grant';
import type { IssuerKeys } from '../../oauth/issuer-keys';
import { OAuthError } from '../../oauth/oauth-error';
import { readTokenRequest, type TokenHttpRequest } from '../../oauth/token-request';

/** An answer of the token endpoint: JSON of OAuth's own, never a SCIM message. */
export interface OAuthResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string | number>>;
}

/** What the endpoint rests on. */
export interface TokenEndpointContext {
  readonly table: Table;
  readonly keys: IssuerKeys;
  readonly lifeSeconds: number;
  readonly requestId: string;
  readonly now: Date;
  readonly onGrant: (grant: Grant) => void;
  readonly onRefusal: (error: OAuthError) => Promise<void>;
  readonly onUseUnrecorded: (error: unknown) => void;
}

/** Nothing between may keep a token (RFC 6749 section 5.1). */
const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** API Gateway renames the header that a function gives (x-amzn-Remapped-WWW-Authenticate): no client rests on it. */
const CHALLENGE = { 'WWW-Authenticate': 'Basic realm="scim"' };

/** `POST /oauth2/token` (RFC 6749 section 4.4): an access token for a client's credentials. */
export async function tokenEndpoint(
  method: string,
  request: TokenHttpRequest,
  { onGrant, onRefusal, table, ...order }: TokenEndpointContext,
): Promise<OAuthResponse> {
  if (method !== 'POST') return methodNotAllowed();
  try {
    const grant = await grantToken(table, readTokenRequest(request), order);
    onGrant(grant);
    const { accessToken, expiresIn, scope } = grant;
    return {
      status: 200,
      headers: NO_STORE,
      body: { access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn, scope },
    };
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    await onRefusal(error);
    return errorResponse(error);
  }
}

function errorResponse(error: OAuthError): OAuthResponse {
  return {
    status: error.status,
    headers: error.status === 401 ? { ...NO_STORE, ...CHALLENGE } : NO_STORE,
    body: { error: error.code, error_description: error.description },
  };
}

/** RFC 6749 has no error for it: section 3.2 wants POST, and RFC 9110 section 15.5.6 the header. */
const methodNotAllowed = (): OAuthResponse => ({
  status: 405,
  headers: { ...NO_STORE, Allow: 'POST' },
  body: { error: 'invalid_request', error_description: 'The token endpoint accepts POST only.' },
});
