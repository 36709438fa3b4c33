import { localDeployment } from '../../src/admin/deployment';
import { createTenant } from '../../src/admin/tenants';
import { createToken } from '../../src/admin/tokens';
import { changeApiKey } from '../../src/directory/tenants/change-api-key';
import { getStoredTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { type Answer, type Client, clientOf, patchBody, userBody } from './client';
import { type LocalRun, startTestRun } from './local-run';
import { tableOf, tenantToken } from './tenants';

/** No condition, and conditions that hold for a first version: no ETag may tell more than an id does. */
const CONDITIONS: readonly Record<string, string>[] = [
  {},
  { 'if-match': 'W/"1"' },
  { 'if-match': '*' },
  { 'if-none-match': 'W/"1"' },
];
const UNKNOWN = '2819c223-7f76-453a-919d-413861904646';

let run: LocalRun;
let acme: Client;
let globex: Client;
let user: Answer;
let group: Answer;
beforeAll(async () => {
  run = await startTestRun();
  const table = tableOf(run);
  acme = clientOf(run.baseUrl, await tenantToken(table, 'acme'));
  globex = clientOf(run.baseUrl, await tenantToken(table, 'globex'));
  user = await acme('POST', '/Users', userBody('ann@acme.example', { title: 'CFO' }));
  group = await acme('POST', '/Groups', {
    displayName: 'Acme Sales',
    externalId: 'g1',
    members: [{ value: user.body.id }],
  });
});
afterAll(() => run?.stop());

/** The same answer as for an id that nobody ever had, so that nothing can be inferred. */
function expectLikeUnknown(answer: Answer, unknown: Answer, id: string): void {
  expect(answer.status).toBe(404);
  expect(answer.status).toBe(unknown.status);
  expect(answer.text.replaceAll(id, UNKNOWN)).toBe(unknown.text);
}

describe('another tenant’s ids', () => {
  test.each([
    ['GET', '/Users', undefined],
    ['PUT', '/Users', userBody('x')],
    ['PATCH', '/Users', patchBody({ op: 'replace', path: 'title', value: 'x' })],
    ['DELETE', '/Users', undefined],
    ['GET', '/Groups', undefined],
    ['PUT', '/Groups', { displayName: 'x' }],
    ['PATCH', '/Groups', patchBody({ op: 'replace', path: 'displayName', value: 'x' })],
    ['DELETE', '/Groups', undefined],
  ] as const)('%s %s/{id} is answered as for an id that nobody has', async (method, path, body) => {
    const id = String((path === '/Users' ? user : group).body.id);
    for (const headers of CONDITIONS) {
      const answer = await globex(method, `${path}/${id}`, body, headers);
      const unknown = await globex(method, `${path}/${UNKNOWN}`, body, headers);

      expectLikeUnknown(answer, unknown, id);
    }
    expect((await acme('GET', `/Users/${user.body.id}`)).body).toMatchObject({
      userName: 'ann@acme.example',
    });
    expect((await acme('GET', `/Groups/${group.body.id}`)).body).toMatchObject({ displayName: 'Acme Sales' });
  });

  test('cannot become members of a group, nor can a group of one tenant take a member of the other out', async () => {
    const theirs = await globex('POST', '/Groups', {
      displayName: 'Globex',
      members: [{ value: user.body.id }],
    });
    await globex(
      'PATCH',
      `/Groups/${theirs.body.id}`,
      patchBody({ op: 'add', path: 'members', value: [{ value: user.body.id }] }),
    );

    expect((await globex('GET', `/Groups/${theirs.body.id}`)).body).not.toHaveProperty('members');
    expect((await acme('GET', `/Users/${user.body.id}`)).body.groups).toHaveLength(1);
  });
});

describe('another tenant’s values', () => {
  test.each([
    ['/Users', 'userName eq "ann@acme.example"'],
    ['/Users', 'externalId eq "ext-ann@acme.example"'],
    ['/Users', 'emails.value eq "ann@acme.example"'],
    ['/Users', 'emails[type eq "work" and value eq "ann@acme.example"]'],
    ['/Users', 'userName sw "ann"'],
    ['/Users', 'id pr'],
    ['/Users', 'ID_OF_USER'],
    ['/Users', 'groups.value eq "ID_OF_GROUP"'],
    ['/Groups', 'displayName eq "acme sales"'],
    ['/Groups', 'externalId eq "g1"'],
    ['/Groups', 'members.value eq "ID_OF_USER"'],
    ['/Groups', 'id eq "ID_OF_GROUP"'],
  ])('%s are not found by %s', async (path, template) => {
    const filter = (template === 'ID_OF_USER' ? 'id eq "ID_OF_USER"' : template)
      .replace('ID_OF_USER', String(user.body.id))
      .replace('ID_OF_GROUP', String(group.body.id));

    const answer = await globex('GET', `${path}?filter=${encodeURIComponent(filter)}`);

    expect(answer.status).toBe(200);
    expect(answer.body.totalResults).toBe(0);
  });

  test('do not conflict: the same userName, externalId and displayName can be used', async () => {
    const wayne = clientOf(run.baseUrl, await tenantToken(tableOf(run), 'wayne'));

    expect((await wayne('POST', '/Users', userBody('ann@acme.example'))).status).toBe(201);
    expect((await wayne('POST', '/Groups', { displayName: 'Acme Sales', externalId: 'g1' })).status).toBe(
      201,
    );
  });
});

describe('searches, lists at the root, cursors and Bulk', () => {
  test.each([
    ['/.search', 'meta.resourceType eq "User" and title eq "CFO"'],
    ['/Users/.search', 'externalId eq "ext-ann@acme.example" and title pr'],
    ['/Groups/.search', 'displayName eq "Acme Sales" and members pr'],
    ['/.search', 'id pr and displayName sw "Acme Sales" and externalId eq "g1" and members pr'],
  ])('POST %s finds nothing of another tenant by %s', async (path, filter) => {
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'];

    const answer = await globex('POST', path, { schemas, filter });

    expect([answer.status, answer.body.totalResults]).toEqual([200, 0]);
  });

  test('the root lists one tenant only, by GET and by HEAD', async () => {
    const fresh = clientOf(run.baseUrl, await tenantToken(tableOf(run), 'stark'));

    expect((await fresh('GET', '?count=100')).body).toMatchObject({ totalResults: 0, Resources: [] });
    expect((await fresh('HEAD', `/Users/${user.body.id}`)).status).toBe(404);
  });

  test('a cursor of one tenant is refused to the other like one that was never given out', async () => {
    await acme('POST', '/Users', userBody('cursor@acme.example'));
    const first = await acme('GET', '/Users?cursor&count=1');

    const answer = await globex(
      'GET',
      `/Users?count=1&cursor=${encodeURIComponent(String(first.body.nextCursor))}`,
    );
    const forged = await globex('GET', '/Users?count=1&cursor=abc');

    expect(first.body.nextCursor).toEqual(expect.any(String));
    expect([answer.status, answer.body.scimType]).toEqual([400, 'invalidCursor']);
    expect(answer.text).toBe(forged.text);
  });

  test('Bulk answers operations on another tenant’s ids as on unknown ones, and takes none of its users into a group', async () => {
    const operations = (id: string) => [
      {
        method: 'PATCH',
        path: `/Users/${id}`,
        data: patchBody({ op: 'replace', path: 'active', value: false }),
      },
      { method: 'DELETE', path: `/Users/${id}` },
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'g',
        data: { displayName: `Bulk ${id}`, members: [{ value: id }] },
      },
    ];
    const bulk = (id: string) =>
      globex('POST', '/Bulk', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        Operations: operations(id),
      });

    const [answer, unknown] = [await bulk(String(user.body.id)), await bulk(UNKNOWN)];

    const statuses = (body: Answer['body']) =>
      (body.Operations as { status: string }[]).map(({ status }) => status);
    expect(statuses(answer.body)).toEqual(['404', '404', '201']);
    expect(statuses(unknown.body)).toEqual(['404', '404', '201']);
    const groups = await globex(
      'GET',
      `/Groups?filter=${encodeURIComponent('displayName sw "Bulk" and members pr')}`,
    );
    expect(groups.body.totalResults).toBe(0);
    expect((await acme('GET', `/Users/${user.body.id}`)).body.active).toBe(true);
  });
});

