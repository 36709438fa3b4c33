import { isJsonObject, type JsonObject } from '../../src/scim/json';
import { type Answer, type Client, clientOf, userBody } from './client';
import { type LocalRun, startTestRun } from './local-run';
import { tableOf, tenantToken } from './tenants';

/** `/Bulk` as it is deployed: its route, rights and limits. */
let run: LocalRun;
let acme: Client;
let globex: Client;
let reader: Client;
beforeAll(async () => {
  run = await startTestRun();
  const table = tableOf(run);
  acme = clientOf(run.baseUrl, await tenantToken(table, 'acme'));
  globex = clientOf(run.baseUrl, await tenantToken(table, 'globex'));
  reader = clientOf(run.baseUrl, await tenantToken(table, 'acme', { scope: 'read' }));
});
afterAll(() => run?.stop());

const bulkBody = (...operations: JsonObject[]): JsonObject => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
  Operations: operations,
});
const entriesOf = ({ body }: Answer): JsonObject[] =>
  Array.isArray(body.Operations) ? body.Operations.filter(isJsonObject) : [];
const create = (bulkId: string, path: string, data: JsonObject) => ({ method: 'POST', path, bulkId, data });

describe('POST /Bulk over HTTP', () => {
  test('is declared, and carries out operations that refer to each other', async () => {
    const { body } = await acme('GET', '/ServiceProviderConfig');
    const names = Array.from({ length: 99 }, (_, index) => `user-${index}@acme.example`);
    const group = { displayName: 'Everybody', members: names.map((name) => ({ value: `bulkId:${name}` })) };

    const answer = await acme(
      'POST',
      '/Bulk',
      bulkBody(create('g', '/Groups', group), ...names.map((name) => create(name, '/Users', userBody(name)))),
    );

    expect(body.bulk).toMatchObject({ supported: true });
    expect(answer.headers.get('content-type')).toContain('application/scim+json');
    expect(entriesOf(answer).filter(({ status }) => status === '201')).toHaveLength(100);
    const created = await fetchedFrom(acme, entriesOf(answer)[0]?.location);
    expect(created.members).toHaveLength(names.length);
  });

  async function fetchedFrom(client: Client, location: unknown): Promise<JsonObject> {
    return (await client('GET', String(location).slice(run.baseUrl.length))).body;
  }

  test('is refused with 413 beyond maxPayloadSize, counted in bytes as they arrive', async () => {
    const { body } = await acme('GET', '/ServiceProviderConfig');
    const { maxPayloadSize } = body.bulk as { maxPayloadSize: number };
    const text = (bytes: number) => `{"Operations":[]${' '.repeat(bytes - '{"Operations":[]}'.length)}}`;

    expect((await acme('POST', '/Bulk', text(maxPayloadSize))).status).toBe(200);
    const refused = await acme('POST', '/Bulk', text(maxPayloadSize + 1));
    expect([refused.status, refused.body.detail]).toEqual([413, expect.stringContaining('maxPayloadSize')]);
  });

  test('changes nothing of another tenant', async () => {
    const user = await acme('POST', '/Users', userBody('ann@acme.example'));
    const path = `/Users/${user.body.id}`;

    const answer = await globex(
      'POST',
      '/Bulk',
      bulkBody({ method: 'DELETE', path }, { method: 'PUT', path, data: userBody('x') }),
    );

    expect(entriesOf(answer).map(({ status }) => status)).toEqual(['404', '404']);
    expect((await acme('GET', path)).status).toBe(200);
  });

  test('is refused with 403 to a token that may only read, and with 405 to other methods', async () => {
    const denied = await reader('POST', '/Bulk', bulkBody());
    const wrongMethod = await acme('PUT', '/Bulk', '{');

    expect([denied.status, denied.body.status]).toEqual([403, '403']);
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('answers 400 for a body that is no Bulk request', async () => {
    for (const body of ['{', '[]', '{"Operations":{}}', `${'['.repeat(100_000)}${']'.repeat(100_000)}`]) {
      const answer = await acme('POST', '/Bulk', body);
      expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidSyntax']);
    }
  });
});
