import { type Client, clientOf, userBody } from './client';
import { type LocalRun, startTestRun } from './local-run';

let run: LocalRun;
let scim: Client;
beforeAll(async () => {
  run = await startTestRun();
  scim = clientOf(run.baseUrl, run.token);
});
afterAll(() => run?.stop());

const MEDIA_TYPE = /^application\/scim\+json\b/;

test('every answer with a body is application/scim+json, errors of the gateway included', async () => {
  const created = await scim('POST', '/Users', userBody('types@example.com'));
  const answers = [
    created,
    await scim('GET', '/Users'),
    await scim('GET', '/Users/absent'),
    await scim('GET', '/Nothing'),
    await scim('GET', '/ServiceProviderConfig'),
    await clientOf(run.baseUrl, '')('GET', '/Users'),
    await clientOf(run.baseUrl, 'no-token')('GET', '/Users'),
  ];

  expect(answers.map(({ status }) => status)).toEqual([201, 200, 404, 404, 200, 401, 401]);
  for (const { headers } of answers) expect(headers.get('content-type')).toMatch(MEDIA_TYPE);
});

test('without a token the answer is 401 with a Bearer challenge', async () => {
  const { status, headers, body } = await clientOf(run.baseUrl, '')('GET', '/Users');

  expect([status, body.status]).toEqual([401, '401']);
  expect(headers.get('www-authenticate')).toMatch(/^Bearer\b/);
});

test('Location of a creation leads to the resource', async () => {
  const created = await scim('POST', '/Users', userBody('location@example.com'));
  const location = String(created.headers.get('location'));

  expect(location).toBe((created.body.meta as { location: string }).location);
  const read = await fetch(location, { headers: { authorization: `Bearer ${run.token}` } });
  expect([read.status, ((await read.json()) as { id: string }).id]).toEqual([200, created.body.id]);
});

test('a body may be application/scim+json, application/json or have a charset; another type is 415', async () => {
  const types = [
    'application/scim+json',
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/SCIM+JSON',
  ];
  for (const [index, type] of types.entries()) {
    const body = userBody(`type-${index}@example.com`);
    expect([type, (await scim('POST', '/Users', body, { 'content-type': type })).status]).toEqual([
      type,
      201,
    ]);
  }

  for (const type of [
    'text/plain',
    'application/json-patch+json',
    'application/merge-patch+json',
    'application/jsonx',
  ]) {
    const { status, body } = await scim('POST', '/Users', userBody('no@example.com'), {
      'content-type': type,
    });
    expect([type, status, body.detail]).toEqual([type, 415, expect.stringContaining(type)]);
  }
});

test('"+" and "%20" in a query are blanks, and UTF-8 comes through', async () => {
  const { id } = (await scim('POST', '/Users', userBody('jürgen@example.com'))).body;
  const name = encodeURIComponent('"JÜRGEN@example.com"');

  for (const query of [`userName+eq+${name}`, `userName%20eq%20${name}`]) {
    const { body } = await scim('GET', `/Users?filter=${query}`);
    expect([query, body.Resources]).toMatchObject([query, [{ id, userName: 'jürgen@example.com' }]]);
  }
});

test('/openapi.json is plain JSON and names this very server', async () => {
  const { status, headers, body } = await scim('GET', '/openapi.json');

  expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(body).toMatchObject({ openapi: '3.1.0', servers: [{ url: run.baseUrl }] });
});
