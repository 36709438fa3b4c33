import { setTimeout as delay } from 'node:timers/promises';
import Ajv from 'ajv/dist/2020';
import { type Deployment, localDeployment } from '../../src/admin/deployment';
import { readLog } from '../../src/admin/log';
import { mapGroup } from '../../src/admin/roles';
import { createSetupLink, revokeSetupLink } from '../../src/admin/setup-links';
import { createTenant, suspendTenant } from '../../src/admin/tenants';
import { createToken } from '../../src/admin/tokens';
import { seenKey } from '../../src/directory/table/keys';
import * as links from '../../src/directory/tenants/setup-links';
import { readTenantId } from '../../src/directory/tenants/tenants';
import { newSetupSecretText } from '../../src/directory/tenants/token-format';
import { PERMISSIONS, type SetupRoute } from '../../src/setup-api/route';
import { SETUP_ROUTES } from '../../src/setup-api/routes';
import { clientOf, userBody } from './client';
import { type LocalRun, startTestRun } from './local-run';

const ROUTES = Object.entries<SetupRoute>(SETUP_ROUTES);
const CLOSED = ROUTES.filter(([, row]) => row.isOpen !== true);
const EVERYTHING = { may: PERMISSIONS, roles: ['editor', 'viewer'] };

let run: LocalRun;
let deployment: Deployment;
let page: string;
beforeAll(async () => {
  run = await startTestRun();
  deployment = localDeployment(
    { ...run, outputs: new Map(Object.entries(run.outputs)), apiGateway: run.services, pid: process.pid },
    'Grace Hopper',
  );
  page = run.baseUrl.replace(/\/v2$/, '/setup');
  for (const tenantId of ['acme', 'globex'])
    await createTenant(deployment, { tenantId, name: `${tenantId} Inc` });
});
afterAll(() => run?.stop());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text ? JSON.parse(text) : {},
  };
}

/** Sends the request of a row; what the path takes is taken from the input, the rest is its query or its body. */
function ask(secret: string | undefined, key: string, input: Record<string, unknown> = {}): Promise<Answer> {
  const [method = '', template = ''] = key.split(' ');
  const left = { ...input };
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = left[name] ?? 'nobody';
    delete left[name];
    return encodeURIComponent(String(value));
  });
  const inBody = method === 'POST' || method === 'PUT';
  const query = inBody
    ? ''
    : new URLSearchParams(
        Object.fromEntries(Object.entries(left).map(([name, value]) => [name, String(value)])),
      );
  return send(`${page}/api${path}${String(query) === '' ? '' : `?${query}`}`, {
    method,
    headers: {
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
      ...(inBody ? { 'content-type': 'application/json' } : {}),
    },
    body: inBody ? JSON.stringify(left) : undefined,
  });
}

const linkTo = (tenantId: string, more: Partial<Parameters<typeof createSetupLink>[1]> = {}) =>
  createSetupLink(deployment, { tenantId, for: `IT of ${tenantId}`, ...more });
const codeOf = ({ status, body }: Answer) => [status, String(body.type).split(':').at(-1)];

/** What is so in the end: the stream takes its time. */
async function until<Found>(look: () => Promise<Found>, isIt: (found: Found) => boolean): Promise<Found> {
  for (;;) {
    const found = await look();
    if (isIt(found)) return found;
    await delay(50);
  }
}

