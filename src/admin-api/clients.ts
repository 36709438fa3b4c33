import { flag, integer, listOf, moment, object, oneOf, text } from './schema';
import { TENANT_ID } from './tenants';
import { CURSOR, pageOf, useCase } from './use-case';

const SCOPE = oneOf('The most that its access tokens permit.', ['read', 'write']);
const DAY_SECONDS = 86_400;
const VALUE = { minLength: 1, maxLength: 1_000 };

const SECRET = object(
  {
    secretId: text('Public id of the secret.'),
    hint: text('Its last four characters.'),
    createdAt: moment('When it was made.'),
    expiresAt: moment('When it ends.'),
  },
  { lastUsedAt: moment('When it last gave a token, exact to five minutes; absent when never.') },
);

const CLIENT = {
  tenantId: TENANT_ID,
  clientId: text('What it calls itself (client_id), which names it in logs, too.'),
  label: text('What it is for, as in "entra".'),
  scope: SCOPE,
  state: oneOf('Whether it is let in.', ['live', 'expired', 'revoked', 'suspended']),
  createdAt: moment('When it was made.'),
  secrets: listOf('Its secrets that are accepted, the newest first.', SECRET),
};
/** Values of an issuer's page. */
const TRUST = {
  issuer: text('What the claim iss of the assertions has to be, exactly.', VALUE),
  subject: text('What the claim sub has to be, exactly.', VALUE),
  audience: text('What the claim aud has to be, exactly.', VALUE),
  jwks: text("URL of the issuer's public keys, https.", VALUE),
};
const WAS = {
  expiresAt: moment('When its last secret ends; absent with a trust, which has no end.'),
  trust: object(
    { ...TRUST, createdAt: moment('When it was set.') },
    { lastUsedAt: moment('When an assertion last gave a token, exact to five minutes; absent when never.') },
  ),
  lastUsedAt: moment('Its last request, exact to five minutes; absent when there was none.'),
  revokedAt: moment('When it was revoked; absent when it was not.'),
};
const CREATED = {
  ...CLIENT,
  clientSecret: text('What the identity provider presents with the clientId. It is shown here alone.'),
};
const URLS = {
  baseUrl: text('URL to paste into the identity provider, its tenant URL.'),
  tokenUrl: text('URL of the token endpoint, to paste beside it.'),
};

/** A client in a list. */
export const LISTED_CLIENT = object(CLIENT, WAS);

export const CLIENTS = {
  /** Makes an OAuth client for a tenant. Its secret is in this answer and nowhere else. */
  create: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/clients',
    summary: 'Make an OAuth client; its secret is shown once',
    command: 'client create',
    does: 'createSecret',
    body: object(
      { label: text('What it is for, as in "entra".', { minLength: 1, maxLength: 100 }) },
      {
        scope: SCOPE,
        lifeSeconds: integer("Length of its secret's life; 365 days when absent.", 60, 3 * 365 * DAY_SECONDS),
      },
    ),
    result: object(CREATED, { ...WAS, ...URLS }),
  }),
  /** A tenant's OAuth clients, the newest first. */
  list: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/clients',
    summary: "List a tenant's OAuth clients, the newest first",
    command: 'client list',
    does: 'read',
    query: object({}, { cursor: CURSOR }),
    result: pageOf('Clients, the newest first.', LISTED_CLIENT),
  }),
  /**
   * Gives a client another secret, which is in this answer alone, and lets the one beside it end after an overlap. Of
   * two, one has to be named, which is replaced and ends at once.
   */
  rotate: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/clients/{clientId}/rotate',
    summary:
      'Give a client another secret, shown once, and let the one beside it end after an overlap, or now',
    command: 'client rotate',
    does: 'createSecret',
    body: object(
      {},
      {
        overlapSeconds: integer(
          'How long the other one is accepted at the most; when absent a day, or until its own end where it was succeeded before.',
          0,
          90 * DAY_SECONDS,
        ),
        replace: text('secretId of the secret that ends now: that of one of the two, where there are two.', {
          minLength: 1,
          maxLength: 100,
        }),
      },
    ),
    result: object(CREATED, { ...WAS, ...URLS }),
  }),
  /** One OAuth client of a tenant. */
  show: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/clients/{clientId}',
    summary: 'Show an OAuth client',
    command: 'client show',
    does: 'read',
    result: LISTED_CLIENT,
  }),
  /** Has a client trust an issuer, whose signed assertions then give it access tokens in place of a secret. */
  trust: useCase({
    method: 'PUT',
    path: '/v1/tenants/{tenantId}/clients/{clientId}/trust',
    summary: 'Have a client trust an issuer, whose signed assertions give it access tokens (RFC 7523)',
    command: 'client trust',
    does: 'change',
    body: object(TRUST, { endSecrets: flag("Whether the client's secrets end now; false when absent.") }),
    result: LISTED_CLIENT,
  }),
  /** Has a client trust nobody any more: it needs a live secret then. */
  removeTrust: useCase({
    method: 'DELETE',
    path: '/v1/tenants/{tenantId}/clients/{clientId}/trust',
    summary: 'Have a client trust nobody any more',
    command: 'client trust',
    does: 'change',
    result: LISTED_CLIENT,
  }),
  /** Refuses a client and all its access tokens from now on. */
  revoke: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/clients/{clientId}/revoke',
    summary: 'Refuse a client and all its access tokens from now on',
    command: 'client revoke',
    does: 'change',
    result: object(
      {
        ...CLIENT,
        cacheFlushed: flag("Whether the gateway was told to forget that it accepted the client's tokens."),
      },
      WAS,
    ),
  }),
};
