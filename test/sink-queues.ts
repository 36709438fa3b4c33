import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { Queues } from '../local/services/queues';
import { type ServiceEndpoint, startServiceEndpoint } from '../local/services/service-endpoint';

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const VISIBILITY_S = 360;

/** Queues behind a real SQS client, with a clock that the test turns. */
export interface SinkQueues {
  readonly services: ServiceEndpoint;
  readonly queues: Queues;
  readonly config: { endpoint: string; region: string; credentials: typeof CREDENTIALS };
  urlOf(queue: string): string;
  /** Turns the queues' clock forward. */
  pass(seconds: number): void;
  /**
   * Does what Lambda's event source mapping does with one message: hands it to the handler, and deletes it unless that
   * fails.
   *
   * @returns what became of it; `none` when no message is visible
   */
  deliver(queue: string, handler: (event: SQSEvent) => Promise<void>): Promise<'done' | 'failed' | 'none'>;
  stop(): Promise<void>;
}

export async function startSinkQueues(names: readonly string[]): Promise<SinkQueues> {
  const folder = mkdtempSync(join(tmpdir(), 'queues-'));
  let clock = Date.now();
  const queues = new Queues(
    names.map((name) => ({ name })),
    join(folder, 'queues.json'),
    () => clock,
  );
  const services = await startServiceEndpoint(() => {});
  services.add('sqs', queues.service);
  const config = { endpoint: services.url, region: 'eu-central-1', credentials: CREDENTIALS };
  const client = new SQSClient(config);
  const urlOf = (queue: string) => `${services.url}/111122223333/${queue}`;
  return {
    services,
    queues,
    config,
    urlOf,
    pass: (seconds) => {
      clock += seconds * 1000;
    },
    async deliver(queue, handler) {
      const QueueUrl = urlOf(queue);
      const received = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          VisibilityTimeout: VISIBILITY_S,
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        }),
      );
      const [message] = received.Messages ?? [];
      if (message === undefined) return 'none';
      const record = {
        messageId: message.MessageId,
        receiptHandle: message.ReceiptHandle,
        body: message.Body,
        attributes: message.Attributes,
        eventSourceARN: `arn:aws:sqs:eu-central-1:111122223333:${queue}`,
      } as unknown as SQSRecord;
      try {
        await handler({ Records: [record] });
      } catch {
        return 'failed';
      }
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      return 'done';
    },
    async stop() {
      client.destroy();
      await services.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
