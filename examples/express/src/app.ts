import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { type Client, type Session, SessionRefused } from 'serverless-scim';
import { type Attempt, authorizationUrl, claimsOf, newAttempt, type Provider } from './oidc';

const SESSION = 'session';
const ATTEMPT = 'login';

/**
 * An app with sessions that die with the access.
 *
 * @param url of the app itself, as browsers see it
 * @param providers the identity provider of each tenant
 */
export function createApp(scim: Client, url: string, providers: ReadonlyMap<string, Provider>): Express {
  const app = express();
  app.use(express.json());
  const redirectUri = `${url}/callback`;

  app.get('/login/:tenant', async ({ params: { tenant } }, response) => {
    const provider = providers.get(tenant);
    if (provider === undefined) return void response.sendStatus(404);
    const attempt = newAttempt(tenant);
    give(response, ATTEMPT, JSON.stringify(attempt));
    response.redirect(await authorizationUrl(provider, redirectUri, attempt));
  });

  app.get('/callback', async (request, response) => {
    const attempt = attemptOf(request);
    const provider = providers.get(attempt?.tenant ?? '');
    const { code, state } = request.query;
    if (attempt === undefined || provider === undefined || state !== attempt.state)
      return void response.sendStatus(400);
    const { email, sub } = await claimsOf(provider, redirectUri, String(code), attempt);
    // The login has proven who they are; what SCIM has told says whether they may come in. `sub` is the externalId that
    // Okta provisions; Entra ID has it in the claim `oid`, once the administrator maps `objectId`.
    const login = await scim.logins.find(attempt.tenant, { userName: email, externalId: sub });
    if (login.outcome === 'refused') return void response.status(403).json({ reason: login.reason });
    const { sessionToken, refreshToken } = await scim.sessions.issue(attempt.tenant, login.user.id, {
      label: request.get('user-agent'),
    });
    give(response.clearCookie(ATTEMPT), SESSION, sessionToken).json({ refreshToken });
  });

  // Asked when the session has been idle; the old refresh token ends with it.
  app.post('/refresh', async ({ body }, response) => {
    const next = await scim.sessions.rotate(String(body?.refreshToken));
    give(response, SESSION, next.sessionToken).json({ refreshToken: next.refreshToken });
  });

  // Everything below needs a live session: this one look-up is what makes off-boarding immediate.
  app.use(async (request, response, next) => {
    const check = await scim.sessions.verify(cookieOf(request, SESSION));
    if (!check.active) return void response.status(401).json({ reason: check.reason });
    response.locals.session = check.session;
    next();
  });

  app.get('/me', async (_request, response) => {
    const { tenant, userId } = sessionOf(response);
    const [user, { roles }] = await Promise.all([
      scim.users.get(tenant, userId),
      scim.roles.of(tenant, userId),
    ]);
    response.json({ userName: user?.userName, roles });
  });

  app.get('/admin', async (_request, response) => {
    const { tenant, userId } = sessionOf(response);
    const { roles } = await scim.roles.of(tenant, userId);
    if (!roles.includes('admin')) return void response.sendStatus(403);
    response.json({ secret: 'for administrators' });
  });

  app.get('/sessions', async (_request, response) => {
    const { tenant, userId } = sessionOf(response);
    const list = await scim.sessions.list(tenant, userId);
    response.json(list.map(({ sessionId, label, createdAt }) => ({ sessionId, label, createdAt })));
  });

  app.post('/logout', async (request, response) => {
    const { tenant, userId } = sessionOf(response);
    if (request.query.everywhere === 'true') await scim.sessions.revokeAll(tenant, userId);
    else await scim.sessions.revoke(sessionOf(response));
    response.clearCookie(SESSION).sendStatus(204);
  });

  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (error instanceof SessionRefused) response.status(401).json({ reason: error.reason });
    else next(error);
  });
  return app;
}

const give = (response: Response, name: string, value: string): Response =>
  response.cookie(name, value, { httpOnly: true, secure: true, sameSite: 'lax' });

function cookieOf(request: Request, name: string): string {
  const [, value = ''] = new RegExp(`(?:^|; )${name}=([^;]+)`).exec(request.get('cookie') ?? '') ?? [];
  return decodeURIComponent(value);
}

function attemptOf(request: Request): Attempt | undefined {
  const text = cookieOf(request, ATTEMPT);
  return text === '' ? undefined : (JSON.parse(text) as Attempt);
}

const sessionOf = (response: Response): Session => response.locals.session as Session;
