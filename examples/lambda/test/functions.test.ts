import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { type Scim, startScim, type TestTenant } from 'serverless-scim/testing';

const SECRET = 'of the test';
let scim: Scim;
let acme: TestTenant;
let authorizer: typeof import('../src/authorizer');
let accessToken: typeof import('../src/access-token');

before(async () => {
  scim = await startScim();
  acme = await scim.createTenant();
  Object.assign(process.env, scim.environment, {
    TABLE_NAME: scim.tableName,
    ACCESS_TOKEN_SECRET: SECRET,
  });
  // The functions read their environment when they are loaded.
  authorizer = await import('../src/authorizer');
  accessToken = await import('../src/access-token');
});

after(() => scim?.stop());

async function provision(userName: string): Promise<string> {
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
  const { body } = await acme.request('POST', '/Users', { schemas, userName, active: true });
  return String(body.id);
}

const deactivate = (id: string) =>
  acme.request('PATCH', `/Users/${id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'active', value: false }],
  });

test('the authorizer lets a live session through and tells whose it is', async () => {
  const userId = await provision('ann@example.com');
  const { session, sessionToken } = await scim.client.sessions.issue(acme.tenantId, userId);
  const event = { headers: { authorization: `Bearer ${sessionToken}` } };
  const context = { tenant: acme.tenantId, userId, sessionId: session.sessionId };
  assert.deepEqual(await authorizer.handler(event), { isAuthorized: true, context });

  await deactivate(userId);

  const refused = { isAuthorized: false, context: { reason: 'user-inactive' } };
  assert.deepEqual(await authorizer.handler(event), refused);
  const malformed = { isAuthorized: false, context: { reason: 'malformed' } };
  assert.deepEqual(await authorizer.handler({ headers: {} }), malformed);
});

test('an access token of the app is refused once the epoch is asked for again', async () => {
  const userId = await provision('bob@example.com');
  const token = (await accessToken.signAccessToken(acme.tenantId, userId, SECRET)) ?? '';
  const event = { headers: { authorization: `Bearer ${token}` } };
  assert.equal((await accessToken.handler(event)).statusCode, 200);

  await deactivate(userId);

  mock.timers.enable({ apis: ['Date'], now: Date.now() + 31_000 });
  const later = await accessToken.handler(event);
  mock.timers.reset();
  assert.deepEqual(later, { statusCode: 401, body: 'access has ended' });
  assert.equal(await accessToken.signAccessToken(acme.tenantId, userId, SECRET), undefined);
  const forged = { headers: { authorization: `Bearer ${token.slice(0, -43)}${'A'.repeat(43)}` } };
  assert.equal((await accessToken.handler(forged)).statusCode, 401);
});
