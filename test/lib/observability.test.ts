import { FUNCTION_NAMES, pascalCase } from '../../lib/functions';
import { at, type Synthesized, synthesize } from './synthesize';

describe('alarms and the dashboard', () => {
  let stack: Synthesized;
  beforeAll(() => {
    stack = synthesize();
  });
  afterAll(() => stack.remove());

  /** An alarm with its metric beside its threshold; CDK writes a metric with a label one level deeper. */
  function alarm(name: string): object {
    const found = stack
      .resources('AWS::CloudWatch::Alarm')
      .find(({ id }) => id.replace(/[0-9A-F]{8}$/, '') === `Observability${name}`);
    const labelled = at(found?.Properties, 'Metrics', 0, 'MetricStat');
    return {
      ...found?.Properties,
      MetricName: at(found?.Properties, 'MetricName') ?? at(labelled, 'Metric', 'MetricName'),
      Stat: at(labelled, 'Stat'),
    };
  }

  test('there is an alarm on a revocation pending for over two minutes, also when nothing reports it', () => {
    expect(alarm('OldestPendingRevocation')).toMatchObject({
      Namespace: 'Scim',
      MetricName: 'OldestPendingRevocation',
      Dimensions: [{ Name: 'service', Value: 'Scim' }],
      Statistic: 'Maximum',
      Threshold: 120,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  test('there is an alarm on instances that have left the short path to DynamoDB', () => {
    expect(alarm('ShortPathSwitchedOff')).toMatchObject({
      Namespace: 'Scim',
      MetricName: 'ShortPathSwitchedOff',
      Dimensions: [{ Name: 'service', Value: 'Scim' }],
      Statistic: 'Sum',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    });
  });

  test.each(FUNCTION_NAMES)('%s has alarms on errors and throttles', (name) => {
    expect(alarm(`${pascalCase(name)}Errors`)).toMatchObject({ MetricName: 'Errors', Threshold: 0 });
    expect(alarm(`${pascalCase(name)}Throttles`)).toMatchObject({ MetricName: 'Throttles', Threshold: 0 });
  });

  test.each(['SessionRevoker', 'FollowUp'])('%s has alarms on its lag and its dead letters', (name) => {
    expect(alarm(`${name}IteratorAge`)).toMatchObject({ MetricName: 'IteratorAge', Threshold: 120_000 });
    expect(alarm(`${name}DeadLetters`)).toMatchObject({ MetricName: 'ApproximateNumberOfMessagesVisible' });
  });

  test('the API has alarms on server errors and on the slowest percent', () => {
    expect(alarm('ServerErrors')).toMatchObject({ MetricName: '5XXError', Threshold: 0.01 });
    expect(alarm('Latency')).toMatchObject({ Stat: 'p99', MetricName: 'Latency' });
  });

  test('alarms notify nobody unless a topic is given, and the dashboard shows what they watch', () => {
    for (const { Properties } of stack.resources('AWS::CloudWatch::Alarm')) {
      expect(Properties).not.toHaveProperty('AlarmActions');
    }
    const [dashboard] = stack.resources('AWS::CloudWatch::Dashboard');
    const body = JSON.stringify(dashboard?.Properties);
    for (const metric of [
      'OldestPendingRevocation',
      'RevocationLag',
      'IteratorAge',
      '5XXError',
      'Latency',
      'Throttles',
    ]) {
      expect(body).toContain(metric);
    }
  });
});
