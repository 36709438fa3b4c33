import { useEffect, useState } from 'preact/hooks';

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

const words = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const moments = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

/** A moment as "5 seconds ago" or "in 3 days", kept up to date, with the moment itself on pointing at it. */
export function RelativeTime({ at }: { readonly at: string }) {
  const now = useNow(at);
  const moment = new Date(at);
  return (
    <time dateTime={at} title={moments.format(moment)}>
      {relativeTime(moment.getTime(), now)}
    </time>
  );
}

/** How far a moment is from now, in the largest unit of which there is a whole one. */
export function relativeTime(at: number, now: number): string {
  const seconds = Math.trunc((at - now) / 1_000);
  const [unit, length] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? (['second', 1] as const);
  return seconds === 0 ? 'just now' : words.format(Math.trunc(seconds / length), unit);
}

/** The time, read again every second near the moment and every half minute far from it. */
function useNow(at: string): number {
  const [now, setNow] = useState(Date.now);
  const isNear = Math.abs(new Date(at).getTime() - now) < 60_000;
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), isNear ? 1_000 : 30_000);
    return () => clearInterval(timer);
  }, [isNear]);
  return now;
}
