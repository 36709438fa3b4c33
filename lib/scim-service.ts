import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Alarm, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { APPLICATION, allow, READING } from './access';
import { AdminApi, type AdminGrantOptions } from './admin-api';
import { equipAdminFunction } from './admin-function';
import { type Administered, allowAdministration } from './administration';
import { ScimApi } from './api';
import { Events } from './events';
import { ScimFunctions } from './functions';
import { scimMetric } from './metrics';
import { Observability } from './observability';
import { Offboarding } from './offboarding';
import { addOutputs } from './outputs';
import { addParameters } from './parameters';
import { askPolicyFunction } from './policy-function';
import { configOf, type ServiceConfig } from './service-config';
import type { ScimServiceProps } from './service-props';
import { publishedAccessOf, SessionSinks } from './session-sinks';
import { SettingError } from './settings';
import { ScimTable } from './table';
import type { TenantLimits } from './tenant-limits';
import { limitScans } from './tenant-scans';
import { setThresholds } from './tenant-watch';

/**
 * The SCIM service, for a stack of your own: a table, functions, an API, the work behind the stream, alarms. Several
 * of them may stand in one stack.
 *
 * @example
 * const scim = new ScimService(this, 'Scim', { alarmTopic, parameters: '/scim/prod' });
 * new CfnOutput(this, 'TenantUrl', { value: scim.baseUrl });
 */
export class ScimService extends Construct {
  /** Name in the account and region: of the API, the dashboard, and the metrics' dimension `service`. */
  readonly name: string;
  /** The single table; its items are docs/architecture.md's. */
  readonly table: ITable;
  /** The bus that is told what happens, for rules of your own; undefined with `eventBus: 'none'`. */
  readonly bus: IEventBus | undefined;
  /** The API; `api.domainName` has the target of a custom domain's DNS record. */
  readonly api: RestApi;
  /** Base URL for identity providers, which they call tenant URL: `https://…/scim/v2`. */
  readonly baseUrl: string;
  /** Where OAuth clients get their access tokens: the token endpoint to paste into Entra ID. */
  readonly tokenUrl: string;
  /**
   * The alarms, by their names in docs/operations.md.
   *
   * @example scim.alarms.get('OldestPendingRevocation')?.addAlarmAction(pagerDuty)
   */
  readonly alarms: ReadonlyMap<string, Alarm>;

  /** Where the client of the admin API goes: `https://…/admin`; undefined without `adminApi`. */
  readonly adminUrl: string | undefined;

  private readonly administered: Administered;
  private readonly adminApi: AdminApi | undefined;

  /** @throws SettingError when a property cannot be used */
  constructor(scope: Construct, id: string, props: ScimServiceProps = {}) {
    super(scope, id);
    const config = configOf(this, props);
    this.name = config.name;
    this.table = new ScimTable(this, 'Data', config).table;
    const functions = new ScimFunctions(this, 'Functions', this.table, config);
    askPolicyFunction(functions, config.policyFunction);
    limitScans(functions, config);
    const http = new ScimApi(this, 'Http', functions, config);
    const offboarding = new Offboarding(
      this,
      'Offboarding',
      this.table,
      functions,
      publishedAccessOf(config),
    );
    const sinks = new SessionSinks(this, 'SessionTargets', functions, offboarding, config);
    const events = new Events(this, 'Events', functions, config);
    setThresholds(functions, config);
    this.api = http.api;
    this.baseUrl = http.baseUrl;
    this.tokenUrl = http.tokenUrl;
    this.adminApi = this.createAdminApi(functions, http.limits, sinks, config);
    this.adminUrl = this.adminApi?.url;
    const observability = new Observability(
      this,
      'Observability',
      { api: http, adminApi: this.adminApi, functions, offboarding },
      config,
    );
    this.bus = events.bus;
    this.alarms = observability.alarms;
    const { table, api, baseUrl, tokenUrl, adminUrl, bus } = this;
    this.administered = {
      table: this.table,
      stage: this.api.deploymentStage,
      bus: this.bus,
      limits: http.limits,
      queues: [...offboarding.deadLetters.values(), ...sinks.queues.values()],
    };
    addParameters(this, config.parameters, { table, baseUrl, bus });
    addOutputs(this, config, {
      table,
      api,
      baseUrl,
      tokenUrl,
      adminUrl,
      bus,
      limits: http.limits,
      offboarding,
      sinks,
    });
  }

  private createAdminApi(
    functions: ScimFunctions,
    limits: TenantLimits,
    { queues }: SessionSinks,
    config: ServiceConfig,
  ): AdminApi | undefined {
    if (!config.adminApi) return undefined;
    const handler = functions.get('admin');
    const stage = this.api.deploymentStage;
    equipAdminFunction(handler, { stage, baseUrl: this.baseUrl, limits, queues }, config);
    return new AdminApi(this, 'Admin', handler, config);
  }

