/**
 * What AWS refuses in keys and the embedded engine takes: empty ones, partition keys over 2,048 bytes and sort keys
 * over 1,024, in a table and in its index, whether they are written, read or looked for.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys
 */
const MAX_BYTES = { hash: 2_048, range: 1_024 } as const;

type Role = keyof typeof MAX_BYTES;

/** The roles that an attribute has: in the table, and in the index over (g1, pk). */
const IN_TABLE: Readonly<Record<string, Role>> = { pk: 'hash', sk: 'range' };
const IN_INDEX: Readonly<Record<string, Role>> = { g1: 'hash', pk: 'range' };

type Input = Readonly<Record<string, unknown>>;

/**
 * Looks at the keys of one call. Every call of every test comes through here: it makes no lists.
 *
 * @param input of the call, with values as the document client has them or as they go over the wire
 * @returns what AWS answers, undefined when it takes the keys
 */
export function refusalOfKeys(input: Input): string | undefined {
  return (
    inRequest(input) ??
    first(input.TransactItems, (item) => first(Object.values(item), inRequest)) ??
    first(Object.values(record(input.RequestItems)), (requests) =>
      Array.isArray(requests)
        ? first(requests, (request) => first(Object.values(request), inRequest))
        : inRequest(requests),
    )
  );
}

const inRequest = (input: Input): string | undefined =>
  first(input.Keys, inItem) ??
  inItem(record(input.Key)) ??
  inItem(record(input.Item)) ??
  inItem(record(input.ExclusiveStartKey)) ??
  inExpression(input, input.KeyConditionExpression, input.IndexName === undefined) ??
  inExpression(input, input.UpdateExpression, false);

/** An item with `g1` is in the index, too, where its partition key is a sort key. */
const inItem = (item: Input): string | undefined =>
  inRoles(item, IN_TABLE) ?? (item.g1 === undefined ? undefined : inRoles(item, IN_INDEX));

function inRoles(item: Input, roles: Readonly<Record<string, Role>>): string | undefined {
  for (const name in roles) {
    const refusal = refusalOf(roles[name], item[name]);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function refusalOf(role: Role | undefined, value: unknown): string | undefined {
  const text = textOf(value);
  if (role === undefined || text === undefined) return undefined;
  if (text === '') {
    return 'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value.';
  }
  if (Buffer.byteLength(text) <= MAX_BYTES[role]) return undefined;
  return role === 'hash'
    ? 'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes'
    : 'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes';
}

const COMPARED = /(?:begins_with\()?(#?\w+)(?: ?=| BETWEEN|,) ?(:\w+)(?: AND (:\w+))?/g;

/** Names and the placeholders that they are compared with, of each expression that was read. */
const comparisons = new Map<string, readonly (readonly (string | undefined)[])[]>();

function comparisonsIn(expression: string) {
  const known = comparisons.get(expression);
  if (known !== undefined) return known;
  const found = [...expression.matchAll(COMPARED)].map(([, ...parts]) => parts);
  comparisons.set(expression, found);
  return found;
}

/** The values that an expression compares keys with, or sets the index's key to. */
function inExpression(input: Input, expression: unknown, isTable: boolean): string | undefined {
  if (typeof expression !== 'string') return undefined;
  const names = record(input.ExpressionAttributeNames);
  const values = record(input.ExpressionAttributeValues);
  for (const [name = '', ...placeholders] of comparisonsIn(expression)) {
    const role = (isTable ? IN_TABLE : IN_INDEX)[String(names[name] ?? name)];
    if (role === undefined) continue;
    for (const placeholder of placeholders) {
      const refusal = refusalOf(role, values[placeholder ?? '']);
      if (refusal !== undefined) return refusal;
    }
  }
  return undefined;
}

const textOf = (value: unknown): string | undefined => {
  const plain = typeof value === 'object' && value !== null ? Reflect.get(value, 'S') : value;
  return typeof plain === 'string' ? plain : undefined;
};
const record = (value: unknown): Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Input) : {};
/** What is found first in a list of objects. */
function first(list: unknown, find: (item: Input) => string | undefined): string | undefined {
  if (!Array.isArray(list)) return undefined;
  for (const item of list) {
    const found = find(Array.isArray(item) ? (item as unknown as Input) : record(item));
    if (found !== undefined) return found;
  }
  return undefined;
}
