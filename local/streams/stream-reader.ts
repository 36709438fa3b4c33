import { setTimeout as delay } from 'node:timers/promises';
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import { type BatchOptions, deliver, type FailedBatch } from './batch';
import { matchesAny } from './filter-pattern';
import type { Positions } from './positions';
import { type StreamRecord, streamRecord } from './stream-record';

export interface StreamReaderOptions extends Omit<BatchOptions, 'onFailed'> {
  /** Takes what was given up. */
  readonly onFailed: (batch: FailedBatch, shardId: string) => void;
  readonly client: DynamoDBStreamsClient;
  /** The stream's ARN in the engine. */
  readonly streamArn: string;
  readonly positions: Positions;
  readonly onWarning: (text: string) => void;
}

/**
 * A stream that has been read to its end is asked again after this long. Lambda asks a shard four times a second;
 * here delivery follows a write sooner, and an idle local run still makes only a handful of cheap calls a second.
 * Asking at once after records came would mean a call, and an invocation, for nearly every write.
 */
const POLLING_PAUSE_MS = 120;
const ERROR_PAUSE_MS = 500;
/** How often new shards are looked for. A DynamoDB Streams shard lives four hours. */
const SHARD_SEARCH_MS = 5_000;
const MAX_RECORDS_A_CALL = 1_000;

/**
 * Reads a stream for one mapping until its signal is aborted: every shard after its parent, each from where it was
 * left, or from the mapping's starting position.
 */
export async function readStream(options: StreamReaderOptions): Promise<void> {
  const done = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const lagging = new Set<string>();
  let first = true;
  while (!options.signal.aborted) {
    const shards = await attempt(options, () => listShards(options));
    for (const shard of shards ?? []) {
      const id = shard.ShardId ?? '';
      if (!lagging.has(id) && hasLostRecords(shard, options)) {
        lagging.add(id);
        options.onWarning(fellBehind(options.mapping.logicalId));
      }
      const parent = shard.ParentShardId;
      const waits =
        parent !== undefined &&
        shards?.some(({ ShardId }) => ShardId === parent) === true &&
        !done.has(parent);
      if (running.has(id) || done.has(id) || waits) continue;
      // LATEST is about the mapping's beginning; a shard that appears later is read from its first record.
      const from = first ? options.mapping.startingPosition : 'TRIM_HORIZON';
      running.set(
        id,
        readShard(id, from, options).then(() => {
          done.add(id);
        }),
      );
    }
    first = false;
    await pause(SHARD_SEARCH_MS, options.signal);
  }
  await Promise.all(running.values());
}

/** Resolves when the shard is closed and read to its end, or the signal is aborted. */
async function readShard(
  shardId: string,
  from: 'TRIM_HORIZON' | 'LATEST',
  options: StreamReaderOptions,
): Promise<void> {
  const { mapping, positions, signal } = options;
  let iterator: string | undefined;
  let position = positions.get(mapping.logicalId, shardId);
  let pending: StreamRecord[] = [];
  let pendingSince = 0;
  while (!signal.aborted) {
    iterator ??= await attempt(options, () => openShard(shardId, position, from, options));
    const current = iterator;
    if (current === undefined) continue;
    const page = await attempt(options, async () => {
      try {
        return await options.client.send(
          new GetRecordsCommand({ ShardIterator: current, Limit: MAX_RECORDS_A_CALL }),
        );
      } catch (error) {
        if (error instanceof ExpiredIteratorException || error instanceof TrimmedDataAccessException)
          return 'reopen';
        throw error;
      }
    });
    if (page === undefined || page === 'reopen') {
      // An engine that was started again knows no iterators from before.
      iterator = undefined;
      continue;
    }
    const records = (page.Records ?? []).map((record) => streamRecord(record, mapping.streamArn));
    for (const record of records) {
      if (pending.length === 0) pendingSince = Date.now();
      if (matchesAny(mapping.filters, record)) pending.push(record);
      position = record.dynamodb.SequenceNumber;
    }
    const windowOver = Date.now() - pendingSince >= mapping.windowMs;
    while (pending.length >= mapping.batchSize || (pending.length > 0 && windowOver)) {
      const batch = pending.slice(0, mapping.batchSize);
      if (!(await delivered(batch, shardId, options))) return;
      pending = pending.slice(batch.length);
      const last = batch.at(-1)?.dynamodb.SequenceNumber;
      if (last !== undefined) positions.set(mapping.logicalId, shardId, last);
    }
    if (pending.length === 0 && position !== undefined && records.length > 0)
      positions.set(mapping.logicalId, shardId, position);
    iterator = page.NextShardIterator;
    if (iterator === undefined) return;
    if (records.length < MAX_RECORDS_A_CALL) await pause(POLLING_PAUSE_MS, signal);
  }
}

