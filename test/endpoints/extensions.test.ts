import type { Directory } from '../../src/directory/resources/directory';
import type { JsonObject, JsonValue } from '../../src/scim/json';
import { ENTERPRISE_USER_SCHEMA, USER_SCHEMA } from '../../src/scim/schema/definition';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { resourcesOf, type Service, serviceOf } from '../../testing/service';
import { BADGE, CONTRACT, EXTENDED, TEAM } from './badge-extension';

const engine = useTestTable();
let directory: Directory;
let service: Service;
beforeAll(() => {
  directory = directoryOf(engine.table);
  service = serviceOf(directory, EXTENDED);
});

let count = 0;
const nextName = () => `user-${++count}@example.com`;

function badged(badge: Record<string, string | number | object[]>) {
  return service.create('/Users', { userName: nextName(), [BADGE]: badge as never });
}

const patch = (id: string, ...Operations: object[]) =>
  service.send('PATCH', `/Users/${id}`, { Operations: Operations as never });

test('an extension appears in /Schemas, by its URN too, and in /ResourceTypes', async () => {
  const [schemas, schema, user, group] = await Promise.all([
    service.get('/Schemas'),
    service.get(`/Schemas/${BADGE}`),
    service.get('/ResourceTypes/User'),
    service.get('/ResourceTypes/Group'),
  ]);

  expect(resourcesOf(schemas).map(({ id }) => id)).toEqual(expect.arrayContaining([BADGE, CONTRACT, TEAM]));
  expect(schema).toMatchObject({ id: BADGE, name: 'Badge' });
  expect(JSON.stringify(schema)).not.toContain('null');
  expect(user.schemaExtensions).toEqual([
    { schema: ENTERPRISE_USER_SCHEMA, required: false },
    { schema: BADGE, required: false },
    { schema: CONTRACT, required: false },
  ]);
  expect(group.schemaExtensions).toEqual([{ schema: TEAM, required: true }]);
});

test('extension values are kept although schemas does not list the URN, and schemas of the answer does', async () => {
  const response = await service.send('POST', '/Users', {
    schemas: [USER_SCHEMA],
    userName: nextName(),
    [BADGE]: { badgeNumber: 'A-1', clearance: 3 },
  });

  expect(response).toMatchObject({
    status: 201,
    body: { schemas: [USER_SCHEMA, BADGE], [BADGE]: { badgeNumber: 'A-1', clearance: 3 } },
  });
});

test('an URN that the service does not know is ignored with its data', async () => {
  const foreign = 'urn:example:nobody:2.0:User';
  const response = await service.send('POST', '/Users', {
    schemas: [USER_SCHEMA, foreign],
    userName: nextName(),
    [foreign]: { a: 1 },
  });

  expect(response.status).toBe(201);
  expect(response.body).toMatchObject({ schemas: [USER_SCHEMA] });
  expect(response.body).not.toHaveProperty([foreign]);
});

test('an extension value of a wrong type is refused, and the detail names it', async () => {
  const response = await service.send('POST', '/Users', {
    userName: nextName(),
    [BADGE]: { clearance: 'high' },
  });

  expect(response).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
  expect(response.body?.detail).toContain(`"${BADGE}:clearance"`);
});

test('extension attributes are filtered on, with and without their URN, within value paths too', async () => {
  const id = await badged({
    badgeNumber: 'F-77',
    clearance: 5,
    validUntil: '2027-01-31T10:00:00Z',
    doors: [{ value: 'D1', type: 'laboratory' }],
  });
  await badged({ badgeNumber: 'f-77', clearance: 1 });

  const filters = [
    `${BADGE}:badgeNumber eq "F-77"`,
    'badgeNumber eq "F-77"',
    `${BADGE}:clearance ge 5 and badgeNumber sw "F"`,
    `${BADGE}:validUntil gt "2027-01-31T10:30:00+01:00"`,
    `${BADGE}:doors[type eq "laboratory" and value eq "d1"]`,
  ];
  for (const filter of filters) {
    const list = await service.get(`/Users?filter=${filter}`);
    expect([filter, resourcesOf(list).map((user) => user.id)]).toEqual([filter, [id]]);
  }
});

test('extension attributes are sorted by', async () => {
  const ids: string[] = [];
  for (const clearance of [30, 4, 100]) ids.push(await badged({ badgeNumber: `S-${clearance}`, clearance }));

  const list = await service.get(
    `/Users?filter=badgeNumber sw "S-"&sortBy=${BADGE}:clearance&sortOrder=descending`,
  );

  expect(resourcesOf(list).map(({ id }) => id)).toEqual([ids[2], ids[0], ids[1]]);
});

test('extension attributes are patched by URN path, without URN, within an object, by value path', async () => {
  const id = await badged({ clearance: 1 });

  await patch(
    id,
    { op: 'Replace', path: `${BADGE}:clearance`, value: '2' },
    { op: 'add', path: 'validUntil', value: '2027-01-01T00:00:00Z' },
    { op: 'add', path: `${BADGE}:doors[type eq "office"].value`, value: 'D7' },
    { op: 'replace', value: { [BADGE]: { badgeNumber: 'P-1' } } },
  );

  expect(await service.get(`/Users/${id}`)).toMatchObject({
    [BADGE]: {
      badgeNumber: 'P-1',
      clearance: 2,
      validUntil: '2027-01-01T00:00:00Z',
      doors: [{ value: 'D7', type: 'office' }],
    },
  });
});