describe('interleaved requests of two tenants', () => {
  test('each carry their own data and URLs', async () => {
    const hosts = [run.baseUrl, run.baseUrl.replace('127.0.0.1', 'localhost')] as const;
    const table = tableOf(run);
    const one = clientOf(hosts[0], await tenantToken(table, 'initech'));
    const other = clientOf(hosts[1], await tenantToken(table, 'hooli'));

    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        (index % 2 === 0 ? one : other)('POST', '/Users', userBody(`u${index}@x.example`)),
      ),
    );

    answers.forEach(({ status, body, headers }, index) => {
      const location = `${hosts[index % 2]}/Users/${body.id}`;
      expect(status).toBe(201);
      expect(body.meta).toMatchObject({ location });
      expect(headers.get('location')).toBe(location);
    });
    expect((await one('GET', '/Users?count=0')).body.totalResults).toBe(30);
    expect((await other('GET', '/Users?count=0')).body.totalResults).toBe(30);
  });
});

describe('tokens', () => {
  test.each([
    ['none', ''],
    ['a malformed one', 'abc'],
    ['an unknown one of the right form', `scim_${'A'.repeat(43)}_00000000`],
  ])('%s is refused with 401 in SCIM form', async (_, token) => {
    const answer = await clientOf(run.baseUrl, token)('GET', '/Users');

    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '401',
    });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  test('that have expired are refused', async () => {
    const token = await tenantToken(tableOf(run), 'umbrella', { issuedAt: new Date(Date.now() - 7_200_000) });

    const answer = await clientOf(run.baseUrl, token)('GET', '/Users');

    expect(answer.status).toBe(401);
  });

  test('with read scope read everything and write nothing', async () => {
    const reader = clientOf(run.baseUrl, await tenantToken(tableOf(run), 'acme', { scope: 'read' }));

    expect((await reader('GET', `/Users/${user.body.id}`)).status).toBe(200);
    for (const [method, path] of [
      ['POST', '/Users'],
      ['PUT', `/Users/${user.body.id}`],
      ['PATCH', `/Groups/${group.body.id}`],
      ['DELETE', `/Users/${user.body.id}`],
    ] as const) {
      const answer = await reader(method, path, method === 'DELETE' ? undefined : userBody('x'));
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ status: '403', detail: expect.stringMatching(/read/i) });
    }
  });
});

