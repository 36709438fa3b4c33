import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import badge from '../../examples/extensions/badge.json';
import { createClient, ExtensionFault } from '../../src/client';
import { signatureHeaders } from '../../src/offboarding/sinks/webhook-message';
import { type Scim, startScim, type TestTenant } from '../../src/testing';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

interface Post {
  readonly path: string | undefined;
  readonly header: (name: string) => string;
  readonly body: string;
}

let receiver: Server;
const posts: Post[] = [];
let scim: Scim;
let acme: TestTenant;

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    posts.push({ path: request.url, header: (name) => String(request.headers[name]), body });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  scim = await startScim({ events: `${url}/events`, webhook: `${url}/hooks/access` });
});

afterAll(async () => {
  await scim?.stop();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

beforeEach(async () => {
  posts.length = 0;
  acme = await scim.createTenant();
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(10);
}

async function provision(userName: string): Promise<string> {
  const { status, body } = await acme.request('POST', '/Users', { schemas: [USER], userName, active: true });
  expect(status).toBe(201);
  return String(body.id);
}

const deactivate = (id: string) =>
  acme.request('PATCH', `/Users/${id}`, {
    schemas: [PATCH],
    Operations: [{ op: 'replace', path: 'active', value: false }],
  });

test('a session of a user whom the identity provider made dies with the deactivation', async () => {
  const id = await provision('ann@example.com');
  const login = await scim.client.logins.find(acme.tenantId, { userName: 'ann@example.com' });
  const { sessionToken } = await scim.client.sessions.issue(acme.tenantId, id);
  const before = await scim.client.sessions.verify(sessionToken);
  await deactivate(id);
  const after = await scim.client.sessions.verify(sessionToken);

  expect(login).toMatchObject({ outcome: 'found', user: { id } });
  expect([before.active, after.active]).toEqual([true, false]);
});

test('tenants do not see each other, and a token does what it was made for until it is revoked', async () => {
  const id = await provision('ann@example.com');
  const other = await scim.createTenant();
  const { token, tokenId } = await scim.createToken(acme.tenantId, { scope: 'read' });
  const asked = (method: string, path: string, bearer = token) =>
    fetch(`${scim.baseUrl}${path}`, { method, headers: { authorization: `Bearer ${bearer}` } });

  expect((await other.request('GET', `/Users/${id}`)).status).toBe(404);
  expect((await asked('GET', `/Users/${id}`)).status).toBe(200);
  expect((await asked('DELETE', `/Users/${id}`)).status).toBe(403);
  await scim.revokeToken(acme.tenantId, tokenId);
  expect((await asked('GET', `/Users/${id}`)).status).toBe(401);
  expect((await acme.request('DELETE', `/Users/${id}`)).status).toBe(204);
});

test('a suspended tenant has neither requests nor sessions, and comes back when it is resumed', async () => {
  const { sessionToken } = await scim.client.sessions.issue(
    acme.tenantId,
    await provision('ann@example.com'),
  );
  await scim.suspendTenant(acme.tenantId);
  const refused = await acme.request('GET', '/Users');
  const { active } = await scim.client.sessions.verify(sessionToken);
  await scim.resumeTenant(acme.tenantId);

  expect([refused.status >= 400, active]).toEqual([true, false]);
  expect((await acme.request('GET', '/Users')).status).toBe(200);
});

test('a deactivation is told to the URL of events and, signed, to the webhook', async () => {
  const id = await provision('ann@example.com');
  await deactivate(id);
  const postsTo = (path: string) => posts.filter((post) => post.path === path && post.body.includes(id));
  await until(() => postsTo('/hooks/access').length === 1 && postsTo('/events').length >= 2);

  const [{ header, body } = { header: String, body: '' }] = postsTo('/hooks/access');
  const at = new Date(Number(header('webhook-timestamp')) * 1000);
  const expected = signatureHeaders(header('webhook-id'), at, body, scim.webhookSecret);
  expect(JSON.parse(body)).toMatchObject({
    type: 'access.ended',
    data: { tenantId: acme.tenantId, userId: id },
  });
  expect(header('webhook-signature')).toBe(expected['webhook-signature']);
  expect(postsTo('/events').map((post) => post.header('x-event-type'))).toContain('user.deactivated');
});

test('expire removes what is past its time', async () => {
  await scim.createToken(acme.tenantId, { lifeMs: 1_000 });

  await until(async () => (await scim.expire()) > 0);
});

test('attributes of an extension schema come back, and the client knows them', async () => {
  const ofBadges = await startScim({ extensions: [badge] });
  try {
    const tenant = await ofBadges.createTenant();
    const { status, body } = await tenant.request('POST', '/Users', {
      schemas: [USER, badge.id],
      userName: 'ann@example.com',
      [badge.id]: { badgeNumber: '12' },
    });
    const login = await ofBadges.client.logins.findOrCreate(
      tenant.tenantId,
      { userName: 'bob@example.com' },
      { profile: { [badge.id]: { badgeNumber: '13' } }, besideScim: true },
    );

    expect([status, body[badge.id]]).toEqual([201, { badgeNumber: '12' }]);
    expect(login.outcome).toBe('created');
  } finally {
    await ofBadges.stop();
  }
});

test('a broken extension schema is told before anything is started', async () => {
  await expect(startScim({ extensions: [{ id: 'badge' }] })).rejects.toThrow(ExtensionFault);
});

test('the environment leads a client of the app to the table', async () => {
  const id = await provision('ann@example.com');
  const kept = { ...process.env };
  Object.assign(process.env, scim.environment);
  try {
    const client = createClient({ tableName: scim.tableName });
    const user = await client.users.get(acme.tenantId, id);
    client.close();
    expect(user?.userName).toBe('ann@example.com');
  } finally {
    process.env = kept;
  }
});
