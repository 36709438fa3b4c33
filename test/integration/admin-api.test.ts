import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { isRecord } from '../../local/json';
import { apiSigner } from '../../src/admin-api/signer';
import { ALL_USE_CASES } from '../../src/admin-api/use-cases';
import { AdminApiError, type AdminClient, createAdminClient, undo } from '../../src/admin-client';
import { createClient } from '../../src/client';
import { DEFAULT_TENANT_SETTINGS } from '../../src/directory/tenants/settings';
import { readExtensionFolder } from '../../src/scim/schema/extensions/folder';
import { type LocalRun, startTestRun } from './local-run';

const JWKS = 'https://issuer.example/keys';
const REGION = 'us-east-1';
const LOCAL = { accessKeyId: 'local', secretAccessKey: 'local' };
/** May call what is about acme alone, as `grantAdmin(grantee, { tenants: ['acme'] })` has it. */
const OF_ACME = { accessKeyId: 'ACME', secretAccessKey: 'acme-secret' };
const BACK_OFFICE = { accessKeyId: 'OFFICE', secretAccessKey: 'office-secret' };

const invokes = (...paths: string[]) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'execute-api:Invoke',
      Resource: paths.map((path) => `arn:aws:execute-api:us-east-1:123456789012:*/admin/${path}`),
    },
  ],
});

let run: LocalRun;
let url: string;
let admin: AdminClient;
beforeAll(async () => {
  run = await startTestRun({
    extensions: readExtensionFolder(join(__dirname, '../../examples/extensions')),
    callers: [
      {
        ...OF_ACME,
        userArn: 'arn:aws:iam::123456789012:user/support-of-acme',
        policy: invokes('GET/v1/tenants/acme', '*/v1/tenants/acme/*'),
      },
      {
        ...BACK_OFFICE,
        userArn: 'arn:aws:sts::123456789012:assumed-role/BackOffice/job-7',
        policy: invokes('*/v1/*'),
      },
    ],
  });
  url = run.adminUrl ?? '';
  admin = createAdminClient({ url, region: REGION, credentials: LOCAL });
  for (const tenantId of ['acme', 'globex'])
    await admin.tenants.create({ tenantId, name: `${tenantId} Inc` });
});
afterAll(() => run?.stop());

