import {
  type AttributeValue,
  BatchGetItemCommand,
  type ConsumedCapacity,
  DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { itemBytes, readUnits, type StoredItem, type Units, writeUnits } from './documented-units';
import { Rounds } from './rounds';

/** What one piece of work cost. */
export interface Measurement {
  /** As the engine answers it in ReturnConsumedCapacity. */
  readonly engine: Units;
  /** By AWS's documented rules. */
  readonly documented: Units;
  readonly calls: number;
  /** Round trips that had to wait for each other; calls that were under way together count once. */
  readonly roundTrips: number;
}

type Key = Readonly<Record<string, AttributeValue>>;

/** The parts of a call's input that decide its price. */
interface CallInput {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly ConsistentRead?: boolean;
  readonly Key?: Key;
  readonly Item?: StoredItem;
  readonly RequestItems?: Readonly<
    Record<
      string,
      | { readonly Keys?: readonly Key[]; readonly ConsistentRead?: boolean }
      | readonly { readonly PutRequest?: { Item: StoredItem }; readonly DeleteRequest?: { Key: Key } }[]
    >
  >;
  readonly TransactItems?: readonly Readonly<
    Record<string, { readonly Key?: Key; readonly Item?: StoredItem }>
  >[];
}

interface CallOutput {
  /** Unmarshalled already; only their number is used. */
  readonly Items?: readonly unknown[];
  readonly ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
}

const READS = new Set(['GetItemCommand', 'BatchGetItemCommand', 'QueryCommand']);

/**
 * Measures what goes through a DynamoDB client: it looks at every call between the SDK and the network, reads the
 * items that the call touches before and after through a client of its own, and computes the documented price from
 * them. Calls that are under way together are let go on together, so that the number of round trips does not depend
 * on which of them was faster.
 */
export class Meter {
  private readonly aside: DynamoDBClient;
  private readonly rounds = new Rounds();
  private engine = { read: 0, write: 0 };
  private documented = { read: 0, write: 0 };
  private calls = 0;
  private isOn = true;

  constructor(client: DynamoDBClient, endpoint: string) {
    this.aside = new DynamoDBClient({
      endpoint,
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    client.middlewareStack.add(
      (next, context) => async (args) => {
        if (!this.isOn) return next(args);
        const name = String(context.commandName);
        const input = args.input as CallInput;
        this.calls += 1;
        return this.rounds.run(() =>
          READS.has(name)
            ? this.read(name, input, async () => (await next(args)) as { output: object })
            : this.write(input, async () => (await next(args)) as { output: object }),
        ) as ReturnType<typeof next>;
      },
      // After the document client has marshalled the input, so that it is what goes out.
      { step: 'build', priority: 'high', name: 'costMeter' },
    );
  }

  /** Measures one piece of work; no other may go on meanwhile. */
  async measure(work: () => Promise<unknown>): Promise<Measurement> {
    this.engine = { read: 0, write: 0 };
    this.documented = { read: 0, write: 0 };
    this.calls = 0;
    this.rounds.reset();
    await work();
    return {
      engine: { ...this.engine },
      documented: { ...this.documented },
      calls: this.calls,
      roundTrips: this.rounds.count,
    };
  }

  /** Lets work pass that only prepares for the one to be measured. */
  async off<Result>(work: () => Promise<Result>): Promise<Result> {
    this.isOn = false;
    try {
      return await work();
    } finally {
      this.isOn = true;
    }
  }

  /** Closes the meter's own client. */
  stop(): void {
    this.aside.destroy();
  }

  private async read(name: string, input: CallInput, send: () => Promise<{ output: CallOutput }>) {
    const result = await send();
    this.engine.read += unitsOf(result.output);
    const units = await this.documentedRead(name, input, result.output);
    this.documented.read += units;
    return result;
  }

  private async documentedRead(name: string, input: CallInput, output: CallOutput): Promise<number> {
    const consistent = input.ConsistentRead === true;
    if (name === 'GetItemCommand') return this.pointReads(input.TableName, [input.Key], consistent);
    if (name === 'BatchGetItemCommand') {
      let units = 0;
      for (const [table, request] of Object.entries(input.RequestItems ?? {})) {
        if ('Keys' in request)
          units += await this.pointReads(table, request.Keys ?? [], request.ConsistentRead === true);
      }
      return units;
    }
    const items = await this.itemsRead(input, output);
    return readUnits(
      items.reduce((sum, item) => sum + itemBytes(item), 0),
      consistent,
    );
  }

  private async pointReads(
    table: string | undefined,
    keys: readonly (Key | undefined)[],
    consistent: boolean,
  ) {
    const items = await this.images(table, keys);
    return items.reduce(
      (sum, item) => sum + readUnits(item === undefined ? 0 : itemBytes(item), consistent),
      0,
    );
  }

  /**
   * Whole items: what is read is charged, not what a projection leaves of it. Entries of the index hold their keys
   * only.
   */
  private async itemsRead(input: CallInput, { Items = [] }: CallOutput): Promise<readonly StoredItem[]> {
    if (Items.length === 0) return [];
    const query = input as unknown as QueryCommandInput;
    const { ProjectionExpression, ReturnConsumedCapacity, ExpressionAttributeNames = {}, ...rest } = query;
    const used = Object.entries(ExpressionAttributeNames).filter(([name]) => /^#(pk|sk)$/.test(name));
    const names = Object.fromEntries(used);
    const again = await this.aside.send(
      new QueryCommand({ ...rest, ExpressionAttributeNames: names, Limit: Items.length }),
    );
    return again.Items ?? [];
  }

  private async write(input: CallInput, send: () => Promise<{ output: CallOutput }>) {
    const { table, keys, inTransaction } = touched(input);
    const before = await this.images(table, keys);
    const result = await send();
    const after = await this.images(table, keys);
    this.engine.write += unitsOf(result.output);
    this.documented.write += keys.reduce<number>(
      (sum, _, position) =>
        sum + writeUnits({ before: before[position], after: after[position] }, inTransaction),
      0,
    );
    return result;
  }

  /** The items as they are now, in the order of the keys. */
  private async images(
    table: string | undefined,
    keys: readonly (Key | undefined)[],
  ): Promise<(StoredItem | undefined)[]> {
    const wanted = keys.map((key) => ({ pk: key?.pk ?? { S: '' }, sk: key?.sk ?? { S: '' } }));
    if (table === undefined || wanted.length === 0) return [];
    const { Responses = {} } = await this.aside.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }),
    );
    const found = new Map((Responses[table] ?? []).map((item) => [keyText(item), item]));
    return wanted.map((key) => found.get(keyText(key)));
  }
}

const keyText = ({ pk, sk }: StoredItem) => JSON.stringify([pk?.S, sk?.S]);

function unitsOf({ ConsumedCapacity: consumed }: CallOutput): number {
  const parts = Array.isArray(consumed) ? consumed : [consumed];
  return parts.reduce((sum, part) => sum + (part?.CapacityUnits ?? 0), 0);
}

function touched(input: CallInput): {
  table: string | undefined;
  keys: (Key | undefined)[];
  inTransaction: boolean;
} {
  if (input.TransactItems !== undefined) {
    const parts = input.TransactItems.flatMap((item) => Object.values(item));
    const [first] = parts as readonly { readonly TableName?: string }[];
    return { table: first?.TableName, keys: parts.map((part) => part.Key ?? part.Item), inTransaction: true };
  }
  const [batch] = Object.entries(input.RequestItems ?? {});
  if (batch !== undefined) {
    const [table, requests] = batch;
    const keys = Array.isArray(requests)
      ? requests.map((request) => request.PutRequest?.Item ?? request.DeleteRequest?.Key)
      : [];
    return { table, keys, inTransaction: false };
  }
  return { table: input.TableName, keys: [input.Key ?? input.Item], inTransaction: false };
}
