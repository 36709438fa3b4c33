import { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { clientOrigin } from '../src/directory/resources/origin';
import { tokenEndpoint } from '../src/endpoints/oauth/token';
import { ClientRefused } from '../src/oauth/grant';
import { tableFromEnvironment } from './environment';
import { oauthErrors, toTokenRequest } from './middleware/oauth';
import { refusedCredentials } from './refused-credentials';

const logger = new Logger();
const table = tableFromEnvironment();
const lifeSeconds = Number(process.env.ACCESS_TOKEN_SECONDS);
const tellRefusal = refusedCredentials(table);

const REASONS = {
  'wrong-secret': 'The secret is wrong, or has ended.',
  expired: 'The last secret of the client has expired.',
  revoked: 'The client is revoked.',
  suspended: "The client's tenant is suspended.",
} as const;

/** `/oauth2/token`, outside of the authorizer: what it takes are credentials, and what it gives are tokens. */
export const handler = middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
  .use(oauthErrors(logger))
  .handler(async (event) => {
    const now = new Date();
    const { requestId } = event.requestContext;
    const { status, headers, body } = await tokenEndpoint(event.httpMethod, toTokenRequest(event), {
      table,
      lifeSeconds,
      requestId,
      now,
      onGrant: ({ client: { tenantId, tokenId } }) =>
        logger.info('Token issued', { tenantId, clientId: tokenId, requestId }),
      onUseUnrecorded: (error) =>
        logger.warn('The use of a secret was not recorded', { requestId, error: String(error) }),
      onRefusal: async (error) => {
        if (!(error instanceof ClientRefused)) {
          logger.info('Token refused', { error: error.code, requestId });
          return;
        }
        const { client, reason } = error;
        const { tenantId, tokenId: clientId } = client;
        logger.info('Token refused', { error: error.code, reason, tenantId, clientId, requestId });
        const { actor } = clientOrigin(clientId, requestId);
        await tellRefusal({ of: client, actor, type: 'client.refused', detail: REASONS[reason] }, now);
      },
    });
    return {
      statusCode: status,
      headers: { ...headers, 'Content-Type': 'application/json;charset=UTF-8' },
      body: JSON.stringify(body),
    };
  });
