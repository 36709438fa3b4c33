const { createServer } = require('node:http');
const { once } = require('node:events');
const { SessionRefused, Conflict } = require('serverless-scim');
const { startScim } = require('serverless-scim/testing');

jest.setTimeout(120_000);

const told = [];
let receiver;
let scim;

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    told.push({ type: request.headers['x-event-type'], body });
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const started = performance.now();
  scim = await startScim({ events: `http://127.0.0.1:${receiver.address().port}/events` });
  process.stdout.write(`startScim in Jest: ready after ${Math.round(performance.now() - started)} ms\n`);
});

afterAll(async () => {
  await scim?.stop();
  receiver.closeAllConnections();
  receiver.close();
});

async function until(condition) {
  for (const end = Date.now() + 60_000; !condition(); ) {
    if (Date.now() > end) throw new Error('It did not happen within 60 s.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('a session dies with the deactivation, and the event is delivered', async () => {
  const acme = await scim.createTenant('acme');
  const { body: ann } = await acme.request('POST', '/Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: 'ann@example.com',
    active: true,
  });
  const login = await scim.client.logins.find('acme', { userName: 'Ann@Example.com' });
  const { sessionToken } = await scim.client.sessions.issue('acme', login.user.id);
  const before = await scim.client.sessions.verify(sessionToken);

  await acme.request('PATCH', `/Users/${ann.id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'active', value: false }],
  });
  const after = await scim.client.sessions.verify(sessionToken);
  await until(() => told.some(({ type, body }) => type === 'user.deactivated' && body.includes(ann.id)));

  expect(login.user.id).toBe(ann.id);
  expect([before.active, after.active]).toEqual([true, false]);
});

test('errors are of the classes that the application imports', async () => {
  const tenant = await scim.createTenant();
  await expect(scim.createTenant(tenant.tenantId)).rejects.toThrow(Conflict);
  await expect(scim.client.sessions.issue(tenant.tenantId, 'nobody')).rejects.toThrow(SessionRefused);
});
