import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Deployment, StackAccess } from './deployment';
import { AdminError } from './errors';

/** From when on metrics are wanted. */
export interface MetricsInput {
  /** Three hours ago when absent. ISO 8601. */
  readonly since?: string;
}

/** What a service has done within a part of the time. */
export interface MetricPoint {
  /** When it begins. ISO 8601, UTC. */
  readonly time: string;
  readonly requests: number;
  /** Those that were answered with a 4xx status: refused for what they are. */
  readonly refusals: number;
  /** Those that were answered with a 5xx status. */
  readonly failures: number;
  /** The longest that a revocation has taken, to the last session gone; absent when there was none. */
  readonly revocationLagMs?: number;
}

/** What a service has done over time, all tenants together. */
export interface ShownMetrics {
  /** The length of each part. */
  readonly periodSeconds: number;
  /** Every part of the time, the first one first; the last one goes on. */
  readonly points: readonly MetricPoint[];
  /** What the API takes, of all tenants together, before it answers 429. */
  readonly limit?: { readonly perSecond: number; readonly burst: number };
}

const DEFAULT_SPAN_MS = 3 * 3_600_000;
const MAX_DAYS = 90;
const DAY_MS = 86_400_000;
/** Lengths of a part: each is one that CloudWatch still has for as long ago as it is used for. */
const PERIODS = [60, 300, 900, 3_600, 21_600, 86_400] as const;
/** As many parts as a picture can show, besides one for the moments that a request takes, and those at both ends. */
const MAX_PARTS = 180;

/**
 * Tells requests, refusals, failures and the revocation lag of a service over time, as CloudWatch has counted them; the
 * local run counts by itself.
 *
 * @throws AdminError unsupported where there is only a table; invalidInput for a time that CloudWatch does not know
 * @example
 * const { points, periodSeconds } = await showMetrics(deployment, { since: '2026-11-25T10:00:00Z' });
 */
export async function showMetrics(
  { stack }: Deployment,
  { since }: MetricsInput = {},
): Promise<ShownMetrics> {
  if (stack === undefined)
    throw new AdminError('unsupported', 'There is only a table, and nothing that counts requests.');
  const now = Date.now();
  const start = since === undefined ? now - DEFAULT_SPAN_MS : Date.parse(since);
  if (!(start < now && start >= now - MAX_DAYS * DAY_MS)) {
    throw new AdminError(
      'invalidInput',
      `${JSON.stringify(since)} is not within the last ${MAX_DAYS} days, for which metrics can be shown.`,
    );
  }
  const seconds = PERIODS.find((each) => (now - start) / (each * 1_000) <= MAX_PARTS + 1) ?? 86_400;
  const period = seconds * 1_000;
  const first = Math.floor(start / period) * period;
  const figures = await read(stack, first, now, seconds);
  const at = (name: Series, time: number) => figures.get(name)?.get(time);
  const times = Array.from({ length: Math.floor((now - first) / period) + 1 }, (_, n) => first + n * period);
  const limit = limitOf(stack.outputs.get('StageThrottle'));
  return {
    periodSeconds: seconds,
    points: times.map((time) => {
      const lag = at('revocationLagMs', time);
      return {
        time: new Date(time).toISOString(),
        requests: at('requests', time) ?? 0,
        refusals: at('refusals', time) ?? 0,
        failures: at('failures', time) ?? 0,
        ...(lag === undefined ? {} : { revocationLagMs: Math.round(lag) }),
      };
    }),
    ...(limit === undefined ? {} : { limit }),
  };
}

type Series = 'requests' | 'refusals' | 'failures' | 'revocationLagMs';
/** Values by the milliseconds at which their part begins. */
type Figures = ReadonlyMap<Series, ReadonlyMap<number, number>>;

async function read(stack: StackAccess, start: number, end: number, period: number): Promise<Figures> {
  const queries = queriesOf(stack.outputs, period);
  const figures = new Map(queries.map(([name]) => [name, new Map<number, number>()]));
  const client = new CloudWatchClient(stack.services);
  try {
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new GetMetricDataCommand({
          MetricDataQueries: queries.map(([Id, MetricStat]) => ({ Id, MetricStat })),
          StartTime: new Date(start),
          EndTime: new Date(end),
          NextToken,
        }),
      );
      for (const { Id, Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
        const values = queries.find(([name]) => name === Id)?.[0];
        if (values === undefined) continue;
        for (const [n, time] of Timestamps.entries())
          figures.get(values)?.set(time.getTime(), Values[n] ?? 0);
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  } finally {
    client.destroy();
  }
  return figures;
}

/** API Gateway knows an API by its name, which is that of the service; the service's own metrics have it, too. */
function queriesOf(
  outputs: ReadonlyMap<string, string>,
  Period: number,
): [Series, NonNullable<MetricDataQuery['MetricStat']>][] {
  const service = outputs.get('ServiceName') ?? '';
  const ofApi = (MetricName: string) => ({
    Metric: {
      Namespace: 'AWS/ApiGateway',
      MetricName,
      Dimensions: [
        { Name: 'ApiName', Value: service },
        { Name: 'Stage', Value: outputs.get('StageName') ?? '' },
      ],
    },
    Period,
    Stat: 'Sum',
  });
  const lag = {
    Metric: {
      Namespace: 'Scim',
      MetricName: 'RevocationLag',
      Dimensions: [{ Name: 'service', Value: service }],
    },
    Period,
    Stat: 'Maximum',
  };
  return [
    ['requests', ofApi('Count')],
    ['refusals', ofApi('4XXError')],
    ['failures', ofApi('5XXError')],
    ['revocationLagMs', lag],
  ];
}

/** Reads `<requests per second>:<at once above that>`; a stack from before has no such output. */
function limitOf(output: string | undefined): ShownMetrics['limit'] {
  const [, perSecond, burst] = /^(\d+):(\d+)$/.exec(output ?? '') ?? [];
  return perSecond === undefined ? undefined : { perSecond: Number(perSecond), burst: Number(burst) };
}
