import {
  accessOf,
  findLogin,
  InvalidValue,
  listRoleMappings,
  loginOrCreate,
  mapGroup,
  unmapGroup,
} from '../../src/access';
import { modifyGroup } from '../../src/directory/groups/group-changes';
import { createGroup } from '../../src/directory/groups/groups';
import type { Directory } from '../../src/directory/resources/directory';
import type { Table } from '../../src/directory/table/table';
import { roleMappingKey } from '../../src/directory/table/value-keys';
import type { MappingChange } from '../../src/directory/tenants/role-mappings';
import { suspendTenant } from '../../src/directory/tenants/tenant-status';
import { createTenant } from '../../src/directory/tenants/tenants';
import { issueToken } from '../../src/directory/tenants/tokens';
import { createUser, deleteUser, modifyUser } from '../../src/directory/users/users';
import { directoryOf, userAttributes } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';

const engine = useTestTable();
let directory: Directory;
beforeEach(async () => {
  directory = directoryOf(engine.table);
  await createTenant(engine.table, { tenantId: directory.tenant, name: 'Acme' });
});

const deactivate = (id: string) => modifyUser(directory, id, (present) => ({ ...present, active: false }));

describe('the mappings of a tenant', () => {
  const given = async () => listRoleMappings(directory.table, directory.tenant);
  const editors = { by: 'displayName', group: 'Editors', roles: ['editor'] } as const;

  test('are 500 at the most: another group is refused, and one that is mapped can be mapped otherwise', async () => {
    const { table, tenant } = directory;
    const many = Array.from({ length: 499 }, (_, n) => ({ ...editors, group: `group ${n}` }));
    const items = many.map((mapping) => ({
      ...roleMappingKey(tenant, mapping.by, mapping.group),
      ...mapping,
    }));
    await table.batchWrite(items.map((item) => ({ kind: 'put', item })));
    await mapGroup(table, tenant, { ...editors, group: 'The last' });

    await expect(mapGroup(table, tenant, editors)).rejects.toMatchObject({
      code: 'too-many',
      message: expect.stringMatching(
        /^The tenant maps 500 groups to roles, and at most 500 are accepted\. Take/,
      ),
    });
    await mapGroup(table, tenant, { ...editors, group: 'GROUP 7', roles: ['owner'] });
    await unmapGroup(table, tenant, 'displayName', 'Group 8', { origin: directory.origin });
    await mapGroup(table, tenant, editors);
    expect(await given()).toHaveLength(500);
  });

  const mayOnly = (role: string) => (roles: readonly string[]) => {
    if (roles.some((given) => given !== role)) throw new Error(`${roles} are not ${role}`);
  };
  const map = (table: Table, change: MappingChange) => mapGroup(table, directory.tenant, editors, change);
  const unmap = (table: Table, change: MappingChange) =>
    unmapGroup(table, directory.tenant, 'displayName', 'Editors', change);
  test.each([
    ['mapped for the first time', undefined, map],
    ['mapped', editors, map],
    ['unmapped', editors, unmap],
  ])(
    'are looked at again when they change before a group is %s by what was seen',
    async (_, before, change) => {
      const { table, tenant, origin } = directory;
      const widened = { ...editors, roles: ['admin', 'editor'] };
      if (before !== undefined) await mapGroup(table, tenant, before);
      let isWidened = false;
      const meanwhile = table.with({
        beforeCall: async (operation) => {
          if (operation !== 'put' || isWidened) return;
          isWidened = true;
          await mapGroup(table, tenant, widened);
        },
      });

      const work = change(meanwhile, { origin, check: mayOnly('editor') });
      await expect(work).rejects.toThrow('admin,editor are not editor');
      expect(await given()).toEqual([widened]);
    },
  );
});