interface Sent {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials?: typeof LOCAL;
  readonly region?: string;
  readonly service?: string;
  readonly at?: Date;
  /** Changes the signed request before it is sent. */
  readonly tamper?: (headers: Record<string, string>) => Record<string, string>;
  readonly sentBody?: string;
  readonly sentPath?: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** Signs and sends a request. @param path below the stage, with its query */
async function send(path: string, sent: Sent = {}): Promise<Answer> {
  const { method = 'GET', body, credentials = LOCAL, region = REGION, tamper = (headers) => headers } = sent;
  const target = new URL(`${url}${path}`);
  const { headers } = await apiSigner(region, credentials).sign(
    {
      method,
      protocol: 'http:',
      hostname: target.hostname,
      path: `${new URL(url).pathname}${path.split('?')[0]}`,
      query: Object.fromEntries(
        [...target.searchParams.keys()].map((name) => [name, target.searchParams.getAll(name)]),
      ),
      headers: {
        host: target.host,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...sent.headers,
      },
      body,
    },
    { signingDate: sent.at, signingService: sent.service },
  );
  const { host: _host, ...others } = headers;
  return plain(sent.sentPath ?? path, { method, headers: tamper(others), body: sent.sentBody ?? body });
}

async function plain(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${url}${path}`, init);
  const text = await response.text();
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, text, body: isRecord(parsed) ? parsed : {} };
}

const DEACTIVATION = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'replace', path: 'active', value: false }],
};
const json = (value: unknown): string => JSON.stringify(value);
const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('who may call', () => {
  const REFUSALS: readonly (readonly [string, Sent, RegExp])[] = [
    ['another secret', { credentials: { ...LOCAL, secretAccessKey: 'guessed' } }, /signature we calculated/],
    [
      'a key that nobody has',
      { credentials: { ...LOCAL, accessKeyId: 'NOBODY' } },
      /security token .* is invalid/,
    ],
    ['another region', { region: 'eu-west-1' }, /scoped to a valid region, not 'eu-west-1'/],
    ['another service', { service: 'sqs' }, /scoped to correct service: 'execute-api'/],
    [
      'a time long past',
      { at: new Date(Date.now() - 20 * 60_000) },
      /Signature expired: \d{8}T\d{6}Z is now earlier/,
    ],
    ['a time to come', { at: new Date(Date.now() + 20 * 60_000) }, /Signature not yet current/],
    [
      'a header changed on the way',
      { headers: { 'x-own': 'one' }, tamper: (headers) => ({ ...headers, 'x-own': 'two' }) },
      /signature we calculated/,
    ],
    [
      'a body changed on the way',
      {
        body: json({ tenantId: 'a1', name: 'A' }),
        method: 'POST',
        sentBody: json({ tenantId: 'a2', name: 'A' }),
      },
      /signature we calculated/,
    ],
    [
      'a body changed on the way whose digest is signed',
      {
        method: 'POST',
        body: json({ tenantId: 'a1', name: 'A' }),
        headers: {
          'x-amz-content-sha256': createHash('sha256')
            .update(json({ tenantId: 'a1', name: 'A' }))
            .digest('hex'),
        },
        sentBody: json({ tenantId: 'a2', name: 'A' }),
      },
      /signature we calculated/,
    ],
    [
      'a time that is none',
      { tamper: (headers) => ({ ...headers, 'x-amz-date': `${headers['x-amz-date']?.slice(0, 8)}T99` }) },
      /Date must be in ISO-8601/,
    ],
    ['another path', { sentPath: '/v1/tenants/acme/tokens' }, /signature we calculated/],
    ['another query', { sentPath: '/v1/tenants?limit=2' }, /signature we calculated/],
  ];

  test.each(REFUSALS)('%s: 403, in the sentence of AWS', async (_, sent, sentence) => {
    const { status, body, headers } = await send('/v1/tenants', sent);

    expect(status).toBe(403);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({ status: 403, detail: expect.stringMatching(sentence) });
  });

  const concrete = (path: string, tenant = 'acme') =>
    path.replace('{tenantId}', tenant).replaceAll(/\{\w+\}/g, randomUUID());

  test.each(ALL_USE_CASES.map(({ name, row }) => [name, row] as const))(
    '%s: nobody without the right reads a byte',
    async (_, { method, path: template }) => {
      const body = method === 'GET' ? undefined : '{}';
      const path = concrete(template, 'globex');
      const header = (authorization: string) => plain(path, { method, body, headers: { authorization } });
      const unsigned = await plain(path, { method, body });
      const answers = [
        unsigned,
        await header(`Bearer ${run.token}`),
        await header(`Basic ${Buffer.from('local:local').toString('base64')}`),
        await header('AWS4-HMAC-SHA256 Credential=local/20261126/us-east-1/execute-api/aws4_request'),
        await send(path, { method, body, credentials: { ...LOCAL, secretAccessKey: 'guessed' } }),
        await send(path, { method, body, at: new Date(Date.now() - 3_600_000) }),
        await send(path, { method, body, credentials: OF_ACME }),
      ];

      expect(unsigned.body).toMatchObject({ detail: 'Missing Authentication Token' });
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
      for (const { text } of answers) {
        expect(text).not.toMatch(/globex Inc|scim_/);
        expect(text).not.toContain(run.token);
      }
    },
  );

  test('who may administer one tenant has its paths, and nothing of another or of all', async () => {
    const ofAcme = createAdminClient({ url, region: REGION, credentials: OF_ACME });
    const { tokenId } = await admin.tokens.create({ tenantId: 'acme', label: 'ours' });

    const { items } = await ofAcme.tokens.list({ tenantId: 'acme' }).page();
    expect(items.map((token) => token.tokenId)).toContain(tokenId);
    expect(new Set(items.map((token) => token.tenantId))).toEqual(new Set(['acme']));
    for (const call of [
      () => ofAcme.tokens.list({ tenantId: 'globex' }).page(),
      () => ofAcme.tenants.list().page(),
      () => ofAcme.tenants.create({ tenantId: 'mine', name: 'Mine' }),
      () => ofAcme.tenants.delete({ tenantId: 'acme', confirm: 'acme' }),
      () => ofAcme.events.list().page(),
    ]) {
      expect(await errorOf(call())).toMatchObject({ code: 'access-denied', status: 403 });
    }
  });

  test.each([
    '/v1/tenants/%67lobex/tokens',
    '/v1/tenants/acme%2F..%2Fglobex/tokens',
    '/v1/tenants/GLOBEX/tokens',
    '/v1/tenants/globex%23/tokens',
  ])('%s names no tenant, whatever a policy makes of its spelling', async (path) => {
    expect((await send(path)).status).toBe(404);
    expect([403, 404]).toContain((await send(path, { credentials: OF_ACME })).status);
  });

  test('the tenant is the one of the path, whatever else the request says', async () => {
    const sent = await send('/v1/tenants/acme/tokens?tenantId=globex', {
      method: 'POST',
      body: json({ label: 'entra', tenantId: 'globex' }),
    });

    expect(sent.status).toBe(400);
    expect(sent.body.errors).toEqual([
      { parameter: 'tenantId', detail: expect.any(String) },
      { pointer: '#/tenantId', detail: expect.any(String) },
    ]);
  });

  test("a token is its tenant's alone: under another one's path it is not there", async () => {
    const { tokenId } = await admin.tokens.create({ tenantId: 'globex', label: 'theirs' });

    for (const act of ['rotate', 'revoke'] as const) {
      expect(await errorOf(admin.tokens[act]({ tenantId: 'acme', tokenId }))).toMatchObject({
        code: 'not-found',
      });
    }
  });
});

describe('requests and answers', () => {
  test('errors are problems that name what is at fault', async () => {
    const { status, headers, body } = await send('/v1/tenants', {
      method: 'POST',
      body: json({ tenantId: 'Acme!', nam: 'x' }),
    });

    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      400,
      'application/problem+json',
      'no-store',
    ]);
    expect(body).toMatchObject({
      type: 'urn:serverless-scim:problem:invalid-input',
      title: 'The request is not accepted',
      status: 400,
      errors: [{ pointer: '#/name' }, { pointer: '#/tenantId' }, { pointer: '#/nam' }],
    });
  });

  test.each([
    ['a path that is none', '/v1/nothing', {}, 404, 'not-found'],
    ['a path below one', '/v1/tenants/acme/tokens/x', {}, 404, 'not-found'],
    ['another method', '/v1/tenants', { method: 'DELETE' }, 405, 'method-not-allowed'],
    ['another method of the document', '/v1/openapi.json', { method: 'POST' }, 405, 'method-not-allowed'],
    ['half a body', '/v1/tenants', { method: 'POST', body: '{"tenantId":' }, 400, 'invalid-input'],
    ['a list as body', '/v1/tenants', { method: 'POST', body: '[]' }, 400, 'invalid-input'],
    ['no body where there must be one', '/v1/tenants', { method: 'POST' }, 400, 'invalid-input'],
    [
      'a body where there is none',
      '/v1/tenants/acme/suspend',
      { method: 'POST', body: '{"x":1}' },
      400,
      'invalid-input',
    ],
    [
      'a form',
      '/v1/tenants',
      { method: 'POST', body: 'a=b', headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported-media-type',
    ],
    [
      'a body over 1 MB',
      '/v1/tenants',
      { method: 'POST', body: json({ name: 'x'.repeat(1_000_000) }) },
      413,
      'body-too-large',
    ],
    ['a number out of bounds', '/v1/tenants?limit=0', {}, 400, 'invalid-input'],
    ['a word for a number', '/v1/tenants?limit=ten', {}, 400, 'invalid-input'],
    ['a parameter twice', '/v1/tenants?limit=1&limit=2', {}, 400, 'invalid-input'],
    ['what is no cursor', '/v1/tenants?cursor=abc', {}, 400, 'invalid-cursor'],
    [
      'a key that is none',
      '/v1/tenants',
      { method: 'POST', body: json({ tenantId: 'k', name: 'K' }), headers: { 'idempotency-key': 'a b' } },
      400,
      'invalid-input',
    ],
  ] as const)('%s is refused', async (_, path, sent: Sent, status, code) => {
    const answer = await send(path, sent);

    expect([answer.status, answer.body.type]).toEqual([status, `urn:serverless-scim:problem:${code}`]);
  });

  test('405 says what is allowed; HEAD is answered as GET, without the body', async () => {
    expect((await send('/v1/tenants', { method: 'PATCH' })).headers.get('allow')).toBe('GET, HEAD, POST');
    const head = await send('/v1/tenants', { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
  });
});

describe('tenants', () => {
  test('are listed by id, page by page, and a cursor is good for its own list alone', async () => {
    for (const tenantId of ['a-1', 'a-10', 'a-2']) await admin.tenants.create({ tenantId, name: tenantId });

    const listed: string[] = [];
    for await (const { tenantId } of admin.tenants.list({ limit: 2 })) listed.push(tenantId);
    expect(listed).toEqual([...listed].sort());
    expect(listed).toEqual(expect.arrayContaining(['a-1', 'a-10', 'a-2', 'acme', 'globex']));
    expect(new Set(listed).size).toBe(listed.length);

    const { nextCursor: cursor = '' } = await admin.tenants.list({ limit: 1 }).page();
    expect((await admin.tenants.list({ limit: 3, cursor }).page()).items).toHaveLength(3);
    const elsewhere = admin.tokens.list({ tenantId: 'acme', cursor }).page();
    expect(await errorOf(elsewhere)).toMatchObject({ code: 'invalid-cursor' });
  });

  test('have a log that does not fail for a forged cursor', async () => {
    await admin.tenants.create({ tenantId: 'forged', name: 'Forged' });
    await admin.tokens.create({ tenantId: 'forged', label: 'entra' });
    const list = { tenantId: 'forged', limit: 1 };
    const { nextCursor = '' } = await admin.log.list(list).page();
    const [digest, place] = JSON.parse(Buffer.from(nextCursor, 'base64url').toString());

    const statuses: number[] = [];
    for (const position of ['', `${place}\ud800`, '2020-99-99T00:00:00Z#', '1999-01-01T00:00:00Z#']) {
      const cursor = Buffer.from(JSON.stringify([digest, position])).toString('base64url');
      statuses.push((await send(`/v1/tenants/forged/log?limit=1&cursor=${cursor}`)).status);
    }
    expect(statuses).toEqual([400, 400, 400, 200]);
  });

  test('have a plan of an undo that does not fail for a forged cursor', async () => {
    const tenantId = 'forged-plan';
    await admin.tenants.create({ tenantId, name: 'Forged' });
    await admin.tokens.create({ tenantId, label: 'entra' });
    const [since, now] = [new Date(Date.now() - 3_600_000), new Date()].map((time) => time.toISOString());
    const list = { tenantId, since: String(since), actor: 'admin:local', limit: 1 };
    const { nextCursor = '' } = await admin.undo.plan(list).page();
    const [digest] = JSON.parse(Buffer.from(nextCursor, 'base64url').toString());

    const statuses: number[] = [];
    for (const position of [
      '',
      `${now} within 0 ${now}#${'x'.repeat(600)}`,
      `${now} within 0 ${now}#\0`,
      `${now} within 0 9999-12-31T00:00:00Z`,
      `${now} within 0 ${now?.slice(0, 11)}00:00:00Z#`,
      `9999-12-31T00:00:00Z behind 999999999 9999-12-31T00:00:00Z`,
      `${now} behind 5 ${since}`,
    ]) {
      const cursor = Buffer.from(JSON.stringify([digest, position])).toString('base64url');
      const query = `since=${since}&actor=admin:local&limit=1&cursor=${cursor}`;
      statuses.push((await send(`/v1/tenants/${tenantId}/undo?${query}`)).status);
    }
    expect(statuses).toEqual([400, 400, 400, 200, 200, 200, 200]);
  });

  test('of events go on from wherever they have begun', async () => {
    for (const since of ['0001-01-01T00:00:00Z', '1969-12-31T00:00:00Z', '9999-12-31T00:00:00Z']) {
      const { nextCursor: cursor } = await admin.events.list({ since }).page();
      expect(await admin.events.list({ cursor }).page()).toMatchObject({ atEnd: true });
    }
  });

  test('that are suspended have no live token, and have them again when they are resumed', async () => {
    await admin.tenants.create({ tenantId: 'on-off', name: 'On, off' });
    const { token, baseUrl } = await admin.tokens.create({ tenantId: 'on-off', label: 'entra' });
    const users = () => fetch(`${run.baseUrl}/Users`, { headers: { authorization: `Bearer ${token}` } });
    expect([baseUrl, (await users()).status]).toEqual([run.baseUrl, 200]);

    expect(await admin.tenants.suspend({ tenantId: 'on-off' })).toEqual({
      tenantId: 'on-off',
      status: 'suspended',
      cacheFlushed: true,
    });
    expect((await users()).status).toBe(401);
    expect(await admin.tenants.resume({ tenantId: 'on-off' })).toMatchObject({ status: 'active' });
    expect((await users()).status).toBe(200);
  });
});

