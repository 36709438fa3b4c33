import assert from 'node:assert/strict';
import {
  type Access,
  createClient,
  type IssuedSession,
  type Login,
  SessionRefused,
  type User,
} from 'serverless-scim';
import { AdminApiError, type AdminClient, createAdminClient, type Page } from 'serverless-scim/admin';
import {
  EVENT_TYPES,
  eventSchema,
  type ScimEvent,
  verifyWebhook,
  type WebhookMessage,
  WebhookRefused,
} from 'serverless-scim/events';

const scim = createClient({ tableName: process.env.TABLE_NAME ?? '', sessions: { idleMs: 60_000 } });

async function logIn(userName: string): Promise<IssuedSession | undefined> {
  const login: Login = await scim.logins.find('acme', { userName });
  if (login.outcome === 'refused') return undefined;
  try {
    return await scim.sessions.issue('acme', login.user.id);
  } catch (error) {
    if (error instanceof SessionRefused && error.reason === 'user-inactive') return undefined;
    throw error;
  }
}

const access = (userId: string): Promise<Access> => scim.roles.of('acme', userId);
const user = (userId: string): Promise<User | undefined> => scim.users.get('acme', userId);
export const userOf = (event: ScimEvent): string | undefined => event.data.userId;
const read = (body: string, headers: Headers): WebhookMessage =>
  verifyWebhook({ body, headers, secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] });

const admin: AdminClient = createAdminClient({
  url: 'http://127.0.0.1:1/admin',
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
export const states = async (): Promise<string[]> => {
  const { items }: Page<{ readonly state: 'live' | 'expired' | 'revoked' | 'suspended' }> = await admin.tokens
    .list({ tenantId: 'acme' })
    .page();
  return items.map(({ state }) => state);
};
// @ts-expect-error: a tenant has a name
export const nobody = () => admin.tenants.create({ tenantId: 'acme' });

// @ts-expect-error: a table has a name
export const nameless = () => createClient({});

async function main(): Promise<void> {
  const session = await logIn('Ann@Example.com');
  assert.ok(session);
  const { sessionToken, refreshToken } = session;
  const check = await scim.sessions.verify(sessionToken);
  assert.ok(check.active);
  assert.equal((await user(check.session.userId))?.userName, 'ann@example.com');
  assert.deepEqual((await access(check.session.userId)).roles, []);
  await scim.sessions.revokeAll('acme', check.session.userId);
  assert.deepEqual(await scim.sessions.verify(sessionToken), { active: false, reason: 'revoked' });
  await assert.rejects(scim.sessions.rotate(refreshToken), SessionRefused);
  scim.close();

  assert.equal(typeof admin.tenants.create, 'function');
  assert.equal(new AdminApiError(404, undefined, undefined).code, 'unknown');
  for (const type of EVENT_TYPES) assert.equal(eventSchema(type).type, 'object');
  assert.throws(() => read('{}', new Headers()), WebhookRefused);
  console.log('a session was issued, lived, and was revoked');
}

main();
