import { listSessions, revokeSessions } from '../src/admin/sessions';
import type { CommandGroup } from './command';
import { momentText } from './shown-text';
import { tableText } from './table-text';
import { userArguments } from './user-arguments';

export const SESSION: CommandGroup = {
  summary: "the sessions of the app's users",
  commands: {
    list: {
      arguments: ['tenant', 'user'],
      summary: "list a user's live sessions",
      options: {},
      examples: ['session list acme 2819c223-7f76-453a-919d-413861904646'],
      async run(call) {
        const sessions = await listSessions(call.deployment, userArguments(call));
        const rows = sessions.map(({ sessionId, createdAt, lastSeenAt, label }) => [
          sessionId,
          momentText(createdAt.toISOString()),
          momentText(lastSeenAt.toISOString()),
          label ?? '',
        ]);
        return { json: sessions, text: tableText(['SESSION', 'CREATED', 'LAST SEEN', 'LABEL'], rows) };
      },
    },
    revoke: {
      arguments: ['tenant', 'user'],
      summary: 'end all sessions of a user at once',
      options: {},
      examples: ['session revoke acme 2819c223-7f76-453a-919d-413861904646'],
      async run(call) {
        const revoked = await revokeSessions(call.deployment, userArguments(call));
        return { json: revoked, text: `All sessions of ${revoked.userId} are dead.` };
      },
    },
  },
};
