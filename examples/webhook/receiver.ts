import { createHmac, timingSafeEqual } from 'node:crypto';
import express, { type Express } from 'express';

/** Messages that were signed longer ago are refused: somebody may have recorded them. */
const TOLERANCE_S = 300;

/** What the service tells (docs/session-targets.md). */
export interface Told {
  readonly type: 'access.ended' | 'access.returned' | 'sessions.ended';
  readonly data: {
    readonly tenantId: string;
    readonly userId: string;
    readonly deleted: boolean;
    readonly sessionEpoch: number;
  };
}

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
    const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
    const id = request.get('webhook-id') ?? '';
    const timestamp = request.get('webhook-timestamp') ?? '';
    const signatures = request.get('webhook-signature') ?? '';
    if (!isSigned(secrets, `${id}.${timestamp}.${body}`, signatures)) return void response.sendStatus(401);
    // Not "> TOLERANCE_S": a timestamp that is no number would pass.
    const isFresh = Math.abs(now() / 1000 - Number(timestamp)) <= TOLERANCE_S;
    if (!isFresh) return void response.sendStatus(401);
    if (!(await sessions.isDone(id))) {
      await carryOut(sessions, JSON.parse(body) as Told);
      // Only now: a message that failed half way is sent again, and every step may be done twice.
      await sessions.done(id);
    }
    response.sendStatus(204);
  });
  return app;
}

async function carryOut(sessions: OwnSessions, { type, data: { tenantId, userId } }: Told): Promise<void> {
  // Logins are closed before the sessions are ended, so that none begins in between.
  if (type === 'access.ended') await sessions.setMayLogIn(tenantId, userId, false);
  if (type !== 'access.returned') await sessions.end(tenantId, userId);
  if (type === 'access.returned') await sessions.setMayLogIn(tenantId, userId, true);
}

function isSigned(secrets: readonly string[], content: string, header: string): boolean {
  const given = header.split(' ').map((signature) => Buffer.from(signature));
  return secrets.some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const expected = Buffer.from(`v1,${createHmac('sha256', key).update(content).digest('base64')}`);
    return given.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
  });
}
