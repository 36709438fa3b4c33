import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type BatchWriteCommandOutput,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { CALL_TIMEOUT_MS } from './dynamodb-client';
import { ConditionFailed, classifyFault, givenUp } from './dynamodb-faults';
import type { ItemKey } from './keys';
import { inParallel } from './parallel';

/** An item as stored: its key and its attributes. */
export type Item = Record<string, unknown> & ItemKey;

/** A condition that must hold for a write to happen, in DynamoDB's expression language. Names are given as `#placeholder`, values as `:placeholder`. */
export interface Condition {
  readonly expression: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, unknown>;
}

/** One write, as plain data: what a function of this room decides is tested without sending it. */
export type Write =
  | { readonly kind: 'put'; readonly item: Item; readonly condition?: Condition }
  | {
      readonly kind: 'update';
      readonly key: ItemKey;
      readonly update: string;
      readonly condition?: Condition;
      readonly names?: Record<string, string>;
      readonly values?: Record<string, unknown>;
      /**
       * Attributes as this very write leaves them, enough to know it by. When the answer to the first attempt is lost, the second meets what the first has written, and its condition
       * fails: then the item is read and compared with this, so that a write of one's own is not taken for somebody else's.
       */
      readonly leaves?: Record<string, unknown>;
    }
  | { readonly kind: 'delete'; readonly key: ItemKey; readonly condition?: Condition }
  | { readonly kind: 'check'; readonly key: ItemKey; readonly condition: Condition };

/** One query, as plain data. */
export interface Query {
  readonly pk: string;
  /** Query the index `g1` (keys only, eventually consistent) instead of the table. */
  readonly index?: 'g1';
  readonly sk?: { readonly prefix: string } | { readonly from: string; readonly to: string };
  readonly after?: Record<string, unknown>;
  readonly limit?: number;
  readonly consistent?: boolean;
  readonly attributes?: readonly string[];
  readonly backwards?: boolean;
}

/** What one call to DynamoDB was and cost, for meters and for tests that stop between calls. */
export interface TableCall {
  readonly operation:
    | 'get'
    | 'batchGet'
    | 'query'
    | 'scan'
    | 'put'
    | 'update'
    | 'delete'
    | 'transact'
    | 'batchWrite';
  readonly readUnits: number;
  readonly writeUnits: number;
  /** When the call was sent and answered, in ms of `performance.now()`. */
  readonly start: number;
  readonly end: number;
}

export interface TableOptions {
  /** Awaited before each attempt of a call: where a test decides which of several concurrent works goes on. */
  readonly beforeCall?: (operation: TableCall['operation']) => Promise<void>;
  /** Called after each answered call. Units are asked for only when this is set, since they cost bytes. */
  readonly onCall?: (call: TableCall) => void;
  /** Time in ms since the epoch after which no further retry is begun. */
  readonly deadline?: number;
}

export { ConditionFailed };

/** Name of the index over the attribute `g1`; DynamoDB wants at least three characters. */
export const INDEX_NAME = 'g1-pk';

/** Largest number of writes in one transaction. */
export const MOST_WRITES_IN_A_TRANSACTION = 100;
const MOST_KEYS_IN_A_BATCH = 100;
const MOST_WRITES_IN_A_BATCH = 25;
const DEFAULT_BUDGET_MS = 20_000;
/** One call is tried again for this long at most: a partition that stays throttled longer needs clients to slow down, not requests that wait and occupy a function each. */
const LONGEST_RETRYING_MS = 10_000;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;
/** A call begun just before the deadline may take this much longer; the caller keeps more than that back for its answer. */
const GRACE_MS = 1_000;

/**
 * The single table. Every call to DynamoDB in the project goes through here: one place for retries with full jitter within a time budget, for consumed
 * capacity, and for turning DynamoDB's errors into ours.
 *
 * Methods throw `ConditionFailed` when a condition did not hold, `ScimError` 429 when DynamoDB throttled until the budget was used up, 503 when it failed until
 * then, 413 when an item is too large.
 */
export class Table {
  private readonly documents: DynamoDBDocumentClient;

  constructor(
    readonly name: string,
    private readonly client: DynamoDBClient,
    private readonly options: TableOptions = {},
  ) {
    this.documents = documentClientOf(client);
  }

  /** The same table with other options, for one request. */
  with(options: TableOptions): Table {
    return new Table(this.name, this.client, { ...this.options, ...options });
  }

