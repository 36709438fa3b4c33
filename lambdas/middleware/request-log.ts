import type { Logger } from '@aws-lambda-powertools/logger';
import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

/** One log entry per request: ids and outcome. Never the query (it holds user names), bodies or tokens. */
export function requestLog(logger: Logger): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const startedAt = new WeakMap<object, number>();
  const log: middy.MiddlewareFn<APIGatewayProxyEvent, APIGatewayProxyResult> = ({ event, response }) => {
    const { requestContext } = event;
    logger.info('request', {
      method: event.httpMethod,
      route: requestContext.resourcePath,
      resourceId: idAtEnd(event.pathParameters?.id ?? response?.headers?.Location),
      status: response?.statusCode,
      operations: response?.statusCode === 200 ? operationsOf(event, response) : undefined,
      durationMs: Math.round(performance.now() - (startedAt.get(event) ?? performance.now())),
      tenantId: requestContext.authorizer?.tenantId,
      tokenId: requestContext.authorizer?.tokenId,
      clientId: requestContext.authorizer?.clientId,
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

const ID_AT_END = /(?:^|\/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const METHODS = new Set<unknown>(['POST', 'PUT', 'PATCH', 'DELETE']);

/** The id of a resource's path or URL. Anything else in an id's place may be a userName, and is not logged. */
const idAtEnd = (path: unknown): string | undefined => ID_AT_END.exec(String(path))?.[1];

/**
 * What a Bulk request did to whom, since its path names nobody. The answer is read again for it: parsing one of 1,000
 * operations takes a millisecond, beside the seconds that they take.
 */
function operationsOf(event: APIGatewayProxyEvent, { body }: APIGatewayProxyResult) {
  if (!/\/Bulk$/.test(event.requestContext.resourcePath)) return undefined;
  const { Operations } = JSON.parse(body) as { readonly Operations: readonly Record<string, unknown>[] };
  return Operations.map(({ method, location, status }) => ({
    method: METHODS.has(method) ? method : undefined,
    resourceId: idAtEnd(location),
    status,
  }));
}