describe('a tenant that floods', () => {
  /** Above the 100 that may arrive at once. */
  const FLOOD = 150;
  const PATH = '/ServiceProviderConfig';

  test('is answered 429 in SCIM form with Retry-After, and nobody else is', async () => {
    const deployment = localDeployment({
      ...run,
      apiGateway: run.services,
      outputs: new Map(Object.entries(run.outputs)),
      pid: process.pid,
    });
    const { rate } = await createTenant(deployment, { tenantId: 'flooding', name: 'Flooding' });
    const tenant = readTenantId('flooding');
    const key = (await getStoredTenant(deployment.table, tenant))?.apiKey;
    if (key === undefined) throw new Error('The tenant has no key.');
    // A key is used a minute after it was made.
    await changeApiKey(deployment.table, tenant, { ...key, usableFrom: 0 });
    const { token } = await createToken(deployment, { tenantId: tenant, label: 'entra' });
    const flooding = clientOf(run.baseUrl, token);
    await flooding('GET', PATH);

    // Nothing flows into the gateway's bucket meanwhile, however long this machine takes.
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now());
    const answers = await Promise.all(Array.from({ length: FLOOD }, () => flooding('GET', PATH)));
    clock.mockRestore();
    const throttled = answers.filter(({ status }) => status === 429);
    const others = await Promise.all([acme('GET', PATH), globex('GET', PATH)]);

    expect(rate).toEqual({ tier: 'default', perSecond: 50, burst: 100 });
    const admitted = answers.filter(({ status }) => status === 200).length;
    // The first request took one of the 100, which may be there again by now.
    expect([99, 100]).toContain(admitted);
    expect(throttled).toHaveLength(FLOOD - admitted);
    expect(throttled[0]?.headers.get('retry-after')).toBe('1');
    expect(throttled[0]?.body).toMatchObject({
      status: '429',
      detail: expect.stringContaining('per second'),
    });
    expect(others.map(({ status }) => status)).toEqual([200, 200]);
  });
});