  /**
   * Lets an application use `createClient`: issue, check and end sessions, find or create the user of a login, read and
   * map roles, read users. It may touch no token, no group and no state of a tenant but what it reads there.
   *
   * @example
   * const login = new NodejsFunction(this, 'Login', { environment: { TABLE_NAME: scim.table.tableName } });
   * scim.grantSessions(login);
   */
  grantSessions(grantee: IGrantable): Grant {
    return allow(grantee, this.table, APPLICATION);
  }

  /**
   * Lets somebody read users, groups and roles: `users`, `roles.of`, `roles.mappings` and `logins.find` of
   * `createClient`. No sessions, no tokens, nothing is written.
   *
   * @example scim.grantRead(reports);
   */
  grantRead(grantee: IGrantable): Grant {
    return allow(grantee, this.table, READING);
  }

  /**
   * Lets somebody call the admin API, by the client `serverless-scim/admin` or with requests signed otherwise: for all
   * tenants, or for some.
   *
   * @throws SettingError without `adminApi`, and for a tenant that cannot be
   * @example scim.grantAdmin(backOffice);
   * @example scim.grantAdmin(supportOfAcme, { tenants: ['acme'] });
   */
  grantAdmin(grantee: IGrantable, options: AdminGrantOptions = {}): Grant {
    if (this.adminApi !== undefined) return this.adminApi.grantInvoke(grantee, options);
    throw new SettingError('The service has no admin API to grant; the property "adminApi" gives it one.');
  }

  /**
   * Lets somebody run all commands of `serverless-scim admin` and `verify` on this one service: they work on the table,
   * the queues and the gateway themselves, with or without the admin API.
   *
   * @example scim.grantOperator(onCall);
   */
  grantOperator(grantee: IGrantable): Grant {
    return allowAdministration(grantee, this.administered);
  }

  /** Milliseconds from the write that took a user's access away to the last session gone; p99 when not told. */
  metricRevocationLag(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'RevocationLag', options);
  }

  /** Seconds that the oldest revocation has been waiting for, told by a sweep every minute. */
  metricOldestPendingRevocation(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'OldestPendingRevocation', options);
  }

  /** Sessions that were removed because their user lost the access. */
  metricSessionsRevoked(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'SessionsRevoked', options);
  }

  /** Times that SCIM tried to deactivate, delete or rename a protected user, and was refused. */
  metricProtectedUserTouched(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'ProtectedUserTouched', options);
  }

  /** Requests in which the policy function gave no answer: it failed, took too long, or answered something else. */
  metricPolicyFunctionFailures(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'PolicyFunctionFailures', options);
  }

  /** Requests with a token that is missing, malformed, unknown, expired or revoked. */
  metricRefusedTokens(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'RefusedTokens', options);
  }

  /** Requests for a token by an OAuth client that is unknown, has a wrong secret, or is not let in any more. */
  metricRefusedClients(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'RefusedClients', options);
  }

  /** Requests to the set-up page with a link that has ended, was revoked, or was never made. */
  metricRefusedLinks(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'RefusedLinks', options);
  }

  /** Requests that were refused since the gateway does not know the key that they are counted by. */
  metricUnknownApiKeys(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'UnknownApiKeys', options);
  }

  /** Requests that were answered with a 5xx status other than 501. */
  metricServerErrors(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'ServerErrors', options);
  }

  /** Requests to the admin API that were answered with a 5xx status. */
  metricAdminServerErrors(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'AdminServerErrors', options);
  }

  /** Requests to the admin API that IAM refused. */
  metricAdminRefusals(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'AdminRefusals', options);
  }

  /** Requests whose token could not be looked up. */
  metricAuthorizerErrors(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'AuthorizerErrors', options);
  }

  /** Instances of functions to which DynamoDB refused the short path; they go on by way of the SDK. */
  metricShortPathSwitchedOff(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'ShortPathSwitchedOff', options);
  }

  /** Requests that were refused since their tenant had `tenantScans` scans under way. */
  metricRefusedScans(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'RefusedScans', options);
  }

  /** Refusals that could not be written into the provisioning log in time. */
  metricRefusalsUnwritten(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'RefusalsUnwritten', options);
  }

  /** Tenants with an unusual number of deactivations or deletions in the last quarter of an hour. */
  metricUnusualTenants(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'UnusualTenants', options);
  }

  /** Tenants with an unusual number of refused requests in the last quarter of an hour. */
  metricRefusingTenants(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'RefusingTenants', options);
  }

  /** Tenants whose connection has just fallen silent. */
  metricSilentTenants(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'SilentTenants', options);
  }

  /** Tokens and OAuth clients that end within `expiringDays`, without a successor in use. */
  metricExpiringCredentials(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'ExpiringCredentials', options);
  }

  /** Changes that the Cognito pool was not told of, since it is another tenant's. */
  metricAccessOfOtherTenant(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'AccessOfOtherTenant', options);
  }

  /** Changes that were not applied in the Cognito pool: the user lacks the attribute that is the username. */
  metricAccessWithoutUsername(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'AccessWithoutUsername', options);
  }

  /** Changes that were not applied in the Cognito pool: several users have, or had lately, the username. */
  metricAccessOfAmbiguousUsername(options?: MetricOptions): Metric {
    return scimMetric(this.name, 'AccessOfAmbiguousUsername', options);
  }
}
