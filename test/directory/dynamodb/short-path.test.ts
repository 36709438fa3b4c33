import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { dynamoDbClient } from '../../../src/directory/table/dynamodb-client';
import { classifyFault } from '../../../src/directory/table/dynamodb-faults';

const REGION = 'eu-central-1';

interface SentRequest {
  readonly headers: Record<string, string>;
  readonly body: string;
}

type Respond = () => { statusCode: number; body: string } | Error;

/** A client whose requests are kept, and answered by `respond`. */
function clientAnswering(respond: Respond, sessionToken?: string) {
  const sent: SentRequest[] = [];
  const switchedOffBy: Error[] = [];
  const handle = async ({
    headers,
    body,
  }: {
    headers: Record<string, string>;
    body: string | Uint8Array;
  }) => {
    sent.push({ headers, body: typeof body === 'string' ? body : new TextDecoder().decode(body) });
    const answer = respond();
    if (answer instanceof Error) throw answer;
    const contentType = { 'content-type': 'application/x-amz-json-1.0' };
    return {
      response: { statusCode: answer.statusCode, headers: contentType, body: Buffer.from(answer.body) },
    };
  };
  const config = {
    region: REGION,
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken },
    requestHandler: { handle } as never,
  };
  const client: DynamoDBClient = dynamoDbClient(config, (refusal) => switchedOffBy.push(refusal));
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const send = (command: unknown): Promise<unknown> => documents.send(command as never);
  return { client, sent, switchedOffBy, send };
}

const ok =
  (body: object): Respond =>
  () => ({ statusCode: 200, body: JSON.stringify(body) });
/** The SDK tells each attempt a client makes by this header; the short path leaves it out. */
const wentWholeWay = ({ headers }: SentRequest) => 'amz-sdk-invocation-id' in headers;
const withoutMetadata = (output: unknown) => ({ ...(output as object), $metadata: undefined });

const key = { pk: 'T#acme', sk: 'U#1' };
const wireItem = {
  pk: { S: 'T#acme' },
  sk: { S: 'U#1' },
  n: { N: '-1.5' },
  list: { L: [{ NULL: true }, { BOOL: false }, { M: { a: { S: '' } } }] },
};
const values = { ':a': 'a', ':n': 7, ':none': undefined, ':map': { inner: [1, null, true] } };

