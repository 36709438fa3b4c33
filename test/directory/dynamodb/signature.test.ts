import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Signer } from '../../../src/directory/table/dynamodb/signature';

interface SdkSigner {
  sign(request: object, options: object): Promise<{ headers: Record<string, string> }>;
}

const REGION = 'eu-central-1';
const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};

const CASES: [string, { host: string; sessionToken?: string; body: string; time: string }][] = [
  [
    'a function in Lambda',
    {
      host: 'dynamodb.eu-central-1.amazonaws.com',
      sessionToken: 'IQoJb3Jp/+=',
      body: '{"TableName":"scim"}',
      time: '2026-11-23T21:00:00.123Z',
    },
  ],
  [
    'a user with a key',
    { host: 'dynamodb.eu-central-1.amazonaws.com', body: '{}', time: '2026-01-01T00:00:00.000Z' },
  ],
  [
    'an endpoint with a port, and letters beyond ASCII',
    { host: '127.0.0.1:8000', body: '{"S":"Zoë 東京"}', time: '2026-12-31T23:59:59.999Z' },
  ],
];

test.each(CASES)("signs as the SDK's own signer does: %s", async (_, { host, sessionToken, body, time }) => {
  const credentials = { ...CREDENTIALS, sessionToken };
  const now = new Date(time);
  const headers = new Signer(REGION).headers(
    { host, target: 'DynamoDB_20120810.GetItem', body },
    credentials,
    now,
  );
  const client = new DynamoDBClient({ region: REGION, credentials });
  const signer = (await client.config.signer()) as unknown as SdkSigner;
  const { authorization: _own, ...unsigned } = headers;
  const [hostname = '', port] = host.split(':');
  const request = {
    method: 'POST',
    protocol: 'https:',
    hostname,
    port: port === undefined ? undefined : Number(port),
    path: '/',
    query: {},
    headers: unsigned,
    body,
  };

  const expected = await signer.sign(request, {
    signingDate: now,
    // Which headers are signed is left to whoever signs; these two are not needed.
    unsignableHeaders: new Set(['content-length', 'x-amz-content-sha256']),
  });

  expect(headers.authorization).toBe(expected.headers.authorization);
  expect(headers['x-amz-date']).toBe(expected.headers['x-amz-date']);
});

test("signs an invocation of a function as the SDK's own signer does", async () => {
  const credentials = { ...CREDENTIALS, sessionToken: 'IQoJb3Jp/+=' };
  const now = new Date('2026-11-23T21:00:00.123Z');
  const host = 'lambda.eu-west-1.amazonaws.com';
  const arn = encodeURIComponent('arn:aws:lambda:eu-west-1:111122223333:function:scim-policy:live');
  const path = `/2015-03-31/functions/${arn}/invocations`;
  const headers = new Signer('eu-west-1', 'lambda').headers({ host, path, body: '{}' }, credentials, now);
  const client = new DynamoDBClient({ region: REGION, credentials });
  const signer = (await client.config.signer()) as unknown as SdkSigner;
  const { authorization: _own, ...unsigned } = headers;
  const request = { method: 'POST', protocol: 'https:', hostname: host, path, query: {}, headers: unsigned };

  const expected = await signer.sign(
    { ...request, body: '{}' },
    {
      signingDate: now,
      signingRegion: 'eu-west-1',
      signingService: 'lambda',
      unsignableHeaders: new Set(['content-length', 'x-amz-content-sha256']),
    },
  );

  expect(headers.authorization).toBe(expected.headers.authorization);
});

test('derives the key anew on another day and for other credentials', () => {
  const signer = new Signer(REGION);
  const call = { host: 'localhost', target: 't', body: '{}' };
  const sign = (secretAccessKey: string, time: string, by = signer) =>
    by.headers(call, { accessKeyId: 'id', secretAccessKey }, new Date(time)).authorization;

  sign('first', '2026-11-23T23:59:59Z');

  for (const [secret, time] of [
    ['first', '2026-11-24T00:00:00Z'],
    ['second', '2026-11-24T00:00:00Z'],
  ] as const) {
    expect(sign(secret, time)).toBe(sign(secret, time, new Signer(REGION)));
  }
});
