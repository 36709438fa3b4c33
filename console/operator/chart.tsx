import { TimeChart } from '../components/time-chart';
import type { Item } from './routes';

type Entry = Item<'log.list'>;

const BARS = 60;

/** Whether an entry tells of something that was refused. */
export const isRefused = ({ status }: Pick<Entry, 'status'>): boolean => status !== undefined;

interface Bar {
  readonly changes: number;
  readonly refusals: number;
}

/** What the log tells of each part of a span, up to now. */
export function barsOf(entries: readonly Entry[], spanMs: number, now: number): readonly Bar[] {
  const bars = Array.from({ length: BARS }, () => ({ changes: 0, refusals: 0 }));
  for (const entry of entries) {
    const age = now - Date.parse(entry.time);
    const bar = bars[BARS - 1 - Math.floor((Math.max(age, 0) / spanMs) * BARS)];
    if (bar === undefined) continue;
    if (isRefused(entry)) bar.refusals += entry.count ?? 1;
    else bar.changes++;
  }
  return bars;
}

/** Changes and refusals over time, as the log tells them: refusals are told by their pattern, too. */
export function LogChart({
  entries,
  isCut,
  spanMs,
}: {
  readonly entries: readonly Entry[];
  readonly isCut: boolean;
  readonly spanMs: number;
}) {
  const now = Date.now();
  const bars = barsOf(entries, spanMs, now);
  const changes = bars.reduce((sum, bar) => sum + bar.changes, 0);
  const refusals = bars.reduce((sum, bar) => sum + bar.refusals, 0);
  const minutes = Math.round(spanMs / BARS / 60_000);
  const each = minutes === 1 ? 'minute' : `${minutes} minutes`;
  return (
    <TimeChart
      title="Changes and refusals"
      unit={`per ${each}`}
      sentence={`${counted(changes, 'change')} and ${counted(refusals, 'refused request')}${isCut ? ', and earlier ones that are not counted' : ''}.`}
      series={[
        { name: 'changes', kind: 'info' },
        { name: 'refusals', kind: 'bad' },
      ]}
      points={bars.map((bar, n) => ({
        at: now - spanMs + (n * spanMs) / BARS,
        values: [bar.changes, bar.refusals],
      }))}
    />
  );
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
