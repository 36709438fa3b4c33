import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { type ITable, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { ScimServiceProps } from './service-props';
import type { ScimStackProps } from './settings';
import { INDEX_NAME } from './table';

const ENCRYPTION: Readonly<Record<ScimStackProps['tableEncryption'], TableEncryption>> = {
  'aws-owned': TableEncryption.DEFAULT,
  'aws-managed': TableEncryption.AWS_MANAGED,
  'customer-managed': TableEncryption.CUSTOMER_MANAGED,
};

/** The properties of a service from settings, which name by ARN what CDK has types for. */
export function propsOf(scope: Construct, settings: ScimStackProps): ScimServiceProps {
  const { certificateArn, domainName, alarmTopicArn, cognitoUserPoolArn } = settings;
  const { stageName, gatewayLogRole, webAcl, webAclRate, webAclArn, throttleRate, throttleBurst } = settings;
  const { authorizerConcurrency, revokerConcurrency } = settings;
  const { tenantLimits, tenantRate, tenantBurst, tenantScans, tenantTiers } = settings;
  const { apiMemoryMb, workerMemoryMb, logLevel, tracing, eventAttributes, adminApi } = settings;
  const { unusualLosses, unusualLossPercent, unusualRefusals, silentHours, expiringDays, eventLogDays } =
    settings;
  return {
    ...{ stageName, gatewayLogRole, webAcl, webAclRate, webAclArn, throttleRate, throttleBurst },
    ...{ authorizerConcurrency, revokerConcurrency },
    ...{ tenantLimits, tenantRate, tenantBurst, tenantScans, tenantTiers },
    ...{ apiMemoryMb, workerMemoryMb, logLevel, tracing, eventAttributes, adminApi },
    ...{ unusualLosses, unusualLossPercent, unusualRefusals, silentHours, expiringDays, eventLogDays },
    removalPolicy: settings.production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    table: existingTable(scope, settings),
    encryption: ENCRYPTION[settings.tableEncryption],
    tombstoneRetention: Duration.days(settings.tombstoneRetentionDays),
    domain:
      domainName === undefined || certificateArn === undefined
        ? undefined
        : { domainName, certificate: Certificate.fromCertificateArn(scope, 'Certificate', certificateArn) },
    authorizerCacheTtl: Duration.seconds(settings.authorizerCacheSeconds),
    accessTokenTtl: Duration.seconds(settings.accessTokenSeconds),
    minCompressionSize: Size.bytes(settings.compressionBytes),
    apiTimeout: Duration.seconds(settings.apiTimeoutSeconds),
    workerTimeout: Duration.seconds(settings.workerTimeoutSeconds),
    logRetention: settings.logRetentionDays,
    alarmTopic:
      alarmTopicArn === undefined ? undefined : Topic.fromTopicArn(scope, 'AlarmTopic', alarmTopicArn),
    eventBus: eventBusOf(scope, settings),
    cognito:
      cognitoUserPoolArn === undefined
        ? undefined
        : {
            userPool: UserPool.fromUserPoolArn(scope, 'UserPool', cognitoUserPoolArn),
            username: settings.cognitoUsername,
            tenant: settings.cognitoTenant,
          },
    setupPage:
      settings.setupPage === 'off'
        ? 'off'
        : {
            vendor: settings.setupVendor,
            logo: settings.setupLogo,
            accent: settings.setupAccent,
            support: settings.setupSupport,
          },
    webhook: webhookOf(scope, settings),
    policyFunction:
      settings.policyFunctionArn === undefined
        ? undefined
        : Lambda.fromFunctionArn(scope, 'PolicyFunction', settings.policyFunctionArn),
  };
}

function existingTable(
  scope: Construct,
  { tableStreamArn, tableKeyArn }: Pick<ScimStackProps, 'tableStreamArn' | 'tableKeyArn'>,
): ITable | undefined {
  if (tableStreamArn === undefined) return undefined;
  return Table.fromTableAttributes(scope, 'ExistingTable', {
    tableArn: tableStreamArn.replace(/\/stream\/.*$/, ''),
    tableStreamArn,
    globalIndexes: [INDEX_NAME],
    encryptionKey: keyOf(scope, 'TableKey', tableKeyArn),
  });
}

function eventBusOf(scope: Construct, { eventBus }: ScimStackProps): ScimServiceProps['eventBus'] {
  if (eventBus === 'own') return undefined;
  return eventBus === 'none' ? 'none' : EventBus.fromEventBusArn(scope, 'EventBus', eventBus);
}

function webhookOf(scope: Construct, settings: ScimStackProps): ScimServiceProps['webhook'] {
  const { webhookUrl, webhookSecretArn, webhookSecretKeyArn } = settings;
  if (webhookUrl === undefined || webhookSecretArn === undefined) return undefined;
  return { url: webhookUrl, secret: secretOf(scope, webhookSecretArn, webhookSecretKeyArn) };
}

function secretOf(scope: Construct, arn: string, keyArn: string | undefined): ISecret {
  const isComplete = /-[A-Za-z0-9]{6}$/.test(arn);
  return Secret.fromSecretAttributes(scope, 'WebhookSecret', {
    ...(isComplete ? { secretCompleteArn: arn } : { secretPartialArn: arn }),
    encryptionKey: keyOf(scope, 'WebhookSecretKey', keyArn),
  });
}

const keyOf = (scope: Construct, id: string, arn: string | undefined) =>
  arn === undefined ? undefined : Key.fromKeyArn(scope, id, arn);
