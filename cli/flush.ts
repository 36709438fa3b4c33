import { setTimeout as delay } from 'node:timers/promises';
import type { Target } from './command';

/** A look-up of the token that was under way at the write may put the old answer back into the cache. */
const SECOND_FLUSH_AFTER_MS = 2_000;

/**
 * Makes the gateway forget what the authorizer said of tokens that have just lost (or regained) their rights.
 *
 * @returns a sentence for the person at the terminal
 */
export async function flushAuthorizers(target: Target, pauseMs = SECOND_FLUSH_AFTER_MS): Promise<string> {
  if (!(await target.flushAuthorizerCache())) {
    return 'A gateway in front of this table may accept it for up to 5 more minutes (authorizer cache).';
  }
  await delay(pauseMs);
  await target.flushAuthorizerCache();
  return 'The gateway has forgotten its cached answers.';
}
