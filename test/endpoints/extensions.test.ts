import { BADGE, CONTRACT, TEAM } from './badge-extension';
import { ENTERPRISE_USER_SCHEMA, USER_SCHEMA } from '../../scim/schema/definition';
import { directoryOf } from '../directory/builders';
import { startTestTable, type TestTable } from '../engine';
import { resourcesOf, type Service, serviceOf } from './service';
import type { Directory } from '../../directory/directory';

let engine: TestTable;
let directory: Directory;
let service: Service;
beforeAll(async () => {
  engine = await startTestTable();
  directory = directoryOf(engine.table);
  service = serviceOf(directory);
});
afterAll(() => engine.stop());

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
