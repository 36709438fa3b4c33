import assert from 'node:assert/strict';
import { createClient, SessionRefused } from 'serverless-scim';
import { EVENT_TYPES, eventSchema, verifyWebhook, WebhookRefused } from 'serverless-scim/events';

const scim = createClient({ tableName: process.env.TABLE_NAME });
const login = await scim.logins.find('acme', { userName: 'Ann@Example.com' });
assert.equal(login.outcome, 'found');
const { sessionToken, refreshToken } = await scim.sessions.issue('acme', login.user.id);
assert.equal((await scim.sessions.verify(sessionToken)).active, true);
await scim.sessions.revokeAll('acme', login.user.id);
assert.deepEqual(await scim.sessions.verify(sessionToken), { active: false, reason: 'revoked' });
await assert.rejects(scim.sessions.rotate(refreshToken), SessionRefused);
scim.close();

for (const type of EVENT_TYPES) assert.equal(eventSchema(type).type, 'object');
const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
assert.throws(() => verifyWebhook({ body: '{}', headers: {}, secrets }), WebhookRefused);
console.log('a session was issued, lived, and was revoked');
