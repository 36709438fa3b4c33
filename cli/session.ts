import type { TenantId } from '../directory/keys';
import type { Table } from '../directory/table';
import { readTenantId } from '../directory/tenants';
import { getUser } from '../directory/users';
import { SessionStore } from '../sessions';
import { argument, CommandFailed, type CommandGroup } from './command';
import { tableText } from './table-text';

/** A mistyped id must not look like a user without sessions. @throws CommandFailed */
async function requireUser(table: Table, tenant: TenantId, userId: string): Promise<void> {
  const user = await getUser({ table, tenant, now: () => new Date() }, userId);
  if (user === undefined) throw noSuchUser(tenant, userId);
}

const noSuchUser = (tenant: TenantId, userId: string) =>
  new CommandFailed(`The tenant "${tenant}" has no user ${JSON.stringify(userId)}.`);

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
        const [tenant, userId] = [readTenantId(argument(call, 0)), argument(call, 1)];
        await requireUser(call.target.table, tenant, userId);
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
        const [tenant, userId] = [readTenantId(argument(call, 0)), argument(call, 1)];
        const found = await new SessionStore(call.target.table).revokeAll(tenant, userId);
        if (!found) throw noSuchUser(tenant, userId);
        return {
          json: { tenantId: tenant, userId, revoked: true },
          text: `All sessions of ${userId} are dead.`,
        };
      },
    },
  },
};
