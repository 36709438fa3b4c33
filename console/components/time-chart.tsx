import { DataTable } from './data-table';
import type { Standing } from './notice';

/** What a bar is made of, from below to above. */
export interface Series {
  readonly name: string;
  readonly kind: Standing;
}

/** A part of the time, with a value per series; nothing where nothing was measured. */
export interface ChartPoint {
  /** When it begins, in milliseconds since 1970. */
  readonly at: number;
  readonly values: readonly (number | undefined)[];
}

interface TimeChartProps {
  readonly title: string;
  /** Of the values, as in `per minute` or `ms`. */
  readonly unit: string;
  /** What there is to see, in words; it is read out in place of the picture. */
  readonly sentence: string;
  readonly series: readonly Series[];
  /** All of one length, the first one first. */
  readonly points: readonly ChartPoint[];
  /** A value that is not to be exceeded; drawn when the bars come near it. */
  readonly limit?: number;
}

const WIDTH = 720;
const HEIGHT = 120;
const DAY_MS = 86_400_000;

const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' });
const moments = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

/** Bars over time with their axes, and the same as a table. */
export function TimeChart({ title, unit, sentence, series, points, limit }: TimeChartProps) {
  const highest = Math.max(0, ...points.map(({ values }) => sumOf(values)));
  const top = scaleOf(limit !== undefined && highest > limit / 2 ? Math.max(highest, limit) : highest);
  const step = WIDTH / Math.max(points.length, 1);
  const y = (value: number) => HEIGHT - (value / top) * HEIGHT;
  return (
    <figure class="chart">
      <figcaption class="stack-tight">
        <strong>{title}</strong>
        <span class="row muted">
          <span>{sentence}</span>
          {series.length > 1 &&
            series.map(({ name, kind }) => (
              <span key={name} class="row key-of">
                <span class={`key ${kind}`} aria-hidden="true" /> {name}
              </span>
            ))}
        </span>
      </figcaption>
      <div class="chart-plot">
        <div class="chart-scale" aria-hidden="true">
          <span>{numbers.format(top)}</span>
          <span>{unit}</span>
          <span>0</span>
        </div>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          role="img"
          aria-label={`${title}: ${sentence}`}
          preserveAspectRatio="none"
        >
          {[0, HEIGHT / 2, HEIGHT].map((at) => (
            <line key={at} x1="0" y1={at} x2={WIDTH} y2={at} class="chart-line" />
          ))}
          {points.map(({ at, values }, n) =>
            series.map(({ name, kind }, index) => {
              const below = sumOf(values.slice(0, index));
              const value = values[index] ?? 0;
              if (value === 0) return null;
              return (
                <rect
                  key={`${at} ${name}`}
                  class={`chart-bar ${kind}`}
                  x={n * step + step * 0.1}
                  width={step * 0.8}
                  y={y(below + value)}
                  height={y(below) - y(below + value)}
                />
              );
            }),
          )}
          {limit !== undefined && limit <= top && (
            <line x1="0" y1={y(limit)} x2={WIDTH} y2={y(limit)} class="chart-limit" />
          )}
        </svg>
        <div class="chart-times" aria-hidden="true">
          {timesOf(points).map((text, n) => (
            <span key={`${n} ${text}`}>{text}</span>
          ))}
        </div>
      </div>
      <details>
        <summary>
          <span class="visually-hidden">{title} </span>as a table
        </summary>
        <DataTable
          caption={`${title}, ${unit}: every part of the time in which there was something`}
          rows={points.filter(({ values }) => sumOf(values) > 0)}
          keyOf={({ at }) => String(at)}
          empty="There was nothing."
          columns={[
            { title: 'From', cell: ({ at }) => moments.format(at) },
            ...series.map(({ name }, index) => ({
              title: name,
              cell: ({ values }: ChartPoint) => numbers.format(values[index] ?? 0),
            })),
          ]}
        />
      </details>
    </figure>
  );
}

const sumOf = (values: ChartPoint['values']): number =>
  values.reduce<number>((sum, value = 0) => sum + value, 0);

/** The end of the scale: a round number that is not below any bar. */
export function scaleOf(highest: number): number {
  if (highest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  return ([1, 2, 4, 6, 8].find((each) => each * power >= highest) ?? 10) * power;
}

/** What stands below the beginning, the middle and the end. */
function timesOf(points: readonly ChartPoint[]): string[] {
  const [first, middle] = [points[0], points[Math.floor(points.length / 2)]];
  if (first === undefined || middle === undefined) return [];
  const last = points.at(-1) ?? first;
  const shown = last.at - first.at > DAY_MS ? day : clock;
  return [shown.format(first.at), shown.format(middle.at), 'now'];
}
