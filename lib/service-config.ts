import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { isFolder } from '../src/scim/schema/extensions/folder';
import { readSetting, refusePolicyWithoutTime, refuseTwoWebAcls } from './read-settings';
import type { ScimServiceProps } from './service-props';
import { type ScimStackProps, SettingError } from './settings';
import type { CognitoSink } from './sink-props';
import { refuseSmallBurst } from './tenant-tiers';

/** Choices that are numbers and words, in the units of the settings. */
type Plain = Pick<
  ScimStackProps,
  | 'stageName'
  | 'gatewayLogRole'
  | 'webAcl'
  | 'webAclRate'
  | 'webAclArn'
  | 'tombstoneRetentionDays'
  | 'logRetentionDays'
  | 'logLevel'
  | 'tracing'
  | 'throttleRate'
  | 'throttleBurst'
  | 'tenantLimits'
  | 'tenantRate'
  | 'tenantBurst'
  | 'tenantScans'
  | 'tenantTiers'
  | 'authorizerCacheSeconds'
  | 'accessTokenSeconds'
  | 'compressionBytes'
  | 'apiMemoryMb'
  | 'apiTimeoutSeconds'
  | 'authorizerConcurrency'
  | 'revokerConcurrency'
  | 'workerMemoryMb'
  | 'workerTimeoutSeconds'
  | 'unusualLosses'
  | 'unusualLossPercent'
  | 'unusualRefusals'
  | 'silentHours'
  | 'expiringDays'
  | 'eventAttributes'
  | 'eventLogDays'
  | 'adminApi'
>;

/** The properties of a service, completed and checked: what its parts are made from. */
export interface ServiceConfig
  extends Plain,
    Pick<
      ScimServiceProps,
      | 'table'
      | 'encryptionKey'
      | 'domain'
      | 'alarmTopic'
      | 'webhook'
      | 'policyFunction'
      | 'extensions'
      | 'setupPage'
    > {
  /**
   * Name of the service in its account and region: of the API, the dashboard, and the dimension `service` of the
   * metrics, so that two services, or development and production, are never counted together.
   */
  readonly name: string;
  /** Whether data and logs outlive the service. */
  readonly isRetained: boolean;
  readonly encryption: TableEncryption;
  readonly eventBus: Exclude<ScimServiceProps['eventBus'], undefined> | 'own';
  readonly cognito: (CognitoSink & { readonly username: ScimStackProps['cognitoUsername'] }) | undefined;
  readonly parameters: string | undefined;
}

/**
 * Completes and checks the properties of a service.
 *
 * @throws SettingError for the first one that cannot be used
 */
export function configOf(service: Construct, props: ScimServiceProps): ServiceConfig {
  const { domain, cognito, webhook, encryptionKey } = props;
  const config: ServiceConfig = {
    ...plainOf(props),
    name: [Stack.of(service).stackName, ...pathInStack(service)].join('-'),
    isRetained: props.removalPolicy !== RemovalPolicy.DESTROY,
    table: props.table,
    encryption:
      props.encryption ??
      (encryptionKey === undefined ? TableEncryption.DEFAULT : TableEncryption.CUSTOMER_MANAGED),
    encryptionKey,
    domain,
    alarmTopic: props.alarmTopic,
    eventBus: props.eventBus ?? 'own',
    cognito: cognito && {
      ...cognito,
      username: readSetting('cognitoUsername', cognito.username, 'cognito.username'),
    },
    webhook,
    policyFunction: props.policyFunction,
    extensions: props.extensions,
    setupPage: props.setupPage,
    parameters: props.parameters,
  };
  readSetting('domainName', domain?.domainName, 'domain.domainName');
  readSetting('webhookUrl', webhook?.url, 'webhook.url');
  readSetting('cognitoTenant', cognito?.tenant, 'cognito.tenant');
  refuseContradictions(config);
  return config;
}

