import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Scim, startScim, type TestTenant } from 'serverless-scim/testing';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';

let scim: Scim;
let acme: TestTenant;

before(async () => {
  process.env.CUSTOMERS = JSON.stringify({ acme: { seats: 1, domains: ['acme.example'] } });
  scim = await startScim({ policy: new URL('../index.mjs', import.meta.url).pathname });
  acme = await scim.createTenant('acme');
});
after(() => scim?.stop());

const create = (userName: string) =>
  fetch(`${scim.baseUrl}/Users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${acme.token}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify({ schemas: [USER], userName }),
  });

test("an address of somebody else's domain is refused, and the administrator reads why", async () => {
  const response = await create('ann@other.example');

  assert.equal(response.status, 403);
  assert.match(await response.text(), /The domain \\"other\.example\\" is not one of yours/);
});

test('there are as many users as seats', async () => {
  assert.equal((await create('ann@acme.example')).status, 201);
  assert.equal((await create('bob@acme.example')).status, 403);
});
