import { Stack, Validations } from 'aws-cdk-lib';
import { AuthorizationType, EndpointType, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ALL_USE_CASES, PATHS } from '../src/admin-api/use-cases';
import { stageLogging } from './access-log';
import { addAdminGatewayResponses } from './admin-gateway-responses';
import { useGatewayLogRole } from './gateway-log-role';
import { createLogGroup } from './log-group';
import type { ServiceConfig } from './service-config';
import { SettingError } from './settings';

/** What the access log tells besides: who, by ids. */
const CALLER = {
  accountId: '$context.identity.accountId',
  accessKey: '$context.identity.accessKey',
};
/** Administrators and a backend: far below what the tenants' identity providers send. */
const REQUESTS_PER_SECOND = 50;
const BURST = 100;
const STAGE = 'admin';
/** Those of what is below a tenant's path. */
const METHODS = [
  ...new Set(
    ALL_USE_CASES.filter(({ row }) => row.path.startsWith('/v1/tenants/{tenantId}/')).map(
      ({ row }) => row.method,
    ),
  ),
  'HEAD',
].sort();

/** Who a `grantAdmin` is for. */
export interface AdminGrantOptions {
  /**
   * The tenants that may be administered; nothing that is about several, such as listing or creating them.
   *
   * @default all, and what is about several
   */
  readonly tenants?: readonly string[];
}

/**
 * The admin API: a REST API apart from SCIM's, so that its authorization, throttle and logs are its own. IAM decides
 * about each request before the function is called; one method a path, ANY, since an ARN names the method of the
 * request whatever the API has.
 */
export class AdminApi extends Construct {
  /** One line of JSON per request: what alarms count. */
  readonly accessLogs: LogGroup;
  /** Where the client goes: `https://…/admin`. */
  readonly url: string;
  private readonly api: RestApi;

  constructor(scope: Construct, id: string, handler: LambdaFunction, config: ServiceConfig) {
    super(scope, id);
    this.accessLogs = createLogGroup(this, 'AccessLogs', config);
    this.api = this.createApi(config);
    if (config.gatewayLogRole === 'own') useGatewayLogRole(this.api.deploymentStage);
    addAdminGatewayResponses(this.api);
    // One permission in place of two a method: a function's policy ends at 20 kB.
    const integration = new LambdaIntegration(handler, { scopePermissionToMethod: false });
    // A path that is none of the table's is answered 404 to whoever may call it, and 403 to everybody else.
    for (const path of [...PATHS, '/v1/{proxy+}']) {
      const resource = this.api.root.resourceForPath(path);
      resource.addMethod('ANY', integration, { authorizationType: AuthorizationType.IAM });
    }
    this.url = this.api.deploymentStage.urlForPath('/').replace(/\/$/, '');
  }

  /** Lets somebody call the API. @throws SettingError for a tenant that cannot be */
  grantInvoke(grantee: IGrantable, { tenants }: AdminGrantOptions): Grant {
    // Not to delete it: what is about a tenant goes with that. Each method by its name: "*" would stand for slashes,
    // too, and so for a path of another tenant that goes on with this one's.
    const paths = tenants?.flatMap((tenant) => [
      `GET/${tenantPath(tenant)}`,
      ...METHODS.map((method) => `${method}/${tenantPath(tenant)}/*`),
    ]) ?? ['*/v1/*'];
    return Grant.addToPrincipal({
      grantee,
      actions: ['execute-api:Invoke'],
      resourceArns: paths.map((path) =>
        Stack.of(this).formatArn({
          service: 'execute-api',
          resource: this.api.restApiId,
          resourceName: `${STAGE}/${path}`,
        }),
      ),
    });
  }

  private createApi(config: ServiceConfig): RestApi {
    const api = new RestApi(this, 'Api', {
      description: 'Administration of the SCIM service',
      restApiName: `${config.name}-admin`,
      endpointTypes: [EndpointType.REGIONAL],
      // One for the account and region (lib/gateway-log-role.ts).
      cloudWatchRole: false,
      deployOptions: {
        stageName: STAGE,
        ...stageLogging(config, this.accessLogs, CALLER),
        throttlingRateLimit: REQUESTS_PER_SECOND,
        throttlingBurstLimit: BURST,
      },
    });
    api.node.tryRemoveChild('Endpoint');
    acknowledgeRules(api);
    return api;
  }
}

/** In a policy `*` and `?` would mean others, too. */
function tenantPath(tenant: string): string {
  if (/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(tenant)) return `v1/tenants/${tenant}`;
  throw new SettingError(
    `${JSON.stringify(tenant)} in "tenants" is not a tenant id; 1 to 40 lower-case letters, digits and inner hyphens are accepted.`,
  );
}

/** Rules of cdk-nag's AwsSolutions pack that this API does not follow, and why. */
function acknowledgeRules(api: RestApi): void {
  Validations.of(api).acknowledge(
    {
      id: 'AwsSolutions-APIG2',
      reason:
        'The function validates requests against the JSON Schemas of the table of use cases; a model in the gateway could not name what is at fault.',
    },
    {
      id: 'AwsSolutions-APIG3',
      reason:
        'IAM refuses every request that is not signed by a principal who may call the API, before it costs anything.',
    },
    {
      id: 'AwsSolutions-APIG6',
      reason: 'Execution logs hold bodies, which are secrets here. Access logs and traces are on.',
    },
    {
      id: 'AwsSolutions-COG4',
      reason:
        'The callers are the backend and administrators of the vendor, with AWS credentials: IAM authorizes them.',
    },
  );
}
