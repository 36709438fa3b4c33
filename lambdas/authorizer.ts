import { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { credentialOrigin } from '../src/directory/resources/origin';
import { type KnownKeys, usageKey } from '../src/directory/tenants/api-key';
import { type Access, findToken, recordTokenUse } from '../src/directory/tenants/token-check';
import { tableFromEnvironment } from './environment';
import { refusedCredentials } from './refused-credentials';
import { seenByAuthorizer } from './seen-by-authorizer';
import { unknownCredentials } from './unknown-credentials';

const logger = new Logger({ serviceName: 'authorizer' });
const table = tableFromEnvironment();
const tellRefusal = refusedCredentials(table);
const tellUnknown = unknownCredentials(table);
const tellSeen = seenByAuthorizer(table);
const knownKeys = knownKeysFromEnvironment();

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
  if ('token' in check && check.outcome !== 'live') {
    const { actor } = credentialOrigin(check.token, '');
    await tellRefusal(
      { of: check.token, actor, type: 'token.refused', detail: refusalDetail(check.outcome, check.token) },
      now,
    );
  }
  if (!('token' in check)) await tellUnknown(text, 'token', now);
  if (check.outcome !== 'live') throw new Error('Unauthorized');
  await recordTokenUse(table, text, check.token, now).catch((error: unknown) =>
    logger.warn('The use of a token was not recorded', { ...known, error: String(error) }),
  );
  await tellSeen(check.token, event.methodArn, now);
  const policy = policyFor(check.token, event.methodArn, schemes);
  return knownKeys === undefined
    ? policy
    : { ...policy, usageIdentifierKey: usageKey(check.token.apiKey, knownKeys, now) };
};

/** Why a known token is not accepted. */
function refusalDetail(outcome: 'expired' | 'revoked' | 'suspended', { clientId }: Access): string {
  if (outcome === 'suspended') return "The token's tenant is suspended.";
  if (clientId === undefined) return `The token is ${outcome}.`;
  return outcome === 'expired' ? 'The access token has expired.' : "The access token's client is revoked.";
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
 * asked; also of a token that may only read, whose writes the functions refuse (middleware/token-scope.ts).
 */
function policyFor(
  { tenantId, tokenId, clientId, scope, expiresAt, watchedUntil = 0, settings }: Access,
  methodArn: string,
  schemes: number,
): APIGatewayAuthorizerResult {
  const stageArn = methodArn.split('/', 2).join('/');
  return {
    principalId: tenantId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'execute-api:Invoke',
          Effect: 'Allow',
          Resource: [`${stageArn}/*`],
        },
      ],
    },
    // The cached answer may outlive the token: the functions compare its end (lambdas/middleware/token-end.ts). Of the
    // settings it cannot say more than it has read: whoever changes them flushes the cache.
    context: {
      tenantId,
      // Of an access token its client is told, which is who it is for a year and not for an hour.
      ...(clientId === undefined ? { tokenId } : { clientId }),
      scope,
      expiresAt,
      schemes,
      ...(settings === undefined ? {} : { settings }),
      ...(watchedUntil * 1000 > Date.now() ? { watchedUntil } : {}),
    },
  };
}

/** Undefined where tenants have no limits of their own (lib/tenant-limits.ts). */
function knownKeysFromEnvironment(): KnownKeys | undefined {
  const { DEFAULT_API_KEY: defaultKey, DEFAULT_API_KEY_ID: service = '', TENANT_TIERS = '' } = process.env;
  return defaultKey === undefined ? undefined : { defaultKey, service, tiers: TENANT_TIERS.split(' ') };
}
