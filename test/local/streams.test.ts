import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type LocalRun, startLocal } from '../../local/run';
import { synthesizeFixture } from './fixture-stack';

const directory = mkdtempSync(join(tmpdir(), 'local-streams-'));
let assembly: string;
const notices: string[] = [];
let run: LocalRun;
let client: DynamoDBClient;

async function start(): Promise<void> {
  run = await startLocal({
    assembly,
    directory,
    port: 0,
    developmentTenant: false,
    streamRecordsKept: 50,
    listener: { onNotice: (text) => notices.push(text) },
  });
  client = new DynamoDBClient({
    endpoint: run.dynamodb,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
}

async function stop(): Promise<void> {
  client.destroy();
  await run.stop();
}

beforeAll(async () => {
  assembly = synthesizeFixture();
  await start();
});

afterAll(async () => {
  await stop();
  rmSync(directory, { recursive: true });
  rmSync(assembly, { recursive: true });
});

/** Writes an item that the fixture's consumer notes down in a file; `act` says how it fails. */
const put = (id: string, file: string | undefined, act = 'nothing') =>
  client.send(
    new PutItemCommand({
      TableName: run.table,
      Item: {
        pk: { S: id },
        sk: { S: '-' },
        id: { S: id },
        act: { S: act },
        ...(file === undefined ? {} : { file: { S: file } }),
      },
    }),
  );

/** The batches that the consumer got, one per line. */
function batchesIn(file: string): string[][] {
  try {
    return readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}

/** Has more records written than this run keeps, which are 50, and the consumer see the first and the last. */
async function writeMoreThanIsKept(file: string, first: string, last: string): Promise<void> {
  await put(first, file);
  await until(() => batchesIn(file).flat().length === 1);
  for (let count = 0; count < 80; count++) await put(`filler-${count}`, undefined);
  await put(last, file);
  await until(() => batchesIn(file).flat().length === 2);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10);
}

test('the table has the keys, index, stream and TTL of the template', async () => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: run.table }));
  const { TimeToLiveDescription } = await client.send(
    new DescribeTimeToLiveCommand({ TableName: run.table }),
  );

  expect(Table?.KeySchema).toEqual([
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ]);
  expect(Table?.GlobalSecondaryIndexes?.[0]).toMatchObject({
    IndexName: 'byGroup',
    Projection: { ProjectionType: 'KEYS_ONLY' },
  });
  expect(Table?.StreamSpecification).toEqual({ StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' });
  expect(TimeToLiveDescription).toEqual({ AttributeName: 'expiresAt', TimeToLiveStatus: 'ENABLED' });
});

test('records that pass the filter are delivered in order, the others are not', async () => {
  const file = join(directory, 'filtered.log');
  await put('unseen', undefined);
  for (const id of ['1', '2', '3']) await put(id, file);

  await until(() => batchesIn(file).flat().length === 3);

  expect(batchesIn(file).flat()).toEqual(['1', '2', '3']);
});

test('a poisoned record is isolated and ends in the dead-letter queue; its neighbours are delivered', async () => {
  const file = join(directory, 'poison.log');
  const queue = 'Fixture-DeadLettersBBF8BAAB';
  const before = run.queues.size(queue);
  for (const id of ['before', 'poison', 'after']) await put(id, file, id === 'poison' ? 'poison' : 'nothing');

  await until(
    () => run.queues.size(queue) > before && batchesIn(file).some((batch) => batch.at(-1) === 'after'),
  );

  const { Messages } = await sqs('ReceiveMessage', {
    QueueUrl: `${run.services}/123456789012/${queue}`,
    MaxNumberOfMessages: 10,
  });
  const letter = JSON.parse(Messages.at(-1)?.Body ?? '');
  expect(letter).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted' },
    DDBStreamBatchInfo: { batchSize: 1 },
  });
  expect(batchesIn(file).flat()).toEqual(expect.arrayContaining(['before', 'after']));
});

test('a message that was received and deleted is gone from its queue', async () => {
  const QueueUrl = `${run.services}/123456789012/Fixture-DeadLettersBBF8BAAB`;
  await sqs('PurgeQueue', { QueueUrl });
  await sqs('SendMessage', { QueueUrl, MessageBody: 'one' });
  const { Messages } = await sqs('ReceiveMessage', { QueueUrl });
  const again = await sqs('ReceiveMessage', { QueueUrl });
  await sqs('DeleteMessage', { QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle });

  expect(Messages[0]?.Body).toBe('one');
  expect(again.Messages).toEqual([]);
  expect(run.queues.size('Fixture-DeadLettersBBF8BAAB')).toBe(0);
});

test('the stream goes on where it stopped, with items and queue kept, and its history stays bounded', async () => {
  const file = join(directory, 'restart.log');
  await writeMoreThanIsKept(file, 'first', 'second');

  await stop();
  await start();
  await put('third', file);
  await until(() => batchesIn(file).flat().length >= 3);

  expect(batchesIn(file).flat()).toEqual(['first', 'second', 'third']);
});

test('a mapping that fell behind what is kept says so', async () => {
  await writeMoreThanIsKept(join(directory, 'behind.log'), 'first', 'last');
  await stop();
  const positions = join(directory, 'positions.json');
  const kept = JSON.parse(readFileSync(positions, 'utf8'));
  writeFileSync(positions, JSON.stringify(Object.fromEntries(Object.keys(kept).map((key) => [key, '1']))));
  notices.length = 0;

  await start();
  await until(() => notices.some((text) => text.includes('fell so far behind')));

  expect(Object.keys(kept)).toHaveLength(1);
});

async function sqs(
  operation: string,
  input: object,
): Promise<{ Messages: { Body: string; ReceiptHandle: string }[] }> {
  const response = await fetch(run.services, {
    method: 'POST',
    headers: {
      'x-amz-target': `AmazonSQS.${operation}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(input),
  });
  return JSON.parse(await response.text());
}
