/** A value as it travels to and from DynamoDB: one member, named by the type. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly M: AttributeMap }
  | { readonly L: readonly AttributeValue[] };

export type AttributeMap = Readonly<Record<string, AttributeValue>>;

/**
 * Plain values as DynamoDB takes them. Members that are undefined are left out. Sets and binary values are refused,
 * since no item of the table has any.
 *
 * @throws TypeError for a value that DynamoDB, or this table, has no type for
 * @example marshalMap({ pk: 'T#acme', n: 1 }) // { pk: { S: 'T#acme' }, n: { N: '1' } }
 */
export function marshalMap(values: object): AttributeMap {
  const map: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) map[name] = marshal(value);
  }
  return map;
}

function marshal(value: unknown): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'boolean':
      return { BOOL: value };
    case 'number':
      if (Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value)) {
        return { N: String(value) };
      }
      break;
    case 'object':
      if (value === null) return { NULL: true };
      if (Array.isArray(value)) return { L: value.filter((each) => each !== undefined).map(marshal) };
      if (isPlain(value)) return { M: marshalMap(value) };
  }
  throw new TypeError(
    `${typeof value === 'object' ? value?.constructor.name : `${typeof value} ${String(value)}`} cannot be stored.`,
  );
}

/** Objects of JSON, whichever realm they come from. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * The plain values of an item that DynamoDB answered.
 *
 * @throws TypeError for sets, binary values and whole numbers that JavaScript cannot hold
 */
export function unmarshalMap(map: AttributeMap): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(map)) values[name] = unmarshal(value);
  return values;
}

function unmarshal(value: AttributeValue): unknown {
  if ('S' in value) return value.S;
  if ('N' in value) return numberOf(value.N);
  if ('BOOL' in value) return value.BOOL;
  if ('M' in value) return unmarshalMap(value.M);
  if ('L' in value) return value.L.map(unmarshal);
  if ('NULL' in value) return null;
  throw new TypeError(`The table has no values of the type ${Object.keys(value).join()}.`);
}

function numberOf(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) {
    throw new TypeError(`The number ${text} is larger than JavaScript holds exactly.`);
  }
  return number;
}
