/**
 * What the access logs of both APIs tell of a request: one line each. No path with its query (filters hold user names),
 * no headers (the token is one).
 */
export const ACCESS_LOG = {
  time: '$context.requestTime',
  requestId: '$context.requestId',
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
