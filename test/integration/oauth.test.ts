import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { main } from '../../cli/main';
import { findTarget } from '../../cli/target';
import { TokenIssuer } from '../../local/token-issuer';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import type { JsonObject } from '../../src/scim/json';
import { clientOf } from './client';
import { type LocalRun, startTestRun } from './local-run';
import { tableOf } from './tenants';

let run: LocalRun;
let folder: string;
let issuer: TokenIssuer;
beforeAll(async () => {
  [run, issuer] = await Promise.all([startTestRun(), TokenIssuer.start()]);
  folder = mkdtempSync(join(tmpdir(), 'scim-oauth-'));
  writeFileSync(
    join(folder, 'run.json'),
    JSON.stringify({ ...run, apiGateway: run.services, pid: process.pid }),
  );
  await createTenant(tableOf(run), { tenantId: readTenantId('acme'), name: 'Acme' });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([run?.stop(), issuer?.stop()]);
});

/** `npm run admin -- … --json` on this local run. */
async function admin(...words: string[]): Promise<JsonObject> {
  const out: string[] = [];
  const code = await main([...words, '--json'], {
    out: (text) => out.push(text),
    error: (text) => out.push(text),
    findTarget: (choice) => findTarget(choice, join(folder, 'run.json')),
  });
  expect([code, out.join('\n')]).toEqual([0, expect.any(String)]);
  return JSON.parse(out.join('\n'));
}

interface Created {
  readonly clientId: string;
  readonly clientSecret: string;
}
async function newClient(...options: string[]): Promise<Created> {
  const { clientId, clientSecret, tokenUrl } = await admin(
    'client',
    'create',
    'acme',
    '--label',
    'entra',
    ...options,
  );
  expect(tokenUrl).toBe(run.tokenUrl);
  return { clientId: String(clientId), clientSecret: String(clientSecret) };
}

