import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { type Answer, type Client, clientOf, patchBody, userBody } from './client';
import { type LocalRun, startTestRun } from './local-run';

let run: LocalRun;
let scim: Client;
let userId: string;
let groupId: string;
beforeAll(async () => {
  run = await startTestRun();
  scim = clientOf(run.baseUrl, run.token);
  userId = String((await scim('POST', '/Users', userBody(`${randomUUID()}@example.com`))).body.id);
  groupId = String((await scim('POST', '/Groups', { displayName: 'Sales' })).body.id);
});
afterAll(() => run?.stop());

/** Every refusal is a SCIM Error message that a person can act on. */
function expectScimError(answer: Answer, ...statuses: number[]): void {
  expect(statuses).toContain(answer.status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/scim\+json/);
  expect(answer.body).toMatchObject({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(answer.status),
    detail: expect.stringMatching(/\S/),
  });
  expect(answer.body.detail).not.toMatch(/\p{Surrogate}/u);
}

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

describe.each([
  ['POST', () => '/Users'],
  ['PUT', () => `/Users/${userId}`],
  ['PATCH', () => `/Users/${userId}`],
  ['POST', () => '/Groups'],
  ['PUT', () => `/Groups/${groupId}`],
  ['PATCH', () => `/Groups/${groupId}`],
])('%s', (method, path) => {
  test.each<[string, string | Uint8Array]>([
    ['malformed JSON', '{"userName":'],
    ['text that is no JSON', 'hello'],
    ['an array', '[]'],
    ['null', 'null'],
    ['a number', '17'],
    ['a string', '"x"'],
    ['100,000 levels of arrays', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    [
      'a name in Latin-1',
      Buffer.from(
        '{"userName":"lat\xe9","displayName":"lat\xe9","Operations":[{"op":"add","path":"displayName","value":"lat\xe9"}]}',
        'latin1',
      ),
    ],
    ['only blanks', '   '],
    ['schemas of the wrong type', '{"schemas":5,"userName":5,"displayName":{},"Operations":5}'],
  ])('refuses %s', async (_, body) => {
    expectScimError(await scim(method, path(), body), 400, 413);
  });

  test('refuses a body that is not there and one of another media type', async () => {
    expectScimError(await scim(method, path()), 400);
    expectScimError(await scim(method, path(), '<a/>', { 'content-type': 'text/xml' }), 415);
  });

  test('is unharmed by 10,000 levels of unknown objects and by names of JavaScript’s own', async () => {
    const body = `{"userName":"${randomUUID()}","displayName":"x","__proto__":{"active":false},"constructor":{"prototype":{"x":1}},"x":${nested(10_000)},"Operations":[{"op":"replace","path":"__proto__.polluted","value":1}]}`;

    const answer = await scim(method, path(), body);

    expect(answer.status).toBeLessThan(500);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('values', () => {
  test.each<[string, unknown]>([
    ['an unpaired surrogate in the userName', '{"userName":"a\\ud800b"}'],
    ['a userName of another type', { userName: { a: 1 } }],
    ['no userName', { displayName: 'x' }],
    ['a blank userName', { userName: '  ' }],
    ['an "active" that is no boolean', { userName: 'x', active: 'perhaps' }],
    ['a userName of 500,000 characters', { userName: 'x'.repeat(500_000) }],
    ['a title of 5,000 characters', { userName: randomUUID(), title: 'x'.repeat(5_000) }],
    [
      'a resource too large for an item',
      {
        userName: randomUUID(),
        emails: Array.from({ length: 120 }, (_, i) => ({ value: `${'x'.repeat(4_000)}${i}` })),
      },
    ],
    [
      '5,000 e-mail addresses',
      { userName: randomUUID(), emails: Array.from({ length: 5_000 }, (_, i) => ({ value: `a${i}@x.y` })) },
    ],
  ])('refuses %s', async (_, body) => {
    expectScimError(await scim('POST', '/Users', body), 400, 413);
  });

  const half = '\\ud800';
  const filters = [
    `userName eq \\"${half}\\"`,
    `emails[value sw \\"${half}\\"]`,
    `userName eq \\"\\${half}\\"`,
  ];
  test.each<[string, string, string]>([
    ...filters.map((filter): [string, string, string] => [
      'a filter',
      '/Users/.search',
      `{"filter":"${filter}"}`,
    ]),
    ['a filter at the root', '/.search', `{"filter":"externalId eq \\"${half}\\""}`],
    ['a group filter', '/Groups/.search', `{"filter":"displayName eq \\"${half}\\""}`],
    ['sortBy', '/Users/.search', `{"sortBy":"a${half}"}`],
    ['a cursor', '/Users/.search', `{"cursor":"a${half}"}`],
  ])('refuses an unpaired surrogate in %s of %s', async (_, path, body) => {
    expectScimError(await scim('POST', path, body), 400);
  });

  test('refuses an unpaired surrogate in the filter of a query', async () => {
    const filter = encodeURIComponent(`userName eq "a${half}"`);

    expectScimError(await scim('GET', `/Users?filter=${filter}`), 400);
  });

  test.each(['/Users/\\ud800', '/\\ud800', '/Groups/a\\udc00'])(
    'answers a Bulk request with the path %s operation by operation',
    async (path) => {
      const userName = randomUUID();
      const { status, body } = await scim(
        'POST',
        '/Bulk',
        `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"POST","path":"/Users","bulkId":"\\ud800","data":{"userName":"${userName}"}},{"method":"DELETE","path":"${path}"}]}`,
      );

      expect(status).toBe(200);
      expect(body.Operations).toMatchObject([{ status: '201' }, { status: '400' }]);
    },
  );

  test('refuses a PATCH of 100,000 operations', async () => {
    const operations = Array.from({ length: 100_000 }, () => ({ op: 'add', path: 'nickName', value: 'x' }));

    expectScimError(await scim('PATCH', `/Users/${userId}`, patchBody(...operations)), 400, 413);
  });

  test('refuses a body over the gateway’s and Lambda’s limits', async () => {
    expectScimError(await scim('POST', '/Users', `{"userName":"x","title":"${'x'.repeat(7_000_000)}"}`), 413);
  });

  test('keeps long and strange names apart', async () => {
    const names = [
      `${'a'.repeat(600)}1`,
      `${'a'.repeat(600)}2`,
      'ümläut',
      'emoji 😀',
      'a#b',
      '*',
      '"quoted\\"',
      'T#dev#',
    ].map((name) => `${name} ${randomUUID()}`);
    for (const userName of names) expect((await scim('POST', '/Users', { userName })).status).toBe(201);

    for (const userName of names) {
      const found = await scim(
        'GET',
        `/Users?filter=${encodeURIComponent(`userName eq ${JSON.stringify(userName)}`)}`,
      );
      expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ userName }] });
    }
  });
});

describe('paths, methods and queries', () => {
  test.each([
    ['GET', '/Users/%ff', [400, 404]],
    ['GET', '/Users/%', [400, 404]],
    ['GET', `/Users/${'x'.repeat(1_000)}`, [404]],
    ['GET', '/Users/..%2f..%2fK', [404]],
    ['GET', '/Nothing', [404]],
    ['GET', '/Users/a/b/c', [404]],
    ['PATCH', '/Users', [405]],
    ['DELETE', '/Groups', [405]],
    ['POST', '/ServiceProviderConfig', [405]],
    ['PUT', '/Schemas', [405]],
    ['GET', '/Schemas/nothing', [404]],
    ['GET', '/Schemas?filter=id%20pr', [403]],
    ['GET', '/Users?filter=userName%20eq', [400]],
    ['GET', '/Users?filter=nothing%20eq%20%22x%22', [400]],
    ['GET', '/Users?filter=userName%20eq%20bob', [400]],
    ['GET', `/Users?filter=${encodeURIComponent('('.repeat(5_000))}`, [400]],
    ['GET', '/Users?startIndex=x', [400]],
    ['GET', '/Users?attributes=userName&excludedAttributes=name', [400]],
  ] as const)('%s %s is refused in SCIM form', async (method, path, statuses) => {
    expectScimError(await scim(method, path), ...statuses);
  });

  test('a path that is longer than API Gateway asks an authorizer about is 414, before any function', async () => {
    const { status, body } = await scim('GET', `/Users/${'x'.repeat(3_000)}`);

    expect({ status, body }).toEqual({ status: 414, body: { message: 'Request URI too long' } });
  });

  test('tells the allowed methods with 405, before it looks at the body', async () => {
    const answer = await scim('POST', '/Schemas', '{malformed');

    expectScimError(answer, 405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
  });

  test.each(['TRACE', 'PROPFIND', 'LOCK', 'OPTIONS'])('refuses %s in SCIM form', async (method) => {
    const { status, body } = await raw(method, '/Users');

    expect([403, 404, 405]).toContain(status);
    expect(JSON.parse(body)).toMatchObject({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] });
  });
});

describe('what is no HTTP request', () => {
  test.each([
    'INVENTED /scim/v2/Users HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n',
  ])('is refused in SCIM form: %j', async (text) => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(run.baseUrl).port), '127.0.0.1', () => socket.write(text));
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('end', () => resolve(Buffer.concat(chunks).toString()));
      socket.on('error', reject);
    });

    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1.1 4\d\d /);
    expect(JSON.parse(body)).toMatchObject({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] });
  });
});

/** `fetch` refuses some methods. */
function raw(method: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${run.token}` };
    const sent = httpRequest(`${run.baseUrl}${path}`, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}
