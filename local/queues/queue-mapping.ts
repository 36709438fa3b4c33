import type { LocalStack } from '../assembly/cloud-assembly';
import type { Resource } from '../assembly/physical-names';
import { booleanOf, listOf, numberOf, recordOf, stringOf } from '../json';
import { LocalError } from '../local-error';
import type { QueueDefinition } from '../services/queues';

/** An `AWS::Lambda::EventSourceMapping` over an SQS queue. */
export interface QueueMapping {
  readonly logicalId: string;
  readonly functionName: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly reportsItemFailures: boolean;
}

const DEFAULT_BATCH_SIZE = 10;

/** Whether a mapping is over a queue. */
export const isOverQueue = (stack: LocalStack, mapping: Resource): boolean =>
  stringOf(stack.property(mapping, 'EventSourceArn'))?.includes(':sqs:') === true;

/**
 * Reads the enabled mappings over queues. Batching windows are not waited for: they save invocations, which cost
 * nothing here.
 *
 * @throws LocalError at a mapping with filters
 */
export function readQueueMappings(stack: LocalStack): QueueMapping[] {
  return stack.ofType('AWS::Lambda::EventSourceMapping').flatMap((resource) => {
    const property = (name: string) => stack.property(resource, name);
    if (booleanOf(property('Enabled')) === false || !isOverQueue(stack, resource)) return [];
    if (listOf(recordOf(property('FilterCriteria')).Filters).length > 0) {
      throw new LocalError(
        `The template's ${resource.logicalId} has FilterCriteria; the local run filters streams, not queues.`,
      );
    }
    return [
      {
        logicalId: resource.logicalId,
        functionName: stringOf(property('FunctionName')) ?? '',
        queueArn: stringOf(property('EventSourceArn')) ?? '',
        batchSize: numberOf(property('BatchSize')) ?? DEFAULT_BATCH_SIZE,
        reportsItemFailures: listOf(property('FunctionResponseTypes')).includes('ReportBatchItemFailures'),
      },
    ];
  });
}

/** Reads the stack's queues. */
export function readQueues(stack: LocalStack): QueueDefinition[] {
  return stack.ofType('AWS::SQS::Queue').map((queue) => {
    const redrive = recordOf(stack.property(queue, 'RedrivePolicy'));
    const deadLetterQueue = stringOf(redrive.deadLetterTargetArn)?.split(':').at(-1);
    const maxReceiveCount = numberOf(redrive.maxReceiveCount);
    return {
      name: stack.attribute(queue, 'QueueName'),
      visibilitySeconds: numberOf(stack.property(queue, 'VisibilityTimeout')),
      ...(deadLetterQueue === undefined || maxReceiveCount === undefined
        ? {}
        : { redrive: { deadLetterQueue, maxReceiveCount } }),
    };
  });
}
