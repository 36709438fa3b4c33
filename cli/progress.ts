import type { ScanProgress } from '../src/admin/progress';

/** How often the progress is told. */
const PROGRESS_EVERY_MS = 5_000;

/**
 * Tells people how a use case comes along that reads a whole table: items, rate and remaining time, every few seconds.
 *
 * @returns to be called with how far it is, and what else there is to tell
 */
export function everyFewSeconds(tell: (text: string) => void) {
  const startedAt = Date.now();
  let toldAt = startedAt;
  return ({ scanned, items }: ScanProgress, more?: string): void => {
    const now = Date.now();
    if (now - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = now;
    const rate = scanned / ((now - startedAt) / 1000);
    const left = items > scanned ? [`about ${Math.ceil((items - scanned) / rate)} s left`] : [];
    tell(
      [`${scanned} items`, `${Math.round(rate)}/s`, ...left, ...(more === undefined ? [] : [more])].join(
        ', ',
      ),
    );
  };
}