const basic = ({ clientId, clientSecret }: Created) =>
  `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
const inBody = ({ clientId, clientSecret }: Created) => ({
  client_id: clientId,
  client_secret: clientSecret,
});

/** `client trust` with what the issuer's page shows. */
const trust = (clientId: string, change: Record<string, string> = {}, ...options: string[]) =>
  admin(
    ...['client', 'trust', 'acme', clientId, ...options],
    ...Object.entries({ ...issuer.page, ...change }).flatMap(([name, value]) => [`--${name}`, value]),
  );
const asserted = (clientId: string, assertion: string) => ({
  client_id: clientId,
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: assertion,
});

async function post(parameters: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await fetch(run.tokenUrl, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ grant_type: 'client_credentials', ...parameters }),
  });
  const body = JSON.parse(await response.text()) as { readonly access_token?: string };
  return { status: response.status, headers: response.headers, body };
}

const scimWith = ({ body }: Awaited<ReturnType<typeof post>>) =>
  clientOf(run.baseUrl, body.access_token ?? 'none');

test("Entra's life: a token by each of the four ways, the connection's test, a cycle, a rotation, the end", async () => {
  const client = await newClient('--expires', '2y');
  const answers = [
    await post({}, { authorization: basic(client) }),
    await post(inBody(client)),
    await post(inBody(client), { authorization: basic(client) }),
    await post({ client_id: client.clientId, scope: 'scim' }, { authorization: basic(client) }),
  ];
  for (const { status, headers, body } of answers) {
    expect([status, headers.get('cache-control'), headers.get('content-type')]).toEqual([
      200,
      'no-store',
      'application/json;charset=UTF-8',
    ]);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^scim_/),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'scim',
    });
  }

  const [first] = answers;
  if (first === undefined) throw new Error('There are four.');
  const scim = scimWith(first);
  // Entra tests the connection by looking a random id up, in both places.
  for (const path of ['/Users', '/Groups'])
    expect(await scim('GET', `${path}?filter=externalId eq "${client.clientId}"`)).toMatchObject({
      status: 200,
      body: { totalResults: 0 },
    });
  const created = await scim('POST', '/Users', { userName: 'jane@acme.example', externalId: 'jane' });
  expect(created.status).toBe(201);

  const rotated = await admin('client', 'rotate', 'acme', client.clientId, '--overlap', '0m');
  expect((await post(inBody(client))).status).toBe(401);
  const successor = await post({ ...inBody(client), client_secret: String(rotated.clientSecret) });
  expect((await scimWith(successor)('GET', `/Users/${created.body.id}`)).status).toBe(200);
  // A cycle that is under way goes on with the token that it has.
  expect((await scim('GET', '/Users?count=0')).status).toBe(200);

  // The next secret was lost: another one takes its place, and the one in use goes on.
  const lost = await admin('client', 'rotate', 'acme', client.clientId);
  const [{ secretId = '' } = {}] = lost.secrets as { secretId?: string }[];
  const next = await admin('client', 'rotate', 'acme', client.clientId, '--replace', secretId);
  const statuses = [lost, rotated, next].map(async ({ clientSecret }) => {
    const { status } = await post({ ...inBody(client), client_secret: String(clientSecret) });
    return status;
  });
  expect(await Promise.all(statuses)).toEqual([401, 200, 200]);
  expect(JSON.stringify(await admin('log', 'acme'))).toContain(
    `It replaces the secret ${secretId}, which has ended.`,
  );

  await admin('client', 'revoke', 'acme', client.clientId);
  for (const granted of [first, successor])
    expect((await scimWith(granted)('GET', '/Users?count=0')).status).toBe(401);
  expect((await post(inBody(client))).body).toMatchObject({ error: 'invalid_client' });
});

test('workload identity federation: a trust, a token for an assertion, a claim that differs, its reason in the log', async () => {
  const { clientId } = await newClient();
  const trusting = await trust(clientId, { audience: `${issuer.page.audience}/.default` }, '--end-secrets');
  expect(trusting).toMatchObject({ state: 'live', secrets: [] });
  const assertion = await issuer.assertion();

  const refused = await post(asserted(clientId, assertion));
  expect([refused.status, refused.body]).toEqual([
    401,
    { error: 'invalid_client', error_description: expect.any(String) },
  ]);
  expect(JSON.stringify(refused.body)).not.toContain(issuer.page.audience);
  await trust(clientId);
  const granted = await post({ ...asserted(clientId, assertion), scope: 'scim' });
  expect([granted.status, granted.body]).toMatchObject([200, { token_type: 'Bearer', scope: 'scim' }]);
  expect((await scimWith(granted)('GET', '/Users?count=0')).status).toBe(200);
  expect(await admin('client', 'show', 'acme', clientId)).toMatchObject({
    trust: { ...issuer.page, lastUsedAt: expect.any(String) },
  });

  const entries = async () => {
    const log = await admin('log', 'acme');
    const all = Array.isArray(log) ? log : (log.entries as JsonObject[]);
    return all.filter(
      (entry: JsonObject) => entry.clientId === clientId || entry.actor === `client:${clientId}`,
    );
  };
  const types = [
    'client.created',
    'client.refused',
    'client.token_issued',
    'client.trust_set',
    'client.trust_set',
  ];
  while ((await entries()).length < types.length);
  const told = await entries();
  expect(told.map(({ type }: JsonObject) => type).sort()).toEqual(types);
  expect(told.find(({ type }: JsonObject) => type === 'client.refused')).toMatchObject({
    status: 401,
    detail: `The assertion has the aud "${issuer.page.audience}"; the client's trust expects "${issuer.page.audience}/.default".`,
  });
});

