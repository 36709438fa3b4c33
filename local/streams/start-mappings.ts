import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { LOCAL_CREDENTIALS } from '../account';
import type { LocalStack } from '../assembly/cloud-assembly';
import type { LocalTable } from '../dynamodb/tables';
import type { Functions } from '../functions/functions';
import { LocalError } from '../local-error';
import type { Buckets } from '../services/buckets';
import type { Queues } from '../services/queues';
import { readMappings } from './mapping';
import { sendToDestination } from './on-failure';
import { Positions } from './positions';
import { readStream } from './stream-reader';

/** What the consumers of the streams need besides the stack. */
export interface MappingSurroundings {
  readonly connection: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: typeof LOCAL_CREDENTIALS;
  };
  readonly queues: Queues;
  readonly buckets: Buckets;
  readonly positionsFile: string;
  readonly notice: (text: string) => void;
}

/**
 * Reads the tables' streams for the stack's event source mappings until it is stopped.
 *
 * @throws LocalError when a mapping names a stream or a function that the template does not have
 */
export function startMappings(
  stack: LocalStack,
  tables: readonly LocalTable[],
  functions: Functions,
  { connection, queues, buckets, positionsFile, notice }: MappingSurroundings,
): { stop(): Promise<void> } {
  const client = new DynamoDBStreamsClient(connection);
  const positions = new Positions(positionsFile);
  const stopping = new AbortController();
  const readers = readMappings(stack).map((mapping) => {
    const streamArn = tables.find(
      ({ templateStreamArn }) => templateStreamArn === mapping.streamArn,
    )?.streamArn;
    if (streamArn === undefined) {
      throw new LocalError(
        `The template's ${mapping.logicalId}.EventSourceArn is the stream of no table in it; a stack that takes up an existing table (tableStreamArn) cannot be run here.`,
      );
    }
    return readStream({
      client,
      streamArn,
      mapping,
      function: functions.find(mapping.functionName, `${mapping.logicalId}.FunctionName`),
      positions,
      signal: stopping.signal,
      onWarning: notice,
      onRetry: (attempt, reason) => notice(`${mapping.logicalId} repeats a batch (${attempt}): ${reason}`),
      onFailed: (batch, shardId) => {
        notice(`${mapping.logicalId} gave up ${batch.records.length} records: ${batch.condition}`);
        if (mapping.onFailure === undefined) return;
        sendToDestination(batch, mapping.onFailure, shardId, mapping.streamArn, { queues, buckets });
      },
    }).catch((error: unknown) => notice(`${mapping.logicalId} stopped: ${String(error)}`));
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all(readers);
      positions.save();
      client.destroy();
    },
  };
}
