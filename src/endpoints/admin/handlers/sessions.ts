import { listSessions, revokeSessions } from '../../../admin/sessions';
import type { SESSIONS } from '../../../admin-api/sessions';
import type { HandlersOf } from './handler';

export const sessionHandlers: HandlersOf<typeof SESSIONS> = {
  async list(deployment, { tenantId, userId }) {
    const sessions = await listSessions(deployment, { tenantId, userId });
    const items = sessions.map(
      ({ tenant, createdAt, lastSeenAt, idleExpiresAt, absoluteExpiresAt, ...others }) => ({
        tenantId: tenant,
        userId: others.userId,
        sessionId: others.sessionId,
        createdAt: createdAt.toISOString(),
        lastSeenAt: lastSeenAt.toISOString(),
        idleExpiresAt: idleExpiresAt.toISOString(),
        absoluteExpiresAt: absoluteExpiresAt.toISOString(),
        label: others.label,
      }),
    );
    return { items };
  },
  revoke: revokeSessions,
};
