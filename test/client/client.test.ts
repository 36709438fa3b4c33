import badge from '../../examples/extensions/badge.json';
import {
  type Client,
  createClient,
  isEpochCurrent,
  NotFound,
  SessionRefused,
  UniquenessConflict,
} from '../../src/client';
import { createGroup } from '../../src/directory/groups/groups';
import type { Directory } from '../../src/directory/resources/directory';
import { createTenant } from '../../src/directory/tenants/tenants';
import { createUser, deleteUser, modifyUser } from '../../src/directory/users/users';
import { directoryOf, userAttributes } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';

const engine = useTestTable();
let scim: Client;
let directory: Directory;
beforeAll(() => {
  scim = createClient({
    tableName: engine.table.name,
    region: 'local',
    dynamoDb: {
      endpoint: engine.endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  });
});
afterAll(() => {
  scim.close();
});
beforeEach(async () => {
  directory = directoryOf(engine.table);
  await createTenant(engine.table, { tenantId: directory.tenant, name: 'Acme' });
});

const provision = (userName: string, more: object = {}) =>
  createUser(directory, { ...userAttributes(userName), ...more });
const deactivate = (id: string) => modifyUser(directory, id, (present) => ({ ...present, active: false }));

test('a login becomes a session with roles, and all of it ends with the deactivation', async () => {
  const tenant: string = directory.tenant;
  const ann = await provision('ann@example.com');
  await createGroup(directory, { displayName: 'Admins' }, [{ id: ann.id }]);
  await scim.roles.map(tenant, { by: 'displayName', group: 'admins', roles: ['admin'] });

  const login = await scim.logins.find(tenant, { userName: 'ANN@example.com' });
  expect(login).toMatchObject({ outcome: 'found', user: { id: ann.id } });
  const issued = await scim.sessions.issue(tenant, ann.id, { label: 'Firefox' });
  const epoch = (await scim.sessions.currentEpoch(tenant, ann.id)) ?? -1;
  expect(await scim.sessions.verify(issued.sessionToken)).toMatchObject({ active: true });
  expect((await scim.roles.of(tenant, ann.id)).roles).toEqual(['admin']);

  await deactivate(ann.id);

  expect(await scim.sessions.verify(issued.sessionToken)).toEqual({ active: false, reason: 'user-inactive' });
  await expect(scim.sessions.rotate(issued.refreshToken)).rejects.toThrow(
    new SessionRefused('user-inactive'),
  );
  await expect(scim.sessions.issue(tenant, ann.id)).rejects.toThrow(SessionRefused);
  expect(isEpochCurrent(epoch, await scim.sessions.currentEpoch(tenant, ann.id))).toBe(false);
  expect(await scim.logins.find(tenant, { userName: 'ann@example.com' })).toEqual({
    outcome: 'refused',
    reason: 'inactive',
  });
  expect((await scim.roles.of(tenant, ann.id)).roles).toEqual([]);
});

test('sessions are renewed, listed and revoked, one or all', async () => {
  const { tenant } = directory;
  const { id } = await provision('ann');
  const first = await scim.sessions.issue(tenant, id);
  const renewed = await scim.sessions.rotate(first.refreshToken);
  await scim.sessions.issue(tenant, id);
  expect(await scim.sessions.list(tenant, id)).toHaveLength(2);

  await scim.sessions.revoke(renewed.session);
  expect(await scim.sessions.list(tenant, id)).toHaveLength(1);
  expect(await scim.sessions.revokeAll(tenant, id)).toBe(true);
  expect(await scim.sessions.list(tenant, id)).toEqual([]);
});

test('a first login creates the user, unless an identity provider does', async () => {
  const { tenant } = directory;
  const profile = { displayName: 'Ann' };
  expect(await scim.logins.findOrCreate(tenant, { userName: 'ann' }, { profile })).toMatchObject({
    outcome: 'created',
    user: { userName: 'ann', attributes: { displayName: 'Ann' } },
  });
  expect(await scim.logins.findOrCreate(tenant, { userName: 'Ann' })).toMatchObject({ outcome: 'found' });
});

test('users are found by id, by userName in any case, and by externalId as it is', async () => {
  const { tenant } = directory;
  const ann = await provision('ann', { externalId: 'X-1' });
  const bob = await provision('bob', { externalId: 'X-1', active: false });

  expect(await scim.users.get(tenant, ann.id)).toEqual({
    id: ann.id,
    userName: 'ann',
    externalId: 'X-1',
    active: true,
    protected: false,
    version: 1,
    created: new Date(ann.created),
    lastModified: new Date(ann.lastModified),
    attributes: ann.attributes,
  });
  expect(await scim.users.findByUserName(tenant, 'BOB')).toMatchObject({ id: bob.id, active: false });
  expect((await scim.users.findByExternalId(tenant, 'X-1')).map(({ userName }) => userName).sort()).toEqual([
    'ann',
    'bob',
  ]);
  expect(await scim.users.findByExternalId(tenant, 'x-1')).toEqual([]);
  await deleteUser(directory, ann.id);
  expect(await scim.users.get(tenant, ann.id)).toBeUndefined();
  expect(await scim.users.findByUserName(tenant, 'ann')).toBeUndefined();
});

test('the app finds users by its own ids, which a first login, or a call, has set', async () => {
  const { tenant } = directory;
  const login = await scim.logins.findOrCreate(tenant, { userName: 'ann' }, { appId: 'account-1' });
  const bob = await provision('bob');

  expect(login).toMatchObject({ outcome: 'created', user: { appId: 'account-1' } });
  expect(await scim.users.setAppId(tenant, bob.id, 'account-2')).toMatchObject({ appId: 'account-2' });
  expect(await scim.users.byAppId(tenant, 'account-1')).toMatchObject({ userName: 'ann' });
  expect(await scim.users.byAppId(tenant, 'account-2')).toMatchObject({ id: bob.id, appId: 'account-2' });
  expect(await scim.users.byAppId(tenant, 'ACCOUNT-2')).toBeUndefined();
  // Whoever is there keeps theirs.
  expect(await scim.logins.findOrCreate(tenant, { userName: 'bob' }, { appId: 'account-3' })).toMatchObject({
    outcome: 'found',
    user: { appId: 'account-2' },
  });
  const another = scim.logins.findOrCreate(tenant, { userName: 'carl' }, { appId: 'account-1' });
  await expect(another).rejects.toThrow(new UniquenessConflict('appId', 'account-1'));
  await expect(scim.users.setAppId('Acme #1', bob.id, 'x')).rejects.toThrow(NotFound);
});

test('mappings are listed and taken away', async () => {
  const { tenant } = directory;
  const mapping = { by: 'externalId', group: 'g-1', roles: ['member'] } as const;
  await scim.roles.map(tenant, mapping);
  expect(await scim.roles.mappings(tenant)).toEqual([mapping]);
  await scim.roles.unmap(tenant, mapping);
  expect(await scim.roles.mappings(tenant)).toEqual([]);
});

test('a text that cannot be a tenant or a user names nobody', async () => {
  const nobody = 'Acme #1';
  const { id } = await provision('ann');

  await expect(scim.sessions.issue(nobody, id)).rejects.toThrow(new SessionRefused('tenant-absent'));
  await expect(scim.sessions.issue(directory.tenant, 'ann')).rejects.toThrow(
    new SessionRefused('user-absent'),
  );
  expect(await scim.sessions.list(nobody, id)).toEqual([]);
  expect(await scim.sessions.revokeAll(nobody, id)).toBe(false);
  expect(await scim.sessions.currentEpoch(nobody, id)).toBeUndefined();
  await scim.sessions.revoke({ tenant: nobody, userId: id, sessionId: '-' });
  const refused = { outcome: 'refused', reason: 'tenant-absent' };
  expect(await scim.logins.find(nobody, { userName: 'ann' })).toEqual(refused);
  expect(await scim.logins.findOrCreate(nobody, { userName: 'ann' })).toEqual(refused);
  expect(await scim.roles.of(nobody, id)).toEqual({ active: false, roles: [], groups: [] });
  expect(await scim.roles.mappings(nobody)).toEqual([]);
  await expect(
    scim.roles.map(nobody, { by: 'displayName', group: 'Staff', roles: ['member'] }),
  ).rejects.toThrow('"Acme #1" is not a tenant id');
  expect(await scim.users.get(nobody, id)).toBeUndefined();
  expect(await scim.users.findByUserName(nobody, 'ann')).toBeUndefined();
  expect(await scim.users.findByExternalId(nobody, 'X-1')).toEqual([]);
});

test('a table without a name is refused at once', () => {
  expect(() => createClient({ tableName: '' })).toThrow('tableName is empty');
});

describe('a login that creates a user with attributes of an extension', () => {
  const BADGE = 'urn:example:params:scim:schemas:extension:badge:2.0:User';
  const profile = { [BADGE]: { badgeNumber: 'B-1' } };
  const options = () => ({
    tableName: engine.table.name,
    region: 'local',
    dynamoDb: {
      endpoint: engine.endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  });

  test('keeps them when the client was given the schema', async () => {
    const extended = createClient({ ...options(), extensions: [badge] });

    const login = await extended.logins.findOrCreate(directory.tenant, { userName: 'bea' }, { profile });

    expect(login).toMatchObject({ outcome: 'created', user: { attributes: profile } });
    extended.close();
  });

  test('is refused when it was not, rather than lose them', async () => {
    await expect(
      scim.logins.findOrCreate(directory.tenant, { userName: 'bea' }, { profile }),
    ).rejects.toThrow(/extension:badge:2\.0:User/);
    expect(await scim.logins.find(directory.tenant, { userName: 'bea' })).toMatchObject({
      reason: 'not-provisioned',
    });
  });

  test('a broken schema is told of when the client is made', () => {
    expect(() => createClient({ ...options(), extensions: [{ id: 'badge' }] })).toThrow(
      /extensions\[0\]: "id" must be a URN/,
    );
  });
});

test('a table that is not there is told with the error of the SDK', async () => {
  const elsewhere = createClient({
    tableName: 'nowhere',
    region: 'local',
    dynamoDb: {
      endpoint: engine.endpoint,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  });
  const asking = elsewhere.logins.find('acme', { userName: 'ann' });
  await expect(asking).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  elsewhere.close();
});
