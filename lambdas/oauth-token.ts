import { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { clientOrigin } from '../src/directory/resources/origin';
import { tokenEndpoint } from '../src/endpoints/oauth/token';
import { ClientRefused, UnknownClient } from '../src/oauth/authenticate';
import { fetchKeys } from '../src/oauth/fetch-keys';
import { IssuerKeys } from '../src/oauth/issuer-keys';
import { tableFromEnvironment } from './environment';
import { oauthErrors, toTokenRequest } from './middleware/oauth';
import { requestIdOf } from './middleware/request-id';
import { refusedCredentials } from './refused-credentials';
import { unknownCredentials } from './unknown-credentials';

const logger = new Logger();
const table = tableFromEnvironment();
const lifeSeconds = Number(process.env.ACCESS_TOKEN_SECONDS);
const tellRefusal = refusedCredentials(table);
const tellUnknown = unknownCredentials(table);

/** The local run's. Lambda reserves the variable, so that no stack, setting or operator can give it another value. */
const allowsLocal = process.env.AWS_EXECUTION_ENV === 'AWS_Lambda_nodejs_local';
const keys = new IssuerKeys((jwks) => fetchKeys(jwks, { allowsLocal }));

/** `/oauth2/token`, outside of the authorizer: what it takes are credentials, and what it gives are tokens. */
export const handler = middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
  .use(oauthErrors(logger))
  .handler(async (event) => {
    const now = new Date();
    const requestId = requestIdOf(event);
    const { status, headers, body } = await tokenEndpoint(event.httpMethod, toTokenRequest(event), {
      table,
      keys,
      lifeSeconds,
      requestId,
      now,
      onGrant: ({ client: { tenantId, tokenId } }) =>
        logger.info('Token issued', { tenantId, clientId: tokenId, requestId }),
      onUseUnrecorded: (error) =>
        logger.warn('The use of credentials was not recorded', { requestId, error: String(error) }),
      onRefusal: async (error) => {
        if (!(error instanceof ClientRefused)) {
          logger.info('Token refused', { error: error.code, requestId });
          if (error instanceof UnknownClient) await tellUnknown(error.clientId, 'client', now);
          return;
        }
        const { client, reason, detail } = error;
        const { tenantId, tokenId: clientId } = client;
        logger.info('Token refused', { error: error.code, reason, tenantId, clientId, requestId });
        const { actor } = clientOrigin(clientId, requestId);
        await tellRefusal({ of: client, actor, type: 'client.refused', detail }, now);
      },
    });
    return {
      statusCode: status,
      headers: { ...headers, 'Content-Type': 'application/json;charset=UTF-8' },
      body: JSON.stringify(body),
    };
  });
