import express, { type Express } from 'express';
import { verifyWebhook, type WebhookMessage, WebhookRefused } from 'serverless-scim/events';

/** Where your app keeps its sessions. */
export interface OwnSessions {
  /** Ends all sessions of a user. */
  end(tenantId: string, userId: string): Promise<void>;
  /** Lets a user log in, or not. */
  setMayLogIn(tenantId: string, userId: string, may: boolean): Promise<void>;
  /** Whether a message was done before; kept for a day, longer than it is repeated. */
  isDone(messageId: string): Promise<boolean>;
  /** Remembers that a message is done. */
  done(messageId: string): Promise<void>;
}

/**
 * A receiver of the webhook for an app with sessions of its own.
 *
 * @param secrets `whsec_` and base64; two while the secret is being changed
 * @example
 * createReceiver([process.env.WEBHOOK_SECRET ?? ''], redisSessions).listen(3000);
 */
export function createReceiver(
  secrets: readonly string[],
  sessions: OwnSessions,
  now: () => number = Date.now,
): Express {
  const app = express();
  // The signature covers the bytes, so they are taken before anything parses them.
  app.post('/hooks/access', express.raw({ type: 'application/json' }), async (request, response) => {
    const body = Buffer.isBuffer(request.body) ? request.body : '';
    const message = verified(() => verifyWebhook({ body, headers: request.headers, secrets, now }));
    if (message === undefined) return void response.sendStatus(401);
    if (!(await sessions.isDone(message.id))) {
      await carryOut(sessions, message);
      // Only now: a message that failed half way is sent again, and every step may be done twice.
      await sessions.done(message.id);
    }
    response.sendStatus(204);
  });
  return app;
}

/** Undefined when somebody else has sent it, or somebody had recorded it. */
function verified(verify: () => WebhookMessage): WebhookMessage | undefined {
  try {
    return verify();
  } catch (error) {
    if (error instanceof WebhookRefused) return undefined;
    throw error;
  }
}

async function carryOut(
  sessions: OwnSessions,
  { type, data: { tenantId, userId } }: WebhookMessage,
): Promise<void> {
  // Logins are closed before the sessions are ended, so that none begins in between.
  if (type === 'access.ended') await sessions.setMayLogIn(tenantId, userId, false);
  if (type !== 'access.returned') await sessions.end(tenantId, userId);
  if (type === 'access.returned') await sessions.setMayLogIn(tenantId, userId, true);
}
