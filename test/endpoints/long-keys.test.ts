import { accessOf } from '../../src/access';
import type { Directory } from '../../src/directory/resources/directory';
import { Table } from '../../src/directory/table/table';
import { listRoleMappings, mapGroup, unmapGroup } from '../../src/directory/tenants/role-mappings';
import { createTenant } from '../../src/directory/tenants/tenants';
import { SessionStore } from '../../src/sessions';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { type Service, serviceOf } from '../../testing/service';
import { memoryClient } from '../memory-dynamodb/client';
import { MemoryStore } from '../memory-dynamodb/store';

/** Values that no key of DynamoDB can hold (2,048 bytes, 1,024 in a sort key), by their bytes or by nothing at all. */
const VALUES: [string, string][] = [
  ['3,000 characters', 'x'.repeat(3_000)],
  ['400 characters of 3 bytes', '東'.repeat(400)],
  ['nothing', ''],
];

const engine = useTestTable();
let directory: Directory;
let service: Service;
beforeAll(async () => {
  directory = directoryOf(engine.table);
  await createTenant(engine.table, { tenantId: directory.tenant, name: 'Acme' });
  service = serviceOf(directory);
});

test.each([
  ['the engine', () => engine.table],
  ['the table in memory', () => new Table('memory', memoryClient(new MemoryStore()))],
])('%s of the tests refuses keys as AWS does', async (_, table) => {
  const long = 'x'.repeat(2_049);
  const put = (item: { pk: string; sk: string; g1?: string }) => table().write({ kind: 'put', item });
  // The first call of a client goes another way than the others.
  await table().get({ pk: 'a', sk: 'b' });

  await expect(put({ pk: long, sk: 'b' })).rejects.toThrow(/hashkey/);
  await expect(put({ pk: 'a', sk: long.slice(0, 1_025) })).rejects.toThrow(/range keys/);
  await expect(put({ pk: long.slice(0, 1_025), sk: 'b', g1: 'G' })).rejects.toThrow(/range keys/);
  await expect(put({ pk: 'a', sk: '' })).rejects.toThrow(/empty string/);
  await expect(table().get({ pk: long, sk: 'b' })).rejects.toThrow(/hashkey/);
  await expect(table().batchGet([{ pk: 'a', sk: long }])).rejects.toThrow(/range keys/);
  await expect(table().batchWrite([{ kind: 'delete', key: { pk: 'a', sk: '' } }])).rejects.toThrow(/empty/);
  await expect(table().queryAll({ pk: long, index: 'g1' })).rejects.toThrow(/hashkey/);
  await expect(table().queryAll({ pk: 'a', sk: { prefix: long } })).rejects.toThrow(/range keys/);
  await expect(
    table().transact([
      { kind: 'put', item: { pk: 'a', sk: 'b' } },
      { kind: 'delete', key: { pk: long, sk: 'b' } },
    ]),
  ).rejects.toThrow(/hashkey/);
  await expect(put({ pk: long.slice(0, 2_048), sk: long.slice(0, 1_024) })).resolves.toBeUndefined();
});

describe.each(VALUES)('a value of %s', (_, value) => {
  test.each([
    ['Users', 'id'],
    ['Users', 'userName'],
    ['Users', 'externalId'],
    ['Users', 'emails.value'],
    ['Users', 'groups.value'],
    ['Users', 'groups'],
    ['Groups', 'id'],
    ['Groups', 'displayName'],
    ['Groups', 'externalId'],
    ['Groups', 'members.value'],
    ['Groups', 'members'],
  ])('/%s: as %s in a filter it finds nobody', async (type, attribute) => {
    const answer = await service.send('GET', `/${type}?filter=${attribute} eq "${value}"`);

    expect(answer).toMatchObject({ status: 200, body: { totalResults: 0 } });
  });

  test.each(['Users', 'Groups'])('/%s: as an id it names nothing', async (type) => {
    if (value === '') return;
    const patch = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', path: 'externalId', value: 'x' }],
    };
    for (const [method, body] of [
      ['GET'],
      ['PUT', { userName: 'x', displayName: 'x' }],
      ['PATCH', patch],
      ['DELETE'],
    ] as const) {
      expect(await service.send(method, `/${type}/${value}`, body)).toMatchObject({ status: 404 });
    }
  });

  test('as a member it is left out when it comes, and no member when it goes', async () => {
    const id = await service.create('/Groups', {
      displayName: `G ${value.length}`,
      members: [{ value: value || 'x' }],
    });
    const change = (op: string, path: string, more = {}) => ({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op, path, ...more }],
    });

    for (const body of [
      change('add', 'members', { value: [{ value: value || 'x' }] }),
      change('remove', `members[value eq "${value}"]`),
    ]) {
      expect((await service.send('PATCH', `/Groups/${id}`, body)).status).toBeLessThan(300);
    }
    expect((await service.get(`/Groups/${id}`)).members ?? []).toEqual([]);
  });

  test('names no user who has roles, and no session', async () => {
    const sessions = new SessionStore(engine.table);
    const { tenant } = directory;
    const user = await service.create('/Users', { userName: `u-${value.length}` });

    expect(await accessOf(engine.table, tenant, value)).toMatchObject({ active: false });
    expect(await sessions.list(tenant, value)).toEqual([]);
    expect(await sessions.revokeAll(tenant, value)).toBe(false);
    expect(await sessions.verify(`ses_${tenant}.${user}.${value}.x`)).toMatchObject({ active: false });
    await expect(sessions.issue(tenant, value)).rejects.toThrow('user-absent');
  });
});

test('a user with values of 2,000 bytes is found by each of them, and no other user can take the name', async () => {
  const long = (start: string) => `${start}${'ü'.repeat(950)}@example.com`;
  const attributes = { userName: long('U'), externalId: long('e'), emails: [{ value: long('m') }] };
  const id = await service.create('/Users', attributes);

  for (const filter of [
    `userName eq "${long('u')}"`,
    `externalId eq "${long('e')}"`,
    `emails.value eq "${long('m')}"`,
  ]) {
    expect(await service.get(`/Users?filter=${filter}`)).toMatchObject({ Resources: [{ id }] });
  }
  expect(await service.send('POST', '/Users', { userName: long('u') })).toMatchObject({ status: 409 });
});

test('a group with a name of 500 characters of 3 bytes is mapped to roles, and unmapped', async () => {
  const { table, tenant } = directory;
  const group = '部'.repeat(500);
  const user = await service.create('/Users', { userName: 'worker', active: true });
  await service.create('/Groups', { displayName: group, members: [{ value: user }] });

  await mapGroup(table, tenant, { by: 'displayName', group, roles: ['reader'] });
  expect(await accessOf(table, tenant, user)).toMatchObject({ roles: ['reader'] });
  await unmapGroup(table, tenant, 'displayName', group);
  await unmapGroup(table, tenant, 'externalId', 'x'.repeat(3_000));
  expect(await listRoleMappings(table, tenant)).toEqual([]);
});
