import {
  arn,
  type Check,
  flag,
  integer,
  oneOf,
  optional,
  retentionDays,
  SettingError,
  text,
} from './setting-checks';

export { SettingError } from './setting-checks';

/**
 * What a deployment may choose. Every setting has a default, so that `cdk deploy` alone gives a sound production
 * stack; each can be given as a property of {@link ScimStack} or as CDK context (`-c production=false`).
 * docs/deploy.md has the same table, and a test keeps the two together.
 */
export interface ScimStackProps {
  /**
   * Keep the table (and its logs) when the stack is deleted, and refuse the table's deletion. False is for
   * development: deleting the stack deletes everything.
   */
  readonly production: boolean;
  /**
   * Stage of the REST API, the first part of the path: `https://…/scim/v2`. With a custom domain it is the base path.
   */
  readonly stageName: string;
  /**
   * Custom domain, for instance `scim.example.com`; needs `certificateArn`. The DNS record is left to you (see the
   * stack's outputs).
   */
  readonly domainName: string | undefined;
  /** ARN of the ACM certificate for `domainName`, in the stack's region. */
  readonly certificateArn: string | undefined;
  /**
   * Role with which API Gateway writes access logs: one for all APIs of an account and region. `own` makes it and
   * names it to API Gateway; `existing` leaves that to whoever has done so already.
   */
  readonly gatewayLogRole: GatewayLogRoleSetting;
  /**
   * AWS WAF before the API: `rate` makes a web ACL that limits what one IP address may send, `none` makes none.
   */
  readonly webAcl: WebAclSetting;
  /** Requests that one IP address may send in a minute with `webAcl` `rate`, 10 to 2000000. */
  readonly webAclRate: number;
  /** ARN of a regional AWS WAF web ACL of your own to put before the API, in place of `webAcl`. */
  readonly webAclArn: string | undefined;
  /**
   * Key that encrypts the table: `aws-owned` (free), `aws-managed` (aws/dynamodb, seen in CloudTrail) or
   * `customer-managed` (a rotated key of the stack's own).
   */
  readonly tableEncryption: TableEncryptionSetting;
  /**
   * ARN of the stream of a table that exists, which the stack takes up in place of making one: a table that another
   * stack has left behind, or one restored from a backup.
   */
  readonly tableStreamArn: string | undefined;
  /** ARN of the customer-managed key that encrypts that table, if one does. */
  readonly tableKeyArn: string | undefined;
  /**
   * Days that the tombstone of a deleted user or group is kept, 1 to 3650; its end is the signal to delete the
   * vendor's own data of that user.
   */
  readonly tombstoneRetentionDays: number;
  /** Days that logs are kept; one of the values CloudWatch Logs knows (1, 3, 5, 7, 14, 30, 60, 90, …). */
  readonly logRetentionDays: number;
  /** Least severe level that the functions log: DEBUG, INFO, WARN or ERROR. */
  readonly logLevel: LogLevel;
  /** X-Ray traces of the API and the functions. */
  readonly tracing: boolean;
  /** Requests a second that the stage takes over all tenants before it answers 429. */
  readonly throttleRate: number;
  /** Requests that may arrive at once above `throttleRate`. */
  readonly throttleBurst: number;
  /** Seconds that the gateway remembers the authorizer's answer for a token, 0 to 3600. Revoking a token flushes it. */
  readonly authorizerCacheSeconds: number;
  /** Answers of this many bytes and more are compressed when the client accepts it, 0 to 10485760. */
  readonly compressionBytes: number;
  /** Memory in MB of the functions that answer requests, 128 to 10240; CPU grows with it. */
  readonly apiMemoryMb: number;
  /**
   * Seconds that a request may take in its function, 1 to 29; below the gateway's 29 so that the function's own
   * answer arrives.
   */
  readonly apiTimeoutSeconds: number;
  /** Memory in MB of the functions that do the work behind the stream, 128 to 10240. */
  readonly workerMemoryMb: number;
  /** Seconds that one batch of the stream or one sweep may take, 1 to 900. */
  readonly workerTimeoutSeconds: number;
  /** ARN of the SNS topic that alarms notify. Without it they only change colour. */
  readonly alarmTopicArn: string | undefined;
  /**
   * EventBridge bus that is told what happens in the directories (docs/events.md): `own` makes one, `none` tells
   * nobody, an ARN names one that exists.
   */
  readonly eventBus: string;
  /** Puts the resources' attributes into the events: personal data. Without it, events name ids alone. */
  readonly eventAttributes: boolean;
  /**
   * ARN of a Cognito user pool whose users are disabled and signed out with the access, and enabled with its return.
   */
  readonly cognitoUserPoolArn: string | undefined;
  /**
   * What is the username in that pool: `id` (the SCIM id), or `userName` or `externalId`, which need `cognitoTenant`.
   */
  readonly cognitoUsername: UsernameSetting;
  /** The one tenant whose users are in that pool; without it all tenants' are, by their ids. */
  readonly cognitoTenant: string | undefined;
  /**
   * HTTPS URL that is told, signed, when a user's access ends or returns: another store of sessions. Needs
   * `webhookSecretArn`.
   */
  readonly webhookUrl: string | undefined;
  /**
   * ARN of the Secrets Manager secret that signs those requests: `whsec_` and base64, several separated by spaces
   * while it is being changed.
   */
  readonly webhookSecretArn: string | undefined;
  /** ARN of the KMS key that encrypts that secret, when it is not Secrets Manager's own (`aws/secretsmanager`). */
  readonly webhookSecretKeyArn: string | undefined;
}

