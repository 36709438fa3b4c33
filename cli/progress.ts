import type { ScanProgress } from '../src/admin/progress';

/** How often the progress is told. */
const PROGRESS_EVERY_MS = 5_000;

/**
 * Tells people how a long use case comes along: items of a table, rate and remaining time, every few seconds.
 *
 * @param counted what is counted, when it is not items
 * @returns to be called with how far it is, and what else there is to tell
 */
export function everyFewSeconds(tell: (text: string) => void, counted = 'items') {
  let start: { readonly at: number; readonly scanned: number } | undefined;
  let toldAt = Date.now();
  return ({ scanned, items }: ScanProgress, more?: string): void => {
    const now = Date.now();
    // What came before the first step, as making a plan, is not in the rate.
    start ??= { at: now, scanned };
    if (now - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = now;
    const rate = (scanned - start.scanned) / Math.max(1, (now - start.at) / 1000);
    const left = items > scanned && rate > 0 ? [`about ${Math.ceil((items - scanned) / rate)} s left`] : [];
    tell(
      [`${scanned} ${counted}`, `${Math.round(rate)}/s`, ...left, ...(more === undefined ? [] : [more])].join(
        ', ',
      ),
    );
  };
}
