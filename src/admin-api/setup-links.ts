import { integer, listOf, moment, object, oneOf, text } from './schema';
import { TENANT_ID } from './tenants';
import { CURSOR, pageOf, useCase } from './use-case';

const HOUR_SECONDS = 3_600;
const FOR = text('Whom it is for, as in "IT of Acme".', { minLength: 1, maxLength: 200 });
const MAY = listOf(
  'What it permits besides looking; credentials and log when absent.',
  oneOf('A permission.', ['credentials', 'roles', 'log']),
  { maxItems: 3 },
);
const ROLES = listOf(
  'The roles that groups may be given with it; needed where it permits roles.',
  text('Letters, digits and _ . : / -', { pattern: '^[\\w.:/-]{1,100}$' }),
  { maxItems: 50 },
);

const LINK = {
  tenantId: TENANT_ID,
  linkId: text('Public id, which names the link in logs.'),
  for: FOR,
  may: MAY,
  roles: ROLES,
  createdAt: moment('When it was made.'),
  expiresAt: moment('When it ends.'),
};
const WAS = {
  lastUsedAt: moment('When it was used last, exact to five minutes; absent when never.'),
  revokedAt: moment('When it was revoked; absent when it was not.'),
};

export const SETUP_LINKS = {
  /** Makes a link to a tenant's set-up page. Its secret is in this answer and nowhere else. */
  create: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/setup-links',
    summary: 'Make a link to the set-up page; it is shown once',
    command: 'setup-link create',
    does: 'createSecret',
    body: object(
      { for: FOR },
      {
        lifeSeconds: integer('Length of its life; 7 days when absent.', HOUR_SECONDS, 30 * 24 * HOUR_SECONDS),
        may: MAY,
        roles: ROLES,
      },
    ),
    result: object(
      { ...LINK, secret: text('What stands behind # in the link. It is shown here alone.') },
      { ...WAS, url: text('The link, to be sent to the customer.') },
    ),
  }),
  /** A tenant's links to its set-up page, the newest first, with their state. */
  list: useCase({
    method: 'GET',
    path: '/v1/tenants/{tenantId}/setup-links',
    summary: 'List the links to the set-up page, the newest first',
    command: 'setup-link list',
    does: 'read',
    query: object({}, { cursor: CURSOR }),
    result: pageOf(
      'Links, the newest first; those that have ended for 30 days.',
      object(
        { ...LINK, state: oneOf('Whether it is accepted.', ['live', 'expired', 'revoked', 'suspended']) },
        WAS,
      ),
    ),
  }),
  /** Refuses a link from now on; what was made with it stays. */
  revoke: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/setup-links/{linkId}/revoke',
    summary: 'Refuse a link from now on; what was made with it stays',
    command: 'setup-link revoke',
    does: 'change',
    result: object(LINK, WAS),
  }),
};
