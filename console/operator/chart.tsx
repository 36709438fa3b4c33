import type { Item } from './routes';

type Entry = Item<'log.list'>;

const BARS = 60;
const WIDTH = 720;
const HEIGHT = 120;
const GAP = 2;

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
  const bars = barsOf(entries, spanMs, Date.now());
  const highest = Math.max(1, ...bars.map(({ changes, refusals }) => changes + refusals));
  const changes = bars.reduce((sum, bar) => sum + bar.changes, 0);
  const refusals = bars.reduce((sum, bar) => sum + bar.refusals, 0);
  const step = WIDTH / BARS;
  const minutes = Math.round(spanMs / BARS / 60_000);
  const sentence = `${changes} ${changes === 1 ? 'change' : 'changes'} and ${refusals} refused ${refusals === 1 ? 'request' : 'requests'}`;
  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${sentence} in time`}
        preserveAspectRatio="none"
      >
        <line x1="0" y1={HEIGHT - 0.5} x2={WIDTH} y2={HEIGHT - 0.5} class="chart-axis" />
        {bars.map((bar, n) => {
          const x = n * step + GAP / 2;
          const done = (bar.changes / highest) * (HEIGHT - 4);
          const refused = (bar.refusals / highest) * (HEIGHT - 4);
          return (
            <g key={n}>
              <rect x={x} y={HEIGHT - done} width={step - GAP} height={done} class="chart-changes" />
              <rect
                x={x}
                y={HEIGHT - done - refused}
                width={step - GAP}
                height={refused}
                class="chart-refusals"
              />
            </g>
          );
        })}
      </svg>
      <figcaption class="row muted">
        <span>
          {sentence}
          {isCut && ', and earlier ones that are not counted'}.
        </span>
        <span class="legend">
          <span class="key changes" aria-hidden="true" /> changes
        </span>
        <span class="legend">
          <span class="key refusals" aria-hidden="true" /> refusals
        </span>
        <span>
          {highest} at most per {minutes === 1 ? 'minute' : `${minutes} minutes`}
        </span>
      </figcaption>
    </figure>
  );
}
