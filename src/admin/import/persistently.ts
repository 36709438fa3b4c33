import { setTimeout as delay } from 'node:timers/promises';
import { Throttled, Unavailable } from '../../directory/errors';
import { AdminError } from '../errors';

/** The table itself tries for ten seconds, so that this is some ten minutes. */
const MAX_ATTEMPTS = 30;
const MAX_PAUSE_S = 20;

/**
 * Does a part of a long work again after DynamoDB took no more, as often as it may need to grow with it: a new
 * on-demand table takes some 4,000 write units a second, and doubles what it takes within half an hour.
 *
 * @param work may be done twice
 * @throws AdminError failed when nothing goes through for some ten minutes
 */
export async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Throttled || error instanceof Unavailable)) throw error;
      if (attempt === MAX_ATTEMPTS) {
        throw new AdminError(
          'failed',
          `${error.message} This was tried for some ten minutes. What is written stays; repeat the command, and it goes on.`,
        );
      }
      await delay(1000 * Math.min(MAX_PAUSE_S, error.retryAfterSeconds));
    }
  }
}