describe('accessOf', () => {
  test('gives the roles of all groups, direct and indirect, named by displayName in any case or by externalId', async () => {
    const { table, tenant } = directory;
    const user = await createUser(directory, userAttributes('ann'));
    const inner = await createGroup(directory, { displayName: 'Acme Staff', externalId: 'g-1' }, [
      { id: user.id },
    ]);
    await createGroup(directory, { displayName: 'Acme Admins' }, [{ id: inner.id }]);
    await createGroup(directory, { displayName: 'Others' }, []);
    await mapGroup(table, tenant, { by: 'displayName', group: 'ACME ADMINS', roles: ['admin', 'billing'] });
    await mapGroup(table, tenant, { by: 'externalId', group: 'g-1', roles: ['member', 'billing'] });
    await mapGroup(table, tenant, { by: 'externalId', group: 'G-1', roles: ['never'] });
    await mapGroup(table, tenant, { by: 'displayName', group: 'Others', roles: ['never'] });

    const access = await accessOf(table, tenant, user.id);

    expect(access).toMatchObject({ active: true, roles: ['admin', 'billing', 'member'] });
    expect(access.groups.map(({ displayName }) => displayName).sort()).toEqual(['Acme Admins', 'Acme Staff']);
  });

  test('follows a change of membership and of the mapping', async () => {
    const { table, tenant } = directory;
    const user = await createUser(directory, userAttributes('ann'));
    const group = await createGroup(directory, { displayName: 'Admins' }, [{ id: user.id }]);
    await mapGroup(table, tenant, { by: 'displayName', group: 'Admins', roles: ['admin'] });
    await mapGroup(table, tenant, { by: 'displayName', group: 'admins', roles: ['owner'] });

    expect((await accessOf(table, tenant, user.id)).roles).toEqual(['owner']);
    await modifyGroup(directory, group.id, undefined, {
      base: 'keep',
      add: new Map(),
      remove: new Set([user.id]),
    });
    expect((await accessOf(table, tenant, user.id)).roles).toEqual([]);
    await unmapGroup(table, tenant, 'displayName', 'ADMINS');
    expect(await listRoleMappings(table, tenant)).toEqual([]);
  });

  test('gives an inactive or deleted user nothing', async () => {
    const { table, tenant } = directory;
    const user = await createUser(directory, userAttributes('ann'));
    await createGroup(directory, { displayName: 'Admins' }, [{ id: user.id }]);
    await mapGroup(table, tenant, { by: 'displayName', group: 'Admins', roles: ['admin'] });
    await deactivate(user.id);

    expect(await accessOf(table, tenant, user.id)).toEqual({ active: false, roles: [], groups: [] });
    await deleteUser(directory, user.id);
    expect(await accessOf(table, tenant, user.id)).toEqual({ active: false, roles: [], groups: [] });
  });

  test.each([
    ['no role', { by: 'displayName', group: 'x', roles: [] }],
    ['a role with a blank', { by: 'displayName', group: 'x', roles: ['a b'] }],
    ['no group', { by: 'displayName', group: ' ', roles: ['a'] }],
  ] as const)('refuses to map %s', async (_, mapping) => {
    await expect(mapGroup(directory.table, directory.tenant, mapping)).rejects.toMatchObject({
      code: 'invalid-value',
    });
  });
});

describe('findLogin', () => {
  test('finds by externalId exactly, also after a rename, else by userName in any case', async () => {
    const { table, tenant } = directory;
    const user = await createUser(directory, userAttributes('ann', { externalId: 'Oid-1' }));
    await modifyUser(directory, user.id, (present) => ({ ...present, userName: 'Ann.Married' }));

    expect(await findLogin(table, tenant, { userName: 'ann', externalId: 'Oid-1' })).toMatchObject({
      outcome: 'found',
      user: { id: user.id },
    });
    expect(await findLogin(table, tenant, { userName: 'ANN.married' })).toMatchObject({
      outcome: 'found',
      user: { userName: 'Ann.Married' },
    });
    expect(await findLogin(table, tenant, { userName: 'nobody', externalId: 'oid-1' })).toEqual({
      outcome: 'refused',
      reason: 'not-provisioned',
    });
  });

  test('refuses a login with the userName of a user whose externalId is another: an address given to somebody new', async () => {
    const { table, tenant } = directory;
    const leaver = await createUser(directory, userAttributes('ann.smith', { externalId: 'oid-leaver' }));
    await createUser(directory, { userName: 'by-hand' });

    const login = (userName: string, externalId?: string) =>
      findLogin(table, tenant, { userName, externalId });
    const ambiguous = { outcome: 'refused', reason: 'ambiguous' };

    expect(await login('ann.smith', 'oid-newcomer')).toEqual(ambiguous);
    expect(await login('ANN.smith', 'OID-leaver')).toEqual(ambiguous);
    expect(await login('ann.smith', '')).toEqual(ambiguous);
    expect(
      await loginOrCreate(table, tenant, { userName: 'ann.smith', externalId: 'oid-newcomer' }, {}),
    ).toEqual(ambiguous);
    expect(await login('ann.smith', 'oid-leaver')).toMatchObject({ user: { id: leaver.id } });
    expect(await login('ann.smith')).toMatchObject({ outcome: 'found' });
    expect(await login('by-hand', 'oid-any')).toMatchObject({ outcome: 'found' });
    await deactivate(leaver.id);
    expect(await login('ann.smith', 'oid-newcomer')).toEqual(ambiguous);
  });

  test('tells a tenant that does not exist apart from a suspended one', async () => {
    const { table } = directory;

    expect(await findLogin(table, directoryOf(table).tenant, { userName: 'ann' })).toEqual({
      outcome: 'refused',
      reason: 'tenant-absent',
    });
  });

  test('does not take an e-mail address or another tenant’s user for a userName', async () => {
    const { table, tenant } = directory;
    await createUser(directory, userAttributes('ann', { emails: [{ value: 'shared@example.com' }] }));
    await createUser(directoryOf(table), userAttributes('bob'));

    expect(await findLogin(table, tenant, { userName: 'shared@example.com' })).toMatchObject({
      reason: 'not-provisioned',
    });
    expect(await findLogin(table, tenant, { userName: 'bob' })).toMatchObject({ reason: 'not-provisioned' });
  });

  test('refuses an inactive user, and an externalId that several users have', async () => {
    const { table, tenant } = directory;
    const user = await createUser(directory, userAttributes('ann', { externalId: 'same' }));
    await createUser(directory, userAttributes('bob', { externalId: 'same' }));
    await deactivate(user.id);

    expect(await findLogin(table, tenant, { userName: 'ann' })).toEqual({
      outcome: 'refused',
      reason: 'inactive',
    });
    expect(await findLogin(table, tenant, { userName: 'ann', externalId: 'same' })).toEqual({
      outcome: 'refused',
      reason: 'ambiguous',
    });
  });
});

