import { listDeadLetters, redriveDeadLetters } from '../src/admin/dead-letters/dead-letters';
import type { CommandGroup } from './command';
import { tableText } from './table-text';

export const DEAD_LETTER: CommandGroup = {
  summary: 'work behind the requests that was given up',
  commands: {
    list: {
      arguments: [],
      summary: 'tell how many dead letters each function has',
      options: {},
      examples: ['dead-letter list'],
      async run({ deployment }) {
        const queues = await listDeadLetters(deployment);
        const rows = queues.map((queue) => [queue.function, String(queue.messages)]);
        return { json: queues, text: tableText(['FUNCTION', 'MESSAGES'], rows) };
      },
    },
    redrive: {
      arguments: [],
      summary: 'do the work that was given up, and empty the queues',
      options: {},
      examples: ['dead-letter redrive', 'dead-letter redrive --stack Scim'],
      async run({ deployment }) {
        const done = await redriveDeadLetters(deployment);
        const { letters, revocations, notifiedUsers, cleanups, changes, events, gone, returned } = done;
        return {
          json: done,
          text: `${letters} letters are done with: ${revocations} revocations, ${cleanups} cleanups and ${changes} membership changes were pending; other stores of sessions were told of ${notifiedUsers} users of suspended or resumed tenants; ${events} events were told again, ${gone} letters were too old for that; ${returned} went back to their queues.`,
        };
      },
    },
  },
};
