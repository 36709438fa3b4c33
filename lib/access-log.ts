import {
  AccessLogFormat,
  LogGroupLogDestination,
  MethodLoggingLevel,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ServiceConfig } from './service-config';

/**
 * What the access logs of both APIs tell of a request: one line each. No path with its query (filters hold user names),
 * no headers (the token is one).
 */
export const ACCESS_LOG = {
  time: '$context.requestTime',
  // That of API Gateway, as in the functions' logs and the provisioning log; clients may choose the other one.
  requestId: '$context.extendedRequestId',
  clientRequestId: '$context.requestId',
  traceId: '$context.xrayTraceId',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  errorType: '$context.error.responseType',
  latencyMs: '$context.responseLatency',
  functionMs: '$context.integrationLatency',
  bytes: '$context.responseLength',
  ip: '$context.identity.sourceIp',
};

/**
 * What a stage logs and counts: the access log, and nothing that holds a body.
 *
 * @param caller what the access log tells besides, of whoever asked
 */
export function stageLogging(
  { name, tracing }: Pick<ServiceConfig, 'name' | 'tracing'>,
  accessLogs: ILogGroup,
  caller: Readonly<Record<string, string>>,
): Pick<
  StageOptions,
  | 'accessLogDestination'
  | 'accessLogFormat'
  | 'loggingLevel'
  | 'dataTraceEnabled'
  | 'metricsEnabled'
  | 'tracingEnabled'
> {
  return {
    accessLogDestination: new LogGroupLogDestination(accessLogs),
    // `service` becomes the dimension of the metrics that are counted in it (lib/request-metrics.ts).
    accessLogFormat: AccessLogFormat.custom(JSON.stringify({ service: name, ...ACCESS_LOG, ...caller })),
    // Execution logs hold request bodies, which are personal data or secrets.
    loggingLevel: MethodLoggingLevel.OFF,
    dataTraceEnabled: false,
    // Metrics of each method are billed; the stage's own are free, and the access log has the rest.
    metricsEnabled: false,
    tracingEnabled: tracing,
  };
}
