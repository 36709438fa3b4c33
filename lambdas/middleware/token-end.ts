import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { ScimError } from '../../src/scim/errors';

/**
 * Answers 401 when the token has ended since the authorizer looked at it: the gateway goes on using the authorizer's
 * answer for minutes (`authorizerCacheSeconds`). An answer without the end is one of an authorizer before an upgrade.
 */
export function tokenEnd(
  now: () => number = Date.now,
): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  return {
    before: ({ event }) => {
      // The gateway hands every value on as text.
      const expiresAt: unknown = event.requestContext.authorizer?.expiresAt;
      if (expiresAt === undefined || Number(expiresAt) * 1000 > now()) return;
      throw new ScimError(
        'unauthorized',
        'The bearer token has expired. Send a live token as "Authorization: Bearer <token>"; ask the provider of this application for a new one.',
      );
    },
  };
}