describe('tokens', () => {
  test('show their secret once, in an answer that nobody may keep', async () => {
    const { status, headers, body } = await send('/v1/tenants/acme/tokens', {
      method: 'POST',
      body: json({ label: 'shown', scope: 'read', lifeSeconds: 3_600 }),
    });

    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(body).toMatchObject({
      tenantId: 'acme',
      label: 'shown',
      scope: 'read',
      token: expect.stringMatching(/^scim_/),
    });
    const { items } = await admin.tokens.list({ tenantId: 'acme' }).page();
    expect(items.find(({ tokenId }) => tokenId === body.tokenId)).toMatchObject({
      state: 'live',
      scope: 'read',
    });
    expect(json(items)).not.toContain(body.token);
  });

  test('are rotated and revoked', async () => {
    const { tokenId, token } = await admin.tokens.create({ tenantId: 'acme', label: 'rotated' });
    const next = await admin.tokens.rotate({ tenantId: 'acme', tokenId, overlapSeconds: 3_600 });
    expect(next.token).not.toBe(token);
    const revoked = await admin.tokens.revoke({ tenantId: 'acme', tokenId });
    expect(revoked).toMatchObject({ tokenId, revokedAt: expect.any(String), cacheFlushed: true });
    const { items } = await admin.tokens.list({ tenantId: 'acme' }).page();
    const states = new Map(items.map((item) => [item.tokenId, item.state]));
    expect([states.get(tokenId), states.get(next.tokenId)]).toEqual(['revoked', 'live']);
  });
});

