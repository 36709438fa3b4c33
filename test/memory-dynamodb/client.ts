import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { refusalOfKeys } from '../../testing/key-limits';
import { holds, type Placeholders, type StoredItem, validation } from './expressions';
import type { ChooseState } from './stale-reads';
import type { MemoryStore, StoreWrite } from './store';

/**
 * One call as the project sends it: the command's name as lib-dynamodb has it (`Get`, `TransactWrite`), and its input
 * in plain values.
 */
export interface MemoryCall {
  readonly command: string;
  readonly input: Record<string, unknown>;
}

/** Stands between the caller and the table: may wait, fail, or change the call or its answer. */
export type Interceptor = (call: MemoryCall, answer: () => unknown) => Promise<unknown>;

interface WriteInput {
  readonly Key?: { pk: string; sk: string };
  readonly Item?: StoredItem;
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}

let made: { readonly client: DynamoDBClient; readonly middleware: string[] } | undefined;

/** One SDK client for all: making one, or listing its middleware, takes longer than a hundred calls. */
function sdk() {
  if (made !== undefined) return made;
  const client = new DynamoDBClient({
    endpoint: 'http://memory.invalid',
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  made = { client, middleware: client.middlewareStack.identify() };
  return made;
}

type Stack = DynamoDBClient['middlewareStack'];

/**
 * A DynamoDB client whose calls are answered by a store in memory. It is the SDK's own client with something else at
 * the end of its middleware, so that the code under test is the real one, from `Table` down to the commands. The SDK's
 * chain is not put together: sorting it for each call takes longer than the call. That the answers are DynamoDB's is
 * shown by memory-dynamodb.test.ts against the real engine.
 *
 * @param choose the state in which eventually consistent reads and the index see each item; the present one when
 *   absent
 */
export function memoryClient(
  store: MemoryStore,
  intercept: Interceptor = async (_, answer) => answer(),
  choose?: ChooseState,
): DynamoDBClient {
  const { client, middleware } = sdk();
  const carryOut = async (commandName: string, input: Record<string, unknown>) => {
    const call = { command: commandName.replace(/(Items?)?Command$/, ''), input };
    const refusal = refusalOfKeys(input);
    if (refusal !== undefined) throw validation(refusal);
    return { output: await intercept(call, () => answer(store, call, choose)), response: undefined };
  };
  const resolve = (_send: unknown, { commandName }: { readonly commandName?: unknown }) => {
    return (command: { readonly input: Record<string, unknown> }) =>
      carryOut(String(commandName), command.input);
  };
  const stack: Stack = {
    ...client.middlewareStack,
    identify: () => middleware,
    concat: (() => stack) as Stack['concat'],
    resolve: resolve as unknown as Stack['resolve'],
  };
  return Object.create(client, { middlewareStack: { value: stack } }) as DynamoDBClient;
}

function answer(store: MemoryStore, { command, input }: MemoryCall, choose?: ChooseState): unknown {
  switch (command) {
    case 'Get':
      return { Item: projected(store.get(input.Key as StoredItem, chosenFor(input, choose)), input) };
    case 'BatchGet':
      return batchGet(store, input, choose);
    case 'Query':
      return query(store, input, chosenFor(input, choose));
    case 'Scan':
      return scan(store, input, chosenFor(input, choose));
    case 'Put':
      return single(store, writeOf('put', input));
    case 'Update':
      return single(store, writeOf('update', input));
    case 'Delete':
      return single(store, writeOf('delete', input));
    case 'TransactWrite':
      return transact(store, input);
    case 'BatchWrite':
      return batchWrite(store, input);
    default:
      throw new Error(`The memory table does not know the command ${command}.`);
  }
}

/** Strongly consistent reads see the present state. */
const chosenFor = (
  { ConsistentRead }: { ConsistentRead?: unknown },
  choose: ChooseState | undefined,
): ChooseState | undefined => (ConsistentRead === true ? undefined : choose);

function writeOf(kind: StoreWrite['kind'], input: WriteInput): StoreWrite {
  const key = input.Key ?? input.Item;
  if (key === undefined) throw validation('The write has no key.');
  return {
    kind,
    key: { pk: key.pk, sk: key.sk },
    item: input.Item,
    update: input.UpdateExpression,
    condition: input.ConditionExpression,
    placeholders: placeholdersOf(input),
  };
}

const placeholdersOf = (input: WriteInput): Placeholders => ({
  names: input.ExpressionAttributeNames,
  values: input.ExpressionAttributeValues,
});

function single(store: MemoryStore, write: StoreWrite): unknown {
  if (store.write([write]) === undefined) return { Attributes: store.get(write.key) };
  throw Object.assign(new Error('The conditional request failed'), {
    name: 'ConditionalCheckFailedException',
  });
}

const KINDS = { Put: 'put', Update: 'update', Delete: 'delete', ConditionCheck: 'check' } as const;

function transact(store: MemoryStore, input: Record<string, unknown>): unknown {
  const writes = (input.TransactItems as Record<string, WriteInput>[]).map((item) => {
    const [name, write] = Object.entries(item)[0] ?? [];
    if (write === undefined || name === undefined || !Object.hasOwn(KINDS, name))
      throw validation('An empty write.');
    return writeOf(KINDS[name as keyof typeof KINDS], write);
  });
  const failed = store.write(writes, input.ClientRequestToken as string | undefined);
  if (failed === undefined) return {};
  throw Object.assign(new Error('Transaction cancelled'), {
    name: 'TransactionCanceledException',
    CancellationReasons: failed.map((isFailed) => ({ Code: isFailed ? 'ConditionalCheckFailed' : 'None' })),
  });
}

function batchGet(store: MemoryStore, input: Record<string, unknown>, choose?: ChooseState): unknown {
  const [name, request] =
    Object.entries(
      input.RequestItems as Record<string, { Keys: StoredItem[]; ConsistentRead?: boolean }>,
    )[0] ?? [];
  const items = (request?.Keys ?? []).flatMap((key) => {
    const item = store.get(key, chosenFor(request ?? {}, choose));
    return item === undefined ? [] : [projected(item, request as unknown as Record<string, unknown>)];
  });
  return { Responses: { [name ?? '']: items } };
}

function batchWrite(store: MemoryStore, input: Record<string, unknown>): unknown {
  interface Request {
    PutRequest?: { Item: StoredItem };
    DeleteRequest?: { Key: StoredItem };
  }
  const [requests = []] = Object.values(input.RequestItems as Record<string, Request[]>);
  for (const { PutRequest, DeleteRequest } of requests) {
    if (PutRequest !== undefined) store.write([writeOf('put', PutRequest)]);
    if (DeleteRequest !== undefined) store.write([writeOf('delete', DeleteRequest)]);
  }
  return {};
}

function query(store: MemoryStore, input: Record<string, unknown>, choose?: ChooseState): unknown {
  const placeholders = placeholdersOf(input as WriteInput);
  const pk = String(placeholders.values?.[':pk']);
  refuseOutside(input, placeholders.values ?? {});
  const items = input.IndexName === undefined ? store.partition(pk, choose) : store.index(pk, choose);
  return page(items, input, (item) => holds(String(input.KeyConditionExpression), placeholders, item));
}

/** What DynamoDB refuses of a range: one that ends before it begins, and going on from outside of it. */
function refuseOutside(input: Record<string, unknown>, values: Record<string, unknown>): void {
  const { ':from': from, ':to': to } = values;
  if (from === undefined || to === undefined) return;
  const isBehind = (one: unknown, other: unknown) =>
    Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other))) > 0;
  if (isBehind(from, to)) throw validation('The BETWEEN operator has a lower bound above its upper bound.');
  const after = input.ExclusiveStartKey as StoredItem | undefined;
  const place = input.IndexName === undefined ? after?.sk : after?.pk;
  if (place !== undefined && (isBehind(from, place) || isBehind(place, to)))
    throw validation('The provided starting key is outside query boundaries based on provided conditions');
}

