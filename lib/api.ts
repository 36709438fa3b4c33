import { Size, Validations } from 'aws-cdk-lib';
import {
  ApiKeySourceType,
  AuthorizationType,
  type DomainNameOptions,
  EndpointType,
  LambdaIntegration,
  type MethodOptions,
  RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type AuthorizedBy, ROUTES, type Route, type RoutePath } from '../src/endpoints/routes';
import { stageLogging } from './access-log';
import { createAuthorizer } from './authorizer';
import { Firewall } from './firewall';
import type { ScimFunctions } from './functions';
import { useGatewayLogRole } from './gateway-log-role';
import { addGatewayResponses } from './gateway-responses';
import { createLogGroup } from './log-group';
import { addOAuthMetadata, resourceMetadataUrl } from './oauth-metadata';
import type { ServiceConfig } from './service-config';
import { allowCacheFlush } from './setup-page';
import { TenantLimits } from './tenant-limits';

/** A route by whose function it is served. */
type ServedRoute = Route & Pick<(typeof ROUTES)[number], 'function'>;

const TOKEN_ROUTE: RoutePath = '/oauth2/token';
/**
 * Requests per second to each method that no authorizer stands before, over all tenants: little for whoever guesses at
 * secrets. Entra ID asks for a token once per tenant and hour, so that it is enough for a hundred thousand tenants; and
 * for some hundred administrators who look at the set-up page at the same time, which asks every few seconds.
 */
const OPEN_THROTTLE = { throttlingRateLimit: 50, throttlingBurstLimit: 100 };
/**
 * All that ANY stands for, since HEAD and what is answered 405 run the function, too. A stage has settings for each of
 * them and none for ANY.
 */
const VERBS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
const openMethods = (routes: readonly Route[]): string[] =>
  routes
    .filter(({ authorizedBy }) => authorizedBy === 'nobody')
    .flatMap(({ path }) => VERBS.map((verb) => `${path}/${verb}`));

/** What the access log tells besides: whose credential it was, and with which program. */
const CALLER = {
  tenantId: '$context.authorizer.tenantId',
  tokenId: '$context.authorizer.tokenId',
  clientId: '$context.authorizer.clientId',
  authorizerMs: '$context.authorizer.latency',
  userAgent: '$context.identity.userAgent',
};

/**
 * The Regional REST API: explicit resources, the token authorizer on every method, SCIM bodies on what the gateway
 * answers by itself.
 */
export class ScimApi extends Construct {
  readonly api: RestApi;
  /** One line of JSON per request, {@link ACCESS_LOG}: what alarms count. */
  readonly accessLogs: LogGroup;
  readonly firewall: Firewall;
  readonly limits: TenantLimits;
  /** The base URL for identity providers, `https://…/scim/v2`. */
  readonly baseUrl: string;
  /** Where OAuth clients get their tokens, `https://…/scim/oauth2/token`. */
  readonly tokenUrl: string;

  constructor(scope: Construct, id: string, functions: ScimFunctions, config: ServiceConfig) {
    super(scope, id);
    this.accessLogs = createLogGroup(this, 'AccessLogs', config);
    const routes = ROUTES.filter((route) => functions.has(route.function));
    this.api = this.createApi(routes, config);
    if (config.gatewayLogRole === 'own') useGatewayLogRole(this.api.deploymentStage);
    const ownDomain = config.domain && { ...config.domain, stageName: config.stageName };
    addGatewayResponses(this.api, ownDomain && resourceMetadataUrl(ownDomain));
    if (ownDomain !== undefined) addOAuthMetadata(this.api, ownDomain);
    this.addRoutes(routes, functions, config);
    this.limits = new TenantLimits(this, 'Limits', this.api, functions.get('authorizer'), config);
    this.firewall = new Firewall(this, 'Firewall', this.api.deploymentStage.stageArn, config);
    const urlOf = (path: string) =>
      config.domain === undefined
        ? this.api.deploymentStage.urlForPath(path)
        : `https://${config.domain.domainName}/${config.stageName}${path}`;
    this.baseUrl = urlOf('/v2');
    this.tokenUrl = urlOf(TOKEN_ROUTE);
    functions.get('oauth-token').addEnvironment('ACCESS_TOKEN_SECONDS', String(config.accessTokenSeconds));
    if (functions.has('setup')) allowCacheFlush(functions.get('setup'), this.api, config);
  }