describe('Idempotency-Key', () => {
  test('has a creation carried out once, and answered the same again', async () => {
    const idempotencyKey = randomUUID();
    const first = await admin.tenants.create({ tenantId: 'once', name: 'Once' }, { idempotencyKey });
    const second = await admin.tenants.create({ tenantId: 'once', name: 'Once' }, { idempotencyKey });
    expect(second).toEqual(first);
    const without = admin.tenants.create({ tenantId: 'once', name: 'Once' });
    expect(await errorOf(without)).toMatchObject({ code: 'conflict', status: 409 });
  });

  test('is of one request: another one with it is refused', async () => {
    const idempotencyKey = randomUUID();
    await admin.tokens.create({ tenantId: 'acme', label: 'key' }, { idempotencyKey });
    const other = admin.tokens.create({ tenantId: 'acme', label: 'key 2' }, { idempotencyKey });
    expect(await errorOf(other)).toMatchObject({ code: 'key-reused', status: 422 });
    // Another tenant's request with the same key has nothing to do with it.
    await admin.tokens.create({ tenantId: 'globex', label: 'key' }, { idempotencyKey });
  });

  test('shows a secret once: the repetition names the token that was made', async () => {
    const idempotencyKey = randomUUID();
    const { tokenId } = await admin.tokens.create(
      { tenantId: 'acme', label: 'shown once' },
      { idempotencyKey },
    );
    const again = await errorOf(
      admin.tokens.create({ tenantId: 'acme', label: 'shown once' }, { idempotencyKey }),
    );
    expect(again).toBeInstanceOf(AdminApiError);
    expect(again).toMatchObject({ code: 'secret-shown', status: 409, tokenId });
    const { items } = await admin.tokens.list({ tenantId: 'acme' }).page();
    expect(items.filter(({ label }) => label === 'shown once')).toHaveLength(1);
  });

  test('of several requests at once lets one through', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = json({ label: 'at once' });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => send('/v1/tenants/acme/tokens', { method: 'POST', body, headers })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(4);
  });

  test('of a request that was refused is free again', async () => {
    const idempotencyKey = randomUUID();
    const early = admin.tokens.create({ tenantId: 'later', label: 'x' }, { idempotencyKey });
    expect(await errorOf(early)).toMatchObject({ code: 'not-found' });
    await admin.tenants.create({ tenantId: 'later', name: 'Later' });
    await admin.tokens.create({ tenantId: 'later', label: 'x' }, { idempotencyKey });
  });
});

