import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { ScimError } from '../../src/scim/errors';

/**
 * Answers 403 to a write with a token that may only read. It is refused here and not by the gateway's policy, whose
 * refusals no function sees: a token of the wrong scope in an identity provider fails all that it does, and is to be
 * found in the provisioning log. Whatever does not say that it may write may not.
 */
export function tokenScope(): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  return {
    before: ({ event }) => {
      if (event.requestContext.authorizer?.scope === 'write' || isRead(event)) return;
      throw new ScimError(
        'forbidden',
        'The token does not permit this request. A token with read scope permits GET and searches only; use a token with write scope.',
      );
    },
  };
}

const isRead = ({ httpMethod, resource }: APIGatewayProxyEvent): boolean =>
  httpMethod === 'GET' || httpMethod === 'HEAD' || (httpMethod === 'POST' && resource.endsWith('/.search'));
