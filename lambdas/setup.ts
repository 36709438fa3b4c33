import { Logger } from '@aws-lambda-powertools/logger';
import { actEntry } from '../src/admin/acts';
import { serviceDeployment } from '../src/admin/deployment';
import { setupOrigin } from '../src/directory/resources/origin';
import { recordSetupLinkUse } from '../src/directory/tenants/setup-links';
import { setupEndpoint } from '../src/endpoints/setup/endpoint';
import { tableFromEnvironment } from './environment';
import { type SetupFunctionCall, setupFunction } from './middleware/setup-endpoint';
import { refusedCredentials } from './refused-credentials';
import { stagedBranding, stagedPage } from './staged-page';

const logger = new Logger();
const table = tableFromEnvironment();
const branding = stagedBranding();
const authorizerCacheMs = Number(process.env.AUTHORIZER_CACHE_SECONDS) * 1000;
const tellRefusal = refusedCredentials(table);

const REASONS = {
  expired: 'The link has ended.',
  revoked: 'The link is revoked.',
  suspended: "The link's tenant was suspended.",
} as const;

/** The set-up page and its API, outside of the authorizer: what it takes are the secrets of links. */
export const handler = setupFunction(stagedPage(), (call) => {
  const { request, requestId, deadline } = call;
  const inTime = table.with({ deadline });
  const now = new Date();
  return setupEndpoint(request, {
    table: inTime,
    branding,
    now,
    authorizerCacheMs,
    deploymentOf({ tenantId, linkId }) {
      const deployment = serviceDeployment(outputsOf(call), {
        table: inTime,
        origin: setupOrigin(linkId, requestId),
        region: process.env.AWS_REGION,
      });
      // What was done is done, and the page tells that the gateway does not know it yet.
      const flushAuthorizerCache = () =>
        deployment.flushAuthorizerCache().catch((error: unknown) => {
          logger.error('The gateway was not told to forget', { tenantId, linkId, error: String(error) });
          return false;
        });
      return { ...deployment, flushAuthorizerCache };
    },
    async onUse(secret, link, deployment) {
      const { tenantId, linkId } = link;
      call.onLink({ tenantId, linkId });
      await recordSetupLinkUse(inTime, secret, link, now, async () => [
        await actEntry(deployment, tenantId, { type: 'setup_link.used', linkId }),
      ]).catch((error: unknown) =>
        logger.warn('The use of a link was not recorded', { tenantId, linkId, error: String(error) }),
      );
    },
    async onRefusal({ tenantId, linkId }, { settings }, state) {
      call.onLink({ tenantId, linkId });
      const { actor } = setupOrigin(linkId, requestId);
      const of = { tenantId, tokenId: linkId, settings };
      await tellRefusal({ of, actor, type: 'setup_link.refused', detail: REASONS[state] }, now);
    },
  });
});

/**
 * Where the service is, as the request tells it: the function is a part of the API, which therefore cannot be named in
 * its environment.
 */
const outputsOf = ({ baseUrl, apiId, stage }: SetupFunctionCall): ReadonlyMap<string, string> =>
  new Map([
    ['ScimBaseUrl', baseUrl],
    ['RestApiId', apiId],
    ['StageName', stage],
  ]);
