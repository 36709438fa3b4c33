import type { Invocation, LocalFunction } from '../../../local/functions/local-function';
import { deliver, type FailedBatch } from '../../../local/streams/batch';
import type { MappingDefinition } from '../../../local/streams/mapping';
import type { StreamRecord } from '../../../local/streams/stream-record';

type Handler = (ids: string[]) => unknown;

const record = (id: string, ageSeconds = 0): StreamRecord => ({
  eventID: id,
  eventName: 'INSERT',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'us-east-1',
  dynamodb: { ApproximateCreationDateTime: Date.now() / 1000 - ageSeconds, SequenceNumber: id },
  eventSourceARN: 'arn',
});

/** Delivers records to a handler and tells what it was called with and what was given up. */
async function run(records: StreamRecord[], settings: Partial<MappingDefinition>, handler: Handler) {
  const calls: string[] = [];
  const failed: FailedBatch[] = [];
  const invoke = async (event: { Records: StreamRecord[] }): Promise<Invocation> => {
    const ids = event.Records.map(({ eventID }) => eventID);
    calls.push(ids.join(''));
    try {
      return { kind: 'result', json: JSON.stringify(handler(ids) ?? null), requestId: 'r' };
    } catch (error) {
      return {
        kind: 'error',
        error: { errorType: 'Error', errorMessage: String(error), trace: [] },
        requestId: 'r',
      };
    }
  };
  const mapping: MappingDefinition = {
    logicalId: 'Mapping',
    functionName: 'f',
    streamArn: 'arn',
    startingPosition: 'TRIM_HORIZON',
    filters: [],
    batchSize: 10,
    windowMs: 0,
    bisects: false,
    retryAttempts: 3,
    maximumAgeMs: undefined,
    reportsItemFailures: false,
    onFailure: undefined,
    ...settings,
  };
  await deliver(records, {
    mapping,
    function: { invoke, definition: { arn: 'arn:f' } } as unknown as LocalFunction,
    signal: new AbortController().signal,
    onFailed: (batch) => failed.push(batch),
    onRetry: () => {},
    firstPauseMs: 1,
  });
  return {
    calls,
    givenUp: failed.map(
      (batch) => `${batch.condition} ${batch.records.map(({ eventID }) => eventID).join('')}`,
    ),
  };
}

const failsOn =
  (...bad: string[]): Handler =>
  (ids) => {
    if (ids.some((id) => bad.includes(id))) throw new Error('bad');
  };
const abcd = () => ['a', 'b', 'c', 'd'].map((id) => record(id));

test('a batch that succeeds is delivered once', async () => {
  expect(await run(abcd(), {}, () => undefined)).toEqual({ calls: ['abcd'], givenUp: [] });
});

test('a failing batch is repeated until its retries are used up, and then given up', async () => {
  expect(await run(abcd(), { retryAttempts: 2 }, failsOn('c'))).toEqual({
    calls: ['abcd', 'abcd', 'abcd'],
    givenUp: ['RetryAttemptsExhausted abcd'],
  });
});

test('without retries a failing batch is given up at once', async () => {
  expect((await run(abcd(), { retryAttempts: 0 }, failsOn('c'))).calls).toEqual(['abcd']);
});

test('a batch that fails for a while succeeds in the end', async () => {
  let times = 0;
  const result = await run(abcd(), {}, () => {
    if (++times < 3) throw new Error('not yet');
  });

  expect(result).toEqual({ calls: ['abcd', 'abcd', 'abcd'], givenUp: [] });
});

test('bisecting isolates the bad record and delivers all others', async () => {
  const { calls, givenUp } = await run(abcd(), { bisects: true, retryAttempts: 4 }, failsOn('c'));

  expect(givenUp).toEqual(['RetryAttemptsExhausted c']);
  expect(calls.filter((ids) => !ids.includes('c'))).toEqual(['ab', 'd']);
});

test('after a partial failure delivery goes on with the first failed record', async () => {
  let times = 0;
  const result = await run(abcd(), { reportsItemFailures: true }, () => {
    times++;
    return times === 1
      ? { batchItemFailures: [{ itemIdentifier: 'd' }, { itemIdentifier: 'c' }] }
      : undefined;
  });

  expect(result).toEqual({ calls: ['abcd', 'cd'], givenUp: [] });
});

test.each([
  ['an unknown sequence number', { batchItemFailures: [{ itemIdentifier: 'x' }] }],
  ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
  ['something that is no list', { batchItemFailures: 'd' }],
])('%s in the partial failure fails the whole batch', async (_name, answer) => {
  const { calls } = await run(abcd(), { reportsItemFailures: true, retryAttempts: 1 }, () => answer);

  expect(calls).toEqual(['abcd', 'abcd']);
});

test('partial failures are not looked at when the mapping does not report them', async () => {
  const answer = { batchItemFailures: [{ itemIdentifier: 'c' }] };

  expect((await run(abcd(), {}, () => answer)).calls).toEqual(['abcd']);
});

test('records that are too old are given up without a delivery', async () => {
  const result = await run([record('a', 100), record('b')], { maximumAgeMs: 60_000 }, () => undefined);

  expect(result).toEqual({ calls: ['b'], givenUp: ['RecordAgeExceeded a'] });
});
