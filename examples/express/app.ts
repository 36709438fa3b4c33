import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { readTenantId, type Session, SessionRefused, type SessionStore } from '../../src/sessions';

const COOKIE = 'session';
const IS_TEXT = (value: unknown): value is string => typeof value === 'string';

/** Who has just proven who they are to your single sign-on: the SCIM id of a user, and the tenant. */
export interface SignedIn {
  readonly tenant: string;
  readonly userId: string;
}

/**
 * An app of yours with sessions that die with the access: everything that concerns them is here, in five routes.
 *
 * @param signIn your single sign-on; undefined when it refuses. docs/access.md tells how to find the user of a login
 * @example
 * createApp(new SessionStore(new Table('scim', dynamoDbClient())), signInBySaml).listen(3000);
 */
export function createApp(
  sessions: SessionStore,
  signIn: (request: Request) => Promise<SignedIn | undefined>,
): Express {
  const app = express();
  app.use(express.json());

  app.post('/login', async (request, response) => {
    const who = await signIn(request);
    if (who === undefined) return void response.sendStatus(401);
    const { sessionToken, refreshToken } = await sessions.issue(readTenantId(who.tenant), who.userId, {
      label: request.get('user-agent'),
    });
    give(response, sessionToken).json({ refreshToken });
  });

  // Asked after the access token's or the session's idle time; the old refresh token ends with it.
  app.post('/refresh', async (request, response) => {
    const { refreshToken } = request.body as { refreshToken?: unknown };
    if (!IS_TEXT(refreshToken)) return void response.sendStatus(400);
    const next = await sessions.rotate(refreshToken);
    give(response, next.sessionToken).json({ refreshToken: next.refreshToken });
  });

  // Everything below needs a live session: this one look-up is what makes off-boarding immediate.
  app.use(async (request, response, next) => {
    const check = await sessions.verify(cookieOf(request));
    if (!check.active) return void response.status(401).json({ reason: check.reason });
    response.locals.session = check.session;
    next();
  });

  app.get('/me', (_request, response) => {
    const { tenant, userId } = sessionOf(response);
    response.json({ tenant, userId });
  });

  app.get('/sessions', async (_request, response) => {
    const { tenant, userId } = sessionOf(response);
    const list = await sessions.list(tenant, userId);
    response.json(list.map(({ sessionId, label, createdAt }) => ({ sessionId, label, createdAt })));
  });

  app.post('/logout', async (request, response) => {
    const { tenant, userId } = sessionOf(response);
    if (request.query.everywhere === 'true') await sessions.revokeAll(tenant, userId);
    else await sessions.revoke(sessionOf(response));
    response.clearCookie(COOKIE).sendStatus(204);
  });

  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (error instanceof SessionRefused) response.status(401).json({ reason: error.reason });
    else next(error);
  });
  return app;
}

const give = (response: Response, sessionToken: string): Response =>
  response.cookie(COOKIE, sessionToken, { httpOnly: true, secure: true, sameSite: 'lax' });

const cookieOf = (request: Request): string =>
  new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(request.get('cookie') ?? '')?.[1] ?? '';

const sessionOf = (response: Response): Session => response.locals.session as Session;
