import {
  BatchGetCommand,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type BatchWriteCommandOutput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import type { ItemKey } from '../keys';
import { inParallel } from '../parallel';
import { projectionExpressionOf } from './queries';
import type { Retrying } from './retrying';
import { keyOf, type Write } from './writes';

const MAX_KEYS_IN_A_BATCH = 100;
const MAX_WRITES_IN_A_BATCH = 25;

/** What a batch can hold: no conditions are looked at, and nothing is updated. */
export type BatchedWrite = Exclude<Write, { kind: 'check' | 'update' }>;

/**
 * BatchGetItem and BatchWriteItem, for any number of items: as many calls as it takes, in parallel, and again for what
 * DynamoDB leaves unprocessed.
 */
export class Batches {
  constructor(
    private readonly documents: DynamoDBDocumentClient,
    private readonly tableName: string,
    private readonly retrying: Retrying,
    private readonly metering: { readonly ReturnConsumedCapacity?: 'INDEXES' },
  ) {}

  async get<T extends object>(
    keys: readonly ItemKey[],
    options: { readonly consistent: boolean; readonly attributes: readonly string[] | undefined },
  ): Promise<(T & ItemKey)[]> {
    const found = await inParallel(inBatches(keys, MAX_KEYS_IN_A_BATCH), (batch) =>
      this.getBatch<T>(batch, options),
    );
    return found.flat();
  }

  private async getBatch<T extends object>(
    keys: readonly ItemKey[],
    { consistent, attributes }: { consistent: boolean; attributes: readonly string[] | undefined },
  ): Promise<(T & ItemKey)[]> {
    const found: (T & ItemKey)[] = [];
    let wanted: Record<string, unknown>[] = keys.map(({ pk, sk }) => ({ pk, sk }));
    const giveUpAt = this.retrying.giveUpAt();
    for (let attempt = 0; wanted.length > 0; attempt++) {
      if (attempt > 0) await this.retrying.pause(attempt, 'throttled', giveUpAt);
      const request = { Keys: wanted, ConsistentRead: consistent, ...projectionExpressionOf(attributes) };
      const output = await this.retrying.call('batchGet', (http) =>
        this.documents.send(
          new BatchGetCommand({ RequestItems: { [this.tableName]: request }, ...this.metering }),
          http,
        ),
      );
      found.push(...((output.Responses?.[this.tableName] ?? []) as (T & ItemKey)[]));
      wanted = output.UnprocessedKeys?.[this.tableName]?.Keys ?? [];
    }
    return found;
  }

  async write(writes: readonly BatchedWrite[]): Promise<void> {
    await inParallel(inBatches(writes, MAX_WRITES_IN_A_BATCH), (batch) => this.writeBatch(batch));
  }

  private async writeBatch(writes: readonly BatchedWrite[]): Promise<void> {
    const giveUpAt = this.retrying.giveUpAt();
    let wanted: BatchWriteCommandInput['RequestItems'] = {
      [this.tableName]: writes.map((write) =>
        write.kind === 'put'
          ? { PutRequest: { Item: write.item } }
          : { DeleteRequest: { Key: keyOf(write.key) } },
      ),
    };
    for (let attempt = 0; Object.keys(wanted ?? {}).length > 0; attempt++) {
      if (attempt > 0) await this.retrying.pause(attempt, 'throttled', giveUpAt);
      const request: BatchWriteCommandInput['RequestItems'] = wanted;
      const output: BatchWriteCommandOutput = await this.retrying.call('batchWrite', (http) =>
        this.documents.send(new BatchWriteCommand({ RequestItems: request, ...this.metering }), http),
      );
      wanted = output.UnprocessedItems ?? {};
    }
  }
}

function inBatches<T>(all: readonly T[], size: number): T[][] {
  const batches: T[][] = [];
  for (let start = 0; start < all.length; start += size) batches.push(all.slice(start, start + size));
  return batches;
}