const GATEWAY_LOG_ROLES = ['own', 'existing'] as const;
export type GatewayLogRoleSetting = (typeof GATEWAY_LOG_ROLES)[number];

const WEB_ACLS = ['none', 'rate'] as const;
export type WebAclSetting = (typeof WEB_ACLS)[number];

const USERNAMES = ['id', 'userName', 'externalId'] as const;
export type UsernameSetting = (typeof USERNAMES)[number];

const TABLE_ENCRYPTIONS = ['aws-owned', 'aws-managed', 'customer-managed'] as const;
export type TableEncryptionSetting = (typeof TABLE_ENCRYPTIONS)[number];

const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The settings of a stack that is deployed without saying anything. */
export const DEFAULT_SETTINGS: ScimStackProps = {
  production: true,
  stageName: 'scim',
  domainName: undefined,
  certificateArn: undefined,
  gatewayLogRole: 'own',
  webAcl: 'none',
  webAclRate: 12_000,
  webAclArn: undefined,
  tableEncryption: 'aws-owned',
  tableStreamArn: undefined,
  tableKeyArn: undefined,
  tombstoneRetentionDays: 30,
  logRetentionDays: 90,
  logLevel: 'INFO',
  tracing: true,
  throttleRate: 1000,
  throttleBurst: 2000,
  authorizerCacheSeconds: 300,
  compressionBytes: 1024,
  apiMemoryMb: 1024,
  apiTimeoutSeconds: 28,
  workerMemoryMb: 512,
  workerTimeoutSeconds: 60,
  alarmTopicArn: undefined,
  eventBus: 'own',
  eventAttributes: false,
  cognitoUserPoolArn: undefined,
  cognitoUsername: 'id',
  cognitoTenant: undefined,
  webhookUrl: undefined,
  webhookSecretArn: undefined,
  webhookSecretKeyArn: undefined,
};

const CHECKS: { readonly [Name in keyof ScimStackProps]: Check<ScimStackProps[Name]> } = {
  production: flag,
  stageName: text(/^[A-Za-z0-9_-]{1,128}$/, 'up to 128 letters, digits, hyphens and underscores'),
  domainName: optional(text(/^(?:[a-z0-9-]+\.)+[a-z]{2,}$/, 'a domain name in lower case')),
  certificateArn: optional(arn('acm')),
  gatewayLogRole: oneOf(GATEWAY_LOG_ROLES),
  webAcl: oneOf(WEB_ACLS),
  webAclRate: integer(10, 2_000_000),
  webAclArn: optional(arn('wafv2')),
  tableEncryption: oneOf(TABLE_ENCRYPTIONS),
  tableStreamArn: optional(
    text(
      /^arn:aws[a-z-]*:dynamodb:[^:]+:\d{12}:table\/[\w.-]{3,255}\/stream\/[\w:.-]+$/,
      'the ARN of a table\'s stream, as in "arn:aws:dynamodb:eu-west-1:111122223333:table/Scim-DataTable/stream/2026-11-25T00:00:00.000"',
    ),
  ),
  tableKeyArn: optional(arn('kms')),
  tombstoneRetentionDays: integer(1, 3650),
  logRetentionDays: retentionDays,
  logLevel: oneOf(LOG_LEVELS),
  tracing: flag,
  throttleRate: integer(1, 1_000_000),
  throttleBurst: integer(1, 1_000_000),
  authorizerCacheSeconds: integer(0, 3600),
  compressionBytes: integer(0, 10_485_760),
  apiMemoryMb: integer(128, 10_240),
  apiTimeoutSeconds: integer(1, 29),
  workerMemoryMb: integer(128, 10_240),
  workerTimeoutSeconds: integer(1, 900),
  alarmTopicArn: optional(arn('sns')),
  eventBus: text(
    /^(?:own|none|arn:aws[a-z-]*:events:.+:event-bus\/.+)$/,
    'own, none or the ARN of an event bus',
  ),
  eventAttributes: flag,
  cognitoUserPoolArn: optional(
    // A pool's id begins with its region, which is where the function calls it.
    text(
      /^arn:aws[a-z-]*:cognito-idp:([a-z0-9-]+):\d{12}:userpool\/\1_[A-Za-z0-9]+$/,
      'a user pool\'s ARN, as in "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbCdEfGhI",',
    ),
  ),
  cognitoUsername: oneOf(USERNAMES),
  cognitoTenant: optional(
    text(
      /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
      'a tenant id: 1 to 40 lower-case letters, digits and inner hyphens',
    ),
  ),
  webhookUrl: optional(text(/^https:\/\/[^\s]+$/, 'a URL that starts with "https://"')),
  webhookSecretArn: optional(arn('secretsmanager')),
  webhookSecretKeyArn: optional(arn('kms')),
};