test.each<[string, Record<string, string>, Record<string, string>, number, string]>([
  ['a secret besides', { client_secret: 'x' }, {}, 400, 'invalid_request'],
  ['a Basic header besides', {}, { authorization: 'Basic eDp5' }, 400, 'invalid_request'],
  ['another type of assertion', { client_assertion_type: 'urn:x:saml2-bearer' }, {}, 400, 'invalid_request'],
  ['no type', { client_assertion_type: '' }, {}, 400, 'invalid_request'],
  ['no client_id', { client_id: '' }, {}, 400, 'invalid_request'],
  ['no assertion', { client_assertion: '' }, {}, 400, 'invalid_request'],
  ['an unknown client', { client_id: 'scimclient_00000000000000000' }, {}, 401, 'invalid_client'],
  ['what is no assertion', { client_assertion: 'a.b.c' }, {}, 401, 'invalid_client'],
])('an assertion with %s is refused in the form of OAuth', async (_what, change, headers, status, error) => {
  const { clientId } = await newClient();
  await trust(clientId);

  const answer = await post({ ...asserted(clientId, await issuer.assertion()), ...change }, headers);

  expect([answer.status, answer.headers.get('cache-control')]).toEqual([status, 'no-store']);
  expect(answer.body).toEqual({ error, error_description: expect.any(String) });
});

test('a token for reading reads, and writes nothing', async () => {
  const client = await newClient();
  const scim = scimWith(await post({ ...inBody(client), scope: 'scim.read' }));

  expect((await scim('GET', '/Users?count=0')).status).toBe(200);
  expect((await scim('POST', '/Users', { userName: 'reader@acme.example' })).status).toBe(403);
});

test('what a client does, gets and is refused is in the log of its tenant, in its name', async () => {
  const client = await newClient();
  await post({ ...inBody(client), client_secret: 'wrong' });
  const scim = scimWith(await post(inBody(client)));
  expect((await scim('POST', '/Users', { userName: 'logged@acme.example' })).status).toBe(201);
  expect((await scim('POST', '/Users', { userName: 'logged@acme.example' })).status).toBe(409);

  const told = async () => {
    const log = await admin('log', 'acme', '--actor', `client:${client.clientId}`);
    const entries = Array.isArray(log) ? log : (log.entries as { type: string }[]);
    return entries.map(({ type }: { type: string }) => type).sort();
  };
  const expected = ['client.refused', 'client.token_issued', 'request.refused', 'user.created'];
  // The stream is a moment behind.
  while ((await told()).length < expected.length);
  expect(await told()).toEqual(expected);
});

test.each<[string, RequestInit, number, string]>([
  ['GET', { method: 'GET' }, 405, 'invalid_request'],
  [
    'PUT',
    { method: 'PUT', body: new URLSearchParams({ grant_type: 'client_credentials' }) },
    405,
    'invalid_request',
  ],
  [
    'JSON',
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
    400,
    'invalid_request',
  ],
  ['no body', { method: 'POST' }, 400, 'invalid_request'],
  [
    'a megabyte',
    { method: 'POST', body: new URLSearchParams({ x: 'x'.repeat(1_000_000) }) },
    400,
    'invalid_request',
  ],
  [
    'another grant',
    { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code' }) },
    400,
    'unsupported_grant_type',
  ],
  [
    'no credentials',
    { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials' }) },
    401,
    'invalid_client',
  ],
])('%s is refused in the form of OAuth', async (_what, init, status, error) => {
  const response = await fetch(run.tokenUrl, init);

  expect([response.status, response.headers.get('cache-control')]).toEqual([status, 'no-store']);
  expect(await response.json()).toEqual({ error, error_description: expect.any(String) });
});

test('whatever arrives at the token endpoint, nobody gets a token and nothing breaks', async () => {
  const { clientId } = await newClient();
  await trust(clientId);
  const assertion = await issuer.assertion();
  const piece = fc.oneof(
    fc.constantFrom(
      'grant_type=client_credentials',
      `client_id=${clientId}`,
      'client_secret=',
      'client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      `client_assertion=${assertion.slice(0, -9)}`,
      '&',
      '%00',
      '=',
      '%',
    ),
    fc.string(),
  );
  const header = fc
    .stringMatching(/^(?:Basic |Bearer |basic )?[\x20-\x7e]{0,40}$/)
    .map((text) => text.trim());
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), header, async (pieces, authorization) => {
      const response = await fetch(run.tokenUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...(authorization ? { authorization } : {}),
        },
        body: pieces.join('&'),
      });
      const text = await response.text();
      expect([400, 401, 429]).toContain(response.status);
      expect(text).not.toContain('access_token');
    }),
    { numRuns: 150 },
  );
});
