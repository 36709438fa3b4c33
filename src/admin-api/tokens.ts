import { flag, integer, moment, object, oneOf, text } from './schema';
import { TENANT_ID } from './tenants';
import { CURSOR, pageOf, useCase } from './use-case';

const SCOPE = oneOf('What it permits.', ['read', 'write']);
const DAY_SECONDS = 86_400;

const TOKEN = {
  tenantId: TENANT_ID,
  tokenId: text('Public id, which names the token in logs.'),
  label: text('What it is for, as in "entra".'),
  scope: SCOPE,
  createdAt: moment('When it was issued.'),
  expiresAt: moment('When it ends.'),
};
const WAS = {
  lastUsedAt: moment('When it was used last, exact to five minutes; absent when never.'),
  revokedAt: moment('When it was revoked; absent when it was not.'),
  tenantSuspended: flag('Whether it is refused since its tenant is suspended.'),
};
const SECRET = { token: text('The secret that the identity provider presents. It is shown here alone.') };
const BASE_URL = { baseUrl: text('URL to paste into the identity provider, its tenant URL.') };
const CACHE_FLUSHED = flag('Whether the gateway was told to forget that it accepted the token.');

/** A token as lists show it. */
export const LISTED_TOKEN = object(
  { ...TOKEN, state: oneOf('Whether it is accepted.', ['live', 'expired', 'revoked', 'suspended']) },
  WAS,
);

export const TOKENS = {
  /** Issues a token for a tenant. Its secret is in this answer and nowhere else. */
  create: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/tokens',
    summary: 'Issue a token; its secret is shown once',
    command: 'token create',
    does: 'createSecret',
    body: object(
      { label: text('What it is for, as in "entra".', { minLength: 1, maxLength: 100 }) },
      {
        scope: SCOPE,
        lifeSeconds: integer('Length of its life; 365 days when absent.', 60, 10 * 365 * DAY_SECONDS),
      },
    ),
    result: object({ ...TOKEN, ...SECRET }, { ...WAS, ...BASE_URL }),
  }),
  /** A tenant's tokens, the newest first, with their state. */
  list: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/tokens',
    summary: "List a tenant's tokens, the newest first",
    command: 'token list',
    does: 'read',
    query: object({}, { cursor: CURSOR }),
    result: pageOf('Tokens, the newest first.', LISTED_TOKEN),
  }),
  /** Issues a successor of a token, whose secret is in this answer alone, and lets the old one end after an overlap. */
  rotate: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/tokens/{tokenId}/rotate',
    summary: 'Issue a successor, shown once, and let the old token end after an overlap',
    command: 'token rotate',
    does: 'createSecret',
    body: object(
      {},
      { overlapSeconds: integer('How long both are accepted; a day when absent.', 0, 90 * DAY_SECONDS) },
    ),
    result: object(
      { ...TOKEN, ...SECRET },
      {
        ...WAS,
        ...BASE_URL,
        cacheFlushed: CACHE_FLUSHED,
        cacheFlushFailure: text('Why the gateway could not be told; absent when it was, or need not be.'),
      },
    ),
  }),
  /** Refuses a token from now on. */
  revoke: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/tokens/{tokenId}/revoke',
    summary: 'Refuse a token from now on',
    command: 'token revoke',
    does: 'change',
    result: object({ ...TOKEN, cacheFlushed: CACHE_FLUSHED }, WAS),
  }),
};