describe('loginOrCreate', () => {
  const profile = { name: { givenName: 'Ann' }, emails: [{ value: 'ann@example.com' }] };

  test('refuses a profile that does not fit the schema, by an error that has no HTTP status', async () => {
    const { table, tenant } = directory;

    const login = loginOrCreate(table, tenant, { userName: 'ann' }, { name: 3 });

    await expect(login).rejects.toBeInstanceOf(InvalidValue);
    await expect(login).rejects.not.toHaveProperty('status');
  });

  test('creates one user for logins at the same time, whom SCIM then finds by userName', async () => {
    const { table, tenant } = directory;

    const logins = await Promise.all(
      Array.from({ length: 4 }, () => loginOrCreate(table, tenant, { userName: 'Ann' }, profile)),
    );

    expect(logins.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
    expect(logins.filter(({ outcome }) => outcome === 'found')).toHaveLength(3);
    await expect(createUser(directory, userAttributes('ann'))).rejects.toMatchObject({
      code: 'uniqueness',
    });
  });

  test('does not let a leaver whose user was deleted come back where SCIM provisions', async () => {
    const { table, tenant } = directory;
    await issueToken(table, {
      tenant,
      label: 'entra',
      scope: 'write',
      expiresAt: new Date(Date.now() + 60_000),
    });
    const user = await createUser(directory, userAttributes('ann'));
    await deleteUser(directory, user.id);

    expect(await loginOrCreate(table, tenant, { userName: 'ann' }, profile)).toEqual({
      outcome: 'refused',
      reason: 'not-provisioned',
    });
    expect(
      await loginOrCreate(table, tenant, { userName: 'ann' }, profile, { besideScim: true }),
    ).toMatchObject({ outcome: 'created' });
  });

  test('does not create in a tenant whose only token has expired, nor lets anybody into a suspended one', async () => {
    const { table, tenant } = directory;
    const [now, expiresAt] = [new Date(Date.now() - 7_200_000), new Date(Date.now() - 3_600_000)];
    await createUser(directory, userAttributes('bob'));
    await issueToken(table, { tenant, label: 'entra', scope: 'write', now, expiresAt });

    expect(await loginOrCreate(table, tenant, { userName: 'ann' }, profile)).toMatchObject({
      reason: 'not-provisioned',
    });
    await suspendTenant(table, tenant);
    expect(await findLogin(table, tenant, { userName: 'bob' })).toEqual({
      outcome: 'refused',
      reason: 'tenant-suspended',
    });
    expect(
      await loginOrCreate(table, tenant, { userName: 'ann' }, profile, { besideScim: true }),
    ).toMatchObject({ outcome: 'refused' });
  });

  test('does not create beside an inactive user', async () => {
    const { table, tenant } = directory;
    const user = await createUser(directory, userAttributes('ann'));
    await deactivate(user.id);

    expect(await loginOrCreate(table, tenant, { userName: 'ANN' }, profile)).toEqual({
      outcome: 'refused',
      reason: 'inactive',
    });
  });
});
