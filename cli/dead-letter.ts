import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { sweepCleanups } from '../src/directory/pending/cleanup-sweep';
import { sweepRevocations } from '../src/offboarding/sweep';
import { CommandFailed, type CommandGroup, type StackAccess } from './command';
import { type DeadLetterQueue, deadLetterQueues, depthOf, drain, stackOf } from './dead-letters/queue';
import { readLostBatch, republishEvents } from './dead-letters/republish-events';
import { accessPublisherOf } from './session-targets';
import { tableText } from './table-text';

const NO_DEADLINE = Number.POSITIVE_INFINITY;

export const DEAD_LETTER: CommandGroup = {
  summary: 'work behind the requests that was given up',
  commands: {
    list: {
      arguments: [],
      summary: 'tell how many dead letters each function has',
      options: {},
      examples: ['dead-letter list'],
      async run({ target }) {
        const stack = stackOf(target);
        const queues = deadLetterQueues(stack);
        const depths = await Promise.all(queues.map((queue) => depthOf(stack, queue)));
        const rows = queues.map((queue, position) => ({
          function: queue.function,
          messages: depths[position] ?? 0,
        }));
        return {
          json: rows,
          text: tableText(
            ['FUNCTION', 'MESSAGES'],
            rows.map((row) => [row.function, String(row.messages)]),
          ),
        };
      },
    },
    redrive: {
      arguments: [],
      summary: 'do the work that was given up, and empty the queues',
      options: {},
      examples: ['dead-letter redrive', 'dead-letter redrive --stack Scim'],
      async run({ target }) {
        const stack = stackOf(target);
        // The marks in the table tell what is to be done, whatever the letters say: records are gone after a day, marks
        // stay.
        const failures: string[] = [];
        const revoked = await sweepRevocations(target.table, {
          deadline: NO_DEADLINE,
          // A mark is cleared only when other stores of sessions have been told; fresh ones are the revoker's.
          publishAccess: accessPublisherOf(stack),
          onFailure: (id, error) => failures.push(`${id}: ${String(error)}`),
        });
        const cleaned = await sweepCleanups(target.table, {
          deadline: NO_DEADLINE,
          onFailure: (id, error) => failures.push(`${id}: ${String(error)}`),
        });
        if (failures.length > 0)
          throw new CommandFailed(
            `Some work failed again, nothing was taken off the queues:\n${failures.join('\n')}`,
          );
        const done = { letters: 0, events: 0, gone: 0, returned: 0 };
        for (const queue of deadLetterQueues(stack)) await redrive(stack, target.table.name, queue, done);
        const { revocations } = revoked;
        return {
          json: { ...done, revocations, cleanups: cleaned.cleanups, changes: cleaned.changes },
          text: `${done.letters} letters are done with: ${revocations} revocations, ${cleaned.cleanups} cleanups and ${cleaned.changes} membership changes were pending; ${done.events} events were told again, ${done.gone} letters were too old for that; ${done.returned} went back to their queues.`,
        };
      },
    },
  },
};

interface Done {
  letters: number;
  events: number;
  gone: number;
  returned: number;
}

async function redrive(
  stack: StackAccess,
  tableName: string,
  queue: DeadLetterQueue,
  done: Done,
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
    const told = await republishEvents(stack, tableName, batch);
    if (told === undefined) done.gone++;
    else done.events += told;
  });
}

const pascalCase = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
