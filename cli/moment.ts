import { UsageError } from './command';
import { parseDuration } from './duration';

/**
 * A moment: how long ago, a time of the last 24 hours (UTC, as the log tells it), a day, or a moment with its zone.
 *
 * @throws UsageError
 * @example
 * momentOf('10:20'); // twenty past ten, today or, before that time of the day, yesterday
 */
export function momentOf(option: string | boolean | undefined): Date | undefined {
  if (typeof option !== 'string') return undefined;
  const now = new Date();
  if (/^\d{1,6}[mhdy]$/.test(option)) return new Date(now.getTime() - parseDuration(option));
  const moment = /^\d\d:\d\d(:\d\d)?$/.test(option) ? lastTime(option, now) : withDay(option);
  if (moment !== undefined && !Number.isNaN(moment.getTime())) return moment;
  throw new UsageError(
    `${JSON.stringify(option)} is no time; how long ago (30m, 2h, 3d), a time of the last 24 hours in UTC (10:20), a day (2026-11-25) or a moment with its zone (2026-11-25T10:00Z) is accepted.`,
  );
}

function lastTime(time: string, now: Date): Date {
  const today = new Date(`${now.toISOString().slice(0, 10)}T${time}Z`);
  return today > now ? new Date(today.getTime() - 86_400_000) : today;
}

const withDay = (text: string): Date | undefined =>
  /^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:\d\d))?$/.test(text) ? new Date(text) : undefined;
