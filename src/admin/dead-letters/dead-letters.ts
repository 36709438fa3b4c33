import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { sweepCleanups } from '../../directory/pending/cleanup-sweep';
import { sweepRevocations } from '../../offboarding/sweep';
import { sweepTenants } from '../../offboarding/sweep-tenants';
import type { Deployment, StackAccess } from '../deployment';
import { AdminError } from '../errors';
import { accessPublisherOf, namingOf } from '../session-sinks';
import { type DeadLetterQueue, deadLetterQueues, depthOf, drain } from './queue';
import { readLostBatch, republishEvents } from './republish-events';

const NO_DEADLINE = Number.POSITIVE_INFINITY;

/** What doing the work again that was given up has come to. */
export interface RedrivenDeadLetters {
  /** Dead letters that are done with. */
  readonly letters: number;
  /** Events that were published again. */
  readonly events: number;
  /** Letters whose records have left the stream, where they are for 24 hours. */
  readonly gone: number;
  /** Messages that went back to the queues they came from. */
  readonly returned: number;
  /** Pending work in the table, by kind. */
  readonly revocations: number;
  /** Users of suspended or resumed tenants of whom other stores of sessions were told. */
  readonly notifiedUsers: number;
  readonly cleanups: number;
  readonly changes: number;
}

/** How many dead letters each function has. @throws AdminError unsupported for a table alone */
export async function listDeadLetters(
  deployment: Deployment,
): Promise<{ readonly function: string; readonly messages: number }[]> {
  const stack = stackOf(deployment);
  return Promise.all(
    deadLetterQueues(stack).map(async (queue) => ({
      function: queue.function,
      messages: await depthOf(stack, queue),
    })),
  );
}

/**
 * Does the work that was given up, and empties the queues.
 *
 * @throws AdminError failed when some of it failed again: then nothing was taken off the queues; unsupported for a
 *   table alone
 */
export async function redriveDeadLetters(deployment: Deployment): Promise<RedrivenDeadLetters> {
  const stack = stackOf(deployment);
  const pending = await sweep(deployment, stack);
  const done: Redriven = { letters: 0, events: 0, gone: 0, returned: 0 };
  for (const queue of deadLetterQueues(stack)) await redrive(deployment, stack, queue, done);
  return { ...done, ...pending };
}

/** @throws AdminError unsupported for a table alone */
function stackOf({ stack }: Deployment): StackAccess {
  if (stack !== undefined) return stack;
  throw new AdminError(
    'unsupported',
    'Dead letters belong to a stack: name it with --stack, or start the local run.',
  );
}

/**
 * Works the marks in the table off, which tell what is to be done whatever the letters say: records are gone after a
 * day, marks stay.
 *
 * @throws AdminError failed
 */
async function sweep({ table }: Deployment, stack: StackAccess) {
  const failures: string[] = [];
  const options = {
    deadline: NO_DEADLINE,
    onFailure: (id: string, error: unknown) => failures.push(`${id}: ${String(error)}`),
  };
  // A mark is cleared only when other stores of sessions have been told; fresh ones are the revoker's.
  const publishAccess = accessPublisherOf(stack);
  const { revocations } = await sweepRevocations(table, { ...options, publishAccess });
  const { told } = await sweepTenants(table, { ...options, publishAccess, naming: namingOf(stack) });
  const { cleanups, changes } = await sweepCleanups(table, options);
  if (failures.length === 0) return { revocations, notifiedUsers: told, cleanups, changes };
  throw new AdminError(
    'failed',
    `Some work failed again, nothing was taken off the queues:\n${failures.join('\n')}`,
  );
}

type Redriven = {
  -readonly [Count in 'letters' | 'events' | 'gone' | 'returned']: RedrivenDeadLetters[Count];
};

async function redrive(
  { table }: Deployment,
  stack: StackAccess,
  queue: DeadLetterQueue,
  done: Redriven,
): Promise<void> {
  const source = stack.outputs.get(`${pascalCase(queue.function)}QueueUrl`);
  done.letters += await drain(stack, queue, async ({ Body = '', MessageId, Attributes }, client) => {
    if (source !== undefined) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: source,
          MessageBody: Body,
          MessageGroupId: Attributes?.MessageGroupId ?? MessageId,
          MessageDeduplicationId: MessageId,
        }),
      );
      done.returned++;
      return;
    }
    const batch = readLostBatch(Body);
    if (batch === undefined || queue.function !== 'follow-up') return;
    const told = await republishEvents(stack, table, batch);
    if (told === undefined) done.gone++;
    else done.events += told;
  });
}

const pascalCase = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
