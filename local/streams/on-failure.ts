import { randomUUID } from 'node:crypto';
import { LocalError } from '../local-error';
import type { Buckets } from '../services/buckets';
import type { Queues } from '../services/queues';
import type { FailedBatch } from './batch';

/**
 * Sends what a mapping gave up to its on-failure destination, in the form of Lambda's invocation record. A queue gets
 * where the records stand in the stream, a bucket the records themselves too.
 *
 * @throws LocalError when the destination is not in the stack
 */
export function sendToDestination(
  batch: FailedBatch,
  destination: string,
  shardId: string,
  streamArn: string,
  services: { readonly queues: Queues; readonly buckets: Buckets },
): void {
  const record = invocationRecord(batch, shardId, streamArn);
  const name = destination.split(':').at(-1) ?? '';
  const sent = destination.startsWith('arn:aws:s3:')
    ? services.buckets.put(
        name,
        `aws/lambda/${streamArn.split('/')[1]}/${shardId}/${new Date().toISOString()}-${randomUUID()}`,
        Buffer.from(JSON.stringify({ ...record, payload: JSON.stringify({ Records: batch.records }) })),
      )
    : services.queues.send(name, JSON.stringify(record)) !== undefined;
  if (!sent)
    throw new LocalError(
      `The on-failure destination ${destination} is neither a queue nor a bucket of the stack.`,
    );
}

function invocationRecord(batch: FailedBatch, shardId: string, streamArn: string) {
  const at = (position: number) => batch.records.at(position)?.dynamodb;
  const arrival = (position: number) =>
    new Date((at(position)?.ApproximateCreationDateTime ?? 0) * 1000).toISOString();
  return {
    requestContext: {
      requestId: batch.requestId,
      functionArn: batch.functionArn,
      condition: batch.condition,
      approximateInvokeCount: batch.invocations,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: batch.functionError },
    version: '1.0',
    timestamp: new Date().toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: at(0)?.SequenceNumber,
      endSequenceNumber: at(-1)?.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(0),
      approximateArrivalOfLastRecord: arrival(-1),
      batchSize: batch.records.length,
      streamArn,
    },
  };
}
