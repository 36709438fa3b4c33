import { RemovalPolicy, Size, Stack, Validations } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  type DomainNameOptions,
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { createAuthorizer } from './authorizer';
import type { ScimFunctions } from './functions';
import { addGatewayResponses } from './gateway-responses';
import { ROUTES } from './routes';
import type { ScimStackProps } from './settings';

/** One line a request. No path with its query (filters hold user names), no headers (the token is one). */
const ACCESS_LOG = {
  time: '$context.requestTime',
  requestId: '$context.requestId',
  traceId: '$context.xrayTraceId',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  errorType: '$context.error.responseType',
  tenantId: '$context.authorizer.tenantId',
  tokenId: '$context.authorizer.tokenId',
  latencyMs: '$context.responseLatency',
  functionMs: '$context.integrationLatency',
  authorizerMs: '$context.authorizer.latency',
  bytes: '$context.responseLength',
  ip: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
};

/**
 * The Regional REST API: explicit resources, the token authorizer on every method, SCIM bodies on what the gateway
 * answers by itself.
 */
export class ScimApi extends Construct {
  readonly api: RestApi;
  /** The base URL for identity providers, `https://…/scim/v2`. */
  readonly baseUrl: string;

  constructor(scope: Construct, id: string, functions: ScimFunctions, settings: ScimStackProps) {
    super(scope, id);
    this.api = this.createApi(settings);
    addGatewayResponses(this.api);
    this.addRoutes(functions, settings);
    if (settings.webAclArn !== undefined) {
      new CfnWebACLAssociation(this, 'Firewall', {
        resourceArn: this.api.deploymentStage.stageArn,
        webAclArn: settings.webAclArn,
      });
    }
    this.baseUrl =
      settings.domainName === undefined
        ? this.api.deploymentStage.urlForPath('/v2')
        : `https://${settings.domainName}/${settings.stageName}/v2`;
  }

  private createApi(settings: ScimStackProps): RestApi {
    const logs = new LogGroup(this, 'AccessLogs', {
      retention: settings.logRetentionDays,
      removalPolicy: settings.production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const api = new RestApi(this, 'Api', {
      description: 'SCIM 2.0',
      // The dimension of the API's metrics: two stacks in one account must not share it.
      restApiName: Stack.of(this).stackName,
      endpointTypes: [EndpointType.REGIONAL],
      // The account's CloudWatch role belongs to the account, not to this stack.
      cloudWatchRole: false,
      minCompressionSize: Size.bytes(settings.compressionBytes),
      domainName: customDomain(this, settings),
      deployOptions: {
        stageName: settings.stageName,
        accessLogDestination: new LogGroupLogDestination(logs),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
        // Execution logs hold request bodies, which are personal data.
        loggingLevel: MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
        metricsEnabled: true,
        tracingEnabled: settings.tracing,
        throttlingRateLimit: settings.throttleRate,
        throttlingBurstLimit: settings.throttleBurst,
      },
    });
    // An output of CDK's own, with a URL that is not the one to give to identity providers.
    api.node.tryRemoveChild('Endpoint');
    acknowledgeRules(api, settings);
    return api;
  }

  private addRoutes(functions: ScimFunctions, settings: ScimStackProps): void {
    const authorizer = createAuthorizer(this, functions.get('authorizer'), settings.authorizerCacheSeconds);
    for (const route of ROUTES) {
      const resource = this.api.root.resourceForPath(route.path);
      const integration = new LambdaIntegration(functions.get(route.function), {
        // One permission a function in place of two a method: a function's policy ends at 20 kB.
        scopePermissionToMethod: false,
      });
      for (const method of [...route.methods, 'ANY']) {
        resource.addMethod(method, integration, { authorizer, authorizationType: AuthorizationType.CUSTOM });
      }
    }
  }
}

/** Rules of cdk-nag's AwsSolutions pack that this API does not follow, and why. */
function acknowledgeRules(api: RestApi, settings: ScimStackProps): void {
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
  if (settings.webAclArn !== undefined) return;
  Validations.of(api).acknowledge({
    id: 'AwsSolutions-APIG3',
    reason:
      'A web ACL costs by the month; the setting webAclArn associates one. Throttling and the validation expression of the authorizer hold without.',
  });
}

function customDomain(scope: Construct, settings: ScimStackProps): DomainNameOptions | undefined {
  if (settings.domainName === undefined || settings.certificateArn === undefined) return undefined;
  return {
    domainName: settings.domainName,
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', settings.certificateArn),
    endpointType: EndpointType.REGIONAL,
    securityPolicy: SecurityPolicy.TLS_1_2,
    basePath: settings.stageName,
  };
}