const CALLS: [string, () => unknown, object][] = [
  ['GetItem', () => new GetCommand({ TableName: 't', Key: key, ConsistentRead: true }), { Item: wireItem }],
  ['GetItem of nothing', () => new GetCommand({ TableName: 't', Key: key }), {}],
  [
    'PutItem',
    () =>
      new PutCommand({
        TableName: 't',
        Item: { ...key, nested: { a: [1, { b: null }] } },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    {},
  ],
  [
    'UpdateItem',
    () =>
      new UpdateCommand({
        TableName: 't',
        Key: key,
        UpdateExpression: 'SET a = :a',
        ExpressionAttributeValues: values,
        ReturnValues: 'ALL_NEW',
      }),
    { Attributes: wireItem },
  ],
  ['DeleteItem', () => new DeleteCommand({ TableName: 't', Key: key }), {}],
  [
    'Query',
    () =>
      new QueryCommand({
        TableName: 't',
        KeyConditionExpression: 'pk = :a',
        ExpressionAttributeValues: values,
        ExclusiveStartKey: key,
      }),
    { Items: [wireItem], Count: 1, LastEvaluatedKey: { pk: { S: 'p' } } },
  ],
  [
    'BatchGetItem',
    () => new BatchGetCommand({ RequestItems: { t: { Keys: [key], ConsistentRead: false } } }),
    { Responses: { t: [wireItem] }, UnprocessedKeys: { t: { Keys: [{ pk: { S: 'a' }, sk: { S: 'b' } }] } } },
  ],
  [
    'TransactWriteItems',
    () =>
      new TransactWriteCommand({
        ClientRequestToken: 'token',
        TransactItems: [
          { Put: { TableName: 't', Item: key } },
          {
            Update: {
              TableName: 't',
              Key: key,
              UpdateExpression: 'SET a = :a',
              ExpressionAttributeValues: values,
            },
          },
          {
            ConditionCheck: {
              TableName: 't',
              Key: key,
              ConditionExpression: 'a = :a',
              ExpressionAttributeValues: { ':a': 1 },
            },
          },
          { Delete: { TableName: 't', Key: key } },
        ],
      }),
    {},
  ],
];

test.each(CALLS)(
  '%s sends and answers what it does on the whole way of the SDK',
  async (_, command, answer) => {
    const { send, sent } = clientAnswering(ok(answer));

    const whole = await send(command());
    const short = await send(command());

    expect(sent.map(wentWholeWay)).toEqual([true, false]);
    expect(JSON.parse(sent[1]?.body ?? '')).toEqual(JSON.parse(sent[0]?.body ?? ''));
    expect(sent[1]?.headers['x-amz-target']).toBe(sent[0]?.headers['x-amz-target']);
    expect(sent[1]?.headers['user-agent']).toBe(sent[0]?.headers['user-agent']);
    expect(withoutMetadata(short)).toEqual(withoutMetadata(whole));
  },
);

/** The signature that the SDK's own signer makes over the headers that a request has signed. */
async function signedBySdk(client: DynamoDBClient, { headers, body }: SentRequest): Promise<string> {
  const { authorization = '', host = '', ...others } = headers;
  const signed = (/SignedHeaders=([^,]*)/.exec(authorization)?.[1] ?? '').split(';');
  const names = [...Object.keys(headers), 'x-amz-content-sha256'];
  const signer = (await client.config.signer()) as unknown as SdkSigner;
  const time = headers['x-amz-date'] ?? '';
  const request = {
    method: 'POST',
    protocol: 'https:',
    hostname: host,
    path: '/',
    query: {},
    headers: { host, ...others },
    body,
  };
  const answer = await signer.sign(request, {
    signingDate: new Date(time.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5')),
    unsignableHeaders: new Set(names.filter((name) => !signed.includes(name))),
  });
  return answer.headers.authorization ?? '';
}

interface SdkSigner {
  sign(request: object, options: object): Promise<{ headers: Record<string, string> }>;
}

describe.each([
  ['with a session token', 'IQoJb3Jp/+='],
  ['without a session token', undefined],
])('%s', (_, sessionToken) => {
  test.each(CALLS)(
    "%s is signed as the SDK's own signer signs it, with every x-amz header",
    async (__, command) => {
      const { client, send, sent } = clientAnswering(ok({}), sessionToken);
      await send(command());
      await send(command());
      const [, short = { headers: {}, body: '' }] = sent;
      const { authorization = '', ...headers } = short.headers;
      const signed = (/SignedHeaders=([^,]*)/.exec(authorization)?.[1] ?? '').split(';');

      expect(wentWholeWay(short)).toBe(false);
      expect(signed).toEqual(expect.arrayContaining(['host', 'content-type']));
      expect(Object.keys(headers).filter((name) => /^x-amz-/i.test(name) && !signed.includes(name))).toEqual(
        [],
      );
      expect(headers['x-amz-security-token']).toBe(sessionToken);
      expect(authorization).toBe(await signedBySdk(client, short));
    },
  );
});

test('any JSON is stored and read as on the whole way', async () => {
  let stored: unknown;
  const { send, sent } = clientAnswering(() => ({ statusCode: 200, body: JSON.stringify({ Item: stored }) }));
  const put = async (Item: Record<string, unknown>) => {
    await send(new PutCommand({ TableName: 't', Item }));
    return JSON.parse(sent.at(-1)?.body ?? '').Item;
  };
  const names = fc.string().filter((name) => name !== '__proto__');
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(undefined),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
      fc.array(tie('value')),
      fc.dictionary(names, tie('value')),
    ),
  })).value;

  await fc.assert(
    fc.asyncProperty(fc.dictionary(names, json), async (item) => {
      const reference = clientAnswering(() => ({ statusCode: 200, body: JSON.stringify({ Item: stored }) }));
      await reference.send(new PutCommand({ TableName: 't', Item: item }));
      stored = JSON.parse(reference.sent[0]?.body ?? '').Item;
      const whole = await clientAnswering(() => ({
        statusCode: 200,
        body: JSON.stringify({ Item: stored }),
      })).send(new GetCommand({ TableName: 't', Key: key }));

      await put({});
      expect(await put(item)).toEqual(stored);
      const short = await send(new GetCommand({ TableName: 't', Key: key }));
      expect(withoutMetadata(short)).toEqual(withoutMetadata(whole));
    }),
    { numRuns: 60 },
  );
});

