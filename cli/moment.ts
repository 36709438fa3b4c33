import { UsageError } from './command';
import { parseDuration } from './duration';

const TIME_OF_DAY = /^\d\d:\d\d(:\d\d)?$/;
const DAY_MS = 86_400_000;

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
  const moment = TIME_OF_DAY.test(option) ? lastTime(option, now) : withDay(option);
  if (moment !== undefined && !Number.isNaN(moment.getTime())) return moment;
  throw new UsageError(
    `${JSON.stringify(option)} is no time; how long ago (30m, 2h, 3d), a time of the last 24 hours in UTC (10:20), a day (2026-11-25) or a moment with its zone (2026-11-25T10:00Z) is accepted.`,
  );
}

/**
 * The moments of `--since` and `--until`. A time of the day that would be before `since` is that of the day after: from
 * 10:00 until 10:20 is the same range at 10:10, when it is not over yet.
 *
 * @throws UsageError
 */
export function rangeOf(options: { readonly [name in 'since' | 'until']?: string | boolean | undefined }): {
  readonly since: Date | undefined;
  readonly until: Date | undefined;
} {
  const since = momentOf(options.since);
  const until = momentOf(options.until);
  const isTimeOfDay = typeof options.until === 'string' && TIME_OF_DAY.test(options.until);
  const isBefore = since !== undefined && until !== undefined && until <= since;
  return { since, until: isTimeOfDay && isBefore ? new Date(until.getTime() + DAY_MS) : until };
}

function lastTime(time: string, now: Date): Date {
  const today = new Date(`${now.toISOString().slice(0, 10)}T${time}Z`);
  return today > now ? new Date(today.getTime() - DAY_MS) : today;
}

const withDay = (text: string): Date | undefined =>
  /^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:\d\d))?$/.test(text) ? new Date(text) : undefined;
