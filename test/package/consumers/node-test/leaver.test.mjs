import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { Conflict, createClient, ExtensionFault, SessionRefused } from 'serverless-scim';
import { verifyWebhook } from 'serverless-scim/events';
import { startScim } from 'serverless-scim/testing';

const BADGE = 'urn:example:params:scim:schemas:extension:badge:2.0:User';
const badge = {
  id: BADGE,
  name: 'Badge',
  description: 'The badge of a user.',
  resourceTypes: [{ name: 'User', required: false }],
  attributes: [{ name: 'badgeNumber', type: 'string', description: 'Printed on it.' }],
};

const told = [];
let receiver;
let scim;

before(async () => {
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    told.push({ body, headers: request.headers });
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const started = performance.now();
  scim = await startScim({
    webhook: `http://127.0.0.1:${receiver.address().port}/hooks/access`,
    cognito: 'http://127.0.0.1:9/',
    extensions: [badge],
  });
  console.log(`startScim in node:test: ready after ${Math.round(performance.now() - started)} ms`);
});

after(async () => {
  await scim?.stop();
  receiver.closeAllConnections();
  receiver.close();
});

async function until(condition) {
  for (const end = Date.now() + 60_000; !(await condition()); ) {
    if (Date.now() > end) throw new Error('It did not happen within 60 s.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a session dies with the deactivation, and the webhook is told, signed', async () => {
  const acme = await scim.createTenant('acme');
  const { body: ann } = await acme.request('POST', '/Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', BADGE],
    userName: 'ann@example.com',
    active: true,
    [BADGE]: { badgeNumber: '12' },
  });
  // As an application would have it, in place of scim.client.
  Object.assign(process.env, scim.environment);
  const client = createClient({ tableName: scim.tableName });
  const login = await client.logins.find('acme', { userName: 'Ann@Example.com' });
  const { sessionToken } = await client.sessions.issue('acme', login.user.id);
  assert.equal((await client.sessions.verify(sessionToken)).active, true);
  assert.equal(ann[BADGE].badgeNumber, '12');

  await acme.request('PATCH', `/Users/${ann.id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'active', value: false }],
  });
  assert.equal((await client.sessions.verify(sessionToken)).active, false);
  client.close();

  await until(() => told.length > 0);
  const [{ body, headers }] = told;
  const message = verifyWebhook({ body, headers, secrets: [scim.webhookSecret] });
  assert.equal(message.type, 'access.ended');
  assert.equal(message.data.userId, ann.id);
});

test('what is past its time to live is removed on request', async () => {
  const acme = await scim.createTenant();
  await scim.createToken(acme.tenantId, { lifeMs: 1_000 });
  await until(async () => (await scim.expire()) > 0);
});

test('errors are of the classes that the application imports', async () => {
  const tenant = await scim.createTenant();
  await assert.rejects(scim.createTenant(tenant.tenantId), Conflict);
  await assert.rejects(scim.client.sessions.issue(tenant.tenantId, 'nobody'), SessionRefused);
  await assert.rejects(startScim({ extensions: [{ id: 'badge' }] }), ExtensionFault);
});
