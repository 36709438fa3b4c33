import { RemovalPolicy, Size, Stack, Validations } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AuthorizationType,
  type DomainNameOptions,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { createAuthorizer } from './authorizer';
import { Firewall } from './firewall';
import type { ScimFunctions } from './functions';
import { addGatewayResponses } from './gateway-responses';
import { createLogGroup } from './log-group';
import { ROUTES } from './routes';
import type { ScimStackProps } from './settings';

/** One line per request. No path with its query (filters hold user names), no headers (the token is one). */
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
  /** One line of JSON per request, {@link ACCESS_LOG}: what alarms count. */
  readonly accessLogs: LogGroup;
  readonly firewall: Firewall;
  /** The base URL for identity providers, `https://…/scim/v2`. */
  readonly baseUrl: string;

  constructor(scope: Construct, id: string, functions: ScimFunctions, settings: ScimStackProps) {
    super(scope, id);
    this.accessLogs = createLogGroup(this, 'AccessLogs', settings);
    this.api = this.createApi(settings);
    addGatewayResponses(this.api);
    this.addRoutes(functions, settings);
    this.firewall = new Firewall(this, 'Firewall', this.api.deploymentStage.stageArn, settings);
    this.baseUrl =
      settings.domainName === undefined
        ? this.api.deploymentStage.urlForPath('/v2')
        : `https://${settings.domainName}/${settings.stageName}/v2`;
  }

  private createApi(settings: ScimStackProps): RestApi {
    const api = new RestApi(this, 'Api', {
      description: 'SCIM 2.0',
      // The dimension of the API's metrics: two stacks in one account must not share it.
      restApiName: Stack.of(this).stackName,
      endpointTypes: [EndpointType.REGIONAL],
      // Without it the stage's access log fails the deployment. The role is the account's, and other APIs come to log
      // with it: it outlives the stack, and the roll-back of a first deployment, too.
      cloudWatchRole: settings.gatewayLogRole === 'own',
      cloudWatchRoleRemovalPolicy: settings.gatewayLogRole === 'own' ? RemovalPolicy.RETAIN : undefined,
      minCompressionSize: Size.bytes(settings.compressionBytes),
      domainName: customDomain(this, settings),
      deployOptions: {
        stageName: settings.stageName,
        accessLogDestination: new LogGroupLogDestination(this.accessLogs),
        accessLogFormat: AccessLogFormat.custom(
          // `service` becomes the dimension of the metrics that are counted in it (lib/request-metrics.ts).
          JSON.stringify({ service: Stack.of(this).stackName, ...ACCESS_LOG }),
        ),
        // Execution logs hold request bodies, which are personal data.
        loggingLevel: MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
        // Metrics of each method are billed; the stage's own are free, and the access log has the rest.
        metricsEnabled: false,
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
  if (settings.gatewayLogRole === 'own') {
    Validations.of(api).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason:
        'API Gateway has one role for the logs of all APIs of an account and region, and asks for the rights of this managed policy.',
    });
  }
  if (settings.webAclArn !== undefined || settings.webAcl !== 'none') return;
  Validations.of(api).acknowledge({
    id: 'AwsSolutions-APIG3',
    reason:
      'A web ACL costs by the month; the settings webAcl and webAclArn associate one. Throttling and the validation expression of the authorizer hold without.',
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
