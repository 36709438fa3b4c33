import { decodeFormText, type Form, readForm } from './form';
import { OAuthError } from './oauth-error';

/** An HTTP request to the token endpoint. */
export interface TokenHttpRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Names of the parameters in the URL's query. */
  readonly queryNames: readonly string[];
}

/** How a client says who it is: with a secret of its own, or with what an issuer has signed (RFC 7523 section 2.2). */
export type ClientCredentials = SecretOfClient | AssertionOfClient;
interface SecretOfClient {
  readonly clientId: string;
  readonly secret: string;
}
interface AssertionOfClient {
  readonly clientId: string;
  readonly assertion: string;
}

/** What a client asks for, with its credentials. */
export type TokenRequest = ClientCredentials & {
  /** As it was asked for; undefined asks for all that the client may. */
  readonly scope: string | undefined;
};

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const CREDENTIALS = ['client_id', 'client_secret', 'client_assertion'];

/** Longer bodies are refused unread. Entra ID's largest, with an assertion, has some 2 kB. */
export const MAX_TOKEN_REQUEST_BYTES = 16_384;

/**
 * Reads a request for a token by client credentials (RFC 6749 section 4.4). The credentials are in the header (Basic),
 * in the body, or in both: Entra ID lets its administrator choose, "Both" included. RFC 6749 section 2.3 allows one way
 * per request; both are accepted when they say the same. An assertion stands alone.
 *
 * @throws OAuthError
 */
export function readTokenRequest(request: TokenHttpRequest): TokenRequest {
  const form = readBody(request);
  const grantType = form.get('grant_type');
  if (grantType === undefined) {
    throw new OAuthError('invalid_request', 'There is no grant_type; client_credentials is accepted.');
  }
  if (grantType !== 'client_credentials') {
    throw new OAuthError(
      'unsupported_grant_type',
      'grant_type is not client_credentials, the one that is accepted.',
    );
  }
  return { ...credentialsOf(request, form), scope: form.get('scope') };
}

function readBody({ headers, body, queryNames }: TokenHttpRequest): Form {
  if (queryNames.some((name) => CREDENTIALS.includes(name))) {
    throw new OAuthError(
      'invalid_request',
      'Credentials are not accepted in the URL; send them in the body.',
    );
  }
  const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/x-www-form-urlencoded') {
    throw new OAuthError('invalid_request', 'Content-Type is not application/x-www-form-urlencoded.');
  }
  if (Buffer.byteLength(body) > MAX_TOKEN_REQUEST_BYTES) {
    throw new OAuthError('invalid_request', `The body is longer than ${MAX_TOKEN_REQUEST_BYTES} bytes.`);
  }
  return readForm(body);
}

function credentialsOf({ headers }: TokenHttpRequest, form: Form): ClientCredentials {
  if (form.has('client_assertion') || form.has('client_assertion_type')) return readAssertion(headers, form);
  const fromHeader = readBasic(headers.authorization);
  const [clientId, secret] = [form.get('client_id'), form.get('client_secret')];
  if (fromHeader === undefined) {
    if (clientId === undefined || secret === undefined) {
      throw new OAuthError(
        'invalid_client',
        'There are no credentials; client_id and client_secret are accepted in a Basic header or in the body, and client_id with a client_assertion in the body.',
      );
    }
    return { clientId, secret };
  }
  const isContradicted =
    (clientId !== undefined && clientId !== fromHeader.clientId) ||
    (secret !== undefined && secret !== fromHeader.secret);
  if (isContradicted) {
    throw new OAuthError('invalid_request', 'The credentials in the header and those in the body differ.');
  }
  return fromHeader;
}

/** RFC 7521 section 4.2 lets `client_id` be left out; Entra ID's assertions name no client, so that it is needed. */
function readAssertion(headers: TokenHttpRequest['headers'], form: Form): AssertionOfClient {
  if (headers.authorization !== undefined || form.has('client_secret')) {
    throw new OAuthError(
      'invalid_request',
      'There is a client_assertion besides a secret; one of them is accepted.',
    );
  }
  const [clientId, assertion] = [form.get('client_id'), form.get('client_assertion')];
  if (form.get('client_assertion_type') !== JWT_BEARER) {
    throw new OAuthError(
      'invalid_request',
      `client_assertion_type is not ${JWT_BEARER}, the one that is accepted.`,
    );
  }
  if (assertion === undefined) throw new OAuthError('invalid_request', 'There is no client_assertion.');
  if (clientId === undefined) {
    throw new OAuthError(
      'invalid_request',
      'There is no client_id, which is needed besides a client_assertion.',
    );
  }
  return { clientId, assertion };
}

/** Reads `Authorization: Basic …`, whose two parts are form-encoded first (RFC 6749 section 2.3.1). */
function readBasic(header: string | undefined): SecretOfClient | undefined {
  if (header === undefined) return undefined;
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header)?.[1];
  const text = encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString();
  const colon = text?.indexOf(':') ?? -1;
  const clientId = colon > 0 ? decodeFormText(text?.slice(0, colon) ?? '') : undefined;
  const secret = colon > 0 ? decodeFormText(text?.slice(colon + 1) ?? '') : undefined;
  if (!clientId || !secret) {
    throw new OAuthError(
      'invalid_client',
      'The Authorization header is not Basic with a client_id and a client_secret.',
    );
  }
  return { clientId, secret };
}
