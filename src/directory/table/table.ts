import { randomUUID } from 'node:crypto';
import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { type BatchedWrite, Batches } from './dynamodb/batches';
import { documentClientOf } from './dynamodb/documents';
import { prefixFilter, projectionExpressionOf, type Query, queryInput } from './dynamodb/queries';
import { Retrying, type TableOptions } from './dynamodb/retrying';
import { conditionExpressionOf, holds, type Item, keyOf, transactItem, type Write } from './dynamodb/writes';
import { ConditionFailed } from './dynamodb-faults';
import type { ItemKey } from './keys';

export { INDEX_NAME, type Query } from './dynamodb/queries';
export type { TableCall, TableOptions } from './dynamodb/retrying';
export type { Condition, Item, Write } from './dynamodb/writes';
export { ConditionFailed };

/** Largest number of writes in one transaction. */
export const MAX_WRITES_IN_A_TRANSACTION = 100;

/**
 * The single table. Every call to DynamoDB in the project goes through here: one place for retries with full jitter
 * within a time budget, for consumed capacity, and for turning DynamoDB's errors into ours.
 *
 * Methods throw `ConditionFailed` when a condition did not hold, `Throttled` when DynamoDB throttled until the
 * budget was used up, `Unavailable` when it failed until then, `ItemTooLarge` when an item is too large.
 */
export class Table {
  private readonly documents: DynamoDBDocumentClient;
  private readonly retrying: Retrying;
  private readonly batches: Batches;

  constructor(
    readonly name: string,
    private readonly client: DynamoDBClient,
    private readonly options: TableOptions = {},
  ) {
    this.documents = documentClientOf(client);
    this.retrying = new Retrying(options);
    this.batches = new Batches(this.documents, name, this.retrying, this.metering());
  }

  /** The same table with other options, for one request. */
  with(options: TableOptions): Table {
    return new Table(this.name, this.client, { ...this.options, ...options });
  }

  /** Another table of the same account and region. */
  named(name: string): Table {
    return new Table(name, this.client, this.options);
  }

  async get<T extends object = Item>(
    key: ItemKey,
    { consistent = true, attributes }: { consistent?: boolean; attributes?: readonly string[] } = {},
  ): Promise<(T & ItemKey) | undefined> {
    const output = await this.retrying.call('get', (http) =>
      this.documents.send(
        new GetCommand({
          TableName: this.name,
          Key: key,
          ConsistentRead: consistent,
          ...projectionExpressionOf(attributes),
          ...this.metering(),
        }),
        http,
      ),
    );
    return output.Item as (T & ItemKey) | undefined;
  }

  /**
   * Reads any number of items, 100 a call, in parallel. The order of the answer is DynamoDB's; absent items are left
   * out. Keys must be distinct.
   */
  async batchGet<T extends object = Item>(
    keys: readonly ItemKey[],
    { consistent = false, attributes }: { consistent?: boolean; attributes?: readonly string[] } = {},
  ): Promise<(T & ItemKey)[]> {
    return this.batches.get<T>(keys, { consistent, attributes });
  }

  /** One page of a query: at most 1 MB or `limit` items. `after` is set when there may be more. */
  async query<T extends object = Item>(
    query: Query,
  ): Promise<{ items: (T & ItemKey)[]; after: Record<string, unknown> | undefined }> {
    const output = await this.retrying.call('query', (http) =>
      this.documents.send(
        new QueryCommand({
          TableName: this.name,
          ...queryInput(query),
          ...this.metering(),
        }),
        http,
      ),
    );
    return { items: (output.Items ?? []) as (T & ItemKey)[], after: output.LastEvaluatedKey };
  }

  /** Every item of a query, page by page. */
  async *pages<T extends object = Item>(query: Query): AsyncGenerator<(T & ItemKey)[]> {
    let after = query.after;
    do {
      const page = await this.query<T>({ ...query, after });
      yield page.items;
      after = page.after;
    } while (after !== undefined);
  }

  /** All items of a query at once; for queries that are small by their nature. */
  async queryAll<T extends object = Item>(query: Query): Promise<(T & ItemKey)[]> {
    const all: (T & ItemKey)[] = [];
    for await (const page of this.pages<T>(query)) all.push(...page);
    return all;
  }

  /**
   * How many items the table has, as DynamoDB counts them every six hours: for telling an administrator how long a
   * check takes.
   */
  async approximateItemCount(): Promise<number> {
    const { Table: table } = await this.client.send(new DescribeTableCommand({ TableName: this.name }));
    return table?.ItemCount ?? 0;
  }

