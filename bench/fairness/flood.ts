import { setTimeout as delay } from 'node:timers/promises';
import { newTokenText } from '../../src/directory/tenants/token-format';
import { LIST } from '../load/requests';
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
  const endsAt = Date.now() + forMs;
  let [sent, underWay, owed, last] = [0, 0, 0, performance.now()];
  const send = () => {
    const kind = kinds[sent++ % kinds.length];
    if (kind === undefined || underWay >= MAX_UNDER_WAY) return;
    underWay++;
    void kind()
      .then(({ status }) => answers.set(status, (answers.get(status) ?? 0) + 1))
      .finally(() => underWay--);
  };
  const timer = setInterval(() => {
    if (Date.now() > endsAt) return clearInterval(timer);
    const now = performance.now();
    owed = Math.min(MAX_UNDER_WAY, owed + ((now - last) / 1000) * perSecond);
    last = now;
    for (; owed >= 1; owed--) send();
  }, TICK_MS);
  return async () => {
    clearInterval(timer);
    while (underWay > 0) await delay(10);
    return answers;
  };
}
