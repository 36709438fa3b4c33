import { setTimeout as delay } from 'node:timers/promises';
import type { TenantId } from '../directory/table/keys';
import { noteFlushed } from '../directory/tenants/revocation-flush';
import type { Deployment } from './deployment';

/** A look-up of the token that was under way at the write may put the old answer back into the cache. */
const SECOND_FLUSH_AFTER_MS = 2_000;

/**
 * Makes the gateway forget what the authorizer said of tokens that have just lost their rights.
 *
 * @returns false where there is no gateway to tell: one in front of the table may accept them until its cache expires
 */
export async function flushAuthorizerCache(deployment: Deployment): Promise<boolean> {
  if (!(await deployment.flushAuthorizerCache())) return false;
  await delay(SECOND_FLUSH_AFTER_MS);
  return deployment.flushAuthorizerCache();
}

/**
 * Makes the gateway forget a token or client that was revoked, and notes there that it has: a link to the set-up page
 * may not have that done at will.
 *
 * @param id public id of the token, or client_id
 * @returns false where there is no gateway to tell
 */
export async function flushRevoked(deployment: Deployment, tenant: TenantId, id: string): Promise<boolean> {
  const isFlushed = await flushAuthorizerCache(deployment);
  if (isFlushed) await noteFlushed(deployment.table, tenant, id, new Date());
  return isFlushed;
}
