import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import type { Invocation, LocalFunction } from '../../../local/functions/local-function';
import { workOff } from '../../../local/queues/work-off';
import { Queues } from '../../../local/services/queues';

const VISIBILITY_S = 60;
const MAX_RECEIVE_COUNT = 3;

interface Record {
  readonly body: string;
  readonly messageId: string;
  readonly attributes: { readonly ApproximateReceiveCount: string; readonly MessageGroupId?: string };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'work-off-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A queue with a dead-letter queue, a clock that the test turns, and a handler that works it off until `stop`. */
function start(
  handler: (records: readonly Record[]) => unknown,
  settings: {
    batchSize?: number;
    reportsItemFailures?: boolean;
    concurrency?: number;
    maxReceiveCount?: number;
  } = {},
) {
  const { concurrency = 2, batchSize = 1, reportsItemFailures = false } = settings;
  const { maxReceiveCount = MAX_RECEIVE_COUNT } = settings;
  let now = 0;
  const queues = new Queues(
    [
      {
        name: 'queue',
        visibilitySeconds: VISIBILITY_S,
        redrive: { deadLetterQueue: 'dead', maxReceiveCount },
      },
      { name: 'dead' },
    ],
    join(folder, `${randomUUID()}.json`),
    () => now,
  );
  const invoke = async (event: { Records: readonly Record[] }): Promise<Invocation> => {
    try {
      const json = JSON.stringify((await handler(event.Records)) ?? null);
      return { kind: 'result', json, requestId: 'r' };
    } catch (error) {
      const told = { errorType: 'Error', errorMessage: String(error), trace: [] };
      return { kind: 'error', error: told, requestId: 'r' };
    }
  };
  const stopping = new AbortController();
  const ended = workOff({
    mapping: {
      logicalId: 'Mapping',
      functionName: 'f',
      queueArn: 'arn:aws:sqs:us-east-1:123456789012:queue',
      batchSize,
      reportsItemFailures,
    },
    function: { invoke, definition: { concurrency } } as unknown as LocalFunction,
    queues,
    signal: stopping.signal,
  });
  return {
    queues,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(5);
}

test('a message that the function succeeds with is gone; one that fails comes again when its time is over', async () => {
  const seen: string[] = [];
  const { queues, pass, stop } = start(([record]) => {
    seen.push(`${record?.body} ${record?.attributes.ApproximateReceiveCount}`);
    if (seen.length === 1) throw new Error('as asked');
  });
  queues.send('queue', 'first');
  await until(() => seen.length === 1);
  queues.send('queue', 'second');
  await until(() => seen.length === 2);
  pass(VISIBILITY_S);
  await until(() => queues.size('queue') === 0);
  await stop();

  expect(seen).toEqual(['first 1', 'second 1', 'first 2']);
});

test('a message that was received as often as the template allows ends in the dead-letter queue', async () => {
  let times = 0;
  const { queues, pass, stop } = start(() => {
    times++;
    throw new Error('as asked');
  });
  queues.send('queue', 'poison', { group: 'g' });
  for (let expected = 1; expected <= MAX_RECEIVE_COUNT; expected++) {
    await until(() => times === expected);
    pass(VISIBILITY_S);
  }
  await until(() => queues.size('dead') === 1);
  await stop();

  expect([times, queues.size('queue')]).toEqual([MAX_RECEIVE_COUNT, 0]);
});

test('endWaiting has the next attempt come at once', async () => {
  let times = 0;
  const { queues, stop } = start(() => {
    if (++times === 1) throw new Error('as asked');
  });
  queues.send('queue', 'again');
  await until(() => times === 1);
  await until(() => {
    queues.endWaiting();
    return queues.size('queue') === 0;
  });
  await stop();

  expect(times).toBe(2);
});

test('of a batch, only the messages that the function reports come again', async () => {
  const batches: string[][] = [];
  const { queues, stop } = start(
    (records) => {
      batches.push(records.map(({ body }) => body));
      const failed = records.filter(({ body }) => body === 'b');
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    },
    { batchSize: 10, reportsItemFailures: true },
  );
  for (const body of ['a', 'b', 'c']) queues.send('queue', body);
  await until(() => queues.size('queue') === 1);
  await stop();

  expect(batches).toEqual([['a', 'b', 'c']]);
});

test('messages of one group come one after the other and in order, whatever fails on the way', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ group: fc.constantFrom('x', 'y', 'z'), fails: fc.boolean() }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      async (messages, batchSize) => {
        const busy = new Set<string>();
        const done: string[] = [];
        const failedOnce = new Set<string>();
        const overlaps: string[] = [];
        const { queues, stop } = start(
          async (records) => {
            const group = records[0]?.attributes.MessageGroupId ?? '';
            if (busy.has(group) || records.some((one) => one.attributes.MessageGroupId !== group))
              overlaps.push(group);
            busy.add(group);
            await delay(0);
            busy.delete(group);
            const failing = records.find(({ body }) => body.endsWith('fails') && !failedOnce.has(body));
            if (failing !== undefined) {
              failedOnce.add(failing.body);
              throw new Error('as asked');
            }
            done.push(...records.map(({ body }) => body));
          },
          { batchSize, concurrency: 3, maxReceiveCount: 1_000 },
        );
        const sent = messages.map(({ group, fails }, n) => ({
          group,
          body: `${group}${n}${fails ? 'fails' : ''}`,
        }));
        for (const { group, body } of sent) queues.send('queue', body, { group });
        await until(() => {
          queues.endWaiting();
          return queues.size('queue') === 0;
        });
        await stop();
        for (const group of ['x', 'y', 'z']) {
          const expected = sent.filter((one) => one.group === group).map(({ body }) => body);
          expect(done.filter((body) => body.startsWith(group))).toEqual(expected);
        }
        expect(overlaps).toEqual([]);
      },
    ),
    { numRuns: 25 },
  ));
