import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { isRecord, listOf, numberOf, parseJson, recordOf, stringOf } from '../json';
import type { Service, ServiceAnswer } from './service-request';

/** What a message of a FIFO queue has besides. */
interface Ordering {
  /** Messages of one group are received one after the other. */
  readonly group?: string;
  readonly deduplicationId?: string;
}

interface Message extends Ordering {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  receivedTimes: number;
  visibleAt: number;
  receiptHandle: string;
}

const DEFAULT_VISIBILITY_SECONDS = 30;
/** How long SQS remembers a deduplication id. */
const DEDUPLICATION_MS = 300_000;

/**
 * The stack's SQS queues, standard and FIFO: what dead-letter destinations and other stores of sessions need. Messages
 * are kept in a file between starts. Nothing is moved to a dead-letter queue by itself.
 */
export class Queues {
  private readonly queues = new Map<string, Message[]>();
  /** When a deduplication id, with its queue before it, was seen first. */
  private readonly seen = new Map<string, { readonly id: string; readonly at: number }>();

  constructor(
    names: readonly string[],
    private readonly file: string,
    private readonly now: () => number = Date.now,
  ) {
    const kept = recordOf(parseJson(read(file)));
    for (const name of names) {
      const messages = listOf(kept[name]).flatMap((value) => {
        const body = isRecord(value) ? stringOf(value.body) : undefined;
        if (!isRecord(value) || body === undefined) return [];
        const sentAt = numberOf(value.sentAt) ?? this.now();
        return [
          {
            id: String(value.id),
            body,
            sentAt,
            group: stringOf(value.group),
            receivedTimes: numberOf(value.receivedTimes) ?? 0,
            visibleAt: 0,
            receiptHandle: '',
          },
        ];
      });
      this.queues.set(name, messages);
    }
  }

  /** Number of messages in a queue, received ones that were not deleted included. */
  size(name: string): number {
    return this.queues.get(name)?.length ?? 0;
  }

  /** @returns the message's id, that of the first one for a repetition; undefined when there is no such queue */
  send(name: string, body: string, { group, deduplicationId }: Ordering = {}): string | undefined {
    const queue = this.queues.get(name);
    if (queue === undefined) return undefined;
    const now = this.now();
    const key = `${name} ${deduplicationId}`;
    const first = deduplicationId === undefined ? undefined : this.seen.get(key);
    if (first !== undefined && now - first.at < DEDUPLICATION_MS) return first.id;
    const id = randomUUID();
    if (deduplicationId !== undefined) this.seen.set(key, { id, at: now });
    queue.push({ id, body, group, sentAt: now, receivedTimes: 0, visibleAt: 0, receiptHandle: '' });
    this.save();
    return id;
  }

  /** SQS's JSON protocol. */
  readonly service: Service = ({ operation, body }) => {
    const input = recordOf(parseJson(body.toString('utf8')));
    const name = (stringOf(input.QueueUrl) ?? stringOf(input.QueueName) ?? '').split('/').at(-1) ?? '';
    const queue = this.queues.get(name);
    if (operation === 'ListQueues') return { status: 200, body: { QueueUrls: [...this.queues.keys()] } };
    if (queue === undefined) return noSuchQueue();
    switch (operation) {
      case 'SendMessage':
        return { status: 200, body: this.accept(name, input) };
      case 'SendMessageBatch': {
        const entries = listOf(input.Entries).map(recordOf);
        const Successful = entries.map((entry) => ({
          Id: entry.Id,
          ...this.accept(name, entry),
        }));
        return { status: 200, body: { Successful, Failed: [] } };
      }
      case 'ReceiveMessage':
        return { status: 200, body: { Messages: this.receive(queue, input) } };
      case 'ChangeMessageVisibility': {
        const message = queue.find(({ receiptHandle }) => receiptHandle === input.ReceiptHandle);
        if (message === undefined) return notInFlight();
        message.visibleAt = this.now() + (numberOf(input.VisibilityTimeout) ?? 0) * 1000;
        return { status: 200, body: {} };
      }
      case 'DeleteMessage':
        this.queues.set(
          name,
          queue.filter((message) => message.receiptHandle !== input.ReceiptHandle),
        );
        this.save();
        return { status: 200, body: {} };
      case 'PurgeQueue':
        this.queues.set(name, []);
        this.save();
        return { status: 200, body: {} };
      case 'GetQueueAttributes':
        return { status: 200, body: { Attributes: { ApproximateNumberOfMessages: String(queue.length) } } };
      default:
        return undefined;
    }
  };

  private accept(name: string, input: Record<string, unknown>) {
    const body = stringOf(input.MessageBody) ?? '';
    const ordering = {
      group: stringOf(input.MessageGroupId),
      deduplicationId: stringOf(input.MessageDeduplicationId),
    };
    return { MessageId: this.send(name, body, ordering), MD5OfMessageBody: md5(body) };
  }

  private receive(queue: Message[], input: Record<string, unknown>) {
    const now = this.now();
    const seconds = numberOf(input.VisibilityTimeout) ?? DEFAULT_VISIBILITY_SECONDS;
    const held = new Set(queue.flatMap(({ visibleAt, group }) => (visibleAt > now ? [group] : [])));
    const chosen = queue
      .filter(({ visibleAt, group }) => visibleAt <= now && (group === undefined || !held.has(group)))
      .slice(0, numberOf(input.MaxNumberOfMessages) ?? 1);
    for (const message of chosen) {
      message.receiptHandle = randomUUID();
      message.receivedTimes++;
      message.visibleAt = now + seconds * 1000;
    }
    return chosen.map((message) => ({
      MessageId: message.id,
      ReceiptHandle: message.receiptHandle,
      Body: message.body,
      MD5OfBody: md5(message.body),
      Attributes: {
        SentTimestamp: String(message.sentAt),
        ApproximateReceiveCount: String(message.receivedTimes),
        ...(message.group === undefined ? {} : { MessageGroupId: message.group }),
      },
    }));
  }

  private save(): void {
    writeFileSync(this.file, JSON.stringify(Object.fromEntries(this.queues), undefined, 2), { mode: 0o600 });
  }
}

function notInFlight(): ServiceAnswer {
  return {
    status: 400,
    headers: { 'x-amzn-query-error': 'AWS.SimpleQueueService.MessageNotInflight;Sender' },
    body: { __type: 'com.amazonaws.sqs#MessageNotInflight', message: 'The message is not in flight.' },
  };
}

function noSuchQueue(): ServiceAnswer {
  return {
    status: 400,
    headers: { 'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender' },
    body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'The specified queue does not exist.' },
  };
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '{}';
  }
}
