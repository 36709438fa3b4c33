import { flag, integer, listOf, moment, object, oneOf, text } from '../admin-api/schema';
import { route } from './route';

const DAY_SECONDS = 86_400;

const STATE = oneOf('Whether it is accepted.', ['live', 'expired', 'revoked', 'suspended']);
const LABEL = text('What it is for, as in "entra".', { pattern: '^(?! +$)[\\w .@-]{1,64}$' });
const SCOPE = oneOf('What it permits.', ['read', 'write']);
const WAS = {
  lastUsedAt: moment('When it was used last, exact to five minutes; absent when never.'),
  revokedAt: moment('When it was revoked; absent when it was not.'),
};
const LIFE_SECONDS = integer('Length of its life; 365 days when absent.', DAY_SECONDS, 2 * 365 * DAY_SECONDS);
const OVERLAP = {
  overlapSeconds: integer('How long the old one is still accepted; a day when absent.', 0, 30 * DAY_SECONDS),
};
const SECRET_ID = text('Public id of the secret.', { pattern: '^[0-9A-Za-z]{1,20}$' });

const TOKEN = {
  tokenId: text('Public id, which names the token in logs.'),
  label: LABEL,
  scope: SCOPE,
  state: STATE,
  createdAt: moment('When it was made.'),
  expiresAt: moment('When it ends.'),
};
const CLIENT = {
  clientId: text('What the identity provider calls client id.'),
  label: LABEL,
  scope: SCOPE,
  state: STATE,
  createdAt: moment('When it was made.'),
  secrets: listOf(
    'Its secrets that are accepted, the newest first.',
    object(
      {
        secretId: SECRET_ID,
        hint: text('Its last four characters.'),
        createdAt: moment('When it was made.'),
        expiresAt: moment('When it ends.'),
      },
      { lastUsedAt: moment('When it last gave a token, exact to five minutes; absent when never.') },
    ),
  ),
};
const VALUE = { minLength: 1, maxLength: 1_000 };
/** Values of the identity provider's page. */
const TRUST = {
  issuer: text('What the claim iss of the assertions has to be, exactly.', VALUE),
  subject: text('What the claim sub has to be, exactly.', VALUE),
  audience: text('What the claim aud has to be, exactly.', VALUE),
  jwks: text("URL of the issuer's public keys, https.", VALUE),
};
const CLIENT_WAS = {
  ...WAS,
  expiresAt: moment('When its last secret ends; absent with a trust, which has no end.'),
  trust: object(
    { ...TRUST, createdAt: moment('When it was set.') },
    { lastUsedAt: moment('When an assertion last gave a token, exact to five minutes; absent when never.') },
  ),
};
const MADE_TOKEN = object({ ...TOKEN, token: text('The token. It is shown here alone.') }, WAS);
const MADE_CLIENT = object(
  { ...CLIENT, clientSecret: text('The secret. It is shown here alone.') },
  CLIENT_WAS,
);
const REVOKED = {
  isEffective: flag(
    'Of what is revoked: whether the gateway has been told, or has forgotten it; if not, it may accept it for a while.',
  ),
};
const ORDER = object({ label: LABEL }, { lifeSeconds: LIFE_SECONDS });

export const CREDENTIAL_ROUTES = {
  /** The tenant's tokens and OAuth clients, the newest first. */
  'GET /credentials': route({
    summary: 'List tokens and OAuth clients with their end and last use',
    result: object({
      tokens: listOf('Tokens, the newest first.', object(TOKEN, { ...WAS, ...REVOKED })),
      clients: listOf('OAuth clients, the newest first.', object(CLIENT, { ...CLIENT_WAS, ...REVOKED })),
    }),
  }),
  /** Makes a token that may write. */
  'POST /tokens': route({
    summary: 'Make a token; it is shown once',
    needs: 'credentials',
    makesSecret: true,
    body: ORDER,
    result: MADE_TOKEN,
  }),
  /** Makes a successor of a token; the old one ends after the overlap. */
  'POST /tokens/{tokenId}/rotate': route({
    summary: 'Make a successor of a token, and let the old one end',
    needs: 'credentials',
    makesSecret: true,
    body: object({}, OVERLAP),
    result: MADE_TOKEN,
  }),
  /** Refuses a token from now on; asked again, it has the gateway told where that has failed. */
  'POST /tokens/{tokenId}/revoke': route({
    summary: 'Refuse a token from now on',
    needs: 'credentials',
    result: object({ ...TOKEN, ...REVOKED }, WAS),
  }),
  /** Makes an OAuth client whose access tokens may write. */
  'POST /clients': route({
    summary: 'Make an OAuth client; its secret is shown once',
    needs: 'credentials',
    makesSecret: true,
    body: ORDER,
    result: MADE_CLIENT,
  }),
  /** Gives a client another secret; the one beside it ends after the overlap, or the one that is named at once. */
  'POST /clients/{clientId}/rotate': route({
    summary: 'Give an OAuth client another secret, and let an old one end',
    needs: 'credentials',
    makesSecret: true,
    body: object({}, { ...OVERLAP, replace: SECRET_ID }),
    result: MADE_CLIENT,
  }),
  /** Has a client trust an issuer, whose signed assertions then give it access tokens in place of a secret. */
  'PUT /clients/{clientId}/trust': route({
    summary: 'Have an OAuth client trust an issuer, in place of the one before (RFC 7523)',
    needs: 'credentials',
    body: object(TRUST, { endSecrets: flag("Whether the client's secrets end now; false when absent.") }),
    result: object(CLIENT, CLIENT_WAS),
  }),
  /** Has a client trust nobody any more: it needs a live secret then. */
  'DELETE /clients/{clientId}/trust': route({
    summary: 'Have an OAuth client trust nobody any more',
    needs: 'credentials',
    result: object(CLIENT, CLIENT_WAS),
  }),
  /** Refuses a client and all its access tokens from now on; asked again likewise. */
  'POST /clients/{clientId}/revoke': route({
    summary: 'Refuse an OAuth client from now on',
    needs: 'credentials',
    result: object({ ...CLIENT, ...REVOKED }, CLIENT_WAS),
  }),
};
