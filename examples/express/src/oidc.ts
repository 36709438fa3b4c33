import { createHash, createPublicKey, type JsonWebKey, randomBytes, verify } from 'node:crypto';

/** An identity provider that a tenant's people log in at. */
export interface Provider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What has to be the same when the browser comes back; kept in a cookie. */
export interface Attempt {
  readonly tenant: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Who has logged in. */
export interface Claims {
  readonly sub: string;
  readonly email: string;
}

const SCOPE = 'openid email';

/** A login that begins: secrets of its own. */
export const newAttempt = (tenant: string): Attempt => ({
  tenant,
  state: random(),
  nonce: random(),
  verifier: random(),
});

/** Where the browser goes to log in. */
export async function authorizationUrl(
  provider: Provider,
  redirectUri: string,
  { state, nonce, verifier }: Attempt,
): Promise<string> {
  const { authorization_endpoint: endpoint } = await discover(provider);
  const query = new URLSearchParams({
    ...{ response_type: 'code', client_id: provider.clientId, redirect_uri: redirectUri, scope: SCOPE },
    ...{ state, nonce, code_challenge_method: 'S256' },
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  });
  return `${endpoint}?${query}`;
}

/**
 * Exchanges the code that the browser has brought, and checks the ID token (OpenID Connect Core section 3.1.3.7).
 *
 * @throws Error when the token is not the provider's, not for this login, or without a name
 */
export async function claimsOf(
  provider: Provider,
  redirectUri: string,
  code: string,
  { nonce, verifier }: Attempt,
): Promise<Claims> {
  const { token_endpoint: endpoint, jwks_uri: keysUrl } = await discover(provider);
  const response = await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier },
      ...{ client_id: provider.clientId, client_secret: provider.clientSecret },
    }),
  });
  if (!response.ok) throw new Error(`The identity provider refuses the code with ${response.status}.`);
  const { id_token: token } = (await response.json()) as { id_token: string };
  const claims = await readToken(token, keysUrl);
  if (claims.iss !== provider.issuer || claims.aud !== provider.clientId || claims.nonce !== nonce)
    throw new Error('The ID token is not for this login.');
  if (!(Number(claims.exp) * 1000 > Date.now())) throw new Error('The ID token has expired.');
  const { sub, email } = claims;
  if (typeof sub !== 'string' || typeof email !== 'string')
    throw new Error('The ID token does not say who has logged in: it has no sub or no email.');
  return { sub, email };
}

/** Where the provider does what (OpenID Connect Discovery section 3). */
interface Configuration {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri: string;
}

async function discover({ issuer }: Provider): Promise<Configuration> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`);
  return (await response.json()) as Configuration;
}

/** The claims of a token that is signed with RS256 by a key of the provider. */
async function readToken(token: string, keysUrl: string): Promise<Record<string, unknown>> {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const { alg, kid } = parse(header);
  const { keys } = (await (await fetch(keysUrl)).json()) as { keys: (JsonWebKey & { kid: string })[] };
  const key = keys.find((each) => each.kid === kid);
  const isSigned =
    alg === 'RS256' &&
    key !== undefined &&
    verify(
      'RSA-SHA256',
      Buffer.from(`${header}.${payload}`),
      createPublicKey({ key, format: 'jwk' }),
      Buffer.from(signature, 'base64url'),
    );
  if (!isSigned) throw new Error('The ID token is not signed by the identity provider.');
  return parse(payload);
}

const parse = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;

const random = () => randomBytes(32).toString('base64url');
