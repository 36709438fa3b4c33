import type {
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerWithContextResult,
} from 'aws-lambda';
import { createClient } from 'serverless-scim';

const scim = createClient({ tableName: process.env.TABLE_NAME ?? '' });

/**
 * The authorizer of an HTTP API of yours (payload format 2.0, simple responses): lets a request through while its
 * session lives. Turn the authorizer's cache off, or a deactivated user gets through for as long as it keeps answers.
 */
export const handler = async (
  event: Pick<APIGatewayRequestAuthorizerEventV2, 'headers'>,
): Promise<APIGatewaySimpleAuthorizerWithContextResult<Record<string, string>>> => {
  const [, token = ''] = /^bearer +(\S+)$/i.exec(event.headers?.authorization ?? '') ?? [];
  const check = await scim.sessions.verify(token);
  if (!check.active) return { isAuthorized: false, context: { reason: check.reason } };
  const { tenant, userId, sessionId } = check.session;
  return { isAuthorized: true, context: { tenant, userId, sessionId } };
};
