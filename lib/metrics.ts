import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';

/** CloudWatch namespace of all of them. */
export const METRICS_NAMESPACE = 'Scim';

/** Every metric of a service's own, with the statistic that says most about it. */
const STATISTICS = {
  /** Milliseconds from the write that took the access away to the last session gone, of each user. */
  RevocationLag: 'p99',
  /** Seconds that the oldest revocation has been waiting for, told by the sweep every minute. */
  OldestPendingRevocation: 'Maximum',
  /** Sessions that were removed because their user lost the access. */
  SessionsRevoked: 'Sum',
  /** Instances of functions that have left the short path to DynamoDB (lambdas/environment.ts). */
  ShortPathSwitchedOff: 'Sum',
  /** Changes that the Cognito pool has nobody for: the user's tenant is not the pool's. */
  AccessOfOtherTenant: 'Sum',
  /** Changes that could not be applied in the Cognito pool: the user lacks the attribute that is the username. */
  AccessWithoutUsername: 'Sum',
  /** Changes that must not be applied in the Cognito pool: several users have, or had lately, the username. */
  AccessOfAmbiguousUsername: 'Sum',
  /** Times that SCIM tried to deactivate, delete or rename a protected user, and was refused. */
  ProtectedUserTouched: 'Sum',
  /** Requests that were refused since their tenant had as many scans under way as it may have at once. */
  RefusedScans: 'Sum',
  /** Refusals that are missing in the provisioning log: they could not be written in time. */
  RefusalsUnwritten: 'Sum',
  /** Tenants with an unusual number of deactivations or deletions in the last quarter of an hour. */
  UnusualTenants: 'Maximum',
  /** Tenants with an unusual number of refused requests in the last quarter of an hour. */
  RefusingTenants: 'Maximum',
  /** Tenants whose connection has fallen silent since the look before, once per silence. */
  SilentTenants: 'Sum',
  /** Tokens that end soon and have no successor in use, looked at every hour. */
  ExpiringCredentials: 'Maximum',
  /** Requests in which the policy function gave no answer: it failed, took too long, or answered something else. */
  PolicyFunctionFailures: 'Sum',
  /** Requests that were answered with a 5xx status other than 501. */
  ServerErrors: 'Sum',
  /** Requests to the admin API that were answered with a 5xx status. */
  AdminServerErrors: 'Sum',
  /** Requests to the admin API whose signature was missing or refused, or whose caller may not make them. */
  AdminRefusals: 'Sum',
  /** Requests whose token could not be looked up. */
  AuthorizerErrors: 'Sum',
  /** Requests with a token that is missing, malformed, unknown, expired or revoked. */
  RefusedTokens: 'Sum',
  /** Requests for a token by an OAuth client that is unknown, has a wrong secret, or is not let in any more. */
  RefusedClients: 'Sum',
  /** Requests to the set-up page with a link that has ended, was revoked, or was never made. */
  RefusedLinks: 'Sum',
  /** Requests that were refused since the gateway does not know the key that they are counted by. */
  UnknownApiKeys: 'Sum',
} as const satisfies Record<string, string>;

/** The name of a metric of a service's own. */
export type MetricName = keyof typeof STATISTICS;

/** The names of all metrics of a service's own. */
export const METRIC_NAMES: readonly string[] = Object.keys(STATISTICS);

/**
 * A metric of a service's own, of five minutes unless told otherwise.
 *
 * @param service the name of the service, which Powertools and the access log give as dimension
 */
export const scimMetric = (service: string, metricName: MetricName, options: MetricOptions = {}): Metric =>
  new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensionsMap: { service },
    statistic: STATISTICS[metricName],
    ...options,
  });
