import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { ScimError } from '../../src/scim/errors';

/**
 * Answers 401 to a live token that came without the scheme "Bearer" or with it twice, which the gateway could only
 * answer like a wrong token: whoever pasted it would ask for another one in vain. The authorizer counts the schemes; an
 * answer without the count is one of an authorizer before an upgrade.
 */
export function authorizationScheme(): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  return {
    before: ({ event }) => {
      // The gateway hands every value on as text.
      const schemes: unknown = event.requestContext.authorizer?.schemes;
      if (schemes === undefined || Number(schemes) === 1) return;
      const fault =
        Number(schemes) === 0
          ? 'has the token without the scheme "Bearer" before it'
          : 'has the scheme "Bearer" twice: the identity provider writes it itself, so paste the token alone';
      throw new ScimError(
        'unauthorized',
        `The token is live, but the Authorization header ${fault}. "Authorization: Bearer <token>" is accepted.`,
      );
    },
  };
}