/**
 * False when the local run is stopping: then the position stays before the batch, which is delivered again at the
 * next start.
 */
async function delivered(
  batch: readonly StreamRecord[],
  shardId: string,
  options: StreamReaderOptions,
): Promise<boolean> {
  try {
    await deliver(batch, { ...options, onFailed: (failed) => options.onFailed(failed, shardId) });
    return true;
  } catch (error) {
    if (options.signal.aborted) return false;
    throw error;
  }
}

async function openShard(
  shardId: string,
  position: string | undefined,
  from: 'TRIM_HORIZON' | 'LATEST',
  { client, streamArn, mapping, onWarning }: StreamReaderOptions,
): Promise<string | undefined> {
  const open = (type: 'TRIM_HORIZON' | 'LATEST' | 'AFTER_SEQUENCE_NUMBER') =>
    client.send(
      new GetShardIteratorCommand({
        StreamArn: streamArn,
        ShardId: shardId,
        ShardIteratorType: type,
        SequenceNumber: type === 'AFTER_SEQUENCE_NUMBER' ? position : undefined,
      }),
    );
  if (position === undefined) return (await open(from)).ShardIterator;
  try {
    return (await open('AFTER_SEQUENCE_NUMBER')).ShardIterator;
  } catch (error) {
    if (!(error instanceof TrimmedDataAccessException)) throw error;
    onWarning(
      `${mapping.logicalId} fell so far behind that stream records were trimmed before it had read them.`,
    );
    return (await open('TRIM_HORIZON')).ShardIterator;
  }
}

const fellBehind = (logicalId: string) =>
  `${logicalId} fell so far behind that stream records were trimmed before it had read them.`;

/**
 * The embedded engine goes on silently after records that were trimmed. It numbers them without gaps, so that the
 * shard's first number tells.
 */
function hasLostRecords(shard: Shard, { mapping, positions }: StreamReaderOptions): boolean {
  const position = positions.get(mapping.logicalId, shard.ShardId ?? '');
  const oldest = shard.SequenceNumberRange?.StartingSequenceNumber;
  return position !== undefined && oldest !== undefined && BigInt(oldest) > BigInt(position) + 1n;
}

async function listShards({ client, streamArn }: StreamReaderOptions): Promise<Shard[]> {
  const shards: Shard[] = [];
  let after: string | undefined;
  do {
    const { StreamDescription } = await client.send(
      new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: after }),
    );
    shards.push(...(StreamDescription?.Shards ?? []));
    after = StreamDescription?.LastEvaluatedShardId;
  } while (after !== undefined);
  return shards;
}

/** Calls the engine; an error is told and followed by a pause, since the engine may be busy or stopping. */
async function attempt<Result>(
  options: StreamReaderOptions,
  call: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    if (!options.signal.aborted) {
      options.onWarning(
        `${options.mapping.logicalId} cannot read its stream: ${error instanceof Error ? error.message : String(error)}`,
      );
      await pause(ERROR_PAUSE_MS, options.signal);
    }
    return undefined;
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  delay(milliseconds, undefined, { signal }).catch(() => undefined);
