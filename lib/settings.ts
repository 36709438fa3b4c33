import {
  arn,
  flag,
  integer,
  oneOf,
  optional,
  retentionDays,
  type Setting,
  setting,
  text,
} from './setting-checks';
import { type Tiers, tenantRate, tenantTiers } from './tenant-tiers';

export { SettingError } from './setting-checks';

/**
 * What a deployment may choose: every setting with its check and its default, so that `cdk deploy` alone gives a sound
 * production stack. Each can be given as a property of {@link ScimStack} or as CDK context (`-c production=false`).
 * docs/deploy.md has the same table, and a test keeps the two together.
 */
export const SETTINGS = {
  /**
   * Keep the table (and its logs) when the stack is deleted, and refuse the table's deletion. False is for
   * development: deleting the stack deletes everything.
   */
  production: setting(flag, true),
  /**
   * Stage of the REST API, the first part of the path: `https://…/scim/v2`. With a custom domain it is the base path.
   */
  stageName: setting(
    text(/^[A-Za-z0-9_-]{1,128}$/, 'up to 128 letters, digits, hyphens and underscores'),
    'scim',
  ),
  /**
   * Custom domain, for instance `scim.example.com`; needs `certificateArn`. The DNS record is left to you (see the
   * stack's outputs).
   */
  domainName: optional(text(/^(?:[a-z0-9-]+\.)+[a-z]{2,}$/, 'a domain name in lower case')),
  /** ARN of the ACM certificate for `domainName`, in the stack's region. */
  certificateArn: optional(arn('acm')),
  /**
   * Role with which API Gateway writes access logs: one for all APIs of an account and region. `own` makes it and
   * names it to API Gateway; `existing` leaves that to whoever has done so already.
   */
  gatewayLogRole: setting(oneOf(['own', 'existing']), 'own'),
  /**
   * AWS WAF before the API: `rate` makes a web ACL that limits what one IP address may send, `none` makes none.
   */
  webAcl: setting(oneOf(['none', 'rate']), 'none'),
  /** Requests that one IP address may send in a minute with `webAcl` `rate`, 10 to 2000000. */
  webAclRate: setting(integer(10, 2_000_000), 12_000),
  /** ARN of a regional AWS WAF web ACL of your own to put before the API, in place of `webAcl`. */
  webAclArn: optional(arn('wafv2')),
  /**
   * Key that encrypts the table: `aws-owned` (free), `aws-managed` (aws/dynamodb, seen in CloudTrail) or
   * `customer-managed` (a rotated key of the stack's own).
   */
  tableEncryption: setting(oneOf(['aws-owned', 'aws-managed', 'customer-managed']), 'aws-owned'),
  /**
   * ARN of the stream of a table that exists, which the stack takes up in place of making one: a table that another
   * stack has left behind, or one restored from a backup.
   */
  tableStreamArn: optional(
    text(
      /^arn:aws[a-z-]*:dynamodb:[^:]+:\d{12}:table\/[\w.-]{3,255}\/stream\/[\w:.-]+$/,
      'the ARN of a table\'s stream, as in "arn:aws:dynamodb:eu-west-1:111122223333:table/Scim-DataTable/stream/2026-11-25T00:00:00.000"',
    ),
  ),
  /** ARN of the customer-managed key that encrypts that table, if one does. */
  tableKeyArn: optional(arn('kms')),
  /**
   * Days that a deleted user or group is kept and can be restored, 0 to 3650; the end is the signal to delete the
   * vendor's own data of that user. With 0 nothing is kept but the fact, for a day.
   */
  tombstoneRetentionDays: setting(integer(0, 3650), 30),
  /** Days that logs are kept; one of the values CloudWatch Logs knows (1, 3, 5, 7, 14, 30, 60, 90, …). */
  logRetentionDays: setting(retentionDays, 90),
  /** Least severe level that the functions log: DEBUG, INFO, WARN or ERROR. */
  logLevel: setting(oneOf(['DEBUG', 'INFO', 'WARN', 'ERROR']), 'INFO'),
  /** X-Ray traces of the API and the functions. */
  tracing: setting(flag, true),
  /** Requests a second that the stage takes over all tenants before it answers 429. */
  throttleRate: setting(integer(1, 1_000_000), 1000),
  /** Requests that may arrive at once above `throttleRate`. */
  throttleBurst: setting(integer(1, 1_000_000), 2000),
  /** `on`: each tenant may send what its tier allows, before it is answered 429; `off`: no tenant has a limit. */
  tenantLimits: setting(oneOf(['on', 'off']), 'on'),
  /** Requests per second of a tenant that has chosen no tier, 25 to 10000. */
  tenantRate: setting(tenantRate, 50),
  /** Requests of such a tenant that may arrive at once above `tenantRate`. */
  tenantBurst: setting(integer(25, 20_000), 100),
  /**
   * Requests of one tenant that may look through its users or groups at once, since no index answers them, 1 to 100.
   */
  tenantScans: setting(integer(1, 100), 4),
  /** Other tiers by their names, as in `{"gold":{"rate":200,"burst":400}}`, for `tenant set … rate=gold`. */
  tenantTiers: optional<Tiers>(tenantTiers),
  /** Seconds that the gateway remembers the authorizer's answer for a token, 0 to 3600. Revoking a token flushes it. */
  authorizerCacheSeconds: setting(integer(0, 3600), 300),
  /** Seconds that an access token of an OAuth client lives, 3600 to 21600: what Entra ID asks for. */
  accessTokenSeconds: setting(integer(3600, 21_600), 3600),
  /** Answers of this many bytes and more are compressed when the client accepts it, 0 to 10485760. */
  compressionBytes: setting(integer(0, 10_485_760), 1024),
  /** Memory in MB of the functions that answer requests, 128 to 10240; CPU grows with it. */
  apiMemoryMb: setting(integer(128, 10_240), 1024),
  /**
   * Seconds that a request may take in its function, 1 to 29; below the gateway's 29 so that the function's own
   * answer arrives.
   */
  apiTimeoutSeconds: setting(integer(1, 29), 28),
  /**
   * Executions of the authorizer that are reserved for it, and the most that it may have, 1 to 10000. None without: an
   * account must keep 100 unreserved, and a new one has 10 in all.
   */
  authorizerConcurrency: optional(integer(1, 10_000)),
  /** Likewise of the function that revokes sessions: a flood of requests then cannot delay it. */
  revokerConcurrency: optional(integer(1, 10_000)),
  /** Memory in MB of the functions that do the work behind the stream, 128 to 10240. */
  workerMemoryMb: setting(integer(128, 10_240), 512),
  /** Seconds that one batch of the stream or one sweep may take, 1 to 900. */
  workerTimeoutSeconds: setting(integer(1, 900), 60),
  /**
   * A second API, for administrators: what `serverless-scim admin` does, for the vendor's backend, authorized by IAM
   * (docs/admin-api.md).
   */
  adminApi: setting(flag, false),
  /**
   * `on`: customers connect their identity provider on the set-up page (docs/setup-page.md); `off` leaves the page and
   * its function out.
   */
  setupPage: setting(oneOf(['on', 'off']), 'on'),
  /** Name of the vendor on the set-up page. */
  setupVendor: optional(text(/^(?! )[^\p{C}]{1,100}$/u, '1 to 100 characters')),
  /** Path of the logo on that page, a file in SVG or PNG of up to 64 kB. */
  setupLogo: optional(text(/^.+\.(?:svg|png)$/i, 'the path of a file in SVG or PNG')),
  /** Colour of buttons and links on that page, as in `#0b5fff`. */
  setupAccent: optional(text(/^#[0-9a-fA-F]{6}$/, 'a colour as in "#0b5fff"')),
  /** Whom customers ask: a URI that starts with `https://` or `mailto:`. */
  setupSupport: optional(
    text(/^(?:https:\/\/|mailto:)[^\s"'<>]{1,200}$/, 'a URI that starts with "https://" or "mailto:"'),
  ),
  /** ARN of the SNS topic that alarms notify. Without it they only change colour. */
  alarmTopicArn: optional(arn('sns')),
  /** Deactivations, and deletions, of one tenant in 15 minutes above which they are told as unusual, 1 to 1000000. */
  unusualLosses: setting(integer(1, 1_000_000), 100),
  /** The same in percent of the tenant's users, from 10 on, 1 to 100. */
  unusualLossPercent: setting(integer(1, 100), 20),
  /** Refused requests of one tenant in 15 minutes, above which they are unusual, 1 to 1000000. */
  unusualRefusals: setting(integer(1, 1_000_000), 100),
  /** Hours without a request after which a connection counts as silent, 0 to 8760; with 0 none does. */
  silentHours: setting(integer(0, 8760), 168),
  /** Days before its end from which the alarm `ExpiringCredentials` counts a token or OAuth client, 1 to 365. */
  expiringDays: setting(integer(1, 365), 20),
  /**
   * EventBridge bus that is told what happens in the directories (docs/events.md): `own` makes one, `none` tells
   * nobody, an ARN names one that exists.
   */
  eventBus: setting(
    text(/^(?:own|none|arn:aws[a-z-]*:events:.+:event-bus\/.+)$/, 'own, none or the ARN of an event bus'),
    'own',
  ),
  /** Puts the resources' attributes into the events: personal data. Without it, events name ids alone. */
  eventAttributes: setting(flag, false),
  /**
   * Days that events are kept for whoever reads them by `GET /v1/events` of the admin API, 0 to 365; with 0 none are.
   */
  eventLogDays: setting(integer(0, 365), 0),
  /**
   * ARN of a Cognito user pool whose users are disabled and signed out with the access, and enabled with its return.
   */
  cognitoUserPoolArn: optional(
    // A pool's id begins with its region, which is where the function calls it.
    text(
      /^arn:aws[a-z-]*:cognito-idp:([a-z0-9-]+):\d{12}:userpool\/\1_[A-Za-z0-9]+$/,
      'a user pool\'s ARN, as in "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbCdEfGhI",',
    ),
  ),
  /**
   * What is the username in that pool: `id` (the SCIM id), or `userName` or `externalId`, which need `cognitoTenant`.
   */
  cognitoUsername: setting(oneOf(['id', 'userName', 'externalId']), 'id'),
  /** The one tenant whose users are in that pool; without it all tenants' are, by their ids. */
  cognitoTenant: optional(
    text(
      /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
      'a tenant id: 1 to 40 lower-case letters, digits and inner hyphens',
    ),
  ),
  /**
   * HTTPS URL that is told, signed, when a user's access ends or returns: another store of sessions. Needs
   * `webhookSecretArn`.
   */
  webhookUrl: optional(text(/^https:\/\/[^\s]+$/, 'a URL that starts with "https://"')),
  /**
   * ARN of the Secrets Manager secret that signs those requests: `whsec_` and base64, several separated by spaces
   * while it is being changed.
   */
  webhookSecretArn: optional(arn('secretsmanager')),
  /** ARN of the KMS key that encrypts that secret, when it is not Secrets Manager's own (`aws/secretsmanager`). */
  webhookSecretKeyArn: optional(arn('kms')),
  /**
   * ARN of a Lambda function of yours that is asked about each change over SCIM before it is written, and may refuse it
   * (docs/policy.md). Needs an `apiTimeoutSeconds` of at least 6.
   */
  policyFunctionArn: optional(
    text(
      /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(?::[\w$-]{1,128})?$/,
      'a function\'s ARN, as in "arn:aws:lambda:eu-west-1:111122223333:function:scim-policy",',
    ),
  ),
};

/** The name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** The settings of a stack, all of them. */
export type ScimStackProps = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends Setting<infer Value> ? Value : never;
};

/** The settings of a stack that is deployed without saying anything. */
export const DEFAULT_SETTINGS: ScimStackProps = eachSetting(({ byDefault }) => byDefault);

/** Picks one value for every setting; each comes from its own row, which the compiler cannot follow. */
export function eachSetting(pick: (row: Setting<unknown>, name: SettingName) => unknown): ScimStackProps {
  const names = Object.keys(SETTINGS) as SettingName[];
  return Object.fromEntries(names.map((name) => [name, pick(SETTINGS[name], name)])) as ScimStackProps;
}