test('schemas of an answer leaves an extension out when it has no data or is projected away', async () => {
  const id = await badged({ clearance: 1 });

  const excluded = await service.get(`/Users/${id}?excludedAttributes=${BADGE}`);
  const only = await service.get(`/Users/${id}?attributes=userName`);
  const named = await service.get(`/Users/${id}?attributes=${BADGE}:clearance`);
  await patch(id, { op: 'remove', path: `${BADGE}:clearance` });
  const emptied = await service.get(`/Users/${id}`);

  expect(excluded.schemas).toEqual([USER_SCHEMA]);
  expect(only.schemas).toEqual([USER_SCHEMA]);
  expect(named.schemas).toEqual([USER_SCHEMA, BADGE]);
  expect(named[BADGE]).toEqual({ clearance: 1 });
  expect(emptied.schemas).toEqual([USER_SCHEMA]);
});

test('multi-valued simple, decimal and binary values come back as they were sent', async () => {
  const values = { number: '1', codes: ['b', 'B', 'a'], hours: 37.5, key: 'AQID' };
  const id = await service.create('/Users', {
    userName: nextName(),
    [CONTRACT]: { ...values, codes: ['b', 'B', 'a', 'b'] },
  });

  expect((await service.get(`/Users/${id}`))[CONTRACT]).toEqual(values);
  for (const filter of [
    `${CONTRACT}:codes eq "B"`,
    `${CONTRACT}:hours lt 37.6`,
    `${CONTRACT}:key eq "AQID"`,
  ]) {
    expect(resourcesOf(await service.get(`/Users?filter=${filter}`)).map((user) => user.id)).toContain(id);
  }
});

describe('a multi-valued simple attribute', () => {
  const path = `${CONTRACT}:codes`;
  const create = (codes: JsonValue) =>
    service.create('/Users', { userName: nextName(), [CONTRACT]: { number: '1', codes } });
  const codesOf = async (id: string) => ((await service.get(`/Users/${id}`))[CONTRACT] as JsonObject).codes;
  const codesAfter = async (operation: JsonObject) => {
    const id = await create(['a', 'b', 'c']);
    const { status, body } = await service.send('PATCH', `/Users/${id}`, { Operations: [operation] });
    return status === 200 ? codesOf(id) : body?.scimType;
  };

  test('takes its values as Entra ID wraps them: [{"value": "1"}]', async () => {
    expect(await codesOf(await create([{ value: 'a' }, 'b', { Value: 1 }, { value: '' }]))).toEqual([
      'a',
      'b',
      '1',
    ]);
    expect(await codesAfter({ op: 'Add', path, value: [{ value: 'd' }] })).toEqual(['a', 'b', 'c', 'd']);
    expect(await codesAfter({ op: 'Replace', path, value: [{ value: 'd' }] })).toEqual(['d']);
    expect(await codesAfter({ op: 'Remove', path, value: [{ value: 'b' }] })).toEqual(['a', 'c']);
    expect(await codesAfter({ op: 'replace', value: { [path]: [{ value: 'd' }] } })).toEqual(['d']);
  });

  test.each<[JsonObject, JsonValue]>([
    [{ op: 'remove', path: `${path}[value eq "b"]` }, ['a', 'c']],
    [{ op: 'remove', path: 'codes[value eq "a" or value ge "c"]' }, ['b']],
    [{ op: 'remove', path: 'codes[value eq "B"]' }, ['a', 'b', 'c']],
    [{ op: 'replace', path: 'codes[value eq "b"]', value: 'x' }, ['a', 'x', 'c']],
    [{ op: 'replace', path: 'codes[value eq "b"]', value: [{ value: 'c' }] }, ['a', 'c']],
    [{ op: 'replace', path: 'codes[value eq "b"]', value: '' }, ['a', 'c']],
    [{ op: 'replace', path: 'codes[value eq "x"]', value: 'y' }, 'noTarget'],
    [{ op: 'add', path: 'codes[value eq "b"]', value: 'y' }, 'invalidPath'],
    [{ op: 'remove', path: 'codes[type eq "b"]' }, 'invalidFilter'],
    [{ op: 'add', path, value: [{ display: 'x' }] }, 'invalidValue'],
  ])('%j leaves %j', async (operation, expected) => {
    expect(await codesAfter(operation)).toEqual(expected);
  });

  test('loses the attribute with its last value', async () => {
    const id = await create(['a']);
    await service.send('PATCH', `/Users/${id}`, {
      Operations: [{ op: 'remove', path: 'codes[value eq "a"]' }],
    });
    expect(await codesOf(id)).toBeUndefined();
  });

  test('is found by a value in brackets', async () => {
    const id = await create(['only-here']);
    const found = resourcesOf(await service.get(`/Users?filter=${path}[value eq "only-here"]`));
    expect(found.map((user) => user.id)).toEqual([id]);
  });
});
