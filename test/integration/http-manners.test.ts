import { request as httpRequest } from 'node:http';
import { type Client, clientOf, userBody } from './client';
import { type LocalRun, startTestRun } from './local-run';
import { tableOf, tenantToken } from './tenants';

let run: LocalRun;
let scim: Client;
let userId: string;
beforeAll(async () => {
  run = await startTestRun();
  scim = clientOf(run.baseUrl, run.token);
  userId = String((await scim('POST', '/Users', userBody('ann@example.com'))).body.id);
});
afterAll(() => run?.stop());

/** Sends a request whose path reaches the wire as it is: fetch would normalize it. */
function raw(path: string, headers: Record<string, string> = {}) {
  const { hostname, port, pathname } = new URL(run.baseUrl);
  return new Promise<{ status?: number; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const request = httpRequest(
        {
          hostname,
          port,
          path: `${pathname}${path}`,
          headers: { authorization: `Bearer ${run.token}`, ...headers },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
          );
        },
      );
      request.on('error', reject);
      request.end();
    },
  );
}

describe('HEAD', () => {
  test.each(['/Users', '/', '/Schemas', '/ServiceProviderConfig', 'user'])(
    'answers %s as GET does, without a body',
    async (path) => {
      const target = path === 'user' ? `/Users/${userId}` : path;
      const get = await scim('GET', target);
      const head = await scim('HEAD', target);

      expect(head.status).toBe(200);
      expect(head.text).toBe('');
      for (const name of ['content-type', 'etag', 'content-location']) {
        expect(head.headers.get(name)).toBe(get.headers.get(name));
      }
    },
  );

  test('answers errors without a body, too', async () => {
    const head = await scim('HEAD', '/Users/unknown');
    expect([head.status, head.text]).toEqual([404, '']);
  });

  test('is permitted to a token that may only read, as searches are', async () => {
    const reader = clientOf(run.baseUrl, await tenantToken(tableOf(run), run.tenant, { scope: 'read' }));

    expect((await reader('HEAD', '/Users')).status).toBe(200);
    for (const path of ['/.search', '/Users/.search', '/Groups/.search']) {
      const { status, body } = await reader('POST', path, { count: 0 });
      expect([status, typeof body.totalResults]).toEqual([200, 'number']);
    }
    expect((await reader('GET', '/')).status).toBe(200);
    expect((await reader('POST', '/Users', userBody('eve@example.com'))).status).toBe(403);
  });
});

describe('Accept', () => {
  test.each([
    'application/scim+json',
    'application/json',
    'application/json;charset=UTF-8',
    'application/*',
    '*/*',
    'text/html;q=0.9, */*;q=0.1',
  ])('%s gets application/scim+json', async (accept) => {
    const { status, headers } = await scim('GET', `/Users/${userId}`, undefined, { accept });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/scim\+json/);
  });

  test.each(['text/html', 'application/xml', 'application/json;q=0'])(
    '%s is 406 in SCIM form, before anything is done',
    async (accept) => {
      const { status, body, headers } = await scim('POST', '/Users', userBody('kim@example.com'), { accept });

      expect(status).toBe(406);
      expect(headers.get('content-type')).toMatch(/^application\/scim\+json/);
      expect(body).toMatchObject({ status: '406', detail: expect.stringContaining('application/scim+json') });
      expect((await scim('GET', '/Users?filter=userName eq "kim@example.com"')).body.totalResults).toBe(0);
    },
  );
});

describe('paths', () => {
  test('may end with a slash', async () => {
    expect((await raw('/Users/')).status).toBe(200);
    expect((await raw(`/Users/${userId}/`)).status).toBe(200);
    expect((await raw('/')).status).toBe(200);
    expect((await scim('POST', '/Users/.search/', {})).status).toBe(200);
    const list = JSON.parse((await raw('/Users/')).body.toString()) as {
      Resources: { meta: { location: string } }[];
    };
    expect(list.Resources.map(({ meta }) => meta.location)).toContain(`${run.baseUrl}/Users/${userId}`);
  });

  test.each(['/users', '/USERS', '/Users/.Search', '/User', '/Users/a/b'])(
    'tell upper from lower case and know nothing else: %s is 404 or 405',
    async (path) => {
      const { status, body } = await scim('POST', path, {});
      expect([404, 405]).toContain(status);
      expect(body.status).toBe(String(status));
    },
  );

  test('that are badly encoded name nothing', async () => {
    expect((await raw('/Users/%zz')).status).toBeGreaterThanOrEqual(400);
    expect((await raw('/Users/%zz')).status).toBeLessThan(500);
  });

  test('of /Me are 501', async () => {
    expect((await scim('GET', '/Me')).status).toBe(501);
    expect((await scim('PATCH', '/Me', {})).status).toBe(501);
  });
});

describe('queries', () => {
  test('ignore what they do not know, an empty one too', async () => {
    const { status, body } = await scim('GET', '/Users?unknown=1&count=1&&x&startIndex=1');
    expect([status, body.itemsPerPage]).toEqual([200, 1]);
  });

  test('with + and %20 in a filter mean a blank', async () => {
    for (const blank of ['+', '%20']) {
      const answer = await raw(`/Users?filter=userName${blank}eq${blank}%22ANN@example.com%22`);
      expect(JSON.parse(answer.body.toString())).toMatchObject({ totalResults: 1 });
    }
  });

  test('that give one parameter two values are refused; lists of names are joined', async () => {
    const twice = await raw('/Users?filter=userName%20pr&filter=title%20pr');
    const joined = await raw('/Users?attributes=userName&attributes=active');

    expect(JSON.parse(twice.body.toString())).toMatchObject({ status: '400', scimType: 'invalidValue' });
    const [user] = (JSON.parse(joined.body.toString()) as { Resources: object[] }).Resources;
    expect(Object.keys(user ?? {}).sort()).toEqual(['active', 'id', 'schemas', 'userName']);
  });

  test('with an empty filter are refused, so that a template that filled nothing in does not show everyone', async () => {
    const { status, body } = await scim('GET', '/Users?filter=');
    expect([status, body.scimType]).toEqual([400, 'invalidFilter']);
  });

  test('that are badly encoded are refused in SCIM form', async () => {
    const { status, body } = await raw('/Users?filter=%zz');
    expect(status).toBe(400);
    expect(JSON.parse(body.toString())).toMatchObject({ status: '400', detail: expect.any(String) });
  });

  test('carry a cursor through the gateway as it is', async () => {
    await scim('POST', '/Users', userBody('bob@example.com'));
    const first = await scim('GET', '/Users?cursor&count=1');
    const second = await scim('GET', `/Users?cursor=${first.body.nextCursor}&count=1`);

    expect(first.body).toMatchObject({ itemsPerPage: 1, nextCursor: expect.any(String) });
    expect(second.status).toBe(200);
    expect(second.body.Resources).not.toEqual(first.body.Resources);
  });
});

test('answers of some length are compressed for who takes gzip, and for nobody else', async () => {
  const zipped = await raw('/Schemas', { 'accept-encoding': 'gzip,deflate' });
  const plain = await raw('/Schemas');

  expect(zipped.headers['content-encoding']).toBe('gzip');
  expect(plain.headers).not.toHaveProperty('content-encoding');
  expect(zipped.body.length).toBeLessThan(plain.body.length / 2);
});

test('a method that a path does not know is 405 with Allow, before the body is looked at', async () => {
  const list = await scim('PUT', '/Users', '{"broken":');
  const search = await scim('DELETE', '/Users/.search');

  expect([list.status, list.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  expect([search.status, search.headers.get('allow')]).toEqual([405, 'POST']);
});
