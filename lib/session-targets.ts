import { Arn, ArnFormat, CfnOutput, Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type FunctionName, pascalCase, type ScimFunctions } from './functions';
import type { Offboarding, PublishedAccess } from './offboarding';
import type { ScimStackProps } from './settings';

/**
 * Deliveries of a message before it is given up: over three hours, with the pauses that
 * `lambdas/middleware/target-queue.ts` makes.
 */
const MAX_DELIVERIES = 20;
/** What hands changes over, and the functions that write tombstones. */
const SENDERS: readonly FunctionName[] = ['session-revoker', 'revocation-sweep'];
const DELETERS: readonly FunctionName[] = ['users', 'bulk'];

/**
 * What a stack's other stores of sessions have to be told of: new users only where they may have the name of another
 * one, which an id never is.
 */
export function publishedAccessIn({
  cognitoUserPoolArn,
  cognitoUsername,
  cognitoTenant,
  webhookUrl,
}: ScimStackProps): PublishedAccess {
  const hasNames = cognitoUserPoolArn !== undefined && cognitoUsername !== 'id';
  return {
    reactivations: cognitoUserPoolArn !== undefined || webhookUrl !== undefined,
    creationsIn: hasNames ? cognitoTenant : undefined,
  };
}

/**
 * Other stores of sessions (docs/session-targets.md): for each a FIFO queue that the revoker fills, a function that
 * works it off, and a dead-letter queue.
 */
export class SessionSinks extends Construct {
  private readonly queues: Queue[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly functions: ScimFunctions,
    private readonly offboarding: Offboarding,
    private readonly settings: ScimStackProps,
  ) {
    super(scope, id);
    const { cognitoUserPoolArn, webhookUrl } = settings;
    if (cognitoUserPoolArn !== undefined) this.addCognito(cognitoUserPoolArn);
    if (webhookUrl !== undefined) this.addWebhook(webhookUrl, settings.webhookSecretArn ?? '');
    if (this.queues.length === 0) return;
    for (const name of SENDERS) {
      const sender = functions.get(name);
      sender.addEnvironment('SESSION_TARGET_QUEUES', this.queues.map(({ queueUrl }) => queueUrl).join(' '));
      sender.addToRolePolicy(
        new PolicyStatement({
          actions: ['sqs:SendMessage'],
          resources: this.queues.map(({ queueArn }) => queueArn),
        }),
      );
    }
  }

  private addCognito(userPoolArn: string): void {
    const { cognitoUsername, cognitoTenant = '' } = this.settings;
    const target = this.add('cognito-target');
    const pool = Arn.split(userPoolArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName ?? '';
    target.addEnvironment('COGNITO_USER_POOL_ID', pool);
    target.addToRolePolicy(
      new PolicyStatement({
        actions: ['AdminDisableUser', 'AdminEnableUser', 'AdminUserGlobalSignOut'].map(
          (action) => `cognito-idp:${action}`,
        ),
        resources: [userPoolArn],
      }),
    );
    // A deleted user's name is known from the tombstone alone.
    for (const name of ['cognito-target', ...DELETERS] as const) {
      this.functions.get(name).addEnvironment('TARGET_USERNAME', cognitoUsername);
      this.functions.get(name).addEnvironment('TARGET_TENANT', cognitoTenant);
    }
    this.output('CognitoUsername', cognitoUsername);
    this.output('CognitoTenant', cognitoTenant || '-');
  }

  private output(name: string, value: string): void {
    new CfnOutput(this, name, { value }).overrideLogicalId(name);
  }

  private addWebhook(url: string, secretArn: string): void {
    const target = this.add('webhook-target');
    target.addEnvironment('WEBHOOK_URL', url);
    target.addEnvironment('WEBHOOK_SECRET_ARN', secretArn);
    target.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] }),
    );
    const { webhookSecretKeyArn } = this.settings;
    if (webhookSecretKeyArn !== undefined) target.addToRolePolicy(decryption(secretArn, webhookSecretKeyArn));
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
      visibilityTimeout: Duration.seconds(6 * this.settings.workerTimeoutSeconds),
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
    this.output(`${pascalCase(name)}QueueUrl`, queue.queueUrl);
    this.offboarding.deadLetters.set(name, deadLetters);
    this.queues.push(queue);
    return target;
  }
}

/** Secrets Manager decrypts with its caller's rights; they are good for this secret alone, and only by way of it. */
function decryption(secretArn: string, keyArn: string): PolicyStatement {
  const region = Arn.split(secretArn, ArnFormat.COLON_RESOURCE_NAME).region ?? '';
  return new PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [keyArn],
    conditions: {
      StringEquals: {
        'kms:ViaService': `secretsmanager.${region}.amazonaws.com`,
        'kms:EncryptionContext:SecretARN': secretArn,
      },
    },
  });
}
