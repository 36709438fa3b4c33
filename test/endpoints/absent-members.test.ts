import { randomUUID } from 'node:crypto';
import type { Directory } from '../../src/directory/resources/directory';
import { Table } from '../../src/directory/table/table';
import { Effort } from '../../src/scim/effort';
import type { JsonObject, JsonValue } from '../../src/scim/json';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { type Service, serviceOf } from '../../testing/service';

const engine = useTestTable();
let directory: Directory;
let service: Service;
let calls = 0;
beforeAll(() => {
  directory = directoryOf(new Table(engine.table.name, engine.client, { onCall: () => calls++ }));
  service = serviceOf(directory);
});

let count = 0;
const nextName = () => `group ${++count}`;
const nobody = (number: number) => Array.from({ length: number }, () => ({ value: randomUUID() }));
const add = (value: JsonValue) => ({ Operations: [{ op: 'add', path: 'members', value }] });
const bulk = (method: string, path: string, data: JsonObject) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
  Operations: [{ method, path, data, ...(method === 'POST' ? { bulkId: 'g' } : {}) }],
});

/** Each way to name members. */
const ways: [string, (service: Service, id: string, members: JsonObject[]) => ReturnType<Service['send']>][] =
  [
    ['POST', (to, _, members) => to.send('POST', '/Groups', { displayName: nextName(), members })],
    ['PUT', (to, id, members) => to.send('PUT', `/Groups/${id}`, { displayName: id, members })],
    ['PATCH', (to, id, members) => to.send('PATCH', `/Groups/${id}`, add(members))],
    [
      'PATCH of members and name',
      (to, id, members) =>
        to.send('PATCH', `/Groups/${id}`, {
          Operations: [{ op: 'replace', value: { displayName: id, members } }],
        }),
    ],
    [
      'PATCH by filters that name a type',
      (to, id, members) => {
        const path = `members[${members.map(({ value }) => `(value eq "${value}" and type eq "User")`).join(' or ')}]`;
        return to.send('PATCH', `/Groups/${id}`, { Operations: [{ op: 'remove', path }] });
      },
    ],
  ];
const inBulk: typeof ways = [
  [
    'POST in a Bulk request',
    (to, _, members) =>
      to.send('POST', '/Bulk', bulk('POST', '/Groups', { displayName: nextName(), members })),
  ],
  [
    'PATCH in a Bulk request',
    (to, id, members) => to.send('POST', '/Bulk', bulk('PATCH', `/Groups/${id}`, add(members))),
  ],
];

/** The answer to the request, or to the one operation of a Bulk request. */
function answerOf({ status, body }: Awaited<ReturnType<Service['send']>>): {
  status: number;
  body: JsonObject | undefined;
} {
  const [operation] = (body?.Operations ?? []) as JsonObject[];
  if (operation === undefined) return { status, body };
  return { status: Number(operation.status), body: operation.response as JsonObject | undefined };
}

describe('more members that do not exist than a request may look for', () => {
  // Each is looked for in earnest at the price of 1,000 units of effort.
  const tired = () => serviceOf({ ...directory, effort: new Effort(30_000) });

  test.each([...ways, ...inBulk])('%s is refused with advice, and nothing happens', async (_, send) => {
    const id = await service.create('/Groups', { displayName: nextName() });
    const before = await service.get(`/Groups/${id}`);
    const { totalResults } = await service.get('/Groups?count=0');

    const { status, body } = answerOf(await send(tired(), id, nobody(40)));

    expect({ status, body }).toMatchObject({ status: 400, body: { scimType: 'tooMany' } });
    expect(body?.detail).toContain('"members"');
    expect(body?.detail).toContain('Create users and groups before they become members');
    expect(body?.detail).not.toContain('Operations[');
    expect(await service.get(`/Groups/${id}`)).toEqual(before);
    expect((await service.get('/Groups?count=0')).totalResults).toBe(totalResults);
  });

  test.each([...ways, ...inBulk])('%s of fewer leaves them out, without an error', async (_, send) => {
    const id = await service.create('/Groups', { displayName: nextName() });
    expect(answerOf(await send(tired(), id, nobody(20))).status).toBeLessThan(300);
  });

  test('a PATCH that removes too many is refused as well, and nothing happens', async () => {
    const id = await service.create('/Groups', { displayName: nextName() });
    const before = await service.get(`/Groups/${id}`);
    const Operations = [{ op: 'remove', path: 'members', value: nobody(130) }];

    const weary = serviceOf({ ...directory, effort: new Effort(2_000) });
    const answer = await weary.send('PATCH', `/Groups/${id}`, { Operations });

    expect(answer).toMatchObject({ status: 400, body: { scimType: 'tooMany' } });
    expect(await service.get(`/Groups/${id}`)).toEqual(before);
  });

  test('of 20,000 none is sought in earnest', async () => {
    calls = 0;
    const answer = await service.send('POST', '/Groups', {
      displayName: nextName(),
      members: nobody(20_000),
    });

    expect(answer).toMatchObject({ status: 400, body: { scimType: 'tooMany' } });
    // 100 keys a call.
    expect(calls).toBe(200);
  });
});

test.each([
  ['alone', []],
  ['beside a new name', [{ op: 'replace', path: 'externalId', value: 'g-1' }]],
])(
  'of many that are removed %s, those who are no members cost a look each and no write',
  async (_, others) => {
    const members = await Promise.all(
      Array.from({ length: 130 }, async (_, n) => ({
        value: await service.create('/Users', { userName: `${nextName()} ${n}` }),
      })),
    );
    const [kept, ...gone] = members;
    const id = await service.create('/Groups', { displayName: nextName(), members });
    let transactions = 0;
    const watched = new Table(engine.table.name, engine.client, {
      onCall: ({ operation }) => {
        if (operation === 'transact') transactions += 1;
      },
    });
    const value = [...gone.slice(0, 30), ...nobody(500), ...gone.slice(30)];
    const Operations = [{ op: 'remove', path: 'members', value }, ...others];

    const answer = await serviceOf({ ...directory, table: watched }).send('PATCH', `/Groups/${id}`, {
      Operations,
    });

    expect(answer.status).toBe(204);
    expect((await service.get(`/Groups/${id}`)).members).toMatchObject([kept]);
    // Two chunks of those who go, and the group; the 500 others would be five more.
    expect(transactions).toBeLessThanOrEqual(4);
    calls = 0;
    const nothing = await service.send('PATCH', `/Groups/${id}`, {
      Operations: [{ op: 'remove', path: 'members', value: nobody(20_000) }, ...others],
    });
    expect(nothing.status).toBe(204);
    // 100 keys a call, and the group; twice where nothing changes, since the first look at the group may be stale.
    expect(calls).toBeLessThan(410);
  },
);

describe('more than 100,000 member values', () => {
  const tooMany = nobody(100_001);

  test.each(ways.slice(0, 4))('%s is 413, names "members", and looks for nobody', async (way, send) => {
    const id = await service.create('/Groups', { displayName: nextName() });
    calls = 0;
    const { status, body } = await send(service, id, tooMany);

    expect(status).toBe(413);
    expect(body?.detail).toContain('"members"');
    expect(String(body?.detail).includes('Operations[0]')).toBe(way.startsWith('PATCH'));
    expect(calls).toBe(0);
  });
});
