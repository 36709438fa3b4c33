import fc from 'fast-check';
import { OAuthError } from '../../src/oauth/oauth-error';
import { readTokenRequest, type TokenHttpRequest } from '../../src/oauth/token-request';

const ID = 'scimclient_0123456789abcdefg';
const SECRET = 'a secret: with + and % and ü';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** RFC 6749 section 2.3.1: each form-encoded first. */
const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${new URLSearchParams({ [id]: secret }).toString().replace('=', ':')}`).toString('base64')}`;
const formOf = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString();
const request = (body: string, headers: TokenHttpRequest['headers'] = {}): TokenHttpRequest => ({
  headers: { ...FORM, ...headers },
  body,
  queryNames: [],
});
const GRANT = { grant_type: 'client_credentials' };
const IN_BODY = { client_id: ID, client_secret: SECRET };

function refusal(asked: TokenHttpRequest): string {
  try {
    readTokenRequest(asked);
  } catch (error) {
    if (error instanceof OAuthError) return error.code;
    throw error;
  }
  return 'none';
}

describe('the four ways in which Entra ID sends its credentials', () => {
  test.each<[string, TokenHttpRequest]>([
    ['in the header', request(formOf(GRANT), { authorization: basic(ID, SECRET) })],
    ['in the body', request(formOf({ ...GRANT, ...IN_BODY }))],
    ['in both', request(formOf({ ...GRANT, ...IN_BODY }), { authorization: basic(ID, SECRET) })],
    [
      'in the header, the id in the body, too',
      request(formOf({ ...GRANT, client_id: ID }), { authorization: basic(ID, SECRET) }),
    ],
  ])('%s', (_way, asked) => {
    expect(readTokenRequest(asked)).toEqual({ clientId: ID, secret: SECRET, scope: undefined });
  });

  test('whatever an id and a secret consist of, both readings agree', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(text, text, (client_id, client_secret) => {
        const fromBody = readTokenRequest(request(formOf({ ...GRANT, client_id, client_secret })));
        const fromHeader = readTokenRequest(
          request(formOf(GRANT), { authorization: basic(client_id, client_secret) }),
        );
        expect(fromHeader).toEqual(fromBody);
        expect(fromHeader).toMatchObject({ clientId: client_id, secret: client_secret });
      }),
    );
  });
});

const BODY = formOf({ ...GRANT, ...IN_BODY });
test.each<[string, string, TokenHttpRequest]>([
  ['no grant_type', 'invalid_request', request(formOf(IN_BODY))],
  ['a grant_type without a value', 'invalid_request', request(`grant_type=&${formOf(IN_BODY)}`)],
  ['another grant_type', 'unsupported_grant_type', request(formOf({ ...IN_BODY, grant_type: 'password' }))],
  ['a parameter twice', 'invalid_request', request(`${BODY}&client_id=${ID}`)],
  ['an unknown parameter twice', 'invalid_request', request(`${BODY}&x=1&x=2`)],
  ['JSON', 'invalid_request', request(JSON.stringify(GRANT), { 'content-type': 'application/json' })],
  ['no content type', 'invalid_request', { headers: {}, body: BODY, queryNames: [] }],
  ['a malformed percent-encoding', 'invalid_request', request(`${BODY}&x=%zz`)],
  ['bytes that are no UTF-8', 'invalid_request', request(`${BODY}&x=%ff`)],
  ['a huge body', 'invalid_request', request(`${BODY}&x=${'a'.repeat(16_384)}`)],
  ['credentials in the URL', 'invalid_request', { ...request(BODY), queryNames: ['client_secret'] }],
  ['no credentials', 'invalid_client', request(formOf(GRANT))],
  ['a secret without an id', 'invalid_client', request(formOf({ ...GRANT, client_secret: SECRET }))],
  ['a bearer token', 'invalid_client', request(BODY, { authorization: 'Bearer scim_x' })],
  ['a header that is not base64', 'invalid_client', request(BODY, { authorization: 'Basic {}' })],
  ['a header without a colon', 'invalid_client', request(BODY, { authorization: 'Basic YWJj' })],
  [
    'another id in the body',
    'invalid_request',
    request(formOf({ ...GRANT, client_id: 'x' }), { authorization: basic(ID, SECRET) }),
  ],
  [
    'another secret in the body',
    'invalid_request',
    request(formOf({ ...GRANT, client_secret: 'x' }), { authorization: basic(ID, SECRET) }),
  ],
])('%s is refused as %s says', (_what, code, asked) => {
  expect(refusal(asked)).toBe(code);
});

test('unknown parameters are ignored, and an empty scope is none', () => {
  expect(readTokenRequest(request(`${BODY}&resource=x&scope=`)).scope).toBeUndefined();
  expect(readTokenRequest(request(`&&${BODY}&scope=scim%20scim.read&`)).scope).toBe('scim scim.read');
});

test('no description has what RFC 6749 section 5.2 forbids in it, nor what was sent', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (body, authorization) => {
      try {
        readTokenRequest(request(`${BODY}&${body}`, { authorization }));
      } catch (error) {
        if (!(error instanceof OAuthError)) throw error;
        expect(error.description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
        expect(error.description).not.toContain(ID);
      }
    }),
  );
});
