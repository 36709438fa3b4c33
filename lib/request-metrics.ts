import { FilterPattern, type IFilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { RoutePath } from '../src/endpoints/routes';
import { METRICS_NAMESPACE, type MetricName } from './metrics';

const TOKEN_ROUTE: RoutePath = '/oauth2/token';
const SETUP_ROUTE: RoutePath = '/setup/api/{proxy+}';

/** What is counted in the access log, which has one line of JSON per request. */
const COUNTED = {
  /**
   * What the client got, whoever answered. API Gateway's own 5XXError leaves out answers whose status was changed, and
   * has the 501 of /Me among them, which is no fault.
   */
  ServerErrors: FilterPattern.all(
    FilterPattern.stringValue('$.status', '=', '5*'),
    FilterPattern.stringValue('$.status', '!=', '501'),
  ),
  /**
   * The authorizer gave no answer. Lambda's Errors will not do: the function refuses a token by throwing, so that
   * anybody with a wrong token would wake somebody.
   */
  AuthorizerErrors: FilterPattern.stringValue('$.errorType', '=', 'AUTHORIZER_*'),
  /** A token that is missing, malformed, unknown, expired or revoked. */
  RefusedTokens: FilterPattern.all(
    FilterPattern.stringValue('$.status', '=', '401'),
    FilterPattern.stringValue('$.route', '!=', TOKEN_ROUTE),
    // Links have 256 random bits: whoever guesses at one wakes nobody.
    FilterPattern.stringValue('$.route', '!=', SETUP_ROUTE),
  ),
  /** An OAuth client that is unknown, has a wrong secret, or is not let in any more. */
  RefusedClients: FilterPattern.all(
    FilterPattern.stringValue('$.status', '=', '401'),
    FilterPattern.stringValue('$.route', '=', TOKEN_ROUTE),
  ),
  /** A link to the set-up page that has ended, was revoked, or was never made. */
  RefusedLinks: FilterPattern.all(
    FilterPattern.stringValue('$.status', '=', '401'),
    FilterPattern.stringValue('$.route', '=', SETUP_ROUTE),
  ),
  /** A tenant whose key is in no usage plan any more (docs/fairness.md). */
  UnknownApiKeys: FilterPattern.stringValue('$.errorType', '=', 'INVALID_API_KEY'),
} as const satisfies Partial<Record<MetricName, IFilterPattern>>;

/** What is counted in the access log of the admin API. */
const COUNTED_OF_ADMINISTRATION = {
  AdminServerErrors: FilterPattern.all(
    FilterPattern.stringValue('$.status', '=', '5*'),
    FilterPattern.stringValue('$.status', '!=', '501'),
  ),
  AdminRefusals: FilterPattern.stringValue('$.status', '=', '403'),
} as const satisfies Partial<Record<MetricName, IFilterPattern>>;

/**
 * Metrics of requests that are counted in the access log, in the namespace and with the dimension of the functions'.
 */
export class RequestMetrics extends Construct {
  /** @param of the API whose access log it is */
  constructor(scope: Construct, id: string, accessLogs: LogGroup, of: 'scim' | 'admin' = 'scim') {
    super(scope, id);
    const counted = of === 'scim' ? COUNTED : COUNTED_OF_ADMINISTRATION;
    for (const [metricName, filterPattern] of Object.entries(counted)) {
      new MetricFilter(this, metricName, {
        logGroup: accessLogs,
        metricNamespace: METRICS_NAMESPACE,
        metricName,
        filterPattern,
        metricValue: '1',
        dimensions: { service: '$.service' },
      });
    }
  }
}
