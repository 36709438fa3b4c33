import { useState } from 'preact/hooks';
import { TimeChart } from '../components/time-chart';
import { call } from './call';
import { useEvery, useLoaded } from './loading';
import { Choice, CommandShown, Showing } from './parts';
import type { Result } from './routes';

const LOOK_EVERY_MS = 15_000;

/** How far back, as the command says it. */
const SPANS = [
  ['1h', 'The last hour'],
  ['3h', 'The last three hours'],
  ['1d', 'The last day'],
  ['7d', 'The last week'],
  ['90d', 'The last 90 days'],
] as const;
type Span = (typeof SPANS)[number][0];
const SPAN_MS: Readonly<Record<Span, number>> = {
  '1h': 3_600_000,
  '3h': 3 * 3_600_000,
  '1d': 86_400_000,
  '7d': 7 * 86_400_000,
  // A moment less, since it takes one to ask.
  '90d': 90 * 86_400_000 - 60_000,
};

/** What all tenants together have sent, how much of it was refused, and how long revocations took. */
export function Traffic() {
  const [span, setSpan] = useState<Span>('3h');
  const metrics = useLoaded(
    (signal) => call('metrics.show', { since: new Date(Date.now() - SPAN_MS[span]).toISOString() }, signal),
    [span],
  );
  useEvery(LOOK_EVERY_MS, true, metrics.reload);
  return (
    <section class="card" aria-label="Traffic">
      <div class="row">
        <h2>Traffic of all tenants</h2>
        <Choice label="From" value={span} options={SPANS} onChange={setSpan} />
      </div>
      <Showing of={metrics}>{(shown) => <Pictures metrics={shown} />}</Showing>
      <CommandShown words={['metrics', '--since', span]} />
    </section>
  );
}

function Pictures({
  metrics: { points, periodSeconds, limit },
}: {
  readonly metrics: Result<'metrics.show'>;
}) {
  const each = lengthText(periodSeconds);
  const at = points.map(({ time }) => Date.parse(time));
  const sum = (of: (point: (typeof points)[number]) => number) =>
    points.reduce((all, point) => all + of(point), 0);
  const rates = points.map(({ requests }) => requests / periodSeconds);
  const highest = Math.max(0, ...rates);
  const lags = points.flatMap(({ revocationLagMs }) => revocationLagMs ?? []);
  return (
    <div class="stack">
      <TimeChart
        title="Requests"
        unit={`per ${each}`}
        sentence={`${shown(sum(({ requests }) => requests))} requests, ${shown(sum(({ refusals }) => refusals))} of them refused (4xx) and ${shown(sum(({ failures }) => failures))} failed (5xx).`}
        series={[
          { name: 'answered', kind: 'info' },
          { name: 'refused', kind: 'warning' },
          { name: 'failed', kind: 'bad' },
        ]}
        points={points.map(({ requests, refusals, failures }, n) => ({
          at: at[n] ?? 0,
          values: [Math.max(0, requests - refusals - failures), refusals, failures],
        }))}
      />
      <TimeChart
        title="Rate"
        unit="requests/s"
        sentence={`At most ${shown(highest)} requests/s, averaged over each ${each}${limit === undefined ? '' : `; the API takes ${shown(limit.perSecond)} (${shown((highest / limit.perSecond) * 100)} %)`}.`}
        series={[{ name: 'requests/s', kind: 'info' }]}
        points={rates.map((rate, n) => ({ at: at[n] ?? 0, values: [rate] }))}
        limit={limit?.perSecond}
      />
      <TimeChart
        title="Revocation lag"
        unit="ms"
        sentence={
          lags.length === 0
            ? 'No session had to be removed.'
            : `At most ${shown(Math.max(...lags))} ms from a write that took access away to the last session gone; it is refused from the write on.`
        }
        series={[{ name: 'ms at most', kind: 'info' }]}
        points={points.map(({ revocationLagMs }, n) => ({ at: at[n] ?? 0, values: [revocationLagMs] }))}
      />
    </div>
  );
}

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const shown = (value: number): string => numbers.format(value);

/** A length of time as in "5 minutes". */
function lengthText(seconds: number): string {
  const minutes = seconds / 60;
  if (minutes < 60) return minutes === 1 ? 'minute' : `${minutes} minutes`;
  const hours = minutes / 60;
  if (hours < 24) return hours === 1 ? 'hour' : `${hours} hours`;
  return 'day';
}
