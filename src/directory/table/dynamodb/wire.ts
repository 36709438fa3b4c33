import { type AttributeMap, marshalMap, unmarshalMap } from './attribute-values';

/** Members of an input, or of one write of a transaction, that hold attributes under their names. */
const MAPS = ['Key', 'Item', 'ExclusiveStartKey', 'ExpressionAttributeValues'] as const;

type Message = Record<string, unknown>;

/** How a call's input becomes what DynamoDB reads, and its answer what the caller reads. */
interface Form {
  readonly toWire: (input: Message) => Message;
  readonly fromWire: (output: Message) => Message;
}

const single: Form = { toWire: withMaps, fromWire: plainAnswer };

/** The calls whose inputs and answers are read and written here; lib-dynamodb does it for the others. */
export const FORMS: Readonly<Record<string, Form>> = {
  GetItem: single,
  PutItem: single,
  UpdateItem: single,
  DeleteItem: single,
  Query: single,
  BatchGetItem: { toWire: batchToWire, fromWire: batchFromWire },
  TransactWriteItems: {
    toWire: (input) => ({
      ...input,
      TransactItems: (input.TransactItems as Record<string, Message>[]).map((item) =>
        mapValues(item, withMaps),
      ),
    }),
    fromWire: (output) => output,
  },
};

function withMaps(message: Message): Message {
  const wire = { ...message };
  for (const name of MAPS) {
    const values = message[name];
    if (values !== undefined) wire[name] = marshalMap(values as object);
  }
  return wire;
}

function plainAnswer(output: Message): Message {
  const { Item, Items, Attributes, LastEvaluatedKey } = output;
  const plain = { ...output };
  if (Item !== undefined) plain.Item = unmarshalMap(Item as AttributeMap);
  if (Items !== undefined) plain.Items = plainItems(Items);
  if (Attributes !== undefined) plain.Attributes = unmarshalMap(Attributes as AttributeMap);
  if (LastEvaluatedKey !== undefined) plain.LastEvaluatedKey = unmarshalMap(LastEvaluatedKey as AttributeMap);
  return plain;
}

const plainItems = (items: unknown) => (items as AttributeMap[]).map(unmarshalMap);

function batchToWire(input: Message): Message {
  const requests = input.RequestItems as Record<string, Message>;
  return {
    ...input,
    RequestItems: mapValues(requests, (request) => ({
      ...request,
      Keys: (request.Keys as object[]).map(marshalMap),
    })),
  };
}

function batchFromWire(output: Message): Message {
  const { Responses = {}, UnprocessedKeys = {} } = output as Record<string, Record<string, Message>>;
  return {
    ...output,
    Responses: mapValues(Responses, plainItems),
    UnprocessedKeys: mapValues(UnprocessedKeys, (rest) => ({ ...rest, Keys: plainItems(rest.Keys) })),
  };
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  to: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]));
}
