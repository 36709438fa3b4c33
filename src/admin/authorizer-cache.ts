import { setTimeout as delay } from 'node:timers/promises';
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
  await deployment.flushAuthorizerCache();
  return true;
}