function plainOf(props: ScimServiceProps): Plain {
  return {
    stageName: readSetting('stageName', props.stageName),
    gatewayLogRole: readSetting('gatewayLogRole', props.gatewayLogRole),
    webAcl: readSetting('webAcl', props.webAcl),
    webAclRate: readSetting('webAclRate', props.webAclRate),
    webAclArn: props.webAclArn,
    tombstoneRetentionDays: readSetting(
      'tombstoneRetentionDays',
      props.tombstoneRetention?.toDays(),
      'tombstoneRetention in days',
    ),
    logRetentionDays: readSetting('logRetentionDays', props.logRetention, 'logRetention in days'),
    logLevel: readSetting('logLevel', props.logLevel),
    tracing: readSetting('tracing', props.tracing),
    throttleRate: readSetting('throttleRate', props.throttleRate),
    throttleBurst: readSetting('throttleBurst', props.throttleBurst),
    tenantLimits: readSetting('tenantLimits', props.tenantLimits),
    tenantRate: readSetting('tenantRate', props.tenantRate),
    tenantBurst: readSetting('tenantBurst', props.tenantBurst),
    tenantScans: readSetting('tenantScans', props.tenantScans),
    tenantTiers: readSetting('tenantTiers', props.tenantTiers),
    authorizerCacheSeconds: readSetting(
      'authorizerCacheSeconds',
      props.authorizerCacheTtl?.toSeconds(),
      'authorizerCacheTtl in seconds',
    ),
    accessTokenSeconds: readSetting(
      'accessTokenSeconds',
      props.accessTokenTtl?.toSeconds(),
      'accessTokenTtl in seconds',
    ),
    compressionBytes: readSetting(
      'compressionBytes',
      props.minCompressionSize?.toBytes(),
      'minCompressionSize in bytes',
    ),
    apiMemoryMb: readSetting('apiMemoryMb', props.apiMemoryMb),
    apiTimeoutSeconds: readSetting(
      'apiTimeoutSeconds',
      props.apiTimeout?.toSeconds(),
      'apiTimeout in seconds',
    ),
    authorizerConcurrency: readSetting('authorizerConcurrency', props.authorizerConcurrency),
    revokerConcurrency: readSetting('revokerConcurrency', props.revokerConcurrency),
    workerMemoryMb: readSetting('workerMemoryMb', props.workerMemoryMb),
    workerTimeoutSeconds: readSetting(
      'workerTimeoutSeconds',
      props.workerTimeout?.toSeconds(),
      'workerTimeout in seconds',
    ),
    unusualLosses: readSetting('unusualLosses', props.unusualLosses),
    unusualLossPercent: readSetting('unusualLossPercent', props.unusualLossPercent),
    unusualRefusals: readSetting('unusualRefusals', props.unusualRefusals),
    silentHours: readSetting('silentHours', props.silentHours),
    expiringDays: readSetting('expiringDays', props.expiringDays),
    eventAttributes: readSetting('eventAttributes', props.eventAttributes),
    eventLogDays: readSetting('eventLogDays', props.eventLogDays),
    adminApi: readSetting('adminApi', props.adminApi),
  };
}

function refuseContradictions({ table, cognito, parameters, extensions, ...config }: ServiceConfig): void {
  refuseTwoWebAcls(config);
  refuseSmallBurst(config.tenantRate, config.tenantBurst);
  refusePolicyWithoutTime(config.policyFunction, config.apiTimeoutSeconds);
  if (cognito !== undefined && cognito.username !== 'id' && cognito.tenant === undefined) {
    throw new SettingError(
      `The property "cognito.username" is "${cognito.username}", which users of two tenants may share; name the one tenant that the pool serves in "cognito.tenant", or take "id".`,
    );
  }
  if (table !== undefined && config.encryption !== TableEncryption.DEFAULT) {
    throw new SettingError(
      'The properties "encryption" and "encryptionKey" are about a table that the service makes, and "table" is one that exists; the key that encrypts it belongs to its attributes.',
    );
  }
  if (table !== undefined && table.tableStreamArn === undefined) {
    throw new SettingError(
      'The property "table" is a table without a stream, which tells of lost access; a table with one (of new and old images) is accepted, as in Table.fromTableAttributes(…, { tableArn, tableStreamArn }).',
    );
  }
  if (extensions !== undefined && !isFolder(extensions)) {
    throw new SettingError(
      `The property "extensions" is ${JSON.stringify(extensions)}, which is no folder in ${process.cwd()}; a folder of extension schemas is accepted.`,
    );
  }
  if (parameters !== undefined && !/^(?:\/[A-Za-z0-9_.-]+)+$/.test(parameters)) {
    throw new SettingError(
      `The property "parameters" is ${JSON.stringify(parameters)}; a path such as "/scim/prod" is accepted.`,
    );
  }
}

/**
 * Ids from the stack down to a construct. `Default` is left out as CDK leaves it out of logical ids: what a stack of
 * its own holds is named by the stack alone.
 */
export const pathInStack = (construct: Construct): string[] =>
  construct.node.scopes
    .slice(Stack.of(construct).node.scopes.length)
    .map(({ node }) => node.id)
    .filter((id) => id !== 'Default')
    .map((id) => id.replace(/[^A-Za-z0-9-]/g, '-'));

/** What the stage takes, for the outputs: `<requests per second>:<at once above that>`. */
export const stageThrottle = ({
  throttleRate,
  throttleBurst,
}: Pick<ServiceConfig, 'throttleRate' | 'throttleBurst'>): string => `${throttleRate}:${throttleBurst}`;
