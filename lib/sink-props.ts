import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ScimStackProps } from './settings';

/** Whom a service tells of what happens, and whom it asks before. */
export interface SinkProps {
  /**
   * EventBridge bus that is told what happens in the directories (docs/events.md); `none` tells nobody.
   *
   * @default a bus of the service's own
   */
  readonly eventBus?: IEventBus | 'none';
  /**
   * Puts the resources' attributes into the events: personal data. Without it, events name ids alone.
   *
   * @default false
   */
  readonly eventAttributes?: boolean;
  /**
   * Days that events are kept for whoever reads them by `GET /v1/events` of the admin API, 0 to 365; with 0 none are.
   *
   * @default 0
   */
  readonly eventLogDays?: number;
  /**
   * A Cognito user pool whose users are disabled and signed out with the access, and enabled with its return.
   *
   * @default none
   * @example { userPool, username: 'userName', tenant: 'acme' }
   */
  readonly cognito?: CognitoSink;
  /**
   * A URL that is told, signed, when a user's access ends or returns.
   *
   * @default none
   */
  readonly webhook?: WebhookSink;
  /**
   * A function of yours that is asked about each change over SCIM before it is written, and may refuse it with a
   * sentence that the identity provider's administrator reads (docs/policy.md): seats, e-mail domains, the last owner.
   *
   * @default nobody is asked
   * @example
   * const policy = new NodejsFunction(this, 'Policy', { entry: 'src/policy.ts', timeout: Duration.seconds(2) });
   * new ScimService(this, 'Scim', { policyFunction: policy });
   */
  readonly policyFunction?: IFunction;
}

/** A Cognito user pool that follows the directory (docs/session-sinks.md). */
export interface CognitoSink {
  readonly userPool: IUserPool;
  /**
   * What the username in the pool is: the SCIM id, or an attribute that only one tenant's users share, which needs
   * `tenant`.
   *
   * @default 'id'
   */
  readonly username?: ScimStackProps['cognitoUsername'];
  /**
   * The one tenant whose users are in the pool.
   *
   * @default all tenants' are, by their ids
   */
  readonly tenant?: string;
}

/** A webhook that is told of access (docs/session-sinks.md). */
export interface WebhookSink {
  /** Starts with `https://`. */
  readonly url: string;
  /**
   * Signs the requests: `whsec_` and base64, several separated by spaces while it is being changed. The function may
   * read it, and decrypt it with the secret's `encryptionKey`.
   */
  readonly secret: ISecret;
}
