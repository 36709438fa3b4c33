import type { LocalStack } from '../assembly/cloud-assembly';
import type { Resource } from '../assembly/physical-names';
import { booleanOf, listOf, numberOf, recordOf, stringOf } from '../json';
import { LocalError } from '../local-error';
import { isOverQueue } from '../queues/queue-mapping';
import { type FilterPattern, parsePattern } from './filter-pattern';

/** An `AWS::Lambda::EventSourceMapping` over a DynamoDB stream. */
export interface MappingDefinition {
  readonly logicalId: string;
  readonly functionName: string;
  readonly streamArn: string;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly filters: readonly FilterPattern[];
  readonly batchSize: number;
  readonly windowMs: number;
  readonly bisects: boolean;
  /** Undefined means until the records expire. */
  readonly retryAttempts: number | undefined;
  readonly maximumAgeMs: number | undefined;
  readonly reportsItemFailures: boolean;
  /** ARN of the queue, topic or bucket that gets what could not be processed. */
  readonly onFailure: string | undefined;
}

const DEFAULT_BATCH_SIZE = 100;

/**
 * Reads the enabled mappings over DynamoDB streams; those over queues are `local/queues/`'s.
 *
 * @throws LocalError at another event source
 */
export function readMappings(stack: LocalStack): MappingDefinition[] {
  return stack.ofType('AWS::Lambda::EventSourceMapping').flatMap((resource) => {
    const isOff = booleanOf(stack.property(resource, 'Enabled')) === false;
    return isOff || isOverQueue(stack, resource) ? [] : [readMapping(stack, resource)];
  });
}

function readMapping(stack: LocalStack, resource: Resource): MappingDefinition {
  const property = (name: string) => stack.property(resource, name);
  const { logicalId } = resource;
  const streamArn = stringOf(property('EventSourceArn')) ?? '';
  if (!streamArn.includes(':dynamodb:')) {
    throw new LocalError(
      `The template's ${logicalId}.EventSourceArn is "${streamArn}"; the local run reads DynamoDB streams and SQS queues.`,
    );
  }
  const filters = listOf(recordOf(property('FilterCriteria')).Filters).map((filter, position) =>
    parsePattern(
      stringOf(recordOf(filter).Pattern) ?? '',
      `${logicalId}.FilterCriteria.Filters[${position}]`,
    ),
  );
  return {
    logicalId,
    functionName: stringOf(property('FunctionName')) ?? '',
    streamArn,
    startingPosition: property('StartingPosition') === 'LATEST' ? 'LATEST' : 'TRIM_HORIZON',
    filters,
    batchSize: numberOf(property('BatchSize')) ?? DEFAULT_BATCH_SIZE,
    windowMs: (numberOf(property('MaximumBatchingWindowInSeconds')) ?? 0) * 1000,
    bisects: booleanOf(property('BisectBatchOnFunctionError')) === true,
    retryAttempts: limit(numberOf(property('MaximumRetryAttempts'))),
    maximumAgeMs: limit(numberOf(property('MaximumRecordAgeInSeconds')), 1000),
    reportsItemFailures: listOf(property('FunctionResponseTypes')).includes('ReportBatchItemFailures'),
    onFailure: stringOf(recordOf(recordOf(property('DestinationConfig')).OnFailure).Destination),
  };
}

/** -1 is no limit. */
const limit = (value: number | undefined, factor = 1) =>
  value === undefined || value < 0 ? undefined : value * factor;
