import { checkTable } from '../../src/directory/check/check';
import { modifyGroup } from '../../src/directory/groups/group-changes';
import { createGroup, deleteGroup, getGroup } from '../../src/directory/groups/groups';
import type { Directory } from '../../src/directory/resources/directory';
import { idsWithValue } from '../../src/directory/resources/index-items';
import type { ResourceId } from '../../src/directory/table/keys';
import { DEFAULT_TENANT_SETTINGS } from '../../src/directory/tenants/settings';
import { createTenant } from '../../src/directory/tenants/tenants';
import { createUser } from '../../src/directory/users/users';
import type { JsonObject } from '../../src/scim/json';
import { directoryOf } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';
import { serviceOf } from '../../testing/service';

const engine = useTestTable();
let directory: Directory;
beforeEach(async () => {
  directory = directoryOf(engine.table);
  await createTenant(engine.table, { tenantId: directory.tenant, name: 'Acme' });
});
afterEach(async () => {
  const { findings } = await checkTable(engine.table, { tenant: directory.tenant, secondLookAfterMs: 0 });
  expect(findings.map(({ code }) => code)).toEqual([]);
});

const create = (displayName: string, more: JsonObject = {}, members: readonly string[] = []) =>
  createGroup(
    directory,
    { displayName, ...more },
    members.map((id) => ({ id })),
  );
const rename = (id: string, displayName: string) =>
  modifyGroup(directory, id, (present) => ({ ...present, displayName }), undefined);
const found = (name: string) => idsWithValue(directory, 'Group', name);
const taken = { code: 'uniqueness' };

async function users(count: number): Promise<ResourceId[]> {
  const made = Array.from({ length: count }, (_, n) => createUser(directory, { userName: `user-${n}` }));
  return (await Promise.all(made)).map(({ id }) => id);
}

describe('the displayName of a group', () => {
  test('is had by one group of a tenant, in any case, and by a user beside it', async () => {
    await create('Admins');
    await createUser(directory, { userName: 'admins', externalId: 'Admins' });

    await expect(create('Admins')).rejects.toMatchObject(taken);
    await expect(create('ＡＤＭＩＮＳ')).rejects.toMatchObject(taken);
    await createGroup(directoryOf(engine.table), { displayName: 'Admins' }, []);
    await create('Admıns');
  });

  test('is given to one of the groups that are created at once', async () => {
    const creations = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => create(n % 2 ? 'A' : 'a')),
    );

    expect(creations.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await found('A')).toHaveLength(1);
  });

  test('cannot be taken by a rename, and only changes its case for the group that has it', async () => {
    const admins = await create('Admins');
    const staff = await create('Staff');

    await expect(rename(staff.id, 'ADMINS')).rejects.toMatchObject(taken);
    await rename(admins.id, 'ADMINS');

    expect((await getGroup(directory, staff.id))?.attributes.displayName).toBe('Staff');
    expect((await getGroup(directory, admins.id))?.attributes.displayName).toBe('ADMINS');
    expect(await found('admins')).toEqual([admins.id]);
  });

  test('is free after a rename and after a deletion', async () => {
    const first = await create('Admins');
    await rename(first.id, 'Owners');
    const second = await create('admins');
    await deleteGroup(directory, second.id);
    const third = await create('ADMINS');
    await rename(first.id, 'Staff');

    expect(await found('admins')).toEqual([third.id]);
    expect(await found('owners')).toEqual([]);
    expect(await found('staff')).toEqual([first.id]);
  });

  test('is refused to a group with more members than one transaction holds, which leaves nothing', async () => {
    const ids = await users(110);
    await create('Admins');
    const staff = await create('Staff');

    await expect(create('admins', {}, ids)).rejects.toMatchObject(taken);
    const everybody = {
      base: 'keep',
      add: new Map(ids.map((id) => [id, {}])),
      remove: new Set<string>(),
    } as const;
    await expect(
      modifyGroup(directory, staff.id, (present) => ({ ...present, displayName: 'admins' }), everybody),
    ).rejects.toMatchObject(taken);

    expect(await found('admins')).toHaveLength(1);
    expect((await getGroup(directory, staff.id))?.version).toBe(1);
  });

  test('leads to the group beside an externalId of the same letters', async () => {
    const group = await create('Admins', { externalId: 'admins' });

    expect(await found('ADMINS')).toEqual([group.id]);
    await rename(group.id, 'Staff');
    expect(await found('admins')).toEqual([group.id]);
    await rename(group.id, 'Admins');
    expect(await found('admins')).toEqual([group.id]);
  });
});

describe('where group names need not be unique', () => {
  test('several groups have one name, and each keeps what holds its name when the rule changes', async () => {
    const unique = directory;
    const guarded = await create('Admins');
    directory = { ...unique, settings: { ...DEFAULT_TENANT_SETTINGS, uniqueGroupNames: false } };
    const second = await create('admins');
    const third = await create('Staff');
    await rename(third.id, 'ADMINS');
    directory = unique;

    expect((await found('admins')).sort()).toEqual([guarded.id, second.id, third.id].sort());
    await expect(create('admins')).rejects.toMatchObject(taken);
    await rename(second.id, 'ADMINS');
    await deleteGroup(directory, guarded.id);
    await rename(third.id, 'Staff');
    await expect(create('staff')).rejects.toMatchObject(taken);
    expect(await found('admins')).toEqual([second.id]);
  });
});

test('409 uniqueness answers POST, PUT, PATCH and Bulk, and tells how to find the group', async () => {
  const service = serviceOf(directory);
  await service.create('/Groups', { displayName: 'Admins' });
  const staff = await service.create('/Groups', { displayName: 'Staff' });
  const body = { displayName: 'ADMINS' };
  const conflict = {
    status: 409,
    body: { scimType: 'uniqueness', detail: expect.stringContaining('filter=displayName eq "ADMINS"') },
  };

  expect(await service.send('POST', '/Groups', body)).toMatchObject(conflict);
  expect(await service.send('PUT', `/Groups/${staff}`, body)).toMatchObject(conflict);
  const Operations = [{ op: 'replace', path: 'displayName', value: 'ADMINS' }];
  expect(await service.send('PATCH', `/Groups/${staff}`, { Operations })).toMatchObject(conflict);
  const bulk = await service.send('POST', '/Bulk', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: [
      { method: 'POST', path: '/Groups', bulkId: 'a', data: body },
      { method: 'DELETE', path: `/Groups/${staff}` },
      { method: 'POST', path: '/Groups', bulkId: 'b', data: { displayName: 'staff' } },
    ],
  });
  expect(bulk.body?.Operations).toMatchObject([
    { status: '409', response: { scimType: 'uniqueness' } },
    { status: '204' },
    { status: '201' },
  ]);
  expect(await service.get('/Groups?filter=displayName eq "admins"')).toMatchObject({ totalResults: 1 });
});
