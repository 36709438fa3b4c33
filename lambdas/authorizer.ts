import { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { recordRefusals } from '../src/directory/log/refusals';
import { tokenOrigin } from '../src/directory/resources/origin';
import { settingsIn } from '../src/directory/tenants/settings';
import { findToken, recordTokenUse } from '../src/directory/tenants/token-check';
import type { Token } from '../src/directory/tenants/token-item';
import { tableFromEnvironment } from './environment';
import { reportUnwrittenRefusal } from './unwritten-refusal';

const logger = new Logger({ serviceName: 'authorizer' });
const table = tableFromEnvironment();

/**
 * Answers who presents the token and what it may do, for every method of the stage. Throws exactly "Unauthorized" for
 * any token that is not accepted: the gateway turns that, and nothing else, into 401.
 */
export const handler = async (event: APIGatewayTokenAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
  const now = new Date();
  const { text, schemes } = readAuthorization(event.authorizationToken);
  const check = await findToken(table, text, now);
  const known = 'token' in check ? { tokenId: check.token.tokenId, tenantId: check.token.tenantId } : {};
  logger.info('Token checked', { outcome: check.outcome, ...known });
  if ('token' in check && check.outcome !== 'live') await tellRefusal(check.token, check.outcome, now);
  if (check.outcome !== 'live') throw new Error('Unauthorized');
  await recordTokenUse(table, text, check.token, now).catch((error: unknown) =>
    logger.warn('The use of a token was not recorded', { ...known, error: String(error) }),
  );
  return policyFor(check.token, event.methodArn, schemes);
};

/** The minute in which this instance has last told of a token, by its id. */
const told = new Map<string, string>();
const MAX_TOLD = 1_000;

/** Puts a known token that is no longer accepted into its tenant's provisioning log, once a minute. */
async function tellRefusal(
  { tenantId, tokenId, settings }: Token,
  outcome: 'expired' | 'revoked' | 'suspended',
  now: Date,
): Promise<void> {
  const minute = now.toISOString().slice(0, 16);
  if (told.get(tokenId) === minute) return;
  if (told.size >= MAX_TOLD) told.clear();
  told.set(tokenId, minute);
  const { actor } = tokenOrigin(tokenId, '');
  const detail = outcome === 'suspended' ? "The token's tenant is suspended." : `The token is ${outcome}.`;
  const refusal = { type: 'token.refused', status: 401, detail } as const;
  const kept = settingsIn(settings);
  await recordRefusals(table, tenantId, { actor }, [refusal], now, kept).catch((error: unknown) =>
    reportUnwrittenRefusal(error, { tenantId, tokenId }),
  );
}

/**
 * Reads the header's value. People paste a token without the scheme, or with it where the identity provider writes it
 * itself: a live token is known even so, and the functions tell what is wrong (middleware/authorization-scheme.ts).
 */
function readAuthorization(value: string): { text: string; schemes: number } {
  const words = value.trim().split(/ +/);
  const text = words.pop() ?? '';
  return { text: words.every((word) => /^bearer$/i.test(word)) ? text : value, schemes: words.length };
}

/**
 * The gateway caches the policy for all requests with this token, so it covers the stage, not the one method that
 * asked.
 */
function policyFor(
  { tenantId, tokenId, scope, expiresAt, settings }: Token,
  methodArn: string,
  schemes: number,
): APIGatewayAuthorizerResult {
  const stageArn = methodArn.split('/', 2).join('/');
  const allowed = scope === 'write' ? ['*'] : ['GET/*', 'HEAD/*', 'POST/*/.search'];
  return {
    principalId: tenantId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'execute-api:Invoke',
          Effect: 'Allow',
          Resource: allowed.map((methods) => `${stageArn}/${methods}`),
        },
      ],
    },
    // The cached answer may outlive the token: the functions compare its end (lambdas/middleware/token-end.ts). Of the
    // settings it cannot say more than it has read: whoever changes them flushes the cache.
    context: {
      tenantId,
      tokenId,
      scope,
      expiresAt,
      schemes,
      ...(settings === undefined ? {} : { settings }),
    },
  };
}
