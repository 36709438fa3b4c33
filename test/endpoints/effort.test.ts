import { randomUUID } from 'node:crypto';
import type { Directory } from '../../src/directory/resources/directory';
import type { ResourceId } from '../../src/directory/table/keys';
import { createUser } from '../../src/directory/users/users';
import { Effort } from '../../src/scim/effort';
import type { JsonObject, JsonValue } from '../../src/scim/json';
import { directoryOf, userAttributes } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { resourcesOf, serviceOf } from '../../testing/service';

const VALUES = 500;
const USERS = 150;

const engine = useTestTable();
/** As many ids with each first digit: users are counted by it, and what a far page costs rests on how many share it. */
const idOf = (index: number) => `${(index % 16).toString(16)}${randomUUID().slice(1)}` as ResourceId;

let directory: Directory;
let users: string[];
beforeAll(async () => {
  directory = directoryOf(engine.table);
  const phoneNumbers = Array.from({ length: 20 }, (_, n) => ({ value: `+1 ${n}` }));
  const created = await Promise.all(
    Array.from({ length: USERS }, (_, index) =>
      createUser(directory, userAttributes(randomUUID(), { phoneNumbers }), idOf(index)),
    ),
  );
  users = created.map(({ id }) => id).sort();
});

const withEffort = (units: number) => serviceOf({ ...directory, effort: new Effort(units) });
const unlimited = () => serviceOf(directory);

const seeking = (count: number) => Array.from({ length: count }, (_, n) => `value co "b${n}"`).join(' or ');
const removal = (count: number): JsonObject => ({
  Operations: [{ op: 'remove', path: `phoneNumbers[${seeking(count)}]` }],
});
const tooMany = (advice: string) => ({
  status: 400,
  body: { scimType: 'tooMany', detail: expect.stringContaining(advice) },
});

test('a filter that compares too much is refused with advice: by GET and search, sorted too', async () => {
  const filter = `phoneNumbers[${seeking(20)}]`;
  const answers = [
    await withEffort(20_000).send('GET', `/Users?filter=${filter}`),
    await withEffort(20_000).send('GET', `/Users?filter=${filter}&sortBy=userName`),
    await withEffort(20_000).send('GET', `/?filter=${filter}`),
    await withEffort(20_000).send('POST', '/Users/.search', { filter }),
  ];

  for (const answer of answers) expect(answer).toMatchObject(tooMany('Shorten the filter'));
  expect(await unlimited().send('GET', `/Users?filter=${filter}`)).toMatchObject({ status: 200 });
});

test('by cursor the page ends earlier instead, and nobody is missed', async () => {
  const last = users.at(-1);
  const found: unknown[] = [];
  let pages = 0;
  for (let cursor: JsonValue | undefined = ''; cursor !== undefined; pages++) {
    const { status, body } = await withEffort(9_500).send(
      'GET',
      `/Users?filter=phoneNumbers.value ew "x" or id eq "${last}"&attributes=id&count=10&cursor=${cursor}`,
    );
    expect(status).toBe(200);
    found.push(...resourcesOf(body).map(({ id }) => id));
    cursor = body?.nextCursor;
  }

  expect(found).toEqual([last]);
  expect(pages).toBeGreaterThan(1);
});

