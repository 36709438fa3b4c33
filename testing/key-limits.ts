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
 * Looks at the keys of one call.
 *
 * @param input of the call, with values as the document client has them or as they go over the wire
 * @returns what AWS answers, undefined when it takes the keys
 */
export function refusalOfKeys(input: Input): string | undefined {
  for (const [role, value] of keyValuesOf(input)) {
    if (value === '') {
      return 'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value.';
    }
    if (Buffer.byteLength(value) > MAX_BYTES[role]) {
      return role === 'hash'
        ? 'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes'
        : 'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes';
    }
  }
  return undefined;
}

function keyValuesOf(input: Input): [Role, string][] {
  const nested = [
    ...objectsIn(input.TransactItems).flatMap((item) => objectsIn(Object.values(item))),
    ...objectsIn(Object.values(record(input.RequestItems))).map((request) => ({ Keys: request.Keys })),
    ...Object.values(record(input.RequestItems)).flatMap((requests) =>
      objectsIn(requests).flatMap((request) => objectsIn(Object.values(request))),
    ),
  ];
  return [
    ...objectsIn(input.Keys).flatMap((key) => inItem(key)),
    ...inItem(record(input.Key)),
    ...inItem(record(input.Item)),
    ...inItem(record(input.ExclusiveStartKey)),
    ...inExpression(input, String(input.KeyConditionExpression ?? ''), input.IndexName === undefined),
    ...inExpression(input, String(input.UpdateExpression ?? ''), false),
    ...nested.flatMap(keyValuesOf),
  ];
}

/** An item with `g1` is in the index, too, where its partition key is a sort key. */
function inItem(item: Input): [Role, string][] {
  return [...rolesIn(item, IN_TABLE), ...(item.g1 === undefined ? [] : rolesIn(item, IN_INDEX))];
}

const rolesIn = (item: Input, roles: Readonly<Record<string, Role>>): [Role, string][] =>
  Object.entries(roles).flatMap(([name, role]) => {
    const value = textOf(item[name]);
    return value === undefined ? [] : [[role, value]];
  });

const COMPARED = /(?:begins_with\()?(#?\w+)(?: ?=| BETWEEN|,) ?(:\w+)(?: AND (:\w+))?/g;

/** The values that an expression compares keys with, or sets the index's key to. */
function inExpression(input: Input, expression: string, isTable: boolean): [Role, string][] {
  const names = record(input.ExpressionAttributeNames);
  const values = record(input.ExpressionAttributeValues);
  return [...expression.matchAll(COMPARED)].flatMap(([, name = '', ...placeholders]) => {
    const role = (isTable ? IN_TABLE : IN_INDEX)[String(names[name] ?? name)];
    return placeholders.flatMap((placeholder): [Role, string][] => {
      const value = textOf(values[placeholder ?? '']);
      return role === undefined || value === undefined ? [] : [[role, value]];
    });
  });
}

const textOf = (value: unknown): string | undefined => {
  const plain = typeof value === 'object' && value !== null ? Reflect.get(value, 'S') : value;
  return typeof plain === 'string' ? plain : undefined;
};
const record = (value: unknown): Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Input) : {};
const objectsIn = (value: unknown): Input[] => (Array.isArray(value) ? value.map(record) : []);
