import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { type Scim, startScim, type TestTenant } from 'serverless-scim/testing';
import { createApp } from '../src/app';
import { Browser } from './browser';
import { FakeProvider } from './provider';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const provider = new FakeProvider();
const server = createServer();
let scim: Scim;
let acme: TestTenant;
let url: string;

before(async () => {
  [scim] = await Promise.all([
    startScim(),
    provider.start(),
    once(server.listen(0, '127.0.0.1'), 'listening'),
  ]);
  acme = await scim.createTenant('acme');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { issuer } = provider;
  const providers = new Map([['acme', { issuer, clientId: 'app', clientSecret: 'of the test' }]]);
  server.on('request', createApp(scim.client, url, providers));
});

after(async () => {
  server.closeAllConnections();
  server.close();
  provider.stop();
  await scim?.stop();
});

async function provision(userName: string): Promise<string> {
  const { body } = await acme.request('POST', '/Users', { schemas: [USER], userName, active: true });
  return String(body.id);
}

const setActive = (id: string, value: boolean) =>
  acme.request('PATCH', `/Users/${id}`, {
    schemas: [PATCH],
    Operations: [{ op: 'replace', path: 'active', value }],
  });

async function logIn(userName?: string) {
  const browser = new Browser();
  provider.signIn(userName);
  return { browser, ...(await browser.fetch(`${url}/login/acme`)) };
}

test('whom the identity provider has provisioned comes in, and is out at the next request after the deactivation', async () => {
  const ann = await provision('ann@example.com');
  const { browser, status, body } = await logIn('Ann@example.com');
  assert.equal(status, 200);
  assert.deepEqual((await browser.fetch(`${url}/me`)).body, { userName: 'ann@example.com', roles: [] });

  await setActive(ann, false);

  const refused = { status: 401, body: { reason: 'user-inactive' } };
  assert.deepEqual(await browser.fetch(`${url}/me`), refused);
  assert.equal((await browser.fetch(`${url}/refresh`, { method: 'POST', body })).status, 401);
  assert.equal((await logIn('ann@example.com')).status, 403);
});

test('whom nobody has provisioned does not come in', async () => {
  const { status, body } = await logIn('eve@example.com');
  assert.deepEqual([status, body], [403, { reason: 'not-provisioned' }]);
});

test('whom the ID token gives no e-mail address is nobody, whoever is called so', async () => {
  await provision('undefined');
  assert.equal((await logIn()).status, 500);
});

test('a group of the identity provider gives a role, and its end takes it away', async () => {
  const bob = await provision('bob@example.com');
  const { body: group } = await acme.request('POST', '/Groups', {
    schemas: [GROUP],
    displayName: 'Administrators',
    members: [{ value: bob }],
  });
  await scim.client.roles.map('acme', { by: 'displayName', group: 'Administrators', roles: ['admin'] });
  const { browser } = await logIn('bob@example.com');
  assert.equal((await browser.fetch(`${url}/admin`)).status, 200);

  await acme.request('PATCH', `/Groups/${group.id}`, {
    schemas: [PATCH],
    Operations: [{ op: 'remove', path: `members[value eq "${bob}"]` }],
  });

  assert.equal((await browser.fetch(`${url}/admin`)).status, 403);
});

test('sessions are refreshed, listed, and ended here and everywhere', async () => {
  await provision('cid@example.com');
  const [first, second] = [await logIn('cid@example.com'), await logIn('cid@example.com')];
  const refreshed = await first.browser.fetch(`${url}/refresh`, { method: 'POST', body: first.body });
  const { body: list } = await first.browser.fetch(`${url}/sessions`);
  assert.deepEqual([refreshed.status, list.length], [200, 2]);

  await first.browser.fetch(`${url}/logout`, { method: 'POST' });
  assert.equal((await first.browser.fetch(`${url}/me`)).status, 401);
  assert.equal((await second.browser.fetch(`${url}/me`)).status, 200);
  await second.browser.fetch(`${url}/logout?everywhere=true`, { method: 'POST' });
  assert.equal((await second.browser.fetch(`${url}/me`)).status, 401);
});

test('a login that this browser did not begin is refused', async () => {
  assert.equal((await new Browser().fetch(`${url}/callback?code=stolen&state=guessed`)).status, 400);
  assert.equal((await new Browser().fetch(`${url}/login/unknown`)).status, 404);
});
