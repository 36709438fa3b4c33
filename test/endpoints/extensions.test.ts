import { BADGE, CONTRACT, TEAM } from './badge-extension';
import { ENTERPRISE_USER_SCHEMA, USER_SCHEMA } from '../../scim/schema/definition';
import { directoryOf } from '../directory/builders';
import { startTestTable, type TestTable } from '../engine';
import { resourcesOf, type Service, serviceOf } from './service';
import { modifyUser } from '../../directory/users';
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

describe('returned', () => {
  test('always is in every answer, request only when named, never in none', async () => {
    const values = { costCenter: '1', note: 'n', secret: 's', kind: 'k' };
    const id = await service.create('/Groups', { displayName: 'returned', [TEAM]: values });

    const answers = {
      plain: await service.get(`/Groups/${id}`),
      named: await service.get(`/Groups/${id}?attributes=${TEAM}:note,${TEAM}:secret`),
      excluded: await service.get(`/Groups/${id}?excludedAttributes=${TEAM}:kind,${TEAM}:costCenter`),
    };

    expect(answers.plain[TEAM]).toEqual({ costCenter: '1', kind: 'k' });
    expect(answers.named[TEAM]).toEqual({ note: 'n', kind: 'k' });
    expect(answers.excluded[TEAM]).toEqual({ kind: 'k' });
  });

  test('what is never returned cannot be guessed by a filter', async () => {
    const response = await service.send('GET', `/Groups?filter=${TEAM}:secret eq "s"`);

    expect(response).toMatchObject({ status: 400, body: { scimType: 'invalidFilter' } });
  });
});

describe('immutable', () => {
  test('a PUT may set it once, may repeat or leave it out, and is refused when it changes it', async () => {
    const userName = nextName();
    const id = await service.create('/Users', { userName });
    const put = (badge: object) => service.send('PUT', `/Users/${id}`, { userName, [BADGE]: badge as never });

    expect(await put({ badgeNumber: 'I-1' })).toMatchObject({ body: { [BADGE]: { badgeNumber: 'I-1' } } });
    expect((await put({ badgeNumber: 'I-1', clearance: 2 })).status).toBe(200);
    expect(await put({ clearance: 3 })).toMatchObject({
      body: { [BADGE]: { badgeNumber: 'I-1', clearance: 3 } },
    });
    expect(await put({ badgeNumber: 'i-1' })).toMatchObject({
      status: 400,
      body: { scimType: 'mutability' },
    });
    expect(await service.send('PUT', `/Users/${id}`, { userName })).toMatchObject({
      body: { [BADGE]: { badgeNumber: 'I-1' } },
    });
  });

  test('a PATCH is refused when it changes or removes it, by whatever path', async () => {
    const id = await badged({ badgeNumber: 'I-2', clearance: 1 });

    for (const operation of [
      { op: 'replace', path: `${BADGE}:badgeNumber`, value: 'I-3' },
      { op: 'remove', path: `${BADGE}:badgeNumber` },
      { op: 'remove', path: BADGE },
      { op: 'add', value: { [`${BADGE}:badgeNumber`]: 'I-3' } },
    ]) {
      expect(await patch(id, operation)).toMatchObject({ status: 400, body: { scimType: 'mutability' } });
    }
    expect((await patch(id, { op: 'replace', path: `${BADGE}:badgeNumber`, value: 'I-2' })).status).toBe(200);
  });

  test('a part of a complex attribute keeps its value while the rest changes', async () => {
    const userName = nextName();
    const place = { site: 'Oslo', desk: '1' };
    const id = await service.create('/Users', { userName, [CONTRACT]: { number: '1', place } });
    const put = (given: object) =>
      service.send('PUT', `/Users/${id}`, { userName, [CONTRACT]: { number: '1', place: given } as never });

    expect(await put({ desk: '2' })).toMatchObject({
      body: { [CONTRACT]: { place: { site: 'Oslo', desk: '2' } } },
    });
    expect(await put({ site: 'Bergen' })).toMatchObject({ status: 400, body: { scimType: 'mutability' } });
    // caseExact is false, so this is the same site; it keeps the spelling it has.
    expect(await put({ site: 'OSLO' })).toMatchObject({ body: { [CONTRACT]: { place: { site: 'Oslo' } } } });
  });

  test('an immutable dateTime of a group survives a PUT without it and refuses another', async () => {
    const founded = '2020-02-29T00:00:00Z';
    const values = { costCenter: '1', founded };
    const id = await service.create('/Groups', { displayName: 'immutable', [TEAM]: values });
    const put = (team: object) =>
      service.send('PUT', `/Groups/${id}`, { displayName: 'immutable', [TEAM]: team as never });

    expect(await put({ costCenter: '2' })).toMatchObject({ body: { [TEAM]: { costCenter: '2', founded } } });
    expect(await put({ costCenter: '2', founded: '2021-01-01T00:00:00Z' })).toMatchObject({
      status: 400,
      body: { scimType: 'mutability' },
    });
  });
});

describe('readOnly and writeOnly', () => {
  test('a readOnly value is not taken from a client, and a PUT or PATCH leaves what the service has', async () => {
    const userName = nextName();
    const id = await service.create('/Users', { userName, [CONTRACT]: { number: '1', rank: 'forged' } });
    expect((await service.get(`/Users/${id}`))[CONTRACT]).toEqual({ number: '1' });
    await modifyUser(directory, id, (attributes) => ({
      ...attributes,
      [CONTRACT]: { number: '1', rank: 'A' },
    }));

    await service.send('PUT', `/Users/${id}`, { userName, [CONTRACT]: { number: '2', rank: 'B' } });

    expect((await service.get(`/Users/${id}`))[CONTRACT]).toEqual({ number: '2', rank: 'A' });
    expect(await patch(id, { op: 'replace', path: `${CONTRACT}:rank`, value: 'B' })).toMatchObject({
      status: 400,
      body: { scimType: 'mutability' },
    });
  });

  test('a writeOnly value is checked, never kept and never returned', async () => {
    const userName = nextName();
    const id = await service.create('/Users', { userName, [BADGE]: { pin: '1234', clearance: 1 } });

    expect((await service.get(`/Users/${id}?attributes=${BADGE}`))[BADGE]).toEqual({ clearance: 1 });
    expect(
      await service.send('POST', '/Users', { userName: nextName(), [BADGE]: { pin: {} } }),
    ).toMatchObject({
      status: 400,
    });
  });
});

describe('required', () => {
  test('a required extension must be there with what it requires', async () => {
    const refused = await service.send('POST', '/Groups', { displayName: 'without team' });

    expect(refused).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    expect(refused.body?.detail).toContain(`"${TEAM}:costCenter"`);
  });

  test('a PATCH that starts an extension without its required attribute is refused', async () => {
    const id = await service.create('/Users', { userName: nextName() });

    const refused = await patch(id, { op: 'add', path: `${CONTRACT}:hours`, value: 8 });
    const accepted = await patch(
      id,
      { op: 'add', path: `${CONTRACT}:hours`, value: 8 },
      { op: 'add', path: `${CONTRACT}:number`, value: 'c' },
    );

    expect(refused).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    expect(accepted.status).toBe(200);
  });

  test('a user who lacks an attribute that was made required later can still be deactivated', async () => {
    const id = await service.create('/Users', { userName: nextName() });
    await modifyUser(directory, id, (attributes) => ({ ...attributes, [CONTRACT]: { hours: 8 } }));

    expect(await patch(id, { op: 'replace', value: { active: false } })).toMatchObject({
      status: 200,
      body: { active: false },
    });
  });
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