  async get<T extends object = Item>(
    key: ItemKey,
    { consistent = true, attributes }: { consistent?: boolean; attributes?: readonly string[] } = {},
  ): Promise<(T & ItemKey) | undefined> {
    const projection = projectionOf(attributes);
    const output = await this.call('get', (http) =>
      this.documents.send(
        new GetCommand({
          TableName: this.name,
          Key: key,
          ConsistentRead: consistent,
          ...projection,
          ...this.metering(),
        }),
        http,
      ),
    );
    return output.Item as (T & ItemKey) | undefined;
  }

  /** Reads any number of items, 100 a call, in parallel. The order of the answer is DynamoDB's; absent items are left out. Keys must be distinct. */
  async batchGet<T extends object = Item>(
    keys: readonly ItemKey[],
    { consistent = false, attributes }: { consistent?: boolean; attributes?: readonly string[] } = {},
  ): Promise<(T & ItemKey)[]> {
    const batches: ItemKey[][] = [];
    for (let start = 0; start < keys.length; start += MOST_KEYS_IN_A_BATCH) {
      batches.push(keys.slice(start, start + MOST_KEYS_IN_A_BATCH));
    }
    const found = await inParallel(batches, (batch) => this.getBatch<T>(batch, consistent, attributes));
    return found.flat();
  }

  private async getBatch<T extends object>(
    keys: ItemKey[],
    consistent: boolean,
    attributes: readonly string[] | undefined,
  ): Promise<(T & ItemKey)[]> {
    const found: (T & ItemKey)[] = [];
    let wanted: Record<string, unknown>[] = keys.map(({ pk, sk }) => ({ pk, sk }));
    const giveUpAt = this.giveUpAt();
    for (let attempt = 0; wanted.length > 0; attempt++) {
      if (attempt > 0) await this.pause(attempt, 'throttled', giveUpAt);
      const request = { Keys: wanted, ConsistentRead: consistent, ...projectionOf(attributes) };
      const output = await this.call('batchGet', (http) =>
        this.documents.send(
          new BatchGetCommand({ RequestItems: { [this.name]: request }, ...this.metering() }),
          http,
        ),
      );
      found.push(...((output.Responses?.[this.name] ?? []) as (T & ItemKey)[]));
      wanted = output.UnprocessedKeys?.[this.name]?.Keys ?? [];
    }
    return found;
  }

