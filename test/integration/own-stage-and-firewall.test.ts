import { type Synthesized, synthesize } from '../lib/synthesize';
import { type Client, clientOf, userBody } from './client';
import { type LocalRun, startTestRun } from './local-run';

/** Requests without a token that one address has in a minute (lib/firewall.ts). */
const WITHOUT_TOKEN = 100;

let synthesized: Synthesized;
let run: LocalRun;
let scim: Client;
beforeAll(async () => {
  synthesized = synthesize({ production: false, stageName: 'v2', webAcl: 'rate' });
  run = await startTestRun({ assembly: synthesized.folder });
  scim = clientOf(run.baseUrl, run.token);
});
afterAll(async () => {
  await run?.stop();
});

test('a stage may be called "v2": what an answer calls its location leads there', async () => {
  const created = await scim('POST', '/Users', userBody('stage@example.com'));
  const location = String(created.headers.get('location'));
  const read = await fetch(location, { headers: { authorization: `Bearer ${run.token}` } });

  expect(location).toBe(`${run.baseUrl}/Users/${created.body.id}`);
  expect(run.baseUrl).toMatch(/\/v2\/v2$/);
  expect(read.status).toBe(200);
});

test('a flood without a token is answered 429 in SCIM form, and who has a token notices nothing', async () => {
  const anonymous = clientOf(run.baseUrl, '');
  const statuses: number[] = [];
  for (let count = 0; count < WITHOUT_TOKEN; count++)
    statuses.push((await anonymous('GET', '/Users')).status);
  const blocked = await anonymous('GET', '/Users');

  expect(new Set(statuses)).toEqual(new Set([401]));
  expect([blocked.status, blocked.headers.get('retry-after')]).toEqual([429, '60']);
  expect(blocked.body).toEqual({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '429',
    detail: expect.stringContaining('Retry-After'),
  });
  expect((await scim('GET', '/Users?count=0')).status).toBe(200);
});

test('a raw ";" in a query ends the parameter, as API Gateway has it; an encoded one is part of the value', async () => {
  await scim('POST', '/Users', userBody('a;b@example.com'));

  const encoded = await scim('GET', `/Users?filter=${encodeURIComponent('userName eq "a;b@example.com"')}`);
  const raw = await scim('GET', '/Users?filter=userName%20eq%20%22a;b@example.com%22');

  expect(encoded.body.totalResults).toBe(1);
  expect([raw.status, raw.body.scimType]).toEqual([400, 'invalidFilter']);
});