test.each([new Set(['a']), Buffer.from('a'), new Map(), Number.NaN, 2 ** 60, () => 1])(
  'refuses to store %p',
  async (value) => {
    const { send, sent } = clientAnswering(ok({}));
    await send(new GetCommand({ TableName: 't', Key: key }));

    await expect(send(new PutCommand({ TableName: 't', Item: { ...key, value } }))).rejects.toThrow(
      /cannot be stored/,
    );
    expect(sent).toHaveLength(1);
  },
);

test.each([{ SS: ['a'] }, { B: 'YQ==' }, { N: '99999999999999999999' }])(
  'refuses to read %p',
  async (value) => {
    const answers = [{}, { Item: { value } }];
    const { send } = clientAnswering(() => ({ statusCode: 200, body: JSON.stringify(answers.shift()) }));
    await send(new GetCommand({ TableName: 't', Key: key }));

    await expect(send(new GetCommand({ TableName: 't', Key: key }))).rejects.toThrow(TypeError);
  },
);

const reset = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const FAULTS: [string, Respond][] = [
  [
    'a failed condition',
    () => ({
      statusCode: 400,
      body: '{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"The conditional request failed"}',
    }),
  ],
  [
    'a cancelled transaction',
    () => ({
      statusCode: 400,
      body: '{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"cancelled","CancellationReasons":[{"Code":"None"},{"Code":"ConditionalCheckFailed","Message":"no"}]}',
    }),
  ],
  [
    'a conflict of transactions',
    () => ({
      statusCode: 400,
      body: '{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"cancelled","CancellationReasons":[{"Code":"TransactionConflict","Message":"conflict"}]}',
    }),
  ],
  [
    'throttling',
    () => ({
      statusCode: 400,
      body: '{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow down"}',
    }),
  ],
  [
    'a name that the SDK does not know',
    () => ({
      statusCode: 400,
      body: '{"__type":"com.amazon.coral.service#ExpiredTokenException","message":"too late"}',
    }),
  ],
  [
    'a failure of the service',
    () => ({
      statusCode: 500,
      body: '{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"oops"}',
    }),
  ],
  ['a failure without a name', () => ({ statusCode: 503, body: '{}' })],
  ['a broken connection', reset],
];

test.each(FAULTS)('%s is the error that it is on the whole way', async (fault, respond) => {
  const { send, sent } = clientAnswering(respond);
  const errorOf = () =>
    send(new GetCommand({ TableName: 't', Key: key })).then(
      () => undefined,
      (error: unknown) => error,
    );
  const essence = (error: unknown) => {
    const { name, message, CancellationReasons, $metadata, failed } = error as Record<string, unknown> & {
      $metadata?: { httpStatusCode?: number };
    };
    return { name, message, CancellationReasons, failed, status: $metadata?.httpStatusCode };
  };
  const decision = (error: unknown) => {
    const decided = classifyFault(error);
    return 'throw' in decided ? essence(decided.throw) : decided;
  };

  const whole = await errorOf();
  const short = await errorOf();

  expect(sent.map(wentWholeWay)).toEqual([true, false]);
  expect(short).toBeInstanceOf(Error);
  if (fault !== 'a failure without a name') expect(essence(short)).toEqual(essence(whole));
  expect(decision(short)).toEqual(decision(whole));
});

test.each(['<html>Bad Gateway</html>', ''])(
  'an answer of something in between, %p, is one of a failing service',
  async (body) => {
    const answers = [
      { statusCode: 200, body: '{}' },
      { statusCode: 502, body },
    ];
    const { send } = clientAnswering(() => answers.shift() ?? reset());
    await send(new GetCommand({ TableName: 't', Key: key }));

    const error = await send(new GetCommand({ TableName: 't', Key: key })).catch((thrown: unknown) => thrown);

    expect(classifyFault(error)).toEqual({ retry: 'failing' });
  },
);

const get = () => new GetCommand({ TableName: 't', Key: key });

