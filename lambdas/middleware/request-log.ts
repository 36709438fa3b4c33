import type { Logger } from '@aws-lambda-powertools/logger';
import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

/** One log entry a request: ids and outcome. Never the query (it holds user names), bodies or tokens. */
export function requestLog(logger: Logger): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const startedAt = new WeakMap<object, number>();
  const log: middy.MiddlewareFn<APIGatewayProxyEvent, APIGatewayProxyResult> = ({ event, response }) => {
    const { requestContext } = event;
    logger.info('request', {
      method: event.httpMethod,
      route: requestContext.resourcePath,
      resourceId: event.pathParameters?.id,
      status: response?.statusCode,
      durationMs: Math.round(performance.now() - (startedAt.get(event) ?? performance.now())),
      tenantId: requestContext.authorizer?.tenantId,
      tokenId: requestContext.authorizer?.tokenId,
      requestId: requestContext.requestId,
    });
  };
  return {
    before: ({ event }) => {
      startedAt.set(event, performance.now());
    },
    after: log,
    onError: log,
  };
}
