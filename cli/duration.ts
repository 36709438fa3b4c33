import { UsageError } from './command';

const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  y: 365 * 86_400_000,
};

/**
 * Reads a length of time.
 *
 * @returns milliseconds
 * @throws UsageError
 * @example
 * parseDuration('24h') // 86400000
 */
export function parseDuration(text: string): number {
  const [, count, unit] = /^(\d{1,6})([mhdy])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit ?? ''];
  if (count === undefined || unitMs === undefined) {
    throw new UsageError(
      `${JSON.stringify(text)} is not a length of time; a number with m, h, d or y is accepted, as in 24h or 365d.`,
    );
  }
  return Number(count) * unitMs;
}
