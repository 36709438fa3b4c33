import { type MetricPoint, type ShownMetrics, showMetrics } from '../src/admin/metrics';
import type { Command } from './command';
import { momentOf } from './moment';
import { momentText } from './shown-text';
import { tableText } from './table-text';

export const METRICS: Command = {
  arguments: [],
  summary: 'tell requests, refusals, failures and revocation lag over time',
  options: {
    since: {
      type: 'string',
      value: 'TIME',
      help: 'from when on: 3h, 10:20 (UTC), 2026-11-25T10:00Z; 3h otherwise, at most 90d',
    },
  },
  examples: ['metrics', 'metrics --since 7d', 'metrics --since 1h --json'],
  async run({ deployment, options }) {
    const shown = await showMetrics(deployment, { since: momentOf(options.since)?.toISOString() });
    return { json: shown, text: metricsText(shown) };
  },
};

/** As many columns as fit beside the figures; parts of the time that share one are put together. */
const MAX_BARS = 60;
const BARS = [...'▁▂▃▄▅▆▇█'];

/** A line per metric: how much in all, the picture of it, and the most of a part of the time. */
export function metricsText({ points, periodSeconds, limit }: ShownMetrics): string {
  const each = lengthText(periodSeconds);
  const counted = (title: string, of: (point: MetricPoint) => number): string[] => {
    const values = points.map(of);
    const all = values.reduce((sum, value) => sum + value, 0);
    return [title, shown(all), barsOf(values), `at most ${shown(Math.max(0, ...values))} in ${each}`];
  };
  const most = Math.max(0, ...points.map(({ requests }) => requests)) / periodSeconds;
  const lags = points.map(({ revocationLagMs = 0 }) => revocationLagMs);
  const hasLag = points.some(({ revocationLagMs }) => revocationLagMs !== undefined);
  const rows = [
    counted('Requests', ({ requests }) => requests),
    counted('Refused (4xx)', ({ refusals }) => refusals),
    counted('Failed (5xx)', ({ failures }) => failures),
    [
      'Revocation lag',
      hasLag ? '' : 'none',
      barsOf(lags),
      hasLag ? `at most ${shown(Math.max(...lags))} ms` : '',
    ],
  ];
  return [
    tableText(['', 'ALL', `SINCE ${momentText(points[0]?.time ?? '')}`, 'MOST'], rows),
    '',
    `At most ${most.toFixed(1)} requests/s, the mean of ${each}${limit === undefined ? '' : `; the API takes ${shown(limit.perSecond)} from all tenants together`}.`,
  ].join('\n');
}

const shown = (value: number): string => value.toLocaleString('en-US');

/** A picture of values in a line; nothing at all is a space. */
function barsOf(values: readonly number[]): string {
  const size = Math.ceil(values.length / MAX_BARS);
  const parts = Array.from({ length: Math.ceil(values.length / size) }, (_, n) =>
    Math.max(...values.slice(n * size, (n + 1) * size)),
  );
  const most = Math.max(...parts);
  return parts
    .map((value) => (value === 0 ? ' ' : (BARS[Math.ceil((value / most) * BARS.length) - 1] ?? ' ')))
    .join('');
}

/** A length of time as in "5 minutes". */
function lengthText(seconds: number): string {
  const [unit, length] =
    seconds < 3_600 ? ['minute', 60] : seconds < 86_400 ? ['hour', 3_600] : ['day', 86_400];
  const count = seconds / Number(length);
  return count === 1 ? `one ${unit}` : `${count} ${unit}s`;
}
