import type { Logger } from '@aws-lambda-powertools/logger';
import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { requestIdOf } from './request-id';

/** A request that has been answered, or refused. */
export type LoggedRequest = middy.Request<APIGatewayProxyEvent, APIGatewayProxyResult>;

/**
 * One log entry per request: ids and outcome. Never the query (it holds user names), bodies or tokens.
 *
 * @param idsOf what the entry says besides: whose request it was, and whom it was about
 */
export function requestLog(
  logger: Logger,
  idsOf: (request: LoggedRequest) => object,
): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const startedAt = new WeakMap<object, number>();
  const log = (request: LoggedRequest) => {
    const { event, response } = request;
    logger.info('request', {
      method: event.httpMethod,
      route: event.requestContext.resourcePath,
      status: response?.statusCode,
      durationMs: Math.round(performance.now() - (startedAt.get(event) ?? performance.now())),
      ...idsOf(request),
      requestId: requestIdOf(event),
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