  private createApi(routes: readonly Route[], config: ServiceConfig): RestApi {
    const api = new RestApi(this, 'Api', {
      description: 'SCIM 2.0',
      // The dimension of the API's metrics, which no two services in one account share.
      restApiName: config.name,
      endpointTypes: [EndpointType.REGIONAL],
      // One for the account and region (lib/gateway-log-role.ts).
      cloudWatchRole: false,
      // Clients know of no key: whose request it is the token tells.
      apiKeySourceType: ApiKeySourceType.AUTHORIZER,
      minCompressionSize: Size.bytes(config.compressionBytes),
      domainName: customDomain(config),
      deployOptions: {
        stageName: config.stageName,
        ...stageLogging(config, this.accessLogs, CALLER),
        throttlingRateLimit: config.throttleRate,
        throttlingBurstLimit: config.throttleBurst,
        methodOptions: Object.fromEntries(openMethods(routes).map((method) => [method, OPEN_THROTTLE])),
      },
    });
    // An output of CDK's own, with a URL that is not the one to give to identity providers.
    api.node.tryRemoveChild('Endpoint');
    acknowledgeRules(api, config);
    return api;
  }

  private addRoutes(routes: readonly ServedRoute[], functions: ScimFunctions, config: ServiceConfig): void {
    const authorizer = createAuthorizer(this, functions.get('authorizer'), config.authorizerCacheSeconds);
    const authorization: Readonly<Record<AuthorizedBy, MethodOptions>> = {
      token: {
        authorizer,
        authorizationType: AuthorizationType.CUSTOM,
        apiKeyRequired: config.tenantLimits === 'on',
      },
      iam: { authorizationType: AuthorizationType.IAM },
      nobody: { authorizationType: AuthorizationType.NONE },
    };
    for (const route of routes) {
      const resource = this.api.root.resourceForPath(route.path);
      const integration = new LambdaIntegration(functions.get(route.function), {
        // One permission a function in place of two a method: a function's policy ends at 20 kB.
        scopePermissionToMethod: false,
      });
      for (const method of [...Object.keys(route.methods), 'ANY']) {
        const added = resource.addMethod(method, integration, authorization[route.authorizedBy]);
        if (route.authorizedBy === 'nobody') Validations.of(added).acknowledge(OPEN_ROUTE);
      }
    }
  }
}

/** A rule of cdk-nag's that a route without an authorizer does not follow. */
const OPEN_ROUTE = {
  id: 'AwsSolutions-APIG4',
  reason:
    'The token endpoint authenticates OAuth clients itself, by their secrets (RFC 6749 section 2.3), and the set-up page whoever has the secret of a link; both are throttled on their own.',
};

/** Rules of cdk-nag's AwsSolutions pack that this API does not follow, and why. */
function acknowledgeRules(api: RestApi, config: ServiceConfig): void {
  Validations.of(api).acknowledge(
    {
      id: 'AwsSolutions-APIG2',
      reason:
        'The functions validate bodies against the SCIM schemas; a model in the gateway could answer neither scimType nor the attribute at fault.',
    },
    {
      id: 'AwsSolutions-APIG6',
      reason:
        'Execution logs hold request bodies, which are personal data, and need a role of the whole account. Access logs and traces are on.',
    },
    {
      id: 'AwsSolutions-COG4',
      reason:
        'Identity providers send a long-lived bearer token made for them; the token authorizer checks it on every method.',
    },
  );
  if (config.webAclArn !== undefined || config.webAcl !== 'none') return;
  Validations.of(api).acknowledge({
    id: 'AwsSolutions-APIG3',
    reason:
      'A web ACL costs by the month; the config webAcl and webAclArn associate one. Throttling and the validation expression of the authorizer hold without.',
  });
}

function customDomain({ domain, stageName }: ServiceConfig): DomainNameOptions | undefined {
  if (domain === undefined) return undefined;
  return {
    ...domain,
    endpointType: EndpointType.REGIONAL,
    securityPolicy: SecurityPolicy.TLS_1_2,
    basePath: stageName,
  };
}
