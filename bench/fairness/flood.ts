import { newTokenText } from '../../src/directory/tenants/token-format';
import { LIST } from '../load/requests';
import { atRate } from '../rate';
import type { Customer } from './customer';

const TICK_MS = 20;
/** Requests under way at once: beyond that the flood is slower than asked for. */
const MAX_UNDER_WAY = 60;

/**
 * Has a customer send scans, changes, and requests with tokens that nobody has, so many per second.
 *
 * @param forMs ends it when nobody does
 * @returns ends it; resolves with how often each status was answered when the last answer is there
 */
export function startFlood(
  customer: Customer,
  perSecond: number,
  forMs: number,
): () => Promise<ReadonlyMap<number, number>> {
  const kinds = [
    () => customer.scan(),
    () => customer.change(),
    () => customer.scan(),
    () => customer.change(),
    () => customer.send(LIST, newTokenText()),
  ];
  const answers = new Map<number, number>();
  let sent = 0;
  const rate = { perSecond, maxUnderWay: MAX_UNDER_WAY, tickMs: TICK_MS, forMs };
  const end = atRate(rate, async () => {
    const answer = await kinds[sent++ % kinds.length]?.();
    if (answer !== undefined) answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1);
  });
  return async () => {
    await end();
    return answers;
  };
}
