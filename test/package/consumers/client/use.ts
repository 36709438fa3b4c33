import {
  type Access,
  createClient,
  type Login,
  type Session,
  SessionRefused,
  type User,
} from 'serverless-scim';
import { type ScimEvent, verifyWebhook, type WebhookMessage } from 'serverless-scim/events';

const scim = createClient({ tableName: 'scim', region: 'eu-central-1', sessions: { idleMs: 60_000 } });

export async function logIn(userName: string): Promise<Session | undefined> {
  const login: Login = await scim.logins.find('acme', { userName });
  if (login.outcome === 'refused') return undefined;
  try {
    return (await scim.sessions.issue('acme', login.user.id)).session;
  } catch (error) {
    if (error instanceof SessionRefused && error.reason === 'user-inactive') return undefined;
    throw error;
  }
}

export const access = (userId: string): Promise<Access> => scim.roles.of('acme', userId);
export const user = (userId: string): Promise<User | undefined> => scim.users.get('acme', userId);
export const userOf = (event: ScimEvent): string | undefined => event.data.userId;
export const read = (body: string, headers: Headers): WebhookMessage =>
  verifyWebhook({ body, headers, secrets: ['whsec_'] });

// @ts-expect-error: a table has a name
createClient({});
