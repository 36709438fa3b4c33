import type { SQSClient, SQSClientConfig } from '@aws-sdk/client-sqs';
import type { AccessChange } from './access-state';

/**
 * Hands a change of access over to whoever ends sessions elsewhere. Resolves when it cannot get lost any more.
 *
 * @param id the same for the same change
 */
export type HandOver = (change: AccessChange, id: string) => Promise<void>;

/** What a queue carries. */
export interface TargetMessage {
  readonly id: string;
  readonly change: AccessChange;
}

/**
 * Hands over by FIFO queues, one for each target: in order for one user, users beside each other. The client is
 * loaded when there is something to send, since most stacks have no targets.
 *
 * @param urls of the queues
 * @param config of the client, where the environment does not say it all
 */
export function handOverByQueues(urls: readonly string[], config: SQSClientConfig = {}): HandOver {
  let loading:
    | Promise<{ client: SQSClient; Send: typeof import('@aws-sdk/client-sqs').SendMessageCommand }>
    | undefined;
  const load = async () => {
    const { SendMessageCommand, SQSClient: Client } = await import('@aws-sdk/client-sqs');
    return { client: new Client(config), Send: SendMessageCommand };
  };
  return async (change, id) => {
    if (urls.length === 0) return;
    loading ??= load();
    const { client, Send } = await loading;
    const message: TargetMessage = { id, change };
    const sending = urls.map((url) =>
      client.send(
        new Send({
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
