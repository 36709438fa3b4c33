import { SendMessageCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import type { AccessPublisher, SinkMessage } from './access-publisher';

/**
 * Hands over by FIFO queues, one for each sink: in order for one user, users beside each other. The client is made
 * when there is something to send, since most stacks have no sinks.
 *
 * @param urls of the queues
 * @param config of the client, where the environment does not say it all
 */
export function queuePublisher(urls: readonly string[], config: SQSClientConfig = {}): AccessPublisher {
  let client: SQSClient | undefined;
  return async (change, id) => {
    if (urls.length === 0) return;
    client ??= new SQSClient(config);
    const queue = client;
    const message: SinkMessage = { id, change };
    const sending = urls.map((url) =>
      queue.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: JSON.stringify(message),
          MessageGroupId: `${change.tenant}/${change.userId}`,
          MessageDeduplicationId: id,
        }),
      ),
    );
    await Promise.all(sending);
  };
}
