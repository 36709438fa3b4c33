import { SessionStore } from '../src/sessions';
import type { CommandGroup } from './command';
import { tableText } from './table-text';
import { readUser } from './user-argument';

export const SESSION: CommandGroup = {
  summary: "the sessions of the app's users",
  commands: {
    list: {
      arguments: ['tenant', 'userId'],
      summary: "list a user's live sessions",
      options: {},
      examples: ['session list acme 2819c223-7f76-453a-919d-413861904646'],
      async run(call) {
        const store = new SessionStore(call.target.table);
        const { tenant, userId } = await readUser(call);
        const sessions = await store.list(tenant, userId);
        const rows = sessions.map(({ sessionId, createdAt, lastSeenAt, label }) => [
          sessionId,
          createdAt.toISOString(),
          lastSeenAt.toISOString(),
          label ?? '',
        ]);
        return { json: sessions, text: tableText(['SESSION', 'CREATED', 'LAST SEEN', 'LABEL'], rows) };
      },
    },
    revoke: {
      arguments: ['tenant', 'userId'],
      summary: 'end all sessions of a user at once',
      options: {},
      examples: ['session revoke acme 2819c223-7f76-453a-919d-413861904646'],
      async run(call) {
        const { tenant, userId } = await readUser(call);
        await new SessionStore(call.target.table).revokeAll(tenant, userId);
        return {
          json: { tenantId: tenant, userId, revoked: true },
          text: `All sessions of ${userId} are dead.`,
        };
      },
    },
  },
};
