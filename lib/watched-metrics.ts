import { Aws, Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { AdminApi } from './admin-api';
import type { ScimApi } from './api';
import type { Firewall } from './firewall';
import type { FunctionName, ScimFunctions } from './functions';
import { scimMetric } from './metrics';
import type { Offboarding } from './offboarding';

const MINUTE = Duration.minutes(1);
export const FIVE_MINUTES = Duration.minutes(5);

/** A service's parts that are watched. */
export interface Watched {
  readonly api: ScimApi;
  readonly adminApi: AdminApi | undefined;
  readonly functions: ScimFunctions;
  readonly offboarding: Offboarding;
}

interface FunctionMetrics {
  readonly errors: Metric;
  readonly throttles: Metric;
  readonly duration: Metric;
}

/** Every metric that an alarm or the dashboard shows. */
export type WatchedMetrics = ReturnType<typeof metricsOf>;

/** The metrics of a service's parts. */
export function metricsOf(service: string, { api, adminApi, functions, offboarding }: Watched) {
  const stage = api.api.deploymentStage;
  const consumers = offboarding.consumers.map((name): [FunctionName, IFunction] => [
    name,
    functions.get(name),
  ]);
  return {
    requests: stage.metricCount({ period: MINUTE, label: 'requests' }),
    clientErrorCount: stage.metricClientError({ period: MINUTE, statistic: 'Sum', label: '4xx' }),
    serverErrorCount: scimMetric(service, 'ServerErrors', { period: MINUTE, label: '5xx' }),
    serverErrors: new MathExpression({
      expression: 'errors / requests',
      usingMetrics: {
        errors: scimMetric(service, 'ServerErrors', { period: FIVE_MINUTES }),
        requests: stage.metricCount({ period: FIVE_MINUTES, statistic: 'Sum' }),
      },
      period: FIVE_MINUTES,
      label: '5xx rate',
    }),
    admin:
      adminApi === undefined
        ? undefined
        : {
            serverErrors: scimMetric(service, 'AdminServerErrors', { period: FIVE_MINUTES }),
            refusals: scimMetric(service, 'AdminRefusals', { period: FIVE_MINUTES }),
          },
    refusedTokens: scimMetric(service, 'RefusedTokens', { period: MINUTE, label: 'tokens' }),
    refusedClients: scimMetric(service, 'RefusedClients', { label: 'clients' }),
    refusedScans: scimMetric(service, 'RefusedScans', { label: 'scans' }),
    refusedLinks: functions.has('setup') ? [scimMetric(service, 'RefusedLinks', { label: 'links' })] : [],
    unknownApiKeys: scimMetric(service, 'UnknownApiKeys'),
    blocked: blockedBy(api.firewall),
    medianLatency: stage.metricLatency({ period: FIVE_MINUTES, statistic: 'p50', label: 'p50' }),
    latency: stage.metricLatency({ period: FIVE_MINUTES, statistic: 'p99', label: 'p99' }),
    oldestPendingRevocation: scimMetric(service, 'OldestPendingRevocation', { period: MINUTE }),
    shortPathSwitchedOff: scimMetric(service, 'ShortPathSwitchedOff', { period: FIVE_MINUTES }),
    protectedUserTouched: scimMetric(service, 'ProtectedUserTouched', { period: FIVE_MINUTES }),
    refusalsUnwritten: scimMetric(service, 'RefusalsUnwritten', { period: FIVE_MINUTES }),
    tenants: {
      unusual: scimMetric(service, 'UnusualTenants', { period: FIVE_MINUTES }),
      refusing: scimMetric(service, 'RefusingTenants', { period: FIVE_MINUTES }),
      silent: scimMetric(service, 'SilentTenants', { period: FIVE_MINUTES }),
      expiring: scimMetric(service, 'ExpiringCredentials', { period: Duration.hours(2) }),
    },
    revocationLag: (['p50', 'p99', 'Maximum'] as const).map((statistic) =>
      scimMetric(service, 'RevocationLag', {
        statistic,
        period: MINUTE,
        label: statistic === 'Maximum' ? 'max' : statistic,
      }),
    ),
    accessUnapplied: functions.all().some(([name]) => name === 'cognito-target')
      ? {
          withoutUsername: scimMetric(service, 'AccessWithoutUsername', { period: FIVE_MINUTES }),
          ambiguousUsername: scimMetric(service, 'AccessOfAmbiguousUsername', { period: FIVE_MINUTES }),
        }
      : undefined,
    functions: new Map<FunctionName, FunctionMetrics>(
      functions.all().map(([name, handler]) => [
        name,
        {
          errors:
            name === 'authorizer'
              ? scimMetric(service, 'AuthorizerErrors', { period: FIVE_MINUTES, label: name })
              : handler.metricErrors({ period: FIVE_MINUTES, label: name }),
          throttles: handler.metricThrottles({ period: FIVE_MINUTES, label: name }),
          duration: handler.metricDuration({ period: FIVE_MINUTES, statistic: 'p99', label: name }),
        },
      ]),
    ),
    iteratorAges: new Map<FunctionName, Metric>(
      consumers.map(([name, consumer]) => [
        name,
        consumer.metric('IteratorAge', { period: MINUTE, statistic: 'Maximum', label: name }),
      ]),
    ),
    deadLetters: new Map<FunctionName, Metric>(
      [...offboarding.deadLetters].map(([name, queue]) => [
        name,
        queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, label: name }),
      ]),
    ),
  };
}

/** What the rules of the service's own web ACL held back. */
function blockedBy({ rules, webAclName }: Firewall): Metric[] {
  return rules.map(
    (rule) =>
      new Metric({
        namespace: 'AWS/WAFV2',
        metricName: 'BlockedRequests',
        dimensionsMap: { WebACL: webAclName, Rule: rule, Region: Aws.REGION },
        statistic: 'Sum',
        period: MINUTE,
        label: `blocked: ${rule}`,
      }),
  );
}
