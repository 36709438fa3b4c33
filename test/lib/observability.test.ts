import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTION_NAMES, pascalCase } from '../../lib/functions';
import { at, type Synthesized, synthesize } from './synthesize';

describe('alarms and the dashboard', () => {
  let stack: Synthesized;
  beforeAll(() => {
    stack = synthesize();
  });

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

  test('there is an alarm on a protected user who was touched, at the first time', () => {
    expect(alarm('ProtectedUserTouched')).toMatchObject({
      MetricName: 'ProtectedUserTouched',
      Dimensions: [{ Name: 'service', Value: 'Scim' }],
      Statistic: 'Sum',
      Threshold: 0,
      EvaluationPeriods: 1,
    });
  });

  test.each(FUNCTION_NAMES)('%s has alarms on errors and throttles', (name) => {
    const errors = name === 'authorizer' ? 'AuthorizerErrors' : 'Errors';
    expect(alarm(`${pascalCase(name)}Errors`)).toMatchObject({ MetricName: errors, Threshold: 0 });
    expect(alarm(`${pascalCase(name)}Throttles`)).toMatchObject({ MetricName: 'Throttles', Threshold: 0 });
  });

  test.each(['SessionRevoker', 'FollowUp'])('%s has alarms on its lag and its dead letters', (name) => {
    expect(alarm(`${name}IteratorAge`)).toMatchObject({ MetricName: 'IteratorAge', Threshold: 120_000 });
    expect(alarm(`${name}DeadLetters`)).toMatchObject({ MetricName: 'ApproximateNumberOfMessagesVisible' });
  });

  /** The pattern that counts a metric in the access log. */
  function counted(metricName: string): unknown {
    const [filter] = stack
      .resources('AWS::Logs::MetricFilter')
      .filter(({ Properties }) => at(Properties, 'MetricTransformations', 0, 'MetricName') === metricName);
    expect(filter?.Properties).toMatchObject({
      LogGroupName: { Ref: expect.stringContaining('AccessLogs') },
      MetricTransformations: [
        {
          MetricNamespace: 'Scim',
          MetricValue: '1',
          Dimensions: [{ Key: 'service', Value: '$.service' }],
        },
      ],
    });
    return filter?.Properties.FilterPattern;
  }

  test('a wrong token wakes nobody: the authorizer’s alarm counts what it could not answer, refusals apart', () => {
    // Lambda's Errors has every token that is refused, since "Unauthorized" is thrown.
    expect(at(alarm('AuthorizerErrors'), 'Metrics', 0, 'MetricStat', 'Metric')).toEqual({
      Namespace: 'Scim',
      MetricName: 'AuthorizerErrors',
      Dimensions: [{ Name: 'service', Value: 'Scim' }],
    });
    expect(counted('AuthorizerErrors')).toBe('{ $.errorType = "AUTHORIZER_*" }');
    expect(counted('RefusedTokens')).toBe(
      '{ ($.status = "401") && ($.route != "/oauth2/token") && ($.route != "/setup/api/{proxy+}") }',
    );
    expect(counted('RefusedClients')).toBe('{ ($.status = "401") && ($.route = "/oauth2/token") }');
    expect(counted('RefusedLinks')).toBe('{ ($.status = "401") && ($.route = "/setup/api/{proxy+}") }');
  });

  test('the API has an alarm on the share of server errors that clients see, however API Gateway counts them', () => {
    const metrics = at(alarm('ServerErrors'), 'Metrics');
    expect(alarm('ServerErrors')).toMatchObject({ Threshold: 0.01 });
    expect(metrics).toEqual([
      expect.objectContaining({ Expression: 'errors / requests' }),
      expect.objectContaining({
        Id: 'errors',
        MetricStat: expect.objectContaining({
          Metric: {
            Namespace: 'Scim',
            MetricName: 'ServerErrors',
            Dimensions: [{ Name: 'service', Value: 'Scim' }],
          },
          Stat: 'Sum',
        }),
      }),
      expect.objectContaining({
        Id: 'requests',
        MetricStat: expect.objectContaining({ Metric: expect.objectContaining({ MetricName: 'Count' }) }),
      }),
    ]);
    // The 501 of /Me is an answer, not a fault.
    expect(counted('ServerErrors')).toBe('{ ($.status = "5*") && ($.status != "501") }');
  });

  test('the access log has what is counted in it', () => {
    const [stage] = stack.resources('AWS::ApiGateway::Stage');
    const format: unknown = JSON.parse(String(at(stage?.Properties, 'AccessLogSetting', 'Format')));
    expect(format).toMatchObject({
      service: 'Scim',
      status: '$context.status',
      errorType: '$context.error.responseType',
    });
  });

  test('the slowest percent of some dozen requests wakes nobody', () => {
    expect(alarm('Latency')).toMatchObject({
      Stat: 'p99',
      MetricName: 'Latency',
      EvaluateLowSampleCountPercentile: 'ignore',
    });
  });

  test('docs/operations.md has a row for every alarm, and for nothing else', () => {
    const page = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
    const [, table = ''] = /^(\| alarm \|(?:.*\|\n)+)/m.exec(page) ?? [];
    const rows = [...table.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) =>
      [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''),
    );
    const names = stack
      .resources('AWS::CloudWatch::Alarm')
      .map(({ id }) => id.replace(/^Observability/, '').replace(/[0-9A-F]{8}$/, ''));
    const rowOf = (name: string) =>
      rows.find((row) => row === name) ?? rows.find((row) => name.endsWith(row.replace('…', '')));
    // Only a stack with a Cognito pool, a policy function or an admin API has these.
    const ofSome = ['AccessWithoutUsername', 'AccessOfAmbiguousUsername', 'PolicyFunctionFailures'];
    const ofAdministration = ['AdminServerErrors', 'AdminRefusals'];
    expect(new Set([...names, ...ofSome, ...ofAdministration].map(rowOf))).toEqual(new Set(rows));
    expect(page.replace(/\s+/g, ' ')).toContain(`${names.length} alarms`);
  });

  test('the dashboard has the name that docs/operations.md gives it: the stack’s and the region’s', () => {
    const [dashboard] = stack.resources('AWS::CloudWatch::Dashboard');
    expect(dashboard?.Properties.DashboardName).toEqual({
      'Fn::Join': ['', ['Scim-', { Ref: 'AWS::Region' }]],
    });
    expect(readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8')).toContain('`Scim-eu-west-1`');
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
      'ServerErrors',
      'RefusedClients',
      'RefusedTokens',
      'RefusedLinks',
      'Latency',
      'Throttles',
    ]) {
      expect(body).toContain(metric);
    }
  });
});