describe('every use case', () => {
  const ajv = new Ajv({
    strict: true,
    formats: { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) },
  });
  const done = new Set<string>();

  /** Carries a use case out, and holds its answer to the document. */
  async function use(name: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { row } = ALL_USE_CASES.find((each) => each.name === name) ?? {};
    if (row === undefined) throw new Error(`There is no use case ${name}.`);
    const queried = Object.keys(row.query?.json.properties ?? {}).filter((key) => key in input);
    const query = queried.map((key) => `${key}=${encodeURIComponent(String(input[key]))}`).join('&');
    const path = row.path.replaceAll(/\{(\w+)\}/g, (_, key: string) =>
      encodeURIComponent(String(input[key])),
    );
    const body = Object.entries(input).filter(
      ([key]) => !queried.includes(key) && !row.path.includes(`{${key}}`),
    );
    const answer = await send(query === '' ? path : `${path}?${query}`, {
      method: row.method,
      body: row.body === undefined ? undefined : json(Object.fromEntries(body)),
    });
    expect([name, answer.status, answer.text]).toEqual([
      name,
      row.does.startsWith('create') ? 201 : 200,
      answer.text,
    ]);
    const validate = ajv.compile(row.result.json);
    expect([name, validate(answer.body), validate.errors]).toEqual([name, true, null]);
    done.add(name);
    return answer.body;
  }

  test('does what it says, and answers what the OpenAPI document says', async () => {
    const tenantId = 'story';
    const since = new Date().toISOString();
    const { nextCursor: awaySince } = await use('events.list', { since, limit: 1_000 });
    await use('tenants.create', { tenantId, name: 'Story Inc' });
    await use('tenants.list', { limit: 2 });
    const { token, tokenId } = await use('tokens.create', { tenantId, label: 'entra', lifeSeconds: 3_600 });
    const scim = async (method: string, path: string, body?: object, bearer = token) => {
      const response = await fetch(`${run.baseUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/scim+json' },
        body: body && json(body),
      });
      return response.status === 204 ? {} : ((await response.json()) as Record<string, unknown>);
    };
    const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
    const ann = await scim('POST', '/Users', { schemas: [USER], userName: 'ann@example.com' });
    const leaver = await scim('POST', '/Users', { schemas: [USER], userName: 'leaver@example.com' });
    const group = await scim('POST', '/Groups', { displayName: 'Admins', members: [{ value: ann.id }] });
    const userId = String(ann.id);

    expect(await use('tenants.set', { tenantId, logDays: 30, reprovision: 'sameExternalId' })).toMatchObject({
      changed: ['reprovision', 'logDays'],
      settings: { ...DEFAULT_TENANT_SETTINGS, reprovision: 'sameExternalId', logDays: 30 },
      indexedUsers: 0,
    });
    await scim('POST', '/Users', { schemas: [USER], userName: 'ANN@example.com' });
    expect(await use('tenants.show', { tenantId })).toMatchObject({
      counts: { users: 2, groups: 1 },
      connection: { lastRefusal: { scimType: 'uniqueness', advice: expect.any(String) } },
      settings: { logDays: 30 },
    });

    const client = await use('clients.create', { tenantId, label: 'ping', lifeSeconds: 86_400 });
    const { clientId } = client;
    const secret = await use('clients.rotate', { tenantId, clientId, overlapSeconds: 60 });
    expect(secret.clientSecret).not.toBe(client.clientSecret);
    const [lost, first] = secret.secrets as { secretId: string }[];
    const replaced = await use('clients.rotate', { tenantId, clientId, replace: lost?.secretId });
    expect(replaced.secrets).toEqual([expect.not.objectContaining(lost ?? {}), first]);
    expect((await use('clients.list', { tenantId })).items).toMatchObject([{ clientId, secrets: [{}, {}] }]);
    const trust = { issuer: 'https://issuer.example', subject: 'app', audience: 'api://app', jwks: JWKS };
    expect(await use('clients.trust', { tenantId, clientId, ...trust })).toMatchObject({
      trust,
      secrets: [{}, {}],
    });
    expect(await use('clients.show', { tenantId, clientId })).not.toHaveProperty('expiresAt');
    expect(await use('clients.removeTrust', { tenantId, clientId })).not.toHaveProperty('trust');
    expect(await use('clients.revoke', { tenantId, clientId })).toMatchObject({ state: 'revoked' });

    const link = await use('setupLinks.create', { tenantId, for: 'IT of Story', lifeSeconds: 3_600 });
    expect(link.url).toBe(`${run.baseUrl.replace(/\/v2$/, '/setup')}#${link.secret}`);
    expect((await use('setupLinks.list', { tenantId })).items).toMatchObject([{ state: 'live' }]);
    await use('setupLinks.revoke', { tenantId, linkId: link.linkId });

    expect(await use('roles.preview', { tenantId, group: 'Admins', roles: 'admin,billing' })).toMatchObject({
      users: 1,
      changes: ['admin', 'billing'].map((role) => ({ role, change: 'gained', first: [userId] })),
    });
    await use('roles.map', { tenantId, group: 'Admins', roles: ['admin', 'billing'] });
    expect((await use('roles.list', { tenantId })).items).toHaveLength(1);
    expect(await use('roles.show', { tenantId, userId })).toMatchObject({ roles: ['admin', 'billing'] });
    await use('roles.unmap', { tenantId, group: 'admins', by: 'displayName' });
    expect((await use('roles.list', { tenantId })).items).toEqual([]);

    const app = createClient({
      tableName: run.table,
      region: REGION,
      dynamoDb: { endpoint: run.dynamodb, credentials: LOCAL },
    });
    const { sessionToken } = await app.sessions.issue(tenantId, userId, { label: 'Firefox' });
    expect((await use('sessions.list', { tenantId, userId })).items).toMatchObject([{ label: 'Firefox' }]);
    await use('sessions.revoke', { tenantId, userId });
    expect(await app.sessions.verify(sessionToken)).toMatchObject({ active: false });
    app.close();

    expect(await use('users.find', { tenantId, prefix: 'ANN@' })).toMatchObject({ items: [{ id: userId }] });
    expect((await use('users.list', { tenantId })).items).toHaveLength(2);
    expect(await use('users.show', { tenantId, userId: 'ann@example.com' })).toMatchObject({
      id: userId,
      groups: [{ id: group.id, type: 'direct' }],
    });
    expect(await use('groups.find', { tenantId, prefix: 'adm' })).toMatchObject({
      items: [{ id: group.id }],
    });
    expect((await use('metrics.show', {})).points).toContainEqual(expect.objectContaining({ failures: 0 }));
    expect((await use('groups.list', { tenantId })).items).toMatchObject([{ id: group.id }]);
    expect(await use('groups.show', { tenantId, groupId: 'Admins' })).toMatchObject({ users: { total: 1 } });

    await use('users.protect', { tenantId, userId: 'ann@example.com' });
    expect(await use('users.unprotect', { tenantId, userId })).toMatchObject({ changed: true });
    await scim('DELETE', `/Users/${userId}`);
    expect(await use('users.restore', { tenantId, userId })).toMatchObject({
      active: true,
      groups: [group.id],
    });
    const leaverId = String(leaver.id);
    await scim('DELETE', `/Users/${leaverId}`);
    await use('users.erase', { tenantId, userId: leaverId, confirm: leaverId });
    const gone = await send(`/v1/tenants/${tenantId}/users/${leaverId}/restore`, { method: 'POST' });
    expect(gone.body).toMatchObject({ type: expect.stringMatching(/not-restorable$/), reason: 'not-kept' });
    // A group waits for a minute, until nothing removes members any more.
    await scim('DELETE', `/Groups/${group.id}`);
    const early = await send(`/v1/tenants/${tenantId}/groups/${group.id}/restore`, { method: 'POST' });
    expect(early.body).toMatchObject({ status: 409, reason: 'cleanup-pending' });
    done.add('groups.restore');

    const wrong = await admin.tokens.create({ tenantId, label: 'wrong' });
    const acts = { tenantId, since, actor: `token:${wrong.tokenId}` };
    await scim('PATCH', `/Users/${userId}`, DEACTIVATION, wrong.token);
    const reactivation = { what: 'user.reactivate', userId };
    // The log is a moment behind.
    while ((await undo(admin, acts)).length === 0);
    expect((await use('undo.plan', { ...acts, limit: 2_000 })).items).toMatchObject([reactivation]);
    expect(await undo(admin, acts)).toEqual([{ ...reactivation, outcome: 'planned' }]);
    expect(await undo(admin, { ...acts, apply: true })).toEqual([{ ...reactivation, outcome: 'done' }]);
    const until = new Date().toISOString();
    expect(await use('undo.apply', { ...acts, until, changes: [reactivation] })).toMatchObject({
      changes: [{ ...reactivation, outcome: 'done' }],
    });
    expect(await scim('GET', `/Users/${userId}`)).toMatchObject({ active: true });
    const created = send(`/v1/tenants/${tenantId}/undo`, {
      method: 'POST',
      body: json({ ...acts, tenantId: undefined, until, changes: [{ what: 'user.created', userId }] }),
    });
    expect((await created).body).toMatchObject({
      status: 400,
      detail: expect.stringContaining('no change of a plan'),
    });

    await use('tokens.list', { tenantId });
    await use('tokens.rotate', { tenantId, tokenId, overlapSeconds: 600 });
    await use('tokens.revoke', { tenantId, tokenId });
    await use('tenants.suspend', { tenantId });
    await use('tenants.resume', { tenantId });

    const badge = 'urn:example:params:scim:schemas:extension:badge:2.0:User:badgeNumber';
    const content = `userName,externalId,${badge}\nimported@example.com,imp-1,B-17\n`;
    expect(await use('accounts.import', { tenantId, format: 'csv', content, apply: true })).toMatchObject({
      applied: true,
      users: { created: 1 },
    });
    const exported = JSON.stringify((await use('accounts.export', { tenantId })).items);
    expect(exported).toContain('imported@example.com');
    expect(exported).toContain('B-17');

    // Whoever was away has from the cursor on what the stream tells meanwhile, each event once.
    let toldNow: string[] = [];
    while (!toldNow.includes('user.provisioned')) {
      const events = [];
      for await (const event of admin.events.list({ cursor: String(awaySince), limit: 1 }))
        events.push(event);
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      toldNow = events.filter((event) => event.tenantId === tenantId).map(({ type }) => type);
    }
    expect(toldNow).toContain('user.deleted');
    const ofTenant = await use('events.ofTenant', { tenantId, limit: 1_000 });
    expect(ofTenant.items).toEqual(
      expect.arrayContaining([expect.objectContaining({ type: 'user.provisioned' })]),
    );
    const elsewhere = admin.events.ofTenant({ tenantId, cursor: String(awaySince) }).page();
    expect(await errorOf(elsewhere)).toMatchObject({ code: 'invalid-cursor' });
    const [digest] = JSON.parse(Buffer.from(String(awaySince), 'base64url').toString());
    for (const [position, detail] of [
      ['', 'not one of events'],
      [`0 0 0${' 1'.repeat(8)}`, 'have ended in part'],
    ]) {
      const cursor = Buffer.from(JSON.stringify([digest, position])).toString('base64url');
      const error = await errorOf(admin.events.list({ cursor }).page());
      expect(error).toMatchObject({ code: 'invalid-input', message: expect.stringContaining(detail ?? '') });
    }

    const inOnePage = async () => {
      const { items } = await use('log.list', { tenantId, limit: 1_000 });
      return (items as { type: string; actor: string }[]).map(({ type, actor }) => `${type} ${actor}`);
    };
    let before = await inOnePage();
    const listed: string[] = [];
    // The stream goes on telling of what was done: the pages are compared when nothing has come meanwhile.
    for (;;) {
      listed.length = 0;
      for await (const { type, actor } of admin.log.list({ tenantId, limit: 4 }))
        listed.push(`${type} ${actor}`);
      const after = await inOnePage();
      if (after.length === before.length) break;
      before = after;
    }
    expect(listed).toEqual(before);
    expect(listed).toContain('tenant.resumed admin:local');
    // What the stream tells has its time to the second: it may come before an act of that second.
    expect(listed).toContain('tenant.created admin:local');
    expect((await use('log.list', { tenantId, actor: 'app' })).items).toEqual([]);

    await admin.tenants.create({ tenantId: 'gone', name: 'Gone' });
    const unconfirmed = admin.tenants.delete({ tenantId: 'gone', confirm: 'acme' });
    expect(await errorOf(unconfirmed)).toMatchObject({ code: 'invalid-input' });
    expect(await use('tenants.delete', { tenantId: 'gone', confirm: 'gone' })).toMatchObject({
      deleted: false,
    });
    expect(await admin.tenants.show({ tenantId: 'gone' })).toMatchObject({ status: 'suspended' });

    expect([...done].sort()).toEqual(ALL_USE_CASES.map(({ name }) => name).sort());
  });

  test('tells the log who it was: the role and its session', async () => {
    const office = createAdminClient({ url, region: REGION, credentials: async () => BACK_OFFICE });
    await office.tenants.create({ tenantId: 'by-office', name: 'By the office' });
    const { items } = await office.log.list({ tenantId: 'by-office' }).page();
    expect(items).toMatchObject([{ type: 'tenant.created', actor: 'admin:BackOffice/job-7' }]);
  });
});
