import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as Record,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Table } from '../../directory/table/table';
import type { ScimEvent } from '../../events/event';
import { keepEvents } from '../../events/event-log/keep-events';
import { eventsOf } from '../../events/events-of';
import { logChanges } from '../../events/log/log-changes';
import { publishInOrder } from '../../events/publish';
import { readChange, type StreamChange, type StreamImage } from '../../events/stream-change';
import { isJsonObject } from '../../scim/json';
import type { StackAccess } from '../deployment';
import { AdminError } from '../errors';
import { eventLogOf } from '../event-log';

/** Where the records of a dead letter lie in the stream. */
export interface LostBatch {
  readonly shardId: string;
  readonly from: string;
  readonly to: string;
}

/** Reads Lambda's invocation record of a stream batch that was given up; undefined for any other message. */
export function readLostBatch(body: string): LostBatch | undefined {
  const message: unknown = JSON.parse(body);
  const info = isJsonObject(message) ? message.DDBStreamBatchInfo : undefined;
  if (!isJsonObject(info)) return undefined;
  const { shardId, startSequenceNumber: from, endSequenceNumber: to } = info;
  return typeof shardId === 'string' && typeof from === 'string' && typeof to === 'string'
    ? { shardId, from, to }
    : undefined;
}

/**
 * Keeps and publishes the events of records that were given up, and writes their entries of the provisioning log, from
 * the stream, where they are for 24 hours. Their ids are the same as they would have been, and so are the entries.
 *
 * @returns the number of events, or undefined when the records are gone
 */
export async function republishEvents(
  { dynamodb, services, outputs }: StackAccess,
  table: Table,
  batch: LostBatch,
): Promise<number | undefined> {
  const bus = outputs.get('EventBusArn');
  const eventLog = eventLogOf(outputs);
  const { Table: description } = await new DynamoDBClient(dynamodb).send(
    new DescribeTableCommand({ TableName: table.name }),
  );
  const streams = new DynamoDBStreamsClient(dynamodb);
  const last = BigInt(batch.to);
  try {
    let { ShardIterator: iterator } = await streams.send(
      new GetShardIteratorCommand({
        StreamArn: description?.LatestStreamArn,
        ShardId: batch.shardId,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        SequenceNumber: batch.from,
      }),
    );
    let told = 0;
    while (iterator !== undefined) {
      const { Records = [], NextShardIterator } = await streams.send(
        new GetRecordsCommand({ ShardIterator: iterator }),
      );
      const wanted = Records.filter(({ dynamodb: at }) => BigInt(at?.SequenceNumber ?? 0) <= last);
      const changes = wanted.map(changeOf).filter((change) => change !== undefined);
      const events = changes.flatMap((change) => eventsOf(change));
      if (eventLog !== undefined) await keepEvents(table, events, eventLog);
      if (bus !== undefined) told += await publish(services, bus, events);
      await logChanges(table, changes);
      if (Records.length > wanted.length || BigInt(wanted.at(-1)?.dynamodb?.SequenceNumber ?? 0) >= last)
        break;
      iterator = NextShardIterator;
    }
    return told;
  } catch (error) {
    if (error instanceof TrimmedDataAccessException || error instanceof ResourceNotFoundException)
      return undefined;
    throw error;
  }
}

/**
 * The stream's own client gives a date where Lambda gives seconds, and its attribute values have members that are not
 * set.
 */
function changeOf({ dynamodb: record }: Record): StreamChange | undefined {
  const at = record?.ApproximateCreationDateTime;
  const dynamodb = {
    Keys: record?.Keys as StreamImage | undefined,
    OldImage: record?.OldImage as StreamImage | undefined,
    NewImage: record?.NewImage as StreamImage | undefined,
    SequenceNumber: record?.SequenceNumber,
    ApproximateCreationDateTime: at === undefined ? undefined : Math.floor(at.getTime() / 1000),
  };
  return readChange({ dynamodb });
}

async function publish(
  services: StackAccess['services'],
  bus: string,
  events: readonly ScimEvent[],
): Promise<number> {
  // The bus, named by its ARN, need not be of the stack's region.
  const region = bus.split(':')[3] ?? services.region;
  const accepted = await publishInOrder(new EventBridgeClient({ ...services, region }), bus, events);
  if (accepted < events.length)
    throw new AdminError('failed', 'The event bus did not accept all events; try again.');
  return accepted;
}