  /** When DynamoDB made this table from a backup; undefined for one that was not made so. */
  async restoredAt(): Promise<Date | undefined> {
    const { Table: table } = await this.client.send(new DescribeTableCommand({ TableName: this.name }));
    return table?.RestoreSummary === undefined ? undefined : table.CreationDateTime;
  }

  /**
   * One page of the whole table: for an administrator's commands alone, no request may ever cost this.
   *
   * @param part which of `parts` equal shares of the table, so that several are read at once
   * @param pkPrefixes only items whose partition key begins with one of these; all when absent
   */
  async scan({
    part,
    parts,
    after,
    pkPrefixes,
    consistent = false,
  }: {
    part: number;
    parts: number;
    after?: Record<string, unknown>;
    pkPrefixes?: readonly string[];
    consistent?: boolean;
  }): Promise<{ items: Item[]; scanned: number; after: Record<string, unknown> | undefined }> {
    const output = await this.retrying.call('scan', (http) =>
      this.documents.send(
        new ScanCommand({
          TableName: this.name,
          Segment: part,
          TotalSegments: parts,
          ConsistentRead: consistent,
          ExclusiveStartKey: after,
          ...(pkPrefixes === undefined ? {} : prefixFilter(pkPrefixes)),
          ...this.metering(),
        }),
        http,
      ),
    );
    return {
      items: (output.Items ?? []) as Item[],
      scanned: output.ScannedCount ?? 0,
      after: output.LastEvaluatedKey,
    };
  }

  /**
   * One write on its own (half the price of a transaction).
   *
   * @returns the item after an update, otherwise undefined
   */
  async write(write: Exclude<Write, { kind: 'check' }>): Promise<Item | undefined> {
    const condition = conditionExpressionOf(write);
    const common = { TableName: this.name, ...condition, ...this.metering() };
    switch (write.kind) {
      case 'put':
        await this.retrying.call('put', (http) =>
          this.documents.send(new PutCommand({ ...common, Item: write.item }), http),
        );
        return undefined;
      case 'delete':
        await this.retrying.call('delete', (http) =>
          this.documents.send(new DeleteCommand({ ...common, Key: keyOf(write.key) }), http),
        );
        return undefined;
      case 'update':
        return this.update(write);
    }
  }

  private async update(write: Write & { kind: 'update' }): Promise<Item | undefined> {
    const command = new UpdateCommand({
      TableName: this.name,
      ...conditionExpressionOf(write),
      ...this.metering(),
      Key: keyOf(write.key),
      UpdateExpression: write.update,
      ReturnValues: 'ALL_NEW',
    });
    let isUncertain = false;
    try {
      const output = await this.retrying.call(
        'update',
        (http) => this.documents.send(command, http),
        () => {
          isUncertain = true;
        },
      );
      return output.Attributes as Item | undefined;
    } catch (error) {
      if (!(error instanceof ConditionFailed) || !isUncertain || write.expectedAfter === undefined)
        throw error;
      const item = await this.get(write.key);
      if (item === undefined || !holds(item, write.expectedAfter)) throw error;
      return item;
    }
  }

  /**
   * All writes or none; at most 100. A single write goes alone, at half the price.
   *
   * The request token makes a repetition within 10 minutes a no-op, so that a retry after a lost answer neither counts
   * twice nor takes its own guard item for somebody else's.
   */
  async transact(writes: readonly Write[]): Promise<void> {
    const [only] = writes;
    if (only === undefined) return;
    if (writes.length === 1 && only.kind !== 'check') {
      await this.write(only);
      return;
    }
    const token = randomUUID();
    await this.retrying.call('transact', (http) =>
      this.documents.send(
        new TransactWriteCommand({
          TransactItems: writes.map((write) => transactItem(this.name, write)),
          ClientRequestToken: token,
          ...this.metering(),
        }),
        http,
      ),
    );
  }

  /**
   * Any number of unconditional puts and deletes, each at the price of one write and each on its own: for work that is
   * repeated until it is done.
   */
  async batchWrite(writes: readonly BatchedWrite[]): Promise<void> {
    await this.batches.write(writes);
  }

  private metering() {
    return this.options.onCall === undefined ? {} : { ReturnConsumedCapacity: 'INDEXES' as const };
  }

  /** Waits before a write that lost a race is decided anew. @throws Throttled when the time budget is used up */
  async backOff(attempt: number, giveUpAt = this.giveUpAt()): Promise<void> {
    await this.retrying.pause(attempt, 'throttled', giveUpAt);
  }

  /** Time in ms since the epoch after which no retry is begun: the request's deadline, or a budget that starts now. */
  giveUpAt(): number {
    return this.retrying.giveUpAt();
  }
}
