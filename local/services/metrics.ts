import type { RequestReport } from '../gateway/gateway';
import { listOf, numberOf, parseJson, recordOf, stringOf } from '../json';
import type { Service, ServiceAnswer } from './service-request';

const MINUTE_MS = 60_000;
/** CloudWatch keeps minutes for 15 days; a local run that long is rare, and this is memory. */
const MAX_MINUTES = 3 * 24 * 60;
/** Most queries of one call (CloudWatch's own limit). */
const MAX_QUERIES = 500;

/** What the values of a metric within a minute, or some minutes, come to. */
interface Figures {
  readonly count: number;
  readonly sum: number;
  readonly least: number;
  readonly most: number;
}

const STATISTICS: Readonly<Record<string, (figures: Figures) => number>> = {
  Sum: ({ sum }) => sum,
  SampleCount: ({ count }) => count,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ least }) => least,
  Maximum: ({ most }) => most,
};

/** An API whose requests are counted, by what CloudWatch calls it. */
export interface CountedApi {
  readonly name: string;
  readonly stage: string;
}

/**
 * CloudWatch's metrics: those of API Gateway are counted from what the gateway reports, those of the functions are read
 * from what they print, in the embedded metric format. They end with the run.
 */
export class LocalMetrics {
  private readonly metrics = new Map<string, Map<number, Figures>>();

  /** @param now clock in ms, for tests */
  constructor(private readonly now: () => number = () => Date.now()) {}

  /** Counts a request as API Gateway does, 4XXError and 5XXError by what the client got. */
  addRequest({ name, stage }: CountedApi, { status, milliseconds }: RequestReport): void {
    const dimensions = { ApiName: name, Stage: stage };
    const add = (metric: string, value: number) => this.add('AWS/ApiGateway', metric, dimensions, value);
    add('Count', 1);
    add('4XXError', status >= 400 && status < 500 ? 1 : 0);
    add('5XXError', status >= 500 ? 1 : 0);
    add('Latency', milliseconds);
  }

  /** Reads a line that a function has printed; most are logs and hold no metric. */
  addLine(line: string): void {
    if (!line.includes('"CloudWatchMetrics"')) return;
    const record = recordOf(parseJson(line));
    for (const directive of listOf(recordOf(record._aws).CloudWatchMetrics)) {
      const { Namespace, Dimensions, Metrics } = recordOf(directive);
      const sets = listOf(Dimensions).map((set) => dimensionsOf(record, listOf(set)));
      for (const metric of listOf(Metrics)) {
        const name = stringOf(recordOf(metric).Name);
        if (name === undefined) continue;
        const given = record[name];
        for (const value of Array.isArray(given) ? given : [given])
          for (const set of sets)
            if (typeof value === 'number') this.add(stringOf(Namespace) ?? '', name, set, value);
      }
    }
  }

  /** Serves `GetMetricData`, the queries of which name a metric each. */
  readonly service: Service = ({ operation, body }) => {
    if (operation !== 'GetMetricData') return undefined;
    const { MetricDataQueries, StartTime, EndTime } = recordOf(parseJson(body.toString('utf8')));
    const queries = listOf(MetricDataQueries);
    if (queries.length > MAX_QUERIES) return invalid(`There are more than ${MAX_QUERIES} queries.`);
    const [start, end] = [numberOf(StartTime), numberOf(EndTime)];
    if (start === undefined || end === undefined || start >= end)
      return invalid('The StartTime has to be before the EndTime.');
    const results: object[] = [];
    for (const query of queries) {
      const { Id, MetricStat } = recordOf(query);
      const { Metric, Period, Stat } = recordOf(MetricStat);
      const statistic = STATISTICS[stringOf(Stat) ?? ''];
      const seconds = numberOf(Period) ?? 0;
      if (statistic === undefined || seconds < 60 || seconds % 60 !== 0)
        return invalid('The local run knows whole minutes, and Sum, SampleCount, Average, Minimum, Maximum.');
      const periods = this.periodsOf(Metric, start * 1_000, end * 1_000, seconds * 1_000);
      results.push({
        Id,
        StatusCode: 'Complete',
        Timestamps: periods.map(([at]) => at / 1_000),
        Values: periods.map(([, figures]) => statistic(figures)),
      });
    }
    return { status: 200, body: { MetricDataResults: results, Messages: [] } };
  };

  /** The periods of a time that have values, the first one first. */
  private periodsOf(metric: unknown, start: number, end: number, period: number): [number, Figures][] {
    const { Namespace, MetricName, Dimensions } = recordOf(metric);
    const dimensions = listOf(Dimensions).map((each): [string, string] => {
      const { Name, Value } = recordOf(each);
      return [stringOf(Name) ?? '', stringOf(Value) ?? ''];
    });
    const name = keyOf(stringOf(Namespace) ?? '', stringOf(MetricName) ?? '', Object.fromEntries(dimensions));
    const periods = new Map<number, Figures>();
    for (const [minute, figures] of this.metrics.get(name) ?? []) {
      if (minute < start || minute >= end) continue;
      const at = Math.floor(minute / period) * period;
      periods.set(at, joined(periods.get(at), figures));
    }
    return [...periods].sort(([a], [b]) => a - b);
  }

  private add(
    namespace: string,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
  ): void {
    const key = keyOf(namespace, name, dimensions);
    const minutes = this.metrics.get(key) ?? new Map<number, Figures>();
    this.metrics.set(key, minutes);
    const minute = Math.floor(this.now() / MINUTE_MS) * MINUTE_MS;
    minutes.set(minute, joined(minutes.get(minute), { count: 1, sum: value, least: value, most: value }));
    const [oldest] = minutes.keys();
    if (minutes.size > MAX_MINUTES && oldest !== undefined) minutes.delete(oldest);
  }
}

/** The values of a set of dimensions, which the record has under their names. */
const dimensionsOf = (record: Readonly<Record<string, unknown>>, names: readonly unknown[]) =>
  Object.fromEntries(names.map((name) => [String(name), String(record[String(name)])]));

const joined = (a: Figures | undefined, b: Figures): Figures =>
  a === undefined
    ? b
    : {
        count: a.count + b.count,
        sum: a.sum + b.sum,
        least: Math.min(a.least, b.least),
        most: Math.max(a.most, b.most),
      };

/** One metric is told from another by its dimensions, in whatever order they come. */
const keyOf = (namespace: string, name: string, dimensions: Readonly<Record<string, string>>): string =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);

const invalid = (message: string): ServiceAnswer => ({
  status: 400,
  headers: { 'x-amzn-errortype': 'InvalidParameterValue' },
  body: { message },
});
