import { setTimeout as delay } from 'node:timers/promises';

interface Rate {
  readonly perSecond: number;
  /** Under way at once: beyond that it is slower than asked for. */
  readonly maxUnderWay: number;
  /** How often what is due is begun. */
  readonly tickMs: number;
  /** It ends by itself after this long. */
  readonly forMs: number;
}

/**
 * Begins something so many times per second, whether what was begun before is over or not.
 *
 * @returns ends it, and resolves when the last one is over
 */
export function atRate(
  { perSecond, maxUnderWay, tickMs, forMs }: Rate,
  begin: () => Promise<unknown>,
): () => Promise<void> {
  const endsAt = Date.now() + forMs;
  let [underWay, owed, last] = [0, 0, performance.now()];
  const beginOne = () => {
    if (underWay >= maxUnderWay) return;
    underWay++;
    void begin().finally(() => underWay--);
  };
  const timer = setInterval(() => {
    if (Date.now() > endsAt) return clearInterval(timer);
    const now = performance.now();
    owed = Math.min(maxUnderWay, owed + ((now - last) / 1000) * perSecond);
    last = now;
    for (; owed >= 1; owed--) beginOne();
  }, tickMs);
  return async () => {
    clearInterval(timer);
    while (underWay > 0) await delay(10);
  };
}
