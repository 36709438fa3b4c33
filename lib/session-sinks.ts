import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type FunctionName, pascalCase, type ScimFunctions } from './functions';
import type { Offboarding, PublishedAccess } from './offboarding';
import type { ServiceConfig } from './service-config';
import type { WebhookSink } from './sink-props';

/**
 * Deliveries of a message before it is given up: over three hours, with the pauses that
 * `lambdas/middleware/sink-queue.ts` makes.
 */
const MAX_DELIVERIES = 20;
/** What hands changes over, and the functions that write tombstones. */
const SENDERS: readonly FunctionName[] = ['session-revoker', 'revocation-sweep'];
const DELETERS: readonly FunctionName[] = ['users', 'bulk'];

/**
 * What a service's other stores of sessions have to be told of: new users only where they may have the name of another
 * one, which an id never is.
 */
export function publishedAccessOf({
  cognito,
  webhook,
}: Pick<ServiceConfig, 'cognito' | 'webhook'>): PublishedAccess {
  const hasNames = cognito !== undefined && cognito.username !== 'id';
  return {
    reactivations: cognito !== undefined || webhook !== undefined,
    creationsIn: hasNames ? cognito.tenant : undefined,
  };
}

/**
 * Other stores of sessions (docs/session-sinks.md): for each a FIFO queue that the revoker fills, a function that
 * works it off, and a dead-letter queue.
 */
export class SessionSinks extends Construct {
  /** The queues by the function that works them off. */
  readonly queues = new Map<FunctionName, Queue>();

  constructor(
    scope: Construct,
    id: string,
    private readonly functions: ScimFunctions,
    private readonly offboarding: Offboarding,
    private readonly config: Pick<ServiceConfig, 'cognito' | 'webhook' | 'workerTimeoutSeconds'>,
  ) {
    super(scope, id);
    const { cognito, webhook } = config;
    if (cognito !== undefined) this.addCognito(cognito);
    if (webhook !== undefined) this.addWebhook(webhook);
    const queues = [...this.queues.values()];
    if (queues.length === 0) return;
    for (const name of SENDERS) {
      const sender = functions.get(name);
      sender.addEnvironment('SESSION_TARGET_QUEUES', queues.map(({ queueUrl }) => queueUrl).join(' '));
      sender.addToRolePolicy(
        new PolicyStatement({
          actions: ['sqs:SendMessage'],
          resources: queues.map(({ queueArn }) => queueArn),
        }),
      );
    }
  }

  private addCognito({ userPool, username, tenant = '' }: NonNullable<ServiceConfig['cognito']>): void {
    const target = this.add('cognito-target');
    target.addEnvironment('COGNITO_USER_POOL_ID', userPool.userPoolId);
    target.addToRolePolicy(
      new PolicyStatement({
        actions: ['AdminDisableUser', 'AdminEnableUser', 'AdminUserGlobalSignOut'].map(
          (action) => `cognito-idp:${action}`,
        ),
        resources: [userPool.userPoolArn],
      }),
    );
    // A deleted user's name is known from the tombstone alone; that of a deleted tenant's user from the message.
    for (const name of ['cognito-target', 'revocation-sweep', ...DELETERS] as const) {
      this.functions.get(name).addEnvironment('TARGET_USERNAME', username);
      this.functions.get(name).addEnvironment('TARGET_TENANT', tenant);
    }
  }

  private addWebhook({ url, secret }: WebhookSink): void {
    const target = this.add('webhook-target');
    target.addEnvironment('WEBHOOK_URL', url);
    target.addEnvironment('WEBHOOK_SECRET_ARN', secret.secretArn);
    target.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [arnPattern(secret)] }),
    );
    if (secret.encryptionKey !== undefined) {
      target.addToRolePolicy(decryption(secret, secret.encryptionKey.keyArn));
    }
  }

  private add(name: FunctionName) {
    const target = this.functions.get(name);
    const common = {
      fifo: true,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    };
    const deadLetters = new Queue(this, `${pascalCase(name)}DeadLetters`, common);
    const queue = new Queue(this, `${pascalCase(name)}Queue`, {
      ...common,
      // Users beside each other, each in order.
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      visibilityTimeout: Duration.seconds(6 * this.config.workerTimeoutSeconds),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_DELIVERIES },
    });
    target.addEnvironment('TARGET_QUEUE_URL', queue.queueUrl);
    target.addToRolePolicy(
      new PolicyStatement({
        actions: ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility'].map(
          (action) => `sqs:${action}`,
        ),
        resources: [queue.queueArn],
      }),
    );
    new EventSourceMapping(this, `${pascalCase(name)}Mapping`, {
      target,
      eventSourceArn: queue.queueArn,
      // One at a time: a message that fails holds up its own user alone.
      batchSize: 1,
    });
    this.offboarding.deadLetters.set(name, deadLetters);
    this.queues.set(name, queue);
    return target;
  }
}

/** Secrets Manager ends a secret's ARN with six characters of its own, which are not known of every secret. */
const arnPattern = (secret: ISecret): string => secret.secretFullArn ?? `${secret.secretArn}-??????`;

/** Secrets Manager decrypts with its caller's rights; they are good for this secret alone, and only by way of it. */
function decryption(secret: ISecret, keyArn: string): PolicyStatement {
  const ofSecret = { 'kms:EncryptionContext:SecretARN': arnPattern(secret) };
  const isExact = secret.secretFullArn !== undefined;
  return new PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [keyArn],
    conditions: {
      StringEquals: {
        'kms:ViaService': `secretsmanager.${secret.env.region}.amazonaws.com`,
        ...(isExact ? ofSecret : {}),
      },
      ...(isExact ? {} : { StringLike: ofSecret }),
    },
  });
}
