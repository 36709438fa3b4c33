import { type Session, SessionStore } from '../sessions';
import type { Deployment } from './deployment';
import { findUser, type UserInput } from './users';

/** A user's live sessions. @throws AdminError notFound */
export async function listSessions(deployment: Deployment, input: UserInput): Promise<Session[]> {
  const { tenant, userId } = await findUser(deployment, input);
  return new SessionStore(deployment.table).list(tenant, userId);
}

/** Ends all sessions of a user at once; who is active may log in again. @throws AdminError notFound */
export async function revokeSessions(
  deployment: Deployment,
  input: UserInput,
): Promise<{ readonly tenantId: string; readonly userId: string; readonly revoked: true }> {
  const { tenant, userId } = await findUser(deployment, input);
  await new SessionStore(deployment.table).revokeAll(tenant, userId, deployment.origin);
  return { tenantId: tenant, userId, revoked: true };
}