function scan(store: MemoryStore, input: Record<string, unknown>, choose?: ChooseState): unknown {
  const filter = input.FilterExpression as string | undefined;
  const placeholders = placeholdersOf(input as WriteInput);
  // All in the first segment: there are few.
  return page(input.Segment === 0 ? store.all(choose) : [], input, (item) =>
    holds(filter, placeholders, item),
  );
}

const placeOf = ({ pk, sk }: StoredItem): string => `${pk}\n${sk}`;

function page(
  items: StoredItem[],
  input: Record<string, unknown>,
  wanted: (item: StoredItem) => boolean,
): unknown {
  const isForward = input.ScanIndexForward !== false;
  if (!isForward) items.reverse();
  const after = input.ExclusiveStartKey as StoredItem | undefined;
  // A position: the item that was there may be gone.
  const isBehind = (item: StoredItem, place: StoredItem) =>
    placeOf(item) > placeOf(place) === isForward && placeOf(item) !== placeOf(place);
  const selected = items.filter((item) => after === undefined || isBehind(item, after)).filter(wanted);
  const limit = (input.Limit as number | undefined) ?? selected.length;
  const last = selected.length > limit ? selected[limit - 1] : undefined;
  const found = selected.slice(0, limit);
  return {
    Items: found.map((item) => projected(item, input)),
    ScannedCount: found.length,
    LastEvaluatedKey: last === undefined ? undefined : { pk: last.pk, sk: last.sk },
  };
}

function projected(item: StoredItem | undefined, input: Record<string, unknown>): StoredItem | undefined {
  const projection = input.ProjectionExpression as string | undefined;
  if (item === undefined || projection === undefined) return item;
  const names = (input.ExpressionAttributeNames ?? {}) as Record<string, string>;
  const wanted = projection.split(', ').map((name) => names[name] ?? name);
  return Object.fromEntries(
    wanted.flatMap((name) => (name in item ? [[name, item[name]]] : [])),
  ) as StoredItem;
}
