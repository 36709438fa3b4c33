import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LOCAL_REGION } from '../account';
import type { Invocation, LocalFunction } from '../functions/local-function';
import { orAborted } from '../functions/or-aborted';
import { listOf, parseJson, recordOf, stringOf } from '../json';
import { type Queues, type ReceivedMessage, systemAttributes } from '../services/queues';
import type { QueueMapping } from './queue-mapping';

/** The queues lie in this process, so that looking costs next to nothing. */
const POLLING_PAUSE_MS = 50;

export interface WorkOffOptions {
  readonly mapping: QueueMapping;
  readonly function: LocalFunction;
  readonly queues: Queues;
  readonly signal: AbortSignal;
}

/**
 * Works a queue off as Lambda's event source mapping does: batches of one message group each, as many at a time as the
 * function has processes; what the function succeeds with is deleted, the rest comes again when its visibility timeout
 * is over. Resolves when the signal is aborted and nothing is under way.
 */
export async function workOff(options: WorkOffOptions): Promise<void> {
  const { mapping, queues, signal } = options;
  const queueName = mapping.queueArn.split(':').at(-1) ?? '';
  const running = new Set<Promise<void>>();
  while (!signal.aborted) {
    if (running.size >= options.function.definition.concurrency) {
      await Promise.race(running);
      continue;
    }
    const messages = queues.receive(queueName, mapping.batchSize);
    for (const batch of byGroup(messages)) {
      const delivery = deliver(batch, queueName, options).finally(() => running.delete(delivery));
      running.add(delivery);
    }
    if (messages.length === 0) await delay(POLLING_PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(running);
}

/** Messages of one group stay together and in order; of a standard queue, all do. */
function byGroup(messages: readonly ReceivedMessage[]): ReceivedMessage[][] {
  const groups = new Map<string | undefined, ReceivedMessage[]>();
  for (const message of messages) {
    const group = groups.get(message.group);
    if (group === undefined) groups.set(message.group, [message]);
    else group.push(message);
  }
  return [...groups.values()];
}

async function deliver(
  batch: readonly ReceivedMessage[],
  queueName: string,
  { mapping, function: target, queues, signal }: WorkOffOptions,
): Promise<void> {
  // A receipt handle changes when the message is received again while the function is still at it.
  const receipts: readonly Receipt[] = batch.map(({ id, receiptHandle }) => ({ id, receiptHandle }));
  const records = batch.map((message) => sqsRecord(message, mapping.queueArn));
  const invocation = await orAborted(target.invoke({ Records: records }), signal).catch(() => undefined);
  const failed = failedIn(invocation, receipts, mapping);
  for (const { id, receiptHandle } of receipts) {
    if (failed.has(id)) queues.noteFailure(queueName, receiptHandle);
    else queues.delete(queueName, receiptHandle);
  }
}

interface Receipt {
  readonly id: string;
  readonly receiptHandle: string;
}

/** The ids of the messages that are not done with. */
function failedIn(
  invocation: Invocation | undefined,
  batch: readonly Receipt[],
  { reportsItemFailures }: QueueMapping,
): ReadonlySet<string> {
  if (invocation?.kind !== 'result') return new Set(batch.map(({ id }) => id));
  return reportsItemFailures ? readItemFailures(invocation.json, batch) : new Set();
}

/** The ids in `batchItemFailures`; all of the batch when one is not in it or the answer is malformed. */
function readItemFailures(json: string, batch: readonly Receipt[]): ReadonlySet<string> {
  const failures = recordOf(parseJson(json)).batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  const all = new Set(batch.map(({ id }) => id));
  const named = listOf(failures).map((failure) => stringOf(recordOf(failure).itemIdentifier) ?? '');
  return Array.isArray(failures) && named.every((id) => all.has(id)) ? new Set(named) : all;
}

const sqsRecord = (message: ReceivedMessage, queueArn: string) => ({
  messageId: message.id,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: systemAttributes(message),
  messageAttributes: {},
  md5OfBody: createHash('md5').update(message.body).digest('hex'),
  eventSource: 'aws:sqs',
  eventSourceARN: queueArn,
  awsRegion: LOCAL_REGION,
});
