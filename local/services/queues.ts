import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { isRecord, listOf, numberOf, parseJson, recordOf, stringOf } from '../json';
import type { Service, ServiceAnswer } from './service-request';

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  receivedTimes: number;
  visibleAt: number;
  receiptHandle: string;
}

const DEFAULT_VISIBILITY_SECONDS = 30;

/** The stack's SQS queues: what dead-letter destinations need. Messages are kept in a file between starts. */
export class Queues {
  private readonly queues = new Map<string, Message[]>();

  constructor(
    names: readonly string[],
    private readonly file: string,
  ) {
    const kept = recordOf(parseJson(read(file)));
    for (const name of names) {
      const messages = listOf(kept[name]).flatMap((value) => {
        const body = isRecord(value) ? stringOf(value.body) : undefined;
        if (!isRecord(value) || body === undefined) return [];
        const sentAt = numberOf(value.sentAt) ?? Date.now();
        return [
          {
            id: String(value.id),
            body,
            sentAt,
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

  /** @returns the message's id, or undefined when there is no such queue */
  send(name: string, body: string): string | undefined {
    const queue = this.queues.get(name);
    if (queue === undefined) return undefined;
    const id = randomUUID();
    queue.push({ id, body, sentAt: Date.now(), receivedTimes: 0, visibleAt: 0, receiptHandle: '' });
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
        return { status: 200, body: this.accept(name, stringOf(input.MessageBody) ?? '') };
      case 'SendMessageBatch': {
        const entries = listOf(input.Entries).map(recordOf);
        const Successful = entries.map((entry) => ({
          Id: entry.Id,
          ...this.accept(name, stringOf(entry.MessageBody) ?? ''),
        }));
        return { status: 200, body: { Successful, Failed: [] } };
      }
      case 'ReceiveMessage':
        return { status: 200, body: { Messages: this.receive(queue, input) } };
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

  private accept(name: string, body: string) {
    return { MessageId: this.send(name, body), MD5OfMessageBody: md5(body) };
  }

  private receive(queue: Message[], input: Record<string, unknown>) {
    const now = Date.now();
    const seconds = numberOf(input.VisibilityTimeout) ?? DEFAULT_VISIBILITY_SECONDS;
    const chosen = queue
      .filter(({ visibleAt }) => visibleAt <= now)
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
      },
    }));
  }

  private save(): void {
    writeFileSync(this.file, JSON.stringify(Object.fromEntries(this.queues), undefined, 2), { mode: 0o600 });
  }
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