  /** One page of a query: at most 1 MB or `limit` items. `after` is set when there may be more. */
  async query<T extends object = Item>(
    query: Query,
  ): Promise<{ items: (T & ItemKey)[]; after: Record<string, unknown> | undefined }> {
    const pkName = query.index ?? 'pk';
    const skName = query.index === undefined ? 'sk' : 'pk';
    const names: Record<string, string> = { '#pk': pkName };
    const values: Record<string, unknown> = { ':pk': query.pk };
    let condition = '#pk = :pk';
    if (query.sk !== undefined) {
      names['#sk'] = skName;
      if ('prefix' in query.sk) {
        condition += ' AND begins_with(#sk, :prefix)';
        values[':prefix'] = query.sk.prefix;
      } else {
        condition += ' AND #sk BETWEEN :from AND :to';
        values[':from'] = query.sk.from;
        values[':to'] = query.sk.to;
      }
    }
    const projection = projectionOf(query.attributes);
    const output = await this.call('query', (http) =>
      this.documents.send(
        new QueryCommand({
          TableName: this.name,
          IndexName: query.index === undefined ? undefined : INDEX_NAME,
          KeyConditionExpression: condition,
          ...projection,
          ExpressionAttributeNames: { ...names, ...projection.ExpressionAttributeNames },
          ExpressionAttributeValues: values,
          ConsistentRead: query.index === undefined ? (query.consistent ?? true) : false,
          Limit: query.limit,
          ExclusiveStartKey: query.after,
          ScanIndexForward: query.backwards !== true,
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

  /** How many items the table has, as DynamoDB counts them every six hours: for telling an administrator how long a check takes. */
  async approximateItemCount(): Promise<number> {
    const { Table: table } = await this.client.send(new DescribeTableCommand({ TableName: this.name }));
    return table?.ItemCount ?? 0;
  }

  /**
   * One page of the whole table, eventually consistent: for the administrator's check alone, no request may ever cost this.
   *
   * @param part which of `parts` equal shares of the table, so that several are read at once
   */
  async scan({
    part,
    parts,
    after,
    pkPrefix,
  }: {
    part: number;
    parts: number;
    after?: Record<string, unknown>;
    pkPrefix?: string;
  }): Promise<{ items: Item[]; scanned: number; after: Record<string, unknown> | undefined }> {
    const filter =
      pkPrefix === undefined
        ? {}
        : {
            FilterExpression: 'begins_with(#pk, :prefix)',
            ExpressionAttributeNames: { '#pk': 'pk' },
            ExpressionAttributeValues: { ':prefix': pkPrefix },
          };
    const output = await this.call('scan', (http) =>
      this.documents.send(
        new ScanCommand({
          TableName: this.name,
          Segment: part,
          TotalSegments: parts,
          ExclusiveStartKey: after,
          ...filter,
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
    const condition = conditionOf(write);
    const common = { TableName: this.name, ...condition, ...this.metering() };
    switch (write.kind) {
      case 'put':
        await this.call('put', (http) =>
          this.documents.send(new PutCommand({ ...common, Item: write.item }), http),
        );
        return undefined;
      case 'delete':
        await this.call('delete', (http) =>
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
      ...conditionOf(write),
      ...this.metering(),
      Key: keyOf(write.key),
      UpdateExpression: write.update,
      ReturnValues: 'ALL_NEW',
    });
    let isUncertain = false;
    try {
      const output = await this.call(
        'update',
        (http) => this.documents.send(command, http),
        () => {
          isUncertain = true;
        },
      );
      return output.Attributes as Item | undefined;
    } catch (error) {
      if (!(error instanceof ConditionFailed) || !isUncertain || write.leaves === undefined) throw error;
      const item = await this.get(write.key);
      if (item === undefined || !holds(item, write.leaves)) throw error;
      return item;
    }
  }

  /**
   * All writes or none; at most 100. A single write goes alone, at half the price.
   *
   * The request token makes a repetition within 10 minutes a no-op, so that a retry after a lost answer neither counts twice nor takes its own guard item
   * for somebody else's.
   */
  async transact(writes: readonly Write[]): Promise<void> {
    const [only] = writes;
    if (only === undefined) return;
    if (writes.length === 1 && only.kind !== 'check') {
      await this.write(only);
      return;
    }
    const token = randomUUID();
    await this.call('transact', (http) =>
      this.documents.send(
        new TransactWriteCommand({
          TransactItems: writes.map((write) => this.transactItem(write)),
          ClientRequestToken: token,
          ...this.metering(),
        }),
        http,
      ),
    );
  }

  /** Any number of unconditional puts and deletes, each at the price of one write and each on its own: for work that is repeated until it is done. */
  async batchWrite(writes: readonly Exclude<Write, { kind: 'check' | 'update' }>[]): Promise<void> {
    const batches: (typeof writes)[] = [];
    for (let start = 0; start < writes.length; start += MOST_WRITES_IN_A_BATCH) {
      batches.push(writes.slice(start, start + MOST_WRITES_IN_A_BATCH));
    }
    await inParallel(batches, (batch) => this.writeBatch(batch));
  }

  private async writeBatch(writes: readonly Exclude<Write, { kind: 'check' | 'update' }>[]): Promise<void> {
    const giveUpAt = this.giveUpAt();
    let wanted: BatchWriteCommandInput['RequestItems'] = {
      [this.name]: writes.map((write) =>
        write.kind === 'put'
          ? { PutRequest: { Item: write.item } }
          : { DeleteRequest: { Key: keyOf(write.key) } },
      ),
    };
    for (let attempt = 0; Object.keys(wanted ?? {}).length > 0; attempt++) {
      if (attempt > 0) await this.pause(attempt, 'throttled', giveUpAt);
      const request: BatchWriteCommandInput['RequestItems'] = wanted;
      const output: BatchWriteCommandOutput = await this.call('batchWrite', (http) =>
        this.documents.send(new BatchWriteCommand({ RequestItems: request, ...this.metering() }), http),
      );
      wanted = output.UnprocessedItems ?? {};
    }
  }

  private transactItem(write: Write) {
    const common = { TableName: this.name, ...conditionOf(write) };
    switch (write.kind) {
      case 'put':
        return { Put: { ...common, Item: write.item } };
      case 'delete':
        return { Delete: { ...common, Key: keyOf(write.key) } };
      case 'update':
        return { Update: { ...common, Key: keyOf(write.key), UpdateExpression: write.update } };
      case 'check':
        return {
          ConditionCheck: {
            ...common,
            Key: keyOf(write.key),
            ConditionExpression: write.condition.expression,
          },
        };
    }
  }

  private metering() {
    return this.options.onCall === undefined ? {} : { ReturnConsumedCapacity: 'INDEXES' as const };
  }

  private async call<Output extends { ConsumedCapacity?: unknown }>(
    operation: TableCall['operation'],
    send: (http: { requestTimeout: number }) => Promise<Output>,
    onUncertain?: () => void,
  ): Promise<Output> {
    const giveUpAt = this.giveUpAt();
    const stopRetryingAt = Math.min(giveUpAt, Date.now() + LONGEST_RETRYING_MS);
    for (let attempt = 1; ; attempt++) {
      await this.options.beforeCall?.(operation);
      const start = performance.now();
      try {
        const requestTimeout = Math.min(CALL_TIMEOUT_MS, Math.max(0, giveUpAt - Date.now()) + GRACE_MS);
        const output = await send({ requestTimeout });
        const units = unitsOf(output.ConsumedCapacity, operation);
        this.options.onCall?.({ operation, ...units, start, end: performance.now() });
        return output;
      } catch (error) {
        const fault = classifyFault(error);
        if ('throw' in fault) throw fault.throw;
        if (fault.retry === 'failing') onUncertain?.();
        await this.pause(attempt, fault.retry, stopRetryingAt);
      }
    }
  }

  /** Waits before a write that lost a race is decided anew. @throws ScimError 429 when the time budget is used up */
  async backOff(attempt: number, giveUpAt = this.giveUpAt()): Promise<void> {
    await this.pause(attempt, 'throttled', giveUpAt);
  }

  /** Time in ms since the epoch after which no retry is begun: the request's deadline, or a budget that starts now. */
  giveUpAt(): number {
    return this.options.deadline ?? Date.now() + DEFAULT_BUDGET_MS;
  }

  /** Waits before a further attempt (exponential, full jitter), or gives up when the budget is used up. */
  private async pause(attempt: number, fault: 'throttled' | 'failing', giveUpAt: number): Promise<void> {
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt, 10));
    const pauseMs = Math.random() * longest;
    if (Date.now() + pauseMs > giveUpAt) throw givenUp(fault);
    await delay(pauseMs);
  }
}

/** One document client a connection: making one costs a good part of a call's CPU time, and `with` is called for every request. */
const documentClients = new WeakMap<DynamoDBClient, DynamoDBDocumentClient>();

function documentClientOf(client: DynamoDBClient): DynamoDBDocumentClient {
  const made = documentClients.get(client);
  if (made !== undefined) return made;
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  documentClients.set(client, documents);
  return documents;
}

const keyOf = ({ pk, sk }: ItemKey) => ({ pk, sk });

const holds = (item: Item, attributes: Record<string, unknown>) =>
  Object.entries(attributes).every(([name, value]) => isDeepStrictEqual(item[name], value));

function projectionOf(attributes: readonly string[] | undefined) {
  if (attributes === undefined) return {};
  const names = Object.fromEntries(attributes.map((attribute, position) => [`#p${position}`, attribute]));
  return { ProjectionExpression: Object.keys(names).join(', '), ExpressionAttributeNames: names };
}

function conditionOf(write: Write) {
  const names = { ...('names' in write ? write.names : {}), ...write.condition?.names };
  const values = { ...('values' in write ? write.values : {}), ...write.condition?.values };
  return {
    ConditionExpression: write.condition?.expression,
    ExpressionAttributeNames: Object.keys(names).length > 0 ? names : undefined,
    ExpressionAttributeValues: Object.keys(values).length > 0 ? values : undefined,
  };
}

function unitsOf(
  consumed: unknown,
  operation: TableCall['operation'],
): { readUnits: number; writeUnits: number } {
  const parts = (Array.isArray(consumed) ? consumed : [consumed]) as (
    | { CapacityUnits?: number; ReadCapacityUnits?: number; WriteCapacityUnits?: number }
    | undefined
  )[];
  const total = parts.reduce((sum, part) => sum + (part?.CapacityUnits ?? 0), 0);
  const isRead = ['get', 'batchGet', 'query', 'scan'].includes(operation);
  return isRead ? { readUnits: total, writeUnits: 0 } : { readUnits: 0, writeUnits: total };
}
