import type { LocalCaller } from './account';
import type { LocalStack } from './assembly/cloud-assembly';
import type { Functions } from './functions/functions';
import { Gateway, type RequestReport } from './gateway/gateway';
import { type RestApi, readRestApis } from './gateway/rest-api';
import { readUsagePlans } from './gateway/usage-plans';
import { LocalError } from './local-error';
import type { Parts } from './parts';
import { apiGatewayService } from './services/api-gateway';
import type { LocalMetrics } from './services/metrics';
import type { ServiceEndpoint } from './services/service-endpoint';

/** Where the gateways listen, and who is told of requests. */
interface GatewayOptions {
  readonly port: number;
  /** Port of the admin API. */
  readonly adminPort: number;
  readonly callers: readonly LocalCaller[] | undefined;
  /** Where keys that were made by calls are kept. */
  readonly apiKeysFile: string;
  readonly metrics: LocalMetrics;
  readonly services: ServiceEndpoint;
  readonly onRequest: (report: RequestReport) => void;
}

/** The REST APIs of the stack as they are served on this machine. */
export interface Gateways {
  readonly restApiId: string;
  readonly stage: string;
  /** URL under which the API is served: the stack's output `ScimBaseUrl` on this machine, or the stage's. */
  readonly baseUrl: string;
  /** URL of the token endpoint: the stack's output `TokenUrl` on this machine; empty without it. */
  readonly tokenUrl: string;
  /** URL of the admin API, the stack's output `AdminUrl` on this machine; undefined when the stack has none. */
  readonly adminUrl: string | undefined;
}

/**
 * Serves the stack's REST API, that of administrators, and the calls of API Gateway's own service.
 *
 * @throws LocalError when the template has no REST API, or one too many
 */
export async function startGateways(
  stack: LocalStack,
  functions: Functions,
  options: GatewayOptions,
  parts: Parts,
): Promise<Gateways> {
  const outputs = stack.outputs();
  const usagePlans = readUsagePlans(stack, options.apiKeysFile);
  const { api, adminApi } = apisOf(readRestApis(stack, functions), outputs.AdminUrl);
  const start = async (of: RestApi, port: number): Promise<Gateway> => {
    const gateway = await Gateway.start(of, {
      callers: options.callers,
      usagePlans,
      port,
      onRequest(report) {
        options.metrics.addRequest(of, report);
        options.onRequest(report);
      },
    });
    parts.add(() => gateway.stop());
    return gateway;
  };
  const gateway = await start(api, options.port);
  const adminGateway = adminApi === undefined ? undefined : await start(adminApi, options.adminPort);
  options.services.add(
    'apigateway',
    apiGatewayService((id, stage) => gateway.flushAuthorizers(id, stage), usagePlans),
  );
  const origin = originOf(gateway);
  return {
    restApiId: api.id,
    stage: api.stage,
    baseUrl: `${origin}${pathOf(outputs.ScimBaseUrl) ?? `/${api.stage}`}`,
    tokenUrl: outputs.TokenUrl === undefined ? '' : `${origin}${pathOf(outputs.TokenUrl) ?? ''}`,
    adminUrl:
      adminGateway === undefined ? undefined : `${originOf(adminGateway)}${pathOf(outputs.AdminUrl) ?? ''}`,
  };
}

function apisOf([api, ...others]: readonly RestApi[], adminUrl: string | undefined) {
  if (api === undefined)
    throw new LocalError('The template has no REST API (AWS::ApiGateway::RestApi) to serve.');
  const adminApi = others.find(({ id }) => adminUrl?.includes(`//${id}.`));
  if (others.some((other) => other !== adminApi)) {
    throw new LocalError(
      'The local run serves one REST API, and that of the output "AdminUrl"; the template has more.',
    );
  }
  return { api, adminApi };
}

const originOf = ({ port }: Gateway): string => `http://127.0.0.1:${port}`;

/** The path of an output that is a URL, without a slash at its end; undefined when the stack has none such. */
export function pathOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).pathname.replace(/\/+$/, '') : undefined;
}
