import type { Service } from './service-request';

/**
 * API Gateway's management call `FlushStageAuthorizersCache` (DELETE
 * /restapis/{id}/stages/{stage}/cache/authorizers): what revoking a token does.
 *
 * @param flush false when there is no such API or stage
 */
export const apiGatewayService =
  (flush: (restApiId: string, stage: string) => boolean): Service =>
  ({ method, path }) => {
    const [, api, stage] = /^\/restapis\/([^/]+)\/stages\/([^/]+)\/cache\/authorizers$/.exec(path) ?? [];
    if (method !== 'DELETE' || api === undefined || stage === undefined) return undefined;
    if (flush(decodeURIComponent(api), decodeURIComponent(stage))) return { status: 202 };
    return {
      status: 404,
      headers: { 'x-amzn-errortype': 'NotFoundException' },
      body: { message: 'Invalid stage identifier specified' },
    };
  };
