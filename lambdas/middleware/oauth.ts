import type { Logger } from '@aws-lambda-powertools/logger';
import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { Throttled, Unavailable } from '../../src/directory/errors';
import type { TokenHttpRequest } from '../../src/oauth/token-request';

/** Reads a request to the token endpoint from the event of an API Gateway REST API. */
export function toTokenRequest(event: APIGatewayProxyEvent): TokenHttpRequest {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(event.headers ?? {})) headers[name.toLowerCase()] = value;
  return {
    headers,
    body: event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : (event.body ?? ''),
    queryNames: Object.keys(event.queryStringParameters ?? {}),
  };
}

/**
 * Answers what the endpoint throws: never as a SCIM message, which an OAuth client could not read. RFC 6749 names no
 * error of its own for a token endpoint that cannot answer; those of its section 4.1.2.1 are understood.
 */
export function oauthErrors(
  logger: Logger,
): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  return {
    onError: (request) => {
      const { error } = request;
      const isBusy = error instanceof Throttled || error instanceof Unavailable;
      if (!isBusy) {
        const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
        logger.error('unexpected error', { error: { name, message, stack } });
      }
      request.response = {
        statusCode: isBusy ? 503 : 500,
        headers: {
          'Content-Type': 'application/json;charset=UTF-8',
          'Cache-Control': 'no-store',
          ...(isBusy ? { 'Retry-After': '1' } : {}),
        },
        body: JSON.stringify({
          error: isBusy ? 'temporarily_unavailable' : 'server_error',
          error_description: 'The service could not answer; repeat the request later.',
        }),
      };
    },
  };
}
