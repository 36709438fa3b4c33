import { randomUUID } from 'node:crypto';
import type { Directory } from '../../src/directory/resources/directory';
import { createUser } from '../../src/directory/users/users';
import { Effort } from '../../src/scim/effort';
import type { JsonObject, JsonValue } from '../../src/scim/json';
import { directoryOf, userAttributes } from '../directory/builders';
import { startTestTable, type TestTable } from '../engine';
import { resourcesOf, serviceOf } from './service';

const VALUES = 500;
const USERS = 150;

let engine: TestTable;
let directory: Directory;
let users: string[];
beforeAll(async () => {
  engine = await startTestTable();
  directory = directoryOf(engine.table);
  const phoneNumbers = Array.from({ length: 20 }, (_, n) => ({ value: `+1 ${n}` }));
  const created = await Promise.all(
    Array.from({ length: USERS }, () =>
      createUser(directory, userAttributes(randomUUID(), { phoneNumbers })),
    ),
  );
  users = created.map(({ id }) => id).sort();
});
afterAll(() => engine.stop());

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
  const filter = 'phoneNumbers.value co "5" and title pr';
  const answers = [
    await withEffort(500).send('GET', `/Users?filter=${filter}`),
    await withEffort(500).send('GET', `/Users?filter=${filter}&sortBy=userName`),
    await withEffort(500).send('GET', `/?filter=${filter}`),
    await withEffort(500).send('POST', '/Users/.search', { filter }),
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
      `/Users?filter=phoneNumbers.value ew "99" or id eq "${last}"&attributes=id&count=10&cursor=${cursor}`,
    );
    expect(status).toBe(200);
    found.push(...resourcesOf(body).map(({ id }) => id));
    cursor = body?.nextCursor;
  }

  expect(found).toEqual([last]);
  expect(pages).toBeGreaterThan(1);
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
