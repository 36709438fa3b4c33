import type { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { ITable, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ScimStackProps } from './settings';
import type { SinkProps } from './sink-props';
import type { Tiers } from './tenant-tiers';
import type { WatchProps } from './watch-props';

/**
 * What a {@link ScimService} may be given. Everything has a default, so that `new ScimService(this, 'Scim')` is a sound
 * production service; the defaults are those of docs/deploy.md.
 *
 * @example
 * new ScimService(this, 'Scim', {
 *   domain: { domainName: 'scim.example.com', certificate },
 *   alarmTopic: onCall,
 *   logRetention: RetentionDays.ONE_YEAR,
 *   extensions: './scim-extensions',
 *   parameters: '/scim/prod',
 * });
 * @example
 * // For development: everything goes with the stack.
 * new ScimService(this, 'Scim', { removalPolicy: RemovalPolicy.DESTROY, logRetention: RetentionDays.ONE_WEEK });
 */
export interface ScimServiceProps extends WatchProps, SinkProps {
  /**
   * What happens to the data (the table, with its deletion protection, and the logs) when the service leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy.RETAIN | RemovalPolicy.DESTROY;
  /**
   * A table that exists, in place of one that the service makes: retained by another stack, or restored from a backup.
   * It has the form that docs/restore.md names, and a stream of both images.
   *
   * @default a table of the service's own
   * @example
   * Table.fromTableAttributes(this, 'Restored', { tableStreamArn, tableArn, globalIndexes: ['g1-pk'] })
   */
  readonly table?: ITable;
  /**
   * Key that encrypts the table that the service makes.
   *
   * @default TableEncryption.DEFAULT, a key that DynamoDB owns, which is free; CUSTOMER_MANAGED when `encryptionKey` is
   *   given
   */
  readonly encryption?: TableEncryption;
  /**
   * A customer-managed key of yours for that table.
   *
   * @default with TableEncryption.CUSTOMER_MANAGED a rotated key of the service's own
   */
  readonly encryptionKey?: IKey;
  /**
   * How long a deleted user or group is kept and can be restored, in whole days; its end is the signal to delete your
   * own data of that user. With 0 nothing is kept but the fact, for a day.
   *
   * @default Duration.days(30)
   */
  readonly tombstoneRetention?: Duration;

  /**
   * Custom domain, whose DNS record is left to you: an alias for `api.domainName`. Set it up before the first customer
   * pastes a URL.
   *
   * @default the URL that API Gateway gives to the API
   * @example { domainName: 'scim.example.com', certificate: Certificate.fromCertificateArn(this, 'Cert', arn) }
   */
  readonly domain?: ScimDomain;
  /**
   * Stage of the REST API, the first part of the path: `https://…/scim/v2`. With a custom domain it is the base path.
   *
   * @default 'scim'
   */
  readonly stageName?: string;
  /**
   * Role with which API Gateway writes the access logs of all APIs of an account and region: `own` makes it (once for a
   * stack) and names it to API Gateway; `existing` leaves that to whoever has done so already.
   *
   * @default 'own'
   */
  readonly gatewayLogRole?: ScimStackProps['gatewayLogRole'];
  /**
   * AWS WAF before the API: `rate` makes a web ACL that limits what one IP address may send.
   *
   * @default 'none'
   */
  readonly webAcl?: ScimStackProps['webAcl'];
  /**
   * Requests that one IP address may send in a minute with `webAcl` `rate`.
   *
   * @default 12000
   */
  readonly webAclRate?: number;
  /**
   * ARN of a regional web ACL of your own (`CfnWebACL.attrArn`), in place of `webAcl`.
   *
   * @default none
   */
  readonly webAclArn?: string;
  /**
   * Requests per second and method that the API takes over all tenants before it answers 429.
   *
   * @default 1000
   */
  readonly throttleRate?: number;
  /**
   * Requests that may arrive at once above `throttleRate`.
   *
   * @default 2000
   */
  readonly throttleBurst?: number;
  /**
   * Whether each tenant has a limit of its own (docs/fairness.md): with `off` the throttle over all of them alone
   * holds.
   *
   * @default 'on'
   */
  readonly tenantLimits?: ScimStackProps['tenantLimits'];
  /**
   * Requests per second that a tenant may send which has chosen no tier; 25 at least, which identity providers may
   * count on.
   *
   * @default 50
   */
  readonly tenantRate?: number;
  /**
   * Requests of such a tenant that may arrive at once above `tenantRate`.
   *
   * @default 100
   */
  readonly tenantBurst?: number;
  /**
   * Requests of one tenant that may look through its users or groups at once, since no index answers them; with
   * `tenantLimits: 'off'` any number may.
   *
   * @default 4
   */
  readonly tenantScans?: number;
  /**
   * Other limits by their names, for `tenant set acme rate=gold`.
   *
   * @default none
   * @example { gold: { rate: 200, burst: 400 } }
   */
  readonly tenantTiers?: Tiers;
  /**
   * How long API Gateway remembers the authorizer's answer for a token, up to an hour. Revoking a token flushes it.
   *
   * @default Duration.minutes(5)
   */
  readonly authorizerCacheTtl?: Duration;
  /**
   * How long an access token of an OAuth client lives: one to six hours.
   *
   * @default Duration.hours(1)
   */
  readonly accessTokenTtl?: Duration;
  /**
   * Answers of this size and more are compressed when the client accepts it.
   *
   * @default Size.kibibytes(1)
   */
  readonly minCompressionSize?: Size;

  /**
   * Memory in MB of the functions that answer requests; CPU grows with it.
   *
   * @default 1024
   */
  readonly apiMemoryMb?: number;
  /**
   * Time that a request has in its function. API Gateway gives up after 29 seconds; below that, the answer is the
   * function's own.
   *
   * @default Duration.seconds(28)
   */
  readonly apiTimeout?: Duration;
  /**
   * Executions of the authorizer that are reserved for it, and the most that it may have. Lambda refuses to leave an
   * account fewer than 100 for everything else.
   *
   * @default none are reserved
   */
  readonly authorizerConcurrency?: number;
  /**
   * Likewise of the function that revokes sessions, which a flood of requests then cannot delay.
   *
   * @default none are reserved
   */
  readonly revokerConcurrency?: number;
  /**
   * Memory in MB of the functions behind the stream and the schedules.
   *
   * @default 512
   */
  readonly workerMemoryMb?: number;
  /**
   * Time of one batch or one sweep.
   *
   * @default Duration.minutes(1)
   */
  readonly workerTimeout?: Duration;
  /**
   * Folder of your extension schemas, JSON files that the synth checks (docs/extensions.md). A relative path counts
   * from where the app is run.
   *
   * @default no extensions
   */
  readonly extensions?: string;

  /**
   * A second API, for administrators: what `serverless-scim admin` does, for your backend (docs/admin-api.md). IAM
   * decides who may call it: whoever has `execute-api:Invoke` on it, for which there is `grantAdmin`.
   *
   * @default false
   */
  readonly adminApi?: boolean;

  /**
   * How the page looks on which a customer's administrator connects their identity provider (docs/setup-page.md); `off`
   * leaves it and its function out.
   *
   * @default without a name, in the page's own colours
   * @example { vendor: 'Example Inc', logo: 'assets/logo.svg', accent: '#0b5fff', support: 'mailto:help@example.com' }
   */
  readonly setupPage?: SetupPage | 'off';

  /**
   * Path below which SSM parameters tell other stacks and programs where the service is: `table-name`, `base-url` and,
   * with a bus, `bus-arn`.
   *
   * @default no parameters
   * @example '/scim/prod' // makes /scim/prod/table-name, /scim/prod/base-url, /scim/prod/bus-arn
   */
  readonly parameters?: string;
}

/** The custom domain of an API. */
export interface ScimDomain {
  /** In lower case, for instance `scim.example.com`. */
  readonly domainName: string;
  /** For that domain, in the stack's region. */
  readonly certificate: ICertificate;
}

/** How the set-up page looks. */
export interface SetupPage {
  /** The vendor's name. */
  readonly vendor?: string;
  /** Path of a picture in SVG or PNG of up to 64 kB, which is stored with the page. */
  readonly logo?: string;
  /** Colour of buttons and links, as in `#0b5fff`. */
  readonly accent?: string;
  /** Whom to ask: a URI that starts with `https://` or `mailto:`. */
  readonly support?: string;
}
