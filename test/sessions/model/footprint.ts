import type { MemoryCall } from '../../memory-dynamodb/client';

/**
 * What a call reads and writes, as names of items (`pk|sk`), of partitions (`pk|*`) and of index partitions
 * (`PENDING#x`).
 */
export interface Footprint {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

interface Keyed {
  readonly pk: string;
  readonly sk: string;
}
type Input = Record<string, unknown> & { Key?: Keyed; Item?: Keyed };

const nameOf = ({ pk, sk }: Keyed) => `${pk}|${sk}`;

/** What a call touches. A write of a user or a tombstone also changes the index of pending work. */
export function footprintOf({ command, input }: MemoryCall): Footprint {
  switch (command) {
    case 'Get':
      return { reads: [nameOf(keyOf(input))], writes: [] };
    case 'BatchGet':
      return { reads: keysIn(input), writes: [] };
    case 'Query': {
      const pk = String((input.ExpressionAttributeValues as Record<string, unknown>)[':pk']);
      return { reads: [input.IndexName === undefined ? `${pk}|*` : pk], writes: [] };
    }
    case 'Put':
    case 'Update':
    case 'Delete':
      return written([keyOf(input)]);
    case 'TransactWrite':
      return transaction(input.TransactItems as Record<string, Input>[]);
    case 'BatchWrite':
      return written(requestsIn(input));
    default:
      throw new Error(`The model does not know the command ${command}.`);
  }
}

function transaction(items: readonly Record<string, Input>[]): Footprint {
  const entries = items.flatMap((item) => Object.entries(item));
  const checks = entries
    .filter(([kind]) => kind === 'ConditionCheck')
    .map(([, input]) => nameOf(keyOf(input)));
  const writes = entries.filter(([kind]) => kind !== 'ConditionCheck').map(([, input]) => keyOf(input));
  return { reads: checks, writes: written(writes).writes };
}

function written(keys: readonly Keyed[]): Footprint {
  const indexed = keys.filter(({ sk }) => /^[UG]#/.test(sk)).map(({ sk }) => `PENDING#${sk.slice(2, 3)}`);
  return { reads: [], writes: [...keys.map(nameOf), ...indexed] };
}

function keyOf(input: Input): Keyed {
  const key = input.Key ?? input.Item;
  if (key === undefined) throw new Error('A call without a key.');
  return key;
}

function keysIn(input: Input): string[] {
  const [request] = Object.values(input.RequestItems as Record<string, { Keys: Keyed[] }>);
  return (request?.Keys ?? []).map(nameOf);
}

function requestsIn(input: Input): Keyed[] {
  interface Request {
    readonly PutRequest?: Input;
    readonly DeleteRequest?: Input;
  }
  const [requests = []] = Object.values(input.RequestItems as Record<string, Request[]>);
  return requests.map(({ PutRequest, DeleteRequest }) => keyOf(PutRequest ?? DeleteRequest ?? {}));
}

/** Whether the order of two calls cannot matter: neither writes what the other touches. */
export function areIndependent(one: Footprint, other: Footprint): boolean {
  return !meets(one.writes, [...other.reads, ...other.writes]) && !meets(other.writes, one.reads);
}

function meets(written: readonly string[], touched: readonly string[]): boolean {
  return touched.some((name) =>
    name.endsWith('|*') ? written.some((item) => item.startsWith(name.slice(0, -1))) : written.includes(name),
  );
}