test('calls beside the first one wait for what its request shows, not for its answer', async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { client, send, sent } = clientAnswering(ok({}));
  const handler = client.config.requestHandler;
  const handle = handler.handle.bind(handler);
  handler.handle = async (...args) => {
    const response = handle(...args);
    await answered;
    return response;
  };

  const calls = [send(get()), send(get()), send(new QueryCommand({ TableName: 't' }))];
  while (sent.length < calls.length) await new Promise(setImmediate);
  answer();
  await Promise.all(calls);

  expect(sent.map(wentWholeWay)).toEqual([true, false, false]);
});

test('calls beside a first one that is never sent go the whole way', async () => {
  const { client, send, sent } = clientAnswering(ok({}));
  const credentials = client.config.credentials;
  client.config.credentials = async () => {
    client.config.credentials = credentials;
    throw new Error('no credentials');
  };

  const [first, second] = await Promise.allSettled([send(get()), send(get())]);

  expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
  expect(sent.map(wentWholeWay)).toEqual([true]);
});

const refusal = (name: string): Respond => {
  const body = JSON.stringify({ __type: `com.amazon.coral.service#${name}`, message: 'no' });
  return () => ({ statusCode: 400, body });
};

describe.each([
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
  'SerializationException',
  'UnknownOperationException',
])('a call that is refused by %s', (name) => {
  test('goes the whole way at once; when that is taken, so do all further calls, and it is told once', async () => {
    const answers = [ok({}), refusal(name), refusal(name), ok({ Item: wireItem }), ok({}), ok({})];
    const { send, sent, switchedOffBy } = clientAnswering(() => (answers.shift() ?? reset)());
    await send(get());

    const [first] = await Promise.all([send(get()), send(get())]);
    await send(get());

    expect(first).toMatchObject({ Item: { pk: 'T#acme' } });
    expect(sent.map(wentWholeWay)).toEqual([true, false, false, true, true, true]);
    expect(switchedOffBy.map((error) => error.name)).toEqual([name]);
  });

  test('is refused when the whole way is refused as well, and nothing is switched off', async () => {
    const answers = [ok({}), refusal(name), refusal(name), ok({})];
    const { send, sent, switchedOffBy } = clientAnswering(() => (answers.shift() ?? reset)());
    await send(get());

    await expect(send(get())).rejects.toThrow(expect.objectContaining({ name }));
    await send(get());

    expect(sent.map(wentWholeWay)).toEqual([true, false, true, false]);
    expect(switchedOffBy).toEqual([]);
  });
});

test.each([
  'ExpiredTokenException',
  'ValidationException',
  'AccessDeniedException',
  'ResourceNotFoundException',
  'ConditionalCheckFailedException',
  'ThrottlingException',
])('%s is not repeated, since the form of the call was taken', async (name) => {
  const answers = [ok({}), refusal(name)];
  const { send, sent, switchedOffBy } = clientAnswering(() => (answers.shift() ?? ok({}))());
  await send(get());

  await expect(send(get())).rejects.toThrow(expect.objectContaining({ name }));
  await send(get());

  expect(sent.map(wentWholeWay)).toEqual([true, false, false]);
  expect(switchedOffBy).toEqual([]);
});

test('rare calls always go the whole way', async () => {
  const { send, sent } = clientAnswering(ok({ Items: [] }));

  await send(new ScanCommand({ TableName: 't' }));
  await send(new ScanCommand({ TableName: 't' }));

  expect(sent.map(wentWholeWay)).toEqual([true, true]);
});

test('middleware that somebody adds to the client sees every call', async () => {
  const { client, send } = clientAnswering(ok({}));
  await send(new GetCommand({ TableName: 't', Key: key }));
  const seen: unknown[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        seen.push(commandName);
        return next(args);
      },
    { step: 'build', name: 'observer' },
  );

  await send(new GetCommand({ TableName: 't', Key: key }));

  expect(seen).toEqual(['GetItemCommand']);
});

describe('DYNAMODB_SHORT_PATH=off', () => {
  afterEach(() => {
    delete process.env.DYNAMODB_SHORT_PATH;
  });

  test('sends every call the whole way', async () => {
    process.env.DYNAMODB_SHORT_PATH = 'off';
    const { sent, send } = clientAnswering(ok({}));

    await send(new GetCommand({ TableName: 't', Key: key }));
    await send(new GetCommand({ TableName: 't', Key: key }));

    expect(sent.map(wentWholeWay)).toEqual([true, true]);
  });
});