/**
 * Completes and checks settings.
 *
 * @param given looks a setting up by its name; undefined for one that is not given. CDK context delivers strings, so
 *   "false" and "300" are read too.
 * @throws SettingError for the first setting that cannot be used
 * @example readSettings((name) => app.node.tryGetContext(name))
 */
export function readSettings(given: (name: keyof ScimStackProps) => unknown): ScimStackProps {
  const read = <Name extends keyof ScimStackProps>(name: Name): ScimStackProps[Name] => {
    const value = given(name);
    return value === undefined || value === '' ? DEFAULT_SETTINGS[name] : CHECKS[name](name, value);
  };
  const settings: ScimStackProps = {
    production: read('production'),
    stageName: read('stageName'),
    domainName: read('domainName'),
    certificateArn: read('certificateArn'),
    gatewayLogRole: read('gatewayLogRole'),
    webAcl: read('webAcl'),
    webAclRate: read('webAclRate'),
    webAclArn: read('webAclArn'),
    tableEncryption: read('tableEncryption'),
    tableStreamArn: read('tableStreamArn'),
    tableKeyArn: read('tableKeyArn'),
    tombstoneRetentionDays: read('tombstoneRetentionDays'),
    logRetentionDays: read('logRetentionDays'),
    logLevel: read('logLevel'),
    tracing: read('tracing'),
    throttleRate: read('throttleRate'),
    throttleBurst: read('throttleBurst'),
    authorizerCacheSeconds: read('authorizerCacheSeconds'),
    compressionBytes: read('compressionBytes'),
    apiMemoryMb: read('apiMemoryMb'),
    apiTimeoutSeconds: read('apiTimeoutSeconds'),
    workerMemoryMb: read('workerMemoryMb'),
    workerTimeoutSeconds: read('workerTimeoutSeconds'),
    alarmTopicArn: read('alarmTopicArn'),
    eventBus: read('eventBus'),
    eventAttributes: read('eventAttributes'),
    cognitoUserPoolArn: read('cognitoUserPoolArn'),
    cognitoUsername: read('cognitoUsername'),
    cognitoTenant: read('cognitoTenant'),
    webhookUrl: read('webhookUrl'),
    webhookSecretArn: read('webhookSecretArn'),
    webhookSecretKeyArn: read('webhookSecretKeyArn'),
  };
  refuseContradictions(settings);
  return settings;
}

function refuseContradictions(settings: ScimStackProps): void {
  if (settings.cognitoUsername !== 'id' && settings.cognitoTenant === undefined) {
    throw new SettingError(
      `The setting "cognitoUsername" is "${settings.cognitoUsername}", which users of two tenants may share; name the one tenant that the pool serves with "cognitoTenant", or take "id".`,
    );
  }
  if ((settings.webhookUrl === undefined) !== (settings.webhookSecretArn === undefined)) {
    throw new SettingError(
      'The settings "webhookUrl" and "webhookSecretArn" go together; only one was given.',
    );
  }
  if ((settings.domainName === undefined) !== (settings.certificateArn === undefined)) {
    throw new SettingError('The settings "domainName" and "certificateArn" go together; only one was given.');
  }
  if (settings.webhookSecretKeyArn !== undefined && settings.webhookSecretArn === undefined) {
    throw new SettingError(
      'The setting "webhookSecretKeyArn" needs "webhookSecretArn", which was not given.',
    );
  }
  if (
    settings.tableStreamArn !== undefined &&
    settings.tableEncryption !== DEFAULT_SETTINGS.tableEncryption
  ) {
    throw new SettingError(
      'The setting "tableEncryption" is about a table that the stack makes, and "tableStreamArn" names one that exists; if a customer-managed key encrypts it, name the key in "tableKeyArn".',
    );
  }
  if (settings.tableKeyArn !== undefined && settings.tableStreamArn === undefined) {
    throw new SettingError(
      'The setting "tableKeyArn" needs "tableStreamArn", the table that the key encrypts.',
    );
  }
  if (settings.webAcl === 'rate' && settings.webAclArn !== undefined) {
    throw new SettingError(
      'The settings "webAcl" (rate) and "webAclArn" exclude each other: an API has one web ACL; put the rate rule into your own, or leave "webAclArn" out.',
    );
  }
}
