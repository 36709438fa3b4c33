import { RATE } from './rate';
import { count, flag, integer, moment, object, oneOf, text } from './schema';
import { CURSOR, pageOf, useCase } from './use-case';

export const TENANT_ID = text('1 to 40 lower-case letters, digits and inner hyphens.', {
  pattern: '^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$',
});
export const NAME = text('Name for people; it need not be unique.', { minLength: 1, maxLength: 200 });
export const STATUS = oneOf('Whether tokens are accepted.', ['active', 'suspended']);
/** How far other stores of sessions are told of a tenant that was suspended or resumed. */
export const TOLD_SO_FAR = {
  notifiedUsers: count(
    'Users that other stores of sessions were told of so far; absent where there is no such store.',
  ),
  usersLeft: count(
    'Users, about, who are still to be gone through: the service does it by itself, and GET /v1/tenants/{tenantId} tells how far it is.',
  ),
};

const TENANT_FACTS = {
  tenantId: TENANT_ID,
  name: NAME,
  createdAt: moment('When it was created.'),
  status: STATUS,
  sessionEpoch: count('Raised by each suspension: sessions of an earlier one are dead.'),
};
const TENANT = object(TENANT_FACTS);

export const TENANTS = {
  /** Creates a tenant, without tokens. */
  create: useCase({
    method: 'POST',
    path: '/v1/tenants',
    summary: 'Create a tenant, without tokens',
    command: 'tenant create',
    does: 'create',
    body: object({ tenantId: TENANT_ID, name: NAME }),
    result: object(TENANT_FACTS, { rate: RATE }),
  }),
  /** All tenants by id; one created within the last second may be missing. */
  list: useCase({
    method: 'GET',
    path: '/v1/tenants',
    summary: 'List tenants by id; one created within the last second may be missing',
    command: 'tenant list',
    does: 'read',
    query: object({}, { limit: integer('Tenants per page, 100 when absent.', 1, 1_000), cursor: CURSOR }),
    result: pageOf('Tenants by id.', TENANT),
  }),
  /** Refuses all tokens of a tenant and ends all its sessions, for ever. */
  suspend: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/suspend',
    summary: 'Refuse all tokens of a tenant and end all its sessions',
    command: 'tenant suspend',
    does: 'change',
    result: object(
      {
        tenantId: TENANT_ID,
        status: STATUS,
        cacheFlushed: flag('Whether the gateway was told to forget that it accepted the tokens.'),
      },
      TOLD_SO_FAR,
    ),
  }),
  /** Accepts the tokens of a suspended tenant again. Its sessions stay dead: people log in anew. */
  resume: useCase({
    method: 'POST',
    path: '/v1/tenants/{tenantId}/resume',
    summary: 'Accept the tokens of a suspended tenant again; its sessions stay dead',
    command: 'tenant resume',
    does: 'change',
    result: object({ tenantId: TENANT_ID, status: STATUS }, TOLD_SO_FAR),
  }),
  /** Ends all access of a tenant and removes all its data for ever, part by part: again until it is deleted. */
  delete: useCase({
    method: 'DELETE',
    path: '/v1/tenants/{tenantId}',
    summary: 'Delete a tenant with all its data, part by part: repeat it until it is deleted',
    command: 'tenant delete',
    does: 'change',
    query: object({ confirm: text('The tenantId once more.') }),
    result: object(
      {
        tenantId: TENANT_ID,
        deleted: flag('Whether nothing of it is left. Otherwise send the same request again.'),
        items: count('Items removed by this request.'),
      },
      { waitSeconds: count('How long to wait before: requests that were under way are to be over.') },
    ),
  }),
};
