import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MONITORING } from '../../bench/capacity/vendors';
import { METRICS_NAMESPACE } from '../../lib/metrics';
import { at, type Synthesized, synthesize } from '../lib/synthesize';

const LAMBDAS = join(__dirname, '../../lambdas');

describe('what CloudWatch bills of a stack, as docs/capacity.md counts it', () => {
  let stack: Synthesized;
  beforeAll(() => {
    stack = synthesize();
  });

  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

  test('every metric of an alarm', () => {
    const metrics = stack.resources('AWS::CloudWatch::Alarm').map(({ Properties }) => {
      const inMetrics = list(Properties.Metrics).filter((metric) => at(metric, 'MetricStat') !== undefined);
      return Math.max(1, inMetrics.length);
    });
    expect(metrics.reduce((sum, count) => sum + count, 0)).toBe(MONITORING.alarmMetrics);
  });

  test('every metric of the service’s own', () => {
    const alarmed = stack
      .resources('AWS::CloudWatch::Alarm')
      .flatMap(({ Properties }) => [
        Properties,
        ...list(Properties.Metrics).map((metric) => at(metric, 'MetricStat', 'Metric')),
      ])
      .filter((metric) => at(metric, 'Namespace') === METRICS_NAMESPACE)
      .map((metric) => String(at(metric, 'MetricName')));
    const counted = stack
      .resources('AWS::Logs::MetricFilter')
      .map(({ Properties }) => String(at(Properties, 'MetricTransformations', 0, 'MetricName')));
    const emitted = readdirSync(LAMBDAS, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [...readFileSync(join(LAMBDAS, name), 'utf8').matchAll(/addMetric\('(\w+)'/g)])
      .map(([, name]) => name);

    expect([...new Set([...alarmed, ...counted, ...emitted])].sort()).toHaveLength(MONITORING.customMetrics);
  });

  test('the metrics of methods are not among it: they are off', () => {
    const [stage] = stack.resources('AWS::ApiGateway::Stage');
    const settings = list(stage?.Properties.MethodSettings);
    expect(settings[0]).toMatchObject({ HttpMethod: '*', ResourcePath: '/*', MetricsEnabled: false });
    for (const setting of settings) expect(at(setting, 'MetricsEnabled')).not.toBe(true);
  });
});
