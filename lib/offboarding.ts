import { Duration, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  EventInvokeConfig,
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type FunctionName, pascalCase, type ScimFunctions } from './functions';

type Filter = ReturnType<typeof FilterCriteria.filter>;

/**
 * Patterns for an attribute of an image. `exists` works on leaf nodes only, so the path ends with the attribute's
 * DynamoDB type.
 */
const leaf = (condition: unknown, ...path: readonly string[]): Record<string, unknown> =>
  path.reduceRight<Record<string, unknown>>(
    (inner, name, position) => ({ [name]: position === path.length - 1 ? condition : inner }),
    {},
  );

const newImageHas = (...path: readonly string[]): Filter =>
  FilterCriteria.filter({ dynamodb: { NewImage: leaf(FilterRule.exists(), ...path) } });

/** A pattern for records one of whose images, or both, has an attribute: something that came, changed or went. */
const anyImageHas = (condition: unknown, ...path: readonly string[]): Filter =>
  FilterCriteria.filter({
    dynamodb: {
      $or: [{ NewImage: leaf(condition, ...path) }, { OldImage: leaf(condition, ...path) }],
    },
  });

const REACTIVATION: Filter = FilterCriteria.filter({
  dynamodb: { OldImage: leaf([false], 'active', 'BOOL'), NewImage: leaf([true], 'active', 'BOOL') },
});

/** An active user who was deleted and is put back. */
const RESTORATION: Filter = FilterCriteria.filter({
  eventName: ['INSERT'],
  dynamodb: {
    NewImage: { ...leaf([true], 'active', 'BOOL'), ...leaf(FilterRule.exists(), 'restoredAt', 'N') },
  },
});

/** An access token that a client was given: the provisioning log tells of it. */
const ISSUED_ACCESS_TOKEN: Filter = FilterCriteria.filter({
  eventName: ['INSERT'],
  dynamodb: { NewImage: leaf(['scim_access_token'], 'type', 'S') },
});

/** A user of the tenant that is there for the first time, and active. */
const creationOf = (tenant: string): Filter =>
  FilterCriteria.filter({
    eventName: ['INSERT'],
    dynamodb: { Keys: leaf([`T#${tenant}#`], 'pk', 'S'), NewImage: leaf([true], 'active', 'BOOL') },
  });

/** What the revoker tells other stores of sessions besides lost access. */
export interface PublishedAccess {
  readonly reactivations: boolean;
  /** The tenant whose new users are told of; undefined for none. */
  readonly creationsIn: string | undefined;
}

/**
 * Everything that works after a request was answered: two consumers of the table's stream (two readers a shard are
 * what DynamoDB Streams permits) and the sweeps, each with a dead-letter queue.
 */
export class Offboarding extends Construct {
  /** The dead-letter queues by the function whose work they hold. */
  readonly deadLetters = new Map<FunctionName, Queue>();
  /** The functions that read the stream. */
  readonly consumers: FunctionName[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly table: ITable,
    private readonly functions: ScimFunctions,
    handedOver: PublishedAccess = { reactivations: false, creationsIn: undefined },
  ) {
    super(scope, id);
    // The write that deactivates or deletes sets the mark in the same transaction, on the user or on its tombstone.
    // Clearing the mark is a record without it.
    const { reactivations, creationsIn } = handedOver;
    this.consume('session-revoker', [
      newImageHas('revocationPending', 'N'),
      // Other stores of sessions are told of reactivations and restorations, too; in this table these need no work.
      ...(reactivations ? [REACTIVATION, RESTORATION] : []),
      ...(creationsIn === undefined ? [] : [creationOf(creationsIn)]),
    ]);
    this.consume('follow-up', [
      // Users and groups, whose journaled changes are among them; tombstones; members; tenants.
      anyImageHas(FilterRule.exists(), 'version', 'N'),
      anyImageHas(FilterRule.exists(), 'deletedAt', 'N'),
      anyImageHas([{ prefix: 'T#' }, 'TENANTS'], 'g1', 'S'),
      // What the vendor's app maps groups to, for the provisioning log.
      FilterCriteria.filter({ dynamodb: { Keys: leaf([{ prefix: 'R#' }], 'pk', 'S') } }),
      ISSUED_ACCESS_TOKEN,
    ]);
    this.sweep('revocation-sweep', 'Drives session revocations that are still pending');
    this.sweep('cleanup-sweep', 'Drives deletions and membership changes that are still pending');
    this.sweep('tenant-sweep', 'Looks at each tenant for what is unusual or ends', Duration.minutes(5));
  }

  private consume(name: FunctionName, filters: Filter[]): void {
    const consumer = this.functions.get(name);
    this.consumers.push(name);
    const streamArn = this.table.tableStreamArn;
    if (streamArn === undefined) throw new Error('The table has no stream.');
    consumer.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        resources: [streamArn],
      }),
    );
    consumer.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:ListStreams'], resources: ['*'] }));
    new EventSourceMapping(this, `${pascalCase(name)}Mapping`, {
      target: consumer,
      eventSourceArn: streamArn,
      // LATEST would lose what is written while the mapping is made or changed.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(0),
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 10,
      // The default is to retry for 24 hours, while one poisoned record holds up every other tenant's revocations in
      // its shard.
      maxRecordAge: Duration.hours(1),
      onFailure: new SqsDlq(this.deadLetterQueue(name)),
      filters,
    });
  }

  private sweep(name: FunctionName, description: string, every = Duration.minutes(1)): void {
    const deadLetterQueue = this.deadLetterQueue(name);
    const sweep = this.functions.get(name);
    new Rule(this, `${pascalCase(name)}Schedule`, {
      description,
      schedule: Schedule.rate(every),
      targets: [
        // EventBridge only hands over: this is about events that Lambda does not take.
        new LambdaTarget(sweep, { deadLetterQueue, retryAttempts: 0, maxEventAge: Duration.minutes(1) }),
      ],
    });
    // What becomes of a run that fails is Lambda's business: without this it would be tried twice more, and forgotten.
    new EventInvokeConfig(this, `${pascalCase(name)}Invocations`, {
      function: sweep,
      // The next run does the same work.
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
      onFailure: new SqsDestination(deadLetterQueue),
    });
  }

  private deadLetterQueue(name: FunctionName): Queue {
    const queue = new Queue(this, `${pascalCase(name)}DeadLetters`, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'This queue is a dead-letter queue: of an event source mapping or a schedule, which the rule does not see.',
    });
    this.deadLetters.set(name, queue);
    return queue;
  }
}
