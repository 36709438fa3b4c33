import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { StackAccess } from '../deployment';
import { AdminError } from '../errors';

/** One dead-letter queue of the stack. */
export interface DeadLetterQueue {
  /** The function that gave the work up. */
  readonly function: string;
  readonly url: string;
}

const MAX_MESSAGES_A_CALL = 10;
/** Messages received stay hidden for so long: a redrive that is broken off lets them come back. */
const HIDDEN_S = 120;

/** The queues that the stack's output names. @throws AdminError unsupported when it has none */
export function deadLetterQueues({ outputs }: StackAccess): DeadLetterQueue[] {
  const text = outputs.get('DeadLetterQueues');
  if (text === undefined)
    throw new AdminError('unsupported', 'The stack has no output "DeadLetterQueues"; deploy it again.');
  return text.split(' ').map((entry) => {
    const equals = entry.indexOf('=');
    return { function: entry.slice(0, equals), url: entry.slice(equals + 1) };
  });
}

/** About how many messages a queue holds. */
export async function depthOf({ services }: StackAccess, { url }: DeadLetterQueue): Promise<number> {
  const { Attributes } = await new SQSClient(services).send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}

/**
 * Hands each message of a queue to `work`, and deletes those that it is done with.
 *
 * @returns how many were deleted
 * @throws what `work` throws; that message and the later ones come back after two minutes
 */
export async function drain(
  { services }: StackAccess,
  { url }: DeadLetterQueue,
  work: (message: Message, client: SQSClient) => Promise<void>,
): Promise<number> {
  const client = new SQSClient(services);
  let done = 0;
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: MAX_MESSAGES_A_CALL,
        VisibilityTimeout: HIDDEN_S,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['MessageGroupId'],
      }),
    );
    if (Messages.length === 0) return done;
    for (const message of Messages) {
      await work(message, client);
      await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
      done++;
    }
  }
}
