import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Jobs, type Work } from '../../cli/console/jobs';
import { type Console, startConsole } from '../../cli/console/server';
import { main } from '../../cli/main';
import { type JsonRecord, listOf, parseJson, recordOf } from '../../local/json';
import { tableDeployment } from '../../src/admin/deployment';
import { createTenant } from '../../src/admin/tenants';
import { createUser, deleteUser, modifyUser } from '../../src/directory/users/users';
import { userAttributes } from '../../testing/directory';
import { newWorld, type World } from '../directory/crash-points/world';

/** The console's server: what it refuses, and what it does for its page. */
const PAGE = '<!doctype html><title>Console</title>';

let world: World;
let folder: string;
let served: Console;
const deployment = () => ({
  ...tableDeployment('http://memory.invalid', 'memory', 'grace'),
  table: world.table,
});
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'console-'));
  writeFileSync(join(folder, 'index.html'), PAGE);
  writeFileSync(join(folder, 'page-AB12.js'), 'void 0;');
  writeFileSync(join(folder, 'secret.env'), 'not a file of a page');
  world = await newWorld();
  served = await startConsole({
    target: async () => ({
      deployment: deployment(),
      about: { target: 'Scim', admin: 'npx serverless-scim admin', options: '--stack Scim' },
    }),
    port: 0,
    pageFolder: () => folder,
  });
});
afterAll(async () => {
  await served?.stop();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: JsonRecord;
}

/** A request as it is given: `fetch` would mend the path and choose the Host. */
function send(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET', body?: string) {
  return new Promise<Answer>((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: served.port, path, method, headers },
      async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        const isJson = /json/.test(response.headers['content-type'] ?? '');
        resolve({
          status: response.statusCode,
          headers: response.headers,
          text,
          json: isJson ? recordOf(parseJson(text)) : {},
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const withToken = () => ({ authorization: `Bearer ${served.token}` });
const call = (method: string, path: string, body?: object) =>
  send(
    path,
    { ...withToken(), 'content-type': 'application/json' },
    method,
    body === undefined ? undefined : JSON.stringify(body),
  );

describe('who is answered', () => {
  test('the address has a token of 256 bits in its fragment, which no request carries; each start makes another one', async () => {
    const other = await startConsole({
      target: () => Promise.reject(new Error('It is not asked for before there is a call.')),
      port: 0,
      pageFolder: () => folder,
    });
    await other.stop();

    expect(served.url).toBe(`http://127.0.0.1:${served.port}/console#${served.token}`);
    expect(Buffer.from(served.token, 'base64url')).toHaveLength(32);
    expect(other.token).not.toBe(served.token);
  });

  test.each([
    ['without a token', {}],
    ['with an empty one', { authorization: 'Bearer ' }],
    ['with a wrong one', { authorization: `Bearer ${'A'.repeat(43)}` }],
    ['with a part of it', { authorization: () => `Bearer ${served.token.slice(0, -1)}` }],
    ['with it and more', { authorization: () => `Bearer ${served.token}A` }],
    ['with another scheme', { authorization: () => `Basic ${served.token}` }],
    ['with it in the query alone', { query: () => `?token=${served.token}` }],
    ['with it in a cookie alone', { cookie: () => `token=${served.token}` }],
  ])('a call %s is refused, and changes nothing', async (_, given) => {
    const { query = '', ...headers } = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, typeof value === 'function' ? value() : value]),
    );
    const read = await send(`/v1/tenants${query}`, headers);
    const written = await send(
      `/v1/tenants${query}`,
      { ...headers, 'content-type': 'application/json' },
      'POST',
      '{"tenantId":"evil","name":"Evil"}',
    );

    expect([read.status, written.status]).toEqual([401, 401]);
    expect(read.headers['www-authenticate']).toBe('Bearer');
    expect(read.json).toMatchObject({ type: 'urn:serverless-scim:problem:console-token', status: 401 });
    expect((await call('GET', '/v1/tenants/evil')).status).toBe(404);
  });

  test.each(['evil.example', 'evil.example:80', '127.0.0.1', 'localhost', '127.0.0.1:1', '[::1]:80'])(
    'a request for the host %j gets nothing, not even the page: its name was made to lead here (DNS rebinding)',
    async (host) => {
      for (const path of ['/console', '/v1/tenants']) {
        const { status, text } = await send(path, { ...withToken(), host });

        expect(status).toBe(421);
        expect(text).not.toContain('<title>');
      }
    },
  );

  test.each([
    ['Origin: http://evil.example', { origin: 'http://evil.example' }],
    ['Origin: null (a sandboxed frame, a file)', { origin: 'null' }],
    ['another port of this computer', { origin: 'http://127.0.0.1:3000' }],
    ['https in place of http', { origin: () => `https://127.0.0.1:${served.port}` }],
    ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['Sec-Fetch-Site: same-site (another port of this computer)', { 'sec-fetch-site': 'same-site' }],
    ['Sec-Fetch-Site: none (typed in)', { 'sec-fetch-site': 'none' }],
  ])('a call of another page is refused, even with the token: %s', async (_, given) => {
    const headers = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, typeof value === 'function' ? value() : value]),
    );
    const { status, json } = await send('/v1/tenants', { ...withToken(), ...headers });

    expect([status, json.type]).toEqual([403, 'urn:serverless-scim:problem:foreign-page']);
  });

  test('the page itself is answered under both names of this computer', async () => {
    for (const host of [`127.0.0.1:${served.port}`, `localhost:${served.port}`]) {
      const headers = { ...withToken(), host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };

      expect((await send('/v1/tenants', headers)).status).toBe(200);
    }
  });

  test('nothing is said to a preflight request, and no answer lets another origin in', async () => {
    const preflight = await send(
      '/v1/tenants',
      { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
      'OPTIONS',
    );
    const answers = [preflight, await send('/console'), await call('GET', '/v1/tenants')];

    expect(preflight.status).toBe(403);
    for (const { headers } of answers)
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('the page', () => {
  test('is there without a token, carries nothing, and says what a browser has to keep out', async () => {
    const { status, text, headers } = await send('/console', { 'sec-fetch-site': 'cross-site' });

    expect([status, text]).toEqual([200, PAGE]);
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });

  test('has its files below it, and the way there', async () => {
    expect(await send('/console/page-AB12.js')).toMatchObject({ status: 200, text: 'void 0;' });
    expect(await send('/')).toMatchObject({ status: 302, headers: { location: '/console' } });
  });

  test.each([
    '/console/../../../etc/passwd',
    '/console/..%2f..%2f..%2fetc%2fpasswd',
    '/console/%2e%2e/%2e%2e/etc/passwd',
    '/console//etc/passwd',
    '/console/..\\..\\etc\\passwd',
    '/console/page-AB12.js%00.html',
    '/console/secret.env',
    '/console/',
    '/etc/passwd',
    '/package.json',
    'http://evil.example/v1/tenants',
  ])('has nothing else: %s', async (path) => {
    expect((await send(path)).status).toBe(404);
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH'])('is not for %s', async (method) => {
    expect(await send('/console', withToken(), method)).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
  });
});

describe('what the page calls', () => {
  test('is the admin API, in the name of whoever has started the console', async () => {
    const created = await call('POST', '/v1/tenants', {
      tenantId: 'globex',
      name: '<img src=x onerror=alert(1)>',
    });
    const set = await call('PATCH', '/v1/tenants/globex/settings', { logDays: 7 });
    const log = await call('GET', '/v1/tenants/globex/log?since=2020-01-01T00:00:00Z');

    expect([created.status, set.status, log.status]).toEqual([201, 200, 200]);
    // Text is text: it is never HTML here, whatever it looks like.
    expect(created.headers['content-type']).toBe('application/json');
    expect(created.json.name).toBe('<img src=x onerror=alert(1)>');
    const entries = listOf(log.json.items).map(recordOf);
    expect(entries.map(({ actor }) => actor)).toContain('admin:grace');
    const ids = entries.map(({ requestId }) => requestId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each([
    ['GET', '/v1/nothing', 404, 'not-found'],
    ['DELETE', '/v1/tenants', 405, 'method-not-allowed'],
    ['GET', '/v1/tenants/%61cme', 404, 'not-found'],
    ['GET', '/v1/tenants/..%2fconsole', 404, 'not-found'],
    ['GET', '/v1/tenants?x=%ff', 400, 'invalid-input'],
    ['GET', '/v1/tenants?limit=0', 400, 'invalid-input'],
    ['GET', '/v1/console/jobs/none', 404, 'not-found'],
    ['POST', '/v1/console/jobs', 400, 'invalid-input'],
    ['GET', '/v1/console/playground', 501, 'unsupported'],
  ])('tells as a problem what it does not do: %s %s', async (method, path, status, code) => {
    const answer = await call(method, path);

    expect([answer.status, answer.json.type]).toEqual([status, `urn:serverless-scim:problem:${code}`]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });

  test('a body that is too large, no JSON, or of another type is refused', async () => {
    const headers = { ...withToken(), 'content-type': 'application/json' };
    const large = await send('/v1/tenants', headers, 'POST', `"${'x'.repeat(1_000_001)}"`);
    const broken = await send('/v1/console/jobs', headers, 'POST', '{"work":');
    const form = await send('/v1/tenants', { ...withToken(), 'content-type': 'text/plain' }, 'POST', '{}');

    expect([large.status, broken.status, form.status]).toEqual([413, 400, 415]);
  });

  test('what the console works on, and how its commands are called', async () => {
    const { json } = await call('GET', '/v1/console');

    expect(json).toMatchObject({
      settings: expect.arrayContaining([
        expect.objectContaining({ name: 'reprovision', purpose: expect.any(String) }),
      ]),
      target: 'Scim',
      admin: 'npx serverless-scim admin',
      options: '--stack Scim',
      actor: 'admin:grace',
      hasPlayground: false,
    });
  });

  test('work that waits behind the requests, the oldest first', async () => {
    const ann = await createUser(world.directory, userAttributes('ann@example.com'));
    await modifyUser(world.directory, ann.id, (attributes) => ({ ...attributes, active: false }));
    const { json } = await call('GET', '/v1/console/system');

    expect(recordOf(json.pending).first).toContainEqual(
      expect.objectContaining({
        tenantId: world.directory.tenant,
        kind: 'User',
        id: ann.id,
        work: 'revocation',
      }),
    );
    expect(json.deadLetters).toBeUndefined();
    await deleteUser(world.directory, ann.id);
  });
});

describe('long work', () => {
  const ended = async (jobId: unknown) => {
    for (;;) {
      const { json } = await call('GET', `/v1/console/jobs/${jobId}`);
      if (json.state !== 'running') return json;
    }
  };

  test('is begun, looked at, and its outcome is told with its command', async () => {
    const { tenant } = world.directory;
    const since = new Date(Date.now() - 60_000).toISOString();
    const { id: about } = await createUser(world.directory, userAttributes('undone@example.com'));
    const asked = { work: 'undo', tenantId: tenant, since, actor: 'token:t0', about };
    const begun = await call('POST', '/v1/console/jobs', asked);
    const job = await ended(begun.json.jobId);

    expect([begun.status, begun.json.command]).toEqual([
      200,
      `undo ${tenant} --since ${since} --actor token:t0 --user ${about}`,
    ]);
    expect(job).toMatchObject({
      state: 'done',
      outcome: { of: 'undo', undo: { applied: false, changes: [] } },
    });
    const { json } = await call('GET', '/v1/console/jobs');
    expect(recordOf(listOf(json.jobs)[0]).jobId).toBe(job.jobId);
  });

  test('that fails tells why, in a sentence', async () => {
    const since = new Date(Date.now() - 60_000).toISOString();
    const begun = await call('POST', '/v1/console/jobs', {
      work: 'undo',
      tenantId: 'nobody',
      since,
      actor: 'app',
    });

    expect(await ended(begun.json.jobId)).toMatchObject({
      state: 'failed',
      failure: 'There is no tenant "nobody".',
      command: `undo nobody --since ${since} --actor app`,
    });
  });

  test('that cannot be undone asks for the tenant once more', async () => {
    await createTenant(deployment(), { tenantId: 'leaving', name: 'Leaving' });
    const refused = await call('POST', '/v1/console/jobs', { work: 'tenant delete', tenantId: 'leaving' });
    const wrong = await call('POST', '/v1/console/jobs', {
      work: 'tenant delete',
      tenantId: 'leaving',
      confirm: 'acme',
    });

    expect([refused.status, wrong.status]).toEqual([400, 400]);
    expect((await call('GET', '/v1/tenants/leaving')).status).toBe(200);
  });
});

test('a work that is under way is kept, whatever was begun and ended since', async () => {
  const jobs = new Jobs();
  let isStopped = false;
  const { jobId } = jobs.start({
    work: 'undo',
    command: 'undo acme',
    carryOut: (_told, signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          isStopped = true;
          resolve({ of: 'removal', items: 0 });
        }),
      ),
  });
  const carryOut: Work['carryOut'] = async () => ({ of: 'removal', items: 0 });
  const short = { work: 'check', command: 'check', carryOut };
  for (let n = 0; n < 30; n++) {
    jobs.start(short);
    await new Promise(setImmediate);
  }

  expect(jobs.list()).toHaveLength(21);
  expect(() => jobs.start({ ...short, work: 'undo' })).toThrow('is under way');
  jobs.stop(jobId);
  await new Promise(setImmediate);
  expect([isStopped, jobs.show(jobId).state]).toEqual([true, 'done']);
});

test('a port that is taken is told in a sentence', async () => {
  const target = () => Promise.reject(new Error('nobody calls'));
  const second = startConsole({ target, port: served.port, pageFolder: () => folder });

  await expect(second).rejects.toThrow(`Port ${served.port} is taken; name another one for the console`);
});

describe('the command', () => {
  test.each(['x', '-1', '65536', '1.5'])('refuses the port %s', async (port) => {
    const errors: string[] = [];
    const code = await main(['console', `--port=${port}`], {
      out: () => {},
      error: (text) => errors.push(text),
      findTarget: async () => deployment(),
    });

    expect([code, errors.join()]).toEqual([2, expect.stringContaining('--port')]);
  });
});
