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

/** What the template says of a queue. */
export interface QueueDefinition {
  readonly name: string;
  /** How long a message that was received stays hidden, unless its receiver says otherwise. */
  readonly visibilitySeconds?: number;
  /** Where a message goes that was received so often and is due again. */
  readonly redrive?: { readonly deadLetterQueue: string; readonly maxReceiveCount: number };
}

/** A message that was received and not deleted yet. */
export type ReceivedMessage = Readonly<Message>;

interface Message extends Ordering {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  firstReceivedAt?: number;
  /** True between a failed delivery and the next one. */
  waits?: boolean;
  receivedTimes: number;
  visibleAt: number;
  receiptHandle: string;
}

const DEFAULT_VISIBILITY_SECONDS = 30;
/** How long SQS remembers a deduplication id. */
const DEDUPLICATION_MS = 300_000;

/**
 * The stack's SQS queues, standard and FIFO: what dead-letter destinations and other stores of sessions need. Messages
 * are kept in a file between starts.
 */
export class Queues {
  private readonly queues = new Map<string, Message[]>();
  private readonly definitions: ReadonlyMap<string, QueueDefinition>;
  /** When a deduplication id, with its queue before it, was seen first. */
  private readonly seen = new Map<string, { readonly id: string; readonly at: number }>();

  constructor(
    definitions: readonly QueueDefinition[],
    private readonly file: string,
    private readonly now: () => number = Date.now,
  ) {
    const kept = recordOf(parseJson(read(file)));
    this.definitions = new Map(definitions.map((definition) => [definition.name, definition]));
    for (const { name } of definitions) {
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

  /**
   * Receives messages as SQS does: those of one group in order and only while none of the group is hidden; those that
   * were received too often go to the dead-letter queue.
   *
   * @param visibilitySeconds the queue's own when absent
   */
  receive(name: string, limit: number, visibilitySeconds?: number): ReceivedMessage[] {
    const now = this.now();
    const seconds =
      visibilitySeconds ?? this.definitions.get(name)?.visibilitySeconds ?? DEFAULT_VISIBILITY_SECONDS;
    this.giveUpMessages(name, now);
    const queue = this.queues.get(name) ?? [];
    const held = new Set(queue.flatMap(({ visibleAt, group }) => (visibleAt > now ? [group] : [])));
    const chosen = queue
      .filter(({ visibleAt, group }) => visibleAt <= now && (group === undefined || !held.has(group)))
      .slice(0, limit);
    for (const message of chosen) {
      message.receiptHandle = randomUUID();
      message.firstReceivedAt ??= now;
      message.waits = false;
      message.receivedTimes++;
      message.visibleAt = now + seconds * 1000;
    }
    return chosen;
  }

  /** Deletes a message by the handle of its last receipt; an older handle deletes nothing. */
  delete(name: string, receiptHandle: string): void {
    const rest = this.queues.get(name)?.filter((message) => message.receiptHandle !== receiptHandle);
    if (rest === undefined) return;
    this.queues.set(name, rest);
    this.save();
  }

  /** Notes that a delivery failed: the message comes again when its visibility timeout is over. */
  noteFailure(name: string, receiptHandle: string): void {
    const message = this.queues.get(name)?.find((one) => one.receiptHandle === receiptHandle);
    if (message !== undefined) message.waits = true;
  }

  /** Has every message whose last delivery failed come again at once. */
  endWaiting(): void {
    for (const message of [...this.queues.values()].flat()) if (message.waits === true) message.visibleAt = 0;
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
        return { status: 200, body: { Messages: this.receiveAs(name, input) } };
      case 'ChangeMessageVisibility': {
        const message = queue.find(({ receiptHandle }) => receiptHandle === input.ReceiptHandle);
        if (message === undefined) return notInFlight();
        message.visibleAt = this.now() + (numberOf(input.VisibilityTimeout) ?? 0) * 1000;
        return { status: 200, body: {} };
      }
      case 'DeleteMessage':
        this.delete(name, stringOf(input.ReceiptHandle) ?? '');
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

  private receiveAs(name: string, input: Record<string, unknown>) {
    const limit = numberOf(input.MaxNumberOfMessages) ?? 1;
    return this.receive(name, limit, numberOf(input.VisibilityTimeout)).map((message) => ({
      MessageId: message.id,
      ReceiptHandle: message.receiptHandle,
      Body: message.body,
      MD5OfBody: md5(message.body),
      Attributes: systemAttributes(message),
    }));
  }

  /** SQS moves a message when it would be received once more, not when its last delivery fails. */
  private giveUpMessages(name: string, now: number): void {
    const redrive = this.definitions.get(name)?.redrive;
    const deadLetters = this.queues.get(redrive?.deadLetterQueue ?? '');
    if (redrive === undefined || deadLetters === undefined) return;
    const isGivenUp = ({ visibleAt, receivedTimes }: Message) =>
      visibleAt <= now && receivedTimes >= redrive.maxReceiveCount;
    const queue = this.queues.get(name) ?? [];
    const givenUp = queue.filter(isGivenUp);
    if (givenUp.length === 0) return;
    deadLetters.push(...givenUp.map((message) => ({ ...message, receiptHandle: '', visibleAt: 0 })));
    this.queues.set(
      name,
      queue.filter((message) => !isGivenUp(message)),
    );
    this.save();
  }

  private save(): void {
    writeFileSync(this.file, JSON.stringify(Object.fromEntries(this.queues), undefined, 2), { mode: 0o600 });
  }
}

/** What SQS tells of a message besides its body. */
export const systemAttributes = (message: ReceivedMessage): Record<string, string> => ({
  SentTimestamp: String(message.sentAt),
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
  ApproximateReceiveCount: String(message.receivedTimes),
  ...(message.group === undefined ? {} : { MessageGroupId: message.group }),
});

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