describe('the page itself', () => {
  test('is a document and its files, under a policy that lets nothing foreign in', async () => {
    const document = await send(page);
    expect([document.status, document.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    expect(document.headers.get('content-type')).toBe('text/html;charset=utf-8');
    const files = [...document.text.matchAll(/(?:href|src)="(setup\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(files).toHaveLength(2);
    for (const file of files) {
      const { status, headers, text } = await send(new URL(file, page).href);
      expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
      expect(headers.get('content-type')).toMatch(
        file.endsWith('.css') ? /^text\/css;/ : /^text\/javascript;/,
      );
      expect(text.length).toBeGreaterThan(100);
    }
  });

  test('has security headers on every answer, the refused ones too', async () => {
    for (const answer of [await send(page), await send(`${page}/none.js`), await ask('x', 'GET /page')]) {
      expect(answer.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self';.* frame-ancestors 'none';.* require-trusted-types-for 'script'$/,
      );
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(answer.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}$/);
    }
  });

  test.each(['none.js', 'index.html', '..%2fbranding.json', 'branding.json', '__proto__', 'constructor'])(
    '%s is no file of it',
    async (file) => {
      const answer = await send(`${page}/${file}`);
      expect(codeOf(answer)).toEqual([404, 'not-found']);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    },
  );

  test('is at one address: with a slash behind, it leads there', async () => {
    const answer = await send(`${page}/`);
    expect(answer.status).toBe(308);
    expect(new URL(answer.headers.get('location') ?? '', `${page}/`).href).toBe(page);
  });

  test('is only read', async () => {
    const answer = await send(page, { method: 'POST' });
    expect(codeOf(answer)).toEqual([405, 'method-not-allowed']);
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
    const head = await send(page, { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
  });
});

describe('who may', () => {
  const past = (days: number) => new Date(Date.now() - days * 86_400_000);

  test('without a link that is accepted, nobody reads a byte, and why it is not is the same for all but an ended one', async () => {
    const tenant = readTenantId('acme');
    const order = { tenant, for: 'x', lifeMs: 3_600_000, ...EVERYTHING };
    const expired = await links.createSetupLink(deployment.table, { ...order, now: past(1) });
    const revoked = await linkTo('acme', EVERYTHING);
    await revokeSetupLink(deployment, { tenantId: 'acme', linkId: revoked.linkId });
    await createTenant(deployment, { tenantId: 'gone', name: 'Gone' });
    const suspended = await linkTo('gone', EVERYTHING);
    await suspendTenant(deployment, { tenantId: 'gone' });
    const { token } = await createToken(deployment, { tenantId: 'acme', label: 'no link' });

    const refused = [
      undefined,
      '',
      'scimsetup_',
      token,
      newSetupSecretText(tenant),
      revoked.secret,
      suspended.secret,
      (await linkTo('acme')).secret.replace('_acme_', '_globex_'),
    ];
    const seen = new Set<string>();
    for (const [key] of CLOSED) {
      for (const secret of refused) {
        const { status, headers, text } = await ask(secret, key);
        expect([key, status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
          ...[key, 401, 'application/problem+json', 'no-store'],
        ]);
        seen.add(text);
      }
      expect(codeOf(await ask(expired.secret, key))).toEqual([401, 'link-expired']);
    }
    expect(seen.size).toBe(1);
    expect([...seen][0]).not.toMatch(/acme|globex/);

    const { entries } = await readLog(deployment, { tenantId: 'acme', failed: true });
    const told = entries.filter(({ type }) => type === 'setup_link.refused');
    expect(new Set(told.map(({ actor, detail }) => `${actor} ${detail}`))).toEqual(
      new Set([
        `setup:${expired.link.linkId} The link has ended.`,
        `setup:${revoked.linkId} The link is revoked.`,
      ]),
    );
  });

  test.each(PERMISSIONS)('without "%s" what needs it is refused, and nothing else', async (missing) => {
    const may = PERMISSIONS.filter((permission) => permission !== missing);
    const roles = may.includes('roles') ? ['editor'] : [];
    const { secret } = await linkTo('globex', { may, roles });
    for (const [key, { needs }] of CLOSED) {
      const { status, body } = await ask(secret, key, { label: `without ${missing}` });
      if (needs === missing)
        expect([key, status, body.title]).toEqual([key, 403, 'The link does not permit it']);
      else expect([key, status]).not.toEqual([key, 403]);
    }
  });

  test("another tenant's things are not there, whatever a request names", async () => {
    const { tokenId } = await createToken(deployment, { tenantId: 'acme', label: 'theirs' });
    const { secret } = await linkTo('globex', EVERYTHING);

    expect(codeOf(await ask(secret, 'POST /tokens/{tokenId}/rotate', { tokenId }))).toEqual([
      404,
      'not-found',
    ]);
    expect(codeOf(await ask(secret, 'POST /tokens/{tokenId}/revoke', { tokenId }))).toEqual([
      404,
      'not-found',
    ]);
    const named = await ask(secret, 'POST /tokens', { label: 'x', tenantId: 'acme' });
    expect(codeOf(named)).toEqual([400, 'invalid-input']);
    expect((await ask(secret, 'GET /page', { tenantId: 'acme' })).status).toBe(400);
    expect((await ask(secret, 'GET /page')).body).toMatchObject({ tenant: { name: 'globex Inc' } });
    expect((await ask(secret, 'GET /credentials')).text).not.toContain(tokenId);
  });

  test('what a link may give, and what the vendor has mapped beyond it', async () => {
    await createTenant(deployment, { tenantId: 'mapped', name: 'Mapped' });
    const { secret } = await linkTo('mapped', { may: ['roles'], roles: ['editor', 'viewer'] });
    await mapGroup(deployment, { tenantId: 'mapped', group: 'Staff', roles: ['viewer', 'staff'] });

    const beyond = await ask(secret, 'PUT /role-mappings', { group: 'IT', roles: ['editor', 'owner'] });
    expect([beyond.status, beyond.body.detail]).toEqual([
      403,
      'This link may not give a group the role "owner"; it may give and take editor, viewer.',
    ]);
    for (const answer of [
      await ask(secret, 'PUT /role-mappings', { group: 'STAFF', roles: ['viewer'] }),
      await ask(secret, 'DELETE /role-mappings', { group: 'staff' }),
    ]) {
      expect(answer.body.detail).toMatch(/^This link may not take from a group the role "staff";/);
    }
    expect((await ask(secret, 'GET /role-mappings')).body.items).toEqual([
      { by: 'displayName', group: 'Staff', roles: ['staff', 'viewer'], isChangeable: false },
    ]);
  });
});

describe('requests', () => {
  test.each([
    ['a path that is none', 'GET', '/none', {}, 404, 'not-found'],
    ['a path below one', 'GET', '/page/x', {}, 404, 'not-found'],
    ['an empty id', 'POST', '/tokens//rotate', {}, 404, 'not-found'],
    ['another method', 'DELETE', '/page', {}, 405, 'method-not-allowed'],
    ['half a body', 'PUT', '/progress', { body: '{"step":' }, 400, 'invalid-input'],
    ['a list as body', 'PUT', '/progress', { body: '[]' }, 400, 'invalid-input'],
    ['a step with markup', 'PUT', '/progress', { body: '{"step":"<img>"}' }, 400, 'invalid-input'],
    [
      'too many steps',
      'PUT',
      '/progress',
      { body: JSON.stringify({ done: Array(51).fill('a') }) },
      400,
      'invalid-input',
    ],
    ['what is no property', 'PUT', '/progress', { body: '{"__proto__":{"step":"x"}}' }, 400, 'invalid-input'],
    [
      'a body over 10 kB',
      'PUT',
      '/progress',
      { body: `{"step":"${'x'.repeat(10_000)}"}` },
      413,
      'body-too-large',
    ],
    [
      'a form',
      'POST',
      '/tokens',
      { body: 'label=x', type: 'application/x-www-form-urlencoded' },
      415,
      'unsupported-media-type',
    ],
    ['a label of markup', 'POST', '/tokens', { body: '{"label":"<b>"}' }, 400, 'invalid-input'],
    [
      'a life of a minute',
      'POST',
      '/tokens',
      { body: '{"label":"x","lifeSeconds":60}' },
      400,
      'invalid-input',
    ],
    ['a cursor that is none', 'GET', '/log?cursor=abc', {}, 400, 'invalid-cursor'],
    ['a parameter twice', 'GET', '/log?limit=1&limit=2', {}, 400, 'invalid-input'],
  ] as const)(
    '%s is refused',
    async (_, method, path, given: { body?: string; type?: string }, status, code) => {
      const { secret } = await linkTo('acme', EVERYTHING);
      const answer = await send(`${page}/api${path}`, {
        method,
        headers: { authorization: `Bearer ${secret}`, 'content-type': given.type ?? 'application/json' },
        body: given.body,
      });
      expect(codeOf(answer)).toEqual([status, code]);
    },
  );
});

describe('the story of a set-up', () => {
  const ajv = new Ajv({
    strict: true,
    formats: { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) },
  });
  const done = new Set<string>();

  /** Sends a request of the table, and holds its answer to it. */
  async function use(secret: string, key: string, input: Record<string, unknown> = {}) {
    const [, row] = ROUTES.find(([name]) => name === key) ?? [];
    const answer = await ask(secret, key, input);
    expect([key, answer.status, answer.text]).toEqual([
      key,
      row?.makesSecret === true ? 201 : 200,
      answer.text,
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const validate = ajv.compile(row?.result.json ?? {});
    expect([key, validate(answer.body), validate.errors]).toEqual([key, true, null]);
    done.add(key);
    return answer.body;
  }

  test('from the link to roles, a rotation and the end', async () => {
    await createTenant(deployment, { tenantId: 'story', name: 'Story <b>Inc</b>' });
    const { secret, linkId, url } = await linkTo('story', EVERYTHING);
    expect(url).toBe(`${page}#${secret}`);
    expect(await use('', 'GET /branding')).toMatchObject({ vendor: expect.any(String) });
    expect(await use(secret, 'GET /page')).toMatchObject({
      tenant: { name: 'Story <b>Inc</b>' },
      link: { linkId, for: 'IT of story', may: ['credentials', 'roles', 'log'], roles: ['editor', 'viewer'] },
      urls: { baseUrl: run.baseUrl, tokenUrl: run.tokenUrl },
      progress: {},
    });

    // Closing and opening again, by another link, goes on where it was.
    await use(secret, 'PUT /progress', { provider: 'entra-id', step: 'values', done: ['before'] });
    const { secret: another } = await linkTo('story');
    expect(await use(another, 'GET /page')).toMatchObject({
      progress: { provider: 'entra-id', step: 'values' },
    });

    expect(await use(secret, 'GET /connection')).toMatchObject({ state: 'neverSeen', counts: { users: 0 } });
    const made = await use(secret, 'POST /tokens', { label: 'entra' });
    const { tokenId } = made;
    const scim = clientOf(run.baseUrl, String(made.token));
    // The page looks again and again: what comes meanwhile is told with its answer, reads too.
    await use(secret, 'GET /connection');
    expect((await scim('GET', '/Users?filter=userName eq "x"')).status).toBe(200);
    const seen = await use(secret, 'GET /connection');
    expect(seen).toMatchObject({ state: 'active', refusals: [] });
    expect(seen.lastRequest).toEqual({
      time: expect.any(String),
      method: 'GET',
      route: '/v2/Users',
      status: 200,
    });
    await scim('GET', '/Users?filter=userName');
    expect((await use(secret, 'GET /connection')).lastRequest).toMatchObject({
      status: 400,
      detail: expect.any(String),
    });

    // The test of a connection may consist of this; the gateway asks the authorizer about a new credential.
    const { token: fresh } = await use(secret, 'POST /tokens', { label: 'fresh' });
    await use(secret, 'GET /connection');
    await clientOf(run.baseUrl, String(fresh))('GET', '/ServiceProviderConfig');
    expect((await use(secret, 'GET /connection')).lastRequest).toEqual({
      ...{ time: expect.any(String), method: 'GET', route: '/v2/ServiceProviderConfig' },
    });
    // Pasted without its end: it is nobody's, and names for whom it is meant.
    expect((await clientOf(run.baseUrl, String(fresh).slice(0, -9))('GET', '/Users')).status).toBe(401);
    expect(await use(secret, 'GET /connection')).toMatchObject({
      lastRequest: {
        status: 401,
        detail: expect.stringContaining('not all of one'),
        advice: expect.any(String),
      },
      refusals: [{ scimType: 'invalidFilter' }],
    });

    const ann = await scim('POST', '/Users', userBody('ann@example.com', { displayName: 'Ann' }));
    await scim('POST', '/Groups', { displayName: 'IT', members: [{ value: ann.body.id }] });
    expect((await scim('POST', '/Users', userBody('ANN@example.com'))).status).toBe(409);
    const connected = await until(
      () => use(secret, 'GET /connection'),
      ({ latestUser, latestGroup }) => latestUser !== undefined && latestGroup !== undefined,
    );
    expect(connected).toMatchObject({
      state: 'refusing',
      counts: { users: 1, groups: 1 },
      lastRequest: { method: 'POST', route: '/v2/Users', status: 409, advice: expect.any(String) },
      refusals: [
        { scimType: 'uniqueness', detail: expect.not.stringContaining('ANN') },
        { scimType: 'invalidFilter' },
      ],
      latestUser: { userName: 'ann@example.com', displayName: 'Ann', email: 'ann@example.com', active: true },
      latestGroup: { displayName: 'IT', members: 1 },
    });

    expect(await use(secret, 'GET /groups')).toMatchObject({ items: [{ displayName: 'IT' }] });
    expect(await use(secret, 'GET /groups', { prefix: 'i' })).toMatchObject({
      items: [{ displayName: 'IT' }],
    });
    expect(await use(secret, 'GET /groups', { prefix: 'x' })).toEqual({ items: [] });
    expect(await use(secret, 'GET /role-mappings/preview', { group: 'IT', roles: 'editor' })).toMatchObject({
      users: 1,
      changes: [{ role: 'editor', change: 'gained', first: [{ userName: 'ann@example.com' }] }],
    });
    await use(secret, 'PUT /role-mappings', { group: 'IT', roles: ['editor'] });
    expect((await use(secret, 'GET /role-mappings')).items).toMatchObject([
      { group: 'IT', isChangeable: true },
    ]);
    await use(secret, 'DELETE /role-mappings', { group: 'it' });
    expect((await use(secret, 'GET /role-mappings')).items).toEqual([]);

    const next = await use(secret, 'POST /tokens/{tokenId}/rotate', { tokenId, overlapSeconds: 86_400 });
    expect((await clientOf(run.baseUrl, String(next.token))('GET', '/Users')).status).toBe(200);
    expect((await scim('GET', '/Users')).status).toBe(200);
    expect(await use(secret, 'POST /tokens/{tokenId}/revoke', { tokenId })).toMatchObject({
      state: 'revoked',
      isEffective: true,
    });
    expect((await scim('GET', '/Users')).status).toBe(401);
    expect(await use(secret, 'POST /tokens/{tokenId}/revoke', { tokenId })).toMatchObject({
      state: 'revoked',
      isEffective: true,
    });

    const client = await use(secret, 'POST /clients', { label: 'ping' });
    const { clientId } = client;
    const { secrets } = await use(secret, 'POST /clients/{clientId}/rotate', { clientId });
    const [lost, inUse] = secrets as { secretId: string; expiresAt: string }[];
    expect(codeOf(await ask(secret, 'POST /clients/{clientId}/rotate', { clientId }))).toEqual([
      409,
      'conflict',
    ]);
    const replaced = await use(secret, 'POST /clients/{clientId}/rotate', {
      clientId,
      replace: lost?.secretId,
    });
    expect(replaced.secrets).toEqual([
      expect.objectContaining({ hint: String(replaced.clientSecret).slice(-4) }),
      inUse,
    ]);
    const trust = {
      issuer: 'https://login.example.com/t/v2.0',
      subject: '2819c223-7f76-453a-919d-413861904646',
      audience: 'api://acme',
      jwks: 'https://login.example.com/t/keys',
    };
    const trusting = await use(secret, 'PUT /clients/{clientId}/trust', {
      ...{ clientId, ...trust, endSecrets: true },
    });
    expect(trusting).toMatchObject({ trust, secrets: [] });
    expect(trusting).not.toHaveProperty('expiresAt');
    const bare = await ask(secret, 'DELETE /clients/{clientId}/trust', { clientId });
    expect(codeOf(bare)).toEqual([409, 'conflict']);
    await use(secret, 'PUT /clients/{clientId}/trust', { clientId, ...trust, audience: 'acme' });
    const { clientId: other } = await use(secret, 'POST /clients', { label: 'entra' });
    await use(secret, 'PUT /clients/{clientId}/trust', { clientId: other, ...trust });
    expect(await use(secret, 'DELETE /clients/{clientId}/trust', { clientId: other })).toMatchObject({
      secrets: [{}],
    });
    for (const _again of [false, true])
      expect(await use(secret, 'POST /clients/{clientId}/revoke', { clientId })).toMatchObject({
        ...{ state: 'revoked', isEffective: true },
      });
    const credentials = await ask(secret, 'GET /credentials');
    await use(secret, 'GET /credentials');
    expect(credentials.body).toMatchObject({
      tokens: [{ state: 'live' }, { label: 'fresh', state: 'live' }, { state: 'revoked', isEffective: true }],
    });
    for (const { token, clientSecret } of [made, next, client])
      expect(credentials.text).not.toContain(token ?? clientSecret);

    const typesBy = async () => {
      const { items } = await use(secret, 'GET /log', { limit: 200 });
      return (items as { type: string; actor: string }[])
        .filter(({ actor }) => actor === `setup:${linkId}`)
        .map(({ type }) => type);
    };
    const types = await until(typesBy, (found) => found.includes('role.unmapped'));
    expect([...types].sort()).toEqual([
      ...['client.created', 'client.created', 'client.revoked', 'client.rotated', 'client.rotated'],
      'client.trust_removed',
      ...['client.trust_set', 'client.trust_set', 'client.trust_set', 'role.mapped', 'role.unmapped'],
      ...[
        'setup_link.used',
        'token.created',
        'token.created',
        'token.created',
        'token.revoked',
        'token.rotated',
      ],
    ]);
    const whole = await use(secret, 'GET /log', { limit: 200 });
    expect(whole.items).toContainEqual(expect.objectContaining({ type: 'tenant.created', actor: 'admin' }));
    expect(JSON.stringify(whole)).not.toMatch(/grace|hopper/i);
    const first = await use(secret, 'GET /log', { limit: 1 });
    const second = await use(secret, 'GET /log', { limit: 1, cursor: first.nextCursor });
    expect(second.items).not.toEqual(first.items);

    // Where nobody looks, nothing is noted.
    const { token } = await createToken(deployment, { tenantId: 'acme', label: 'unwatched' });
    expect((await clientOf(run.baseUrl, token)('GET', '/Users')).status).toBe(200);
    expect(await deployment.table.get(seenKey(readTenantId('acme')))).toBeUndefined();
    expect(await deployment.table.get(seenKey(readTenantId('story')))).toMatchObject({
      request: { status: 200 },
    });

    await revokeSetupLink(deployment, { tenantId: 'story', linkId });
    expect(codeOf(await ask(secret, 'GET /page'))).toEqual([401, 'link-refused']);
    expect((await clientOf(run.baseUrl, String(next.token))('GET', '/Users')).status).toBe(200);
    expect([...done].sort()).toEqual(ROUTES.map(([key]) => key).sort());
  });
});
