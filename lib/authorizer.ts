import { Duration } from 'aws-cdk-lib';
import { IdentitySource, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/**
 * Form of the Authorization header: the scheme in any case (RFC 9110 section 11.1), then `scim_`, the tenant (not in
 * tokens of earlier versions), 32 random bytes in base 62 (always 43 digits) and the CRC-32 in hexadecimal. What does
 * not match is answered 401 by the gateway, without a call of the function. What names a tenant passes however much
 * of it was copied: the function tells whoever looks at that tenant's set-up page (lambdas/unknown-credentials.ts).
 * The scheme may be missing or doubled: that is refused, too, but only the functions can say why
 * (lambdas/middleware/authorization-scheme.ts).
 */
export const AUTHORIZATION_PATTERN =
  '^([Bb][Ee][Aa][Rr][Ee][Rr] +){0,2}scim_([a-z0-9-]{1,40}_[0-9A-Za-z_]{1,60}|[0-9A-Za-z]{43}_[0-9a-f]{8})$';

/**
 * The TOKEN authorizer of every method. The gateway caches its answer by the header's value, so the policy that the
 * function returns covers the whole stage.
 *
 * @param cacheSeconds how long an answer is remembered, 0 to 3600
 */
export function createAuthorizer(
  scope: Construct,
  handler: IFunction,
  cacheSeconds: number,
): TokenAuthorizer {
  return new TokenAuthorizer(scope, 'Authorizer', {
    handler,
    identitySource: IdentitySource.header('Authorization'),
    validationRegex: AUTHORIZATION_PATTERN,
    resultsCacheTtl: Duration.seconds(cacheSeconds),
  });
}
