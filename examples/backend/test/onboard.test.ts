import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AdminClient, createAdminClient } from 'serverless-scim/admin';
import { type Scim, startScim } from 'serverless-scim/testing';
import { onboard, replaceToken } from '../src/onboard';

let scim: Scim;
let admin: AdminClient;
before(async () => {
  scim = await startScim();
  Object.assign(process.env, scim.environment);
  admin = createAdminClient({ url: scim.adminUrl });
});
after(() => scim?.stop());

const ORDER = { id: 'order-7', tenantId: 'acme', company: 'Acme Inc' };
const users = (url: string | undefined, token: string) =>
  fetch(`${url}/Users`, { headers: { authorization: `Bearer ${token}` } });

test('a customer who has bought has a tenant and a token that the identity provider may use', async () => {
  const connection = await onboard(admin, ORDER);
  assert.ok(connection);
  assert.equal(connection.tenantUrl, scim.baseUrl);
  assert.equal((await users(connection.tenantUrl, connection.token)).status, 200);
});

test('an order that comes twice makes nothing twice, and shows no secret again', async () => {
  assert.equal(await onboard(admin, ORDER), undefined);
  const { items } = await admin.tokens.list({ tenantId: 'acme' }).page();
  assert.equal(items.length, 1);
});

test('a token that was lost is replaced, and refused from then on', async () => {
  const { items } = await admin.tokens.list({ tenantId: 'acme' }).page();
  const token = await replaceToken(admin, 'acme', items[0]?.tokenId ?? '');
  assert.equal((await users(scim.baseUrl, token)).status, 200);
  const after = await admin.tokens.list({ tenantId: 'acme' }).page();
  assert.deepEqual(after.items.map(({ state }) => state).sort(), ['expired', 'live']);
});