describe('looking at every resource is paid for by resource, however little of it is compared', () => {
  const advice = 'page through all resources with a cursor';

  test.each(['title pr', 'not (title pr)', 'meta.created pr', 'nickName eq "nobody"'])(
    'filter %s: refused with advice, by cursor the page ends earlier',
    async (filter) => {
      const path = `/Users?filter=${filter}&excludedAttributes=groups`;
      const found = resourcesOf(await unlimited().get(`${path}&count=1000`)).length;

      expect(await withEffort(4_000).send('GET', path)).toMatchObject(tooMany(advice));
      expect(await withEffort(4_000).send('GET', `${path}&sortBy=userName`)).toMatchObject(tooMany(advice));
      let seen = 0;
      for (let cursor: unknown = ''; cursor !== undefined; ) {
        const page = await withEffort(400_000).get(`${path}&count=100&cursor=${cursor}`);
        seen += resourcesOf(page).length;
        cursor = page.nextCursor;
      }
      expect(seen).toBe(found);
    },
  );

  test('a page far behind, whose beginning nobody has read up to', async () => {
    const { totalResults } = await unlimited().get('/Users?count=0');
    const path = `/Users?startIndex=${Number(totalResults) - 1}&count=1&excludedAttributes=groups`;
    expect(await withEffort(50).send('GET', path)).toMatchObject(tooMany(advice));
    const found = resourcesOf(await unlimited().get(path)).map(({ id }) => id);
    const all = resourcesOf(await unlimited().get('/Users?count=1000&attributes=id')).map(({ id }) => id);
    expect(found).toEqual([all.at(-2)]);
  });

  test('the groups of a tenant, for a filter on members', async () => {
    for (let n = 0; n < 20; n++) await unlimited().create('/Groups', { displayName: `group ${n}` });
    const path = `/Groups?filter=members.value eq "${users[0]}"`;
    expect(await withEffort(300).send('GET', path)).toMatchObject(tooMany(advice));
    expect(await unlimited().send('GET', path)).toMatchObject({ status: 200, body: { totalResults: 0 } });
  });

  test.each([
    ['id', () => `id eq "${users[0]}"`],
    ['userName', () => 'userName eq "sought"'],
    ['externalId', () => 'externalId eq "sought-1"'],
    ['e-mail address', () => 'emails.value eq "sought@example.com"'],
  ])('a look-up by %s costs the same in a tenant of any size', async (_, filter) => {
    const id = users[0] ?? '';
    const value = { userName: 'sought', externalId: 'sought-1', emails: [{ value: 'sought@example.com' }] };
    await unlimited().send('PATCH', `/Users/${id}`, { Operations: [{ op: 'replace', value }] });
    const found = await withEffort(400).get(`/Users?filter=${filter()}`);
    expect(resourcesOf(found).map((user) => user.id)).toEqual([id]);
  });
});

test('a page whose resources are larger together than one request may hold is refused with advice', async () => {
  const read = (count: number) =>
    withEffort(5_000).send('GET', `/Users?count=${count}&excludedAttributes=groups`);

  expect(await read(1000)).toMatchObject(tooMany('smaller count'));
  expect(await read(20)).toMatchObject({ status: 200 });
});

describe('a PATCH that compares too much', () => {
  const create = () =>
    unlimited().create('/Users', {
      userName: randomUUID(),
      phoneNumbers: Array.from({ length: VALUES }, (_, n) => ({ value: `+1 ${n}` })),
    });

  test('is refused with the position of the operation, and has changed nothing', async () => {
    const id = await create();
    const body = {
      Operations: [
        { op: 'replace', path: 'title', value: 'x' },
        ...(removal(100).Operations as JsonObject[]),
      ],
    };

    const answer = await withEffort(20_000).send('PATCH', `/Users/${id}`, body);

    expect(answer).toMatchObject(tooMany('Operations[1]: '));
    expect((await unlimited().get(`/Users/${id}`)).title).toBeUndefined();
  });

  test('takes from the same effort as all others in a Bulk request; what compares nothing is still carried out', async () => {
    const id = await create();
    const patch = (data: JsonObject) => ({ method: 'PATCH', path: `/Users/${id}`, data });
    const deactivation = { Operations: [{ op: 'replace', path: 'active', value: false }] };
    const operations = [patch(removal(20)), patch(removal(20)), patch(removal(20)), patch(deactivation)];

    const { body } = await withEffort(100 * VALUES).send('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: operations,
    });

    const results = body?.Operations as JsonObject[];
    expect(results.map(({ status }) => status)).toEqual(['200', '200', '400', '200']);
    expect(results[2]?.response).toMatchObject({ scimType: 'tooMany' });
    expect((await unlimited().get(`/Users/${id}`)).active).toBe(false);
  });
});
