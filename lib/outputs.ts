import { CfnOutput } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { pascalCase } from './functions';
import type { Offboarding } from './offboarding';
import { pathInStack, type ServiceConfig, stageThrottle } from './service-config';
import type { SessionSinks } from './session-sinks';
import type { TenantLimits } from './tenant-limits';

/** What the outputs tell of. */
interface Parts {
  readonly table: ITable;
  readonly api: RestApi;
  readonly baseUrl: string;
  readonly tokenUrl: string;
  readonly adminUrl: string | undefined;
  readonly bus: IEventBus | undefined;
  readonly limits: TenantLimits;
  readonly offboarding: Offboarding;
  readonly sinks: SessionSinks;
}

/**
 * The stack's outputs, by which the admin command finds a service (docs/deploy.md). They are called after the service's
 * id: `ScimTableName` for `new ScimService(this, 'Scim')`, and just `TableName` in a stack of its own.
 */
export function addOutputs(
  service: Construct,
  config: ServiceConfig,
  { table, api, baseUrl, tokenUrl, adminUrl, bus, limits, offboarding, sinks }: Parts,
): void {
  const prefix = pathInStack(service).join('').replace(/-/g, '');
  const output = (name: string, value: string, description?: string): void => {
    new CfnOutput(service, name, { value, description }).overrideLogicalId(`${prefix}${name}`);
  };
  output('ScimBaseUrl', baseUrl, 'Base URL (tenant URL) for identity providers');
  output('TokenUrl', tokenUrl, 'Token endpoint for identity providers that are OAuth clients');
  output('ServiceName', config.name, "Dimension of the service's metrics");
  output('TableName', table.tableName, 'Table that the admin command works on');
  output('RestApiId', api.restApiId, 'API whose authorizer cache is flushed when a token is revoked');
  output('StageName', api.deploymentStage.stageName, 'Stage of that API');
  output('StageThrottle', stageThrottle(config), 'Requests per second that it takes, and at once above that');
  output(
    'DeadLetterQueues',
    [...offboarding.deadLetters].map(([name, { queueUrl }]) => `${name}=${queueUrl}`).join(' '),
    'Queues of work that was given up, by function; the admin command lists and redrives them',
  );
  for (const [name, value] of Object.entries(limits.outputs())) output(name, value);
  for (const [name, { queueUrl }] of sinks.queues) output(`${pascalCase(name)}QueueUrl`, queueUrl);
  if (config.cognito !== undefined) {
    output('CognitoUsername', config.cognito.username);
    output('CognitoTenant', config.cognito.tenant || '-');
  }
  if (adminUrl !== undefined) output('AdminUrl', adminUrl, 'URL of the admin API, for serverless-scim/admin');
  if (config.eventLogDays > 0) {
    output('EventLogDays', String(config.eventLogDays), 'Days that events are kept for whoever reads them');
  }
  if (config.setupPage === 'off') output('SetupPage', 'off', 'The service has no set-up page');
  if (bus !== undefined) {
    output('EventBusArn', bus.eventBusArn, 'Event bus that is told what happens in the directories');
  }
  const domain = api.domainName;
  if (domain === undefined) return;
  output(
    'DomainTarget',
    domain.domainNameAliasDomainName,
    'Target of the DNS alias (or CNAME) record for the domain',
  );
  output(
    'DomainTargetHostedZoneId',
    domain.domainNameAliasHostedZoneId,
    'Hosted zone of that target, for an alias record',
  );
}
