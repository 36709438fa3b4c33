import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { main } from '../../cli/main';
import { findTarget } from '../../cli/target';
import { readTenantId } from '../../src/directory/tenants/tenants';
import { issueToken, listTokens } from '../../src/directory/tenants/tokens';
import { type Answer, clientOf } from './client';
import { type LocalRun, startTestRun } from './local-run';
import { tableOf, tenantToken } from './tenants';

let run: LocalRun;
let folder: string;
beforeAll(async () => {
  run = await startTestRun();
  folder = mkdtempSync(join(tmpdir(), 'scim-admin-'));
  writeFileSync(
    join(folder, 'run.json'),
    JSON.stringify({ ...run, apiGateway: run.services, pid: process.pid }),
  );
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await run?.stop();
});

/** `npm run admin -- …` on this local run. */
async function admin(...words: string[]): Promise<string> {
  const out: string[] = [];
  const code = await main([...words], {
    out: (text) => out.push(text),
    error: (text) => out.push(text),
    findTarget: (choice) => findTarget(choice, join(folder, 'run.json')),
  });
  expect([code, out.join('\n')]).toEqual([0, expect.any(String)]);
  return out.join('\n');
}

/** Asks until the token is refused, or has ended long ago: the gateway would go on from its cache for five minutes. */
async function untilRefused(ask: () => Promise<Answer>, endsAt: number): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 200 || Date.now() > endsAt + 60_000) return answer;
    await delay(50);
  }
}

test('a token that ends is refused from then on, although the gateway remembers that it was live', async () => {
  const table = tableOf(run);
  await tenantToken(table, 'ending');
  const { text, token } = await issueToken(table, {
    tenant: readTenantId('ending'),
    label: 'short',
    scope: 'write',
    expiresAt: new Date(Date.now() + 4_000),
  });
  const scim = clientOf(run.baseUrl, text);
  expect((await scim('GET', '/Users?count=0')).status).toBe(200);

  for (const path of ['/Users?count=0', '/Groups?count=0', '/ServiceProviderConfig']) {
    const answer = await untilRefused(() => scim('GET', path), token.expiresAt * 1000);

    expect(Date.now()).toBeGreaterThanOrEqual(token.expiresAt * 1000);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toMatch(/^application\/scim\+json/);
    expect(answer.body).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '401',
      detail: expect.stringContaining('expired'),
    });
  }
  expect((await scim('POST', '/Users', { userName: 'late' })).status).toBe(401);
});

test("a tenant's settings hold from the command on: the gateway is made to forget the old ones", async () => {
  const scim = clientOf(run.baseUrl, await tenantToken(tableOf(run), 'setting'));
  const group = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Sales' };
  expect((await scim('POST', '/Groups', group)).status).toBe(201);
  expect((await scim('POST', '/Groups', group)).status).toBe(409);

  await admin('tenant', 'set', 'setting', 'uniqueGroupNames=false');

  expect((await scim('POST', '/Groups', group)).status).toBe(201);
});

test('a user who is deleted and created again has the id from before where the tenant wants that', async () => {
  const scim = clientOf(run.baseUrl, await tenantToken(tableOf(run), 'returning'));
  await admin('tenant', 'set', 'returning', 'reprovision=sameExternalId');
  const user = (userName: string) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName,
    externalId: 'x-1',
  });
  const { body: before } = await scim('POST', '/Users', user('ann'));
  await scim('DELETE', `/Users/${before.id}`);

  const back = await scim('POST', '/Users', user('ann.new'));

  expect(back.status).toBe(201);
  expect(back.headers.get('location')).toBe(`${run.baseUrl}/Users/${before.id}`);
  expect(back.body).toMatchObject({ id: before.id, userName: 'ann.new', active: true });
  expect((await scim('GET', `/Users/${before.id}`)).body).toMatchObject({ userName: 'ann.new' });
});

test('a rotation without overlap ends the old token at once: the gateway is made to forget it', async () => {
  const table = tableOf(run);
  const old = await tenantToken(table, 'rotating');
  const scim = clientOf(run.baseUrl, old);
  const [token] = await listTokens(table, readTenantId('rotating'));
  expect((await scim('GET', '/Users?count=0')).status).toBe(200);

  const out = await admin('token', 'rotate', 'rotating', token?.tokenId ?? '', '--overlap', '0m');

  expect(out).toContain('The gateway has forgotten its cached answers.');
  expect((await scim('GET', '/Users?count=0')).status).toBe(401);
  const next = clientOf(run.baseUrl, /scim_\S+/.exec(out)?.[0] ?? '');
  expect((await next('GET', '/Users?count=0')).status).toBe(200);
});
