import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDuration } from '../../cli/duration';
import { main } from '../../cli/main';
import { findTarget } from '../../cli/target';
import { createGroup, deleteGroup } from '../../src/directory/groups/groups';
import { tenantPartitionPrefixes, tombstoneKey } from '../../src/directory/table/keys';
import { DEFAULT_TENANT_SETTINGS, settingsIn } from '../../src/directory/tenants/settings';
import { getTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { findToken } from '../../src/directory/tenants/token-check';
import { provisionUser } from '../../src/directory/users/provision-user';
import { createUser, deleteUser, getUser } from '../../src/directory/users/users';
import { SessionStore } from '../../src/sessions';
import { useTestTable } from '../../testing/engine';
import { ORIGIN } from '../../testing/origin';

const engine = useTestTable();

async function admin(...words: string[]) {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await main([...words], {
    out: (text) => out.push(text),
    error: (text) => errors.push(text),
    findTarget: (choice) =>
      findTarget({ endpoint: engine.endpoint, table: engine.table.name, ...withoutAbsent(choice) }),
  });
  return { code, out: out.join('\n'), error: errors.join('\n') };
}

const withoutAbsent = (choice: object) =>
  Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined));

let tenants = 0;
async function newTenant(): Promise<string> {
  const tenant = `tenant-${++tenants}`;
  await admin('tenant', 'create', tenant, '--name', 'Acme Inc');
  return tenant;
}

const createToken = async (...words: string[]) =>
  JSON.parse((await admin('token', 'create', ...words, '--json')).out) as { token: string; tokenId: string };

test('a tenant is created and listed', async () => {
  const tenant = await newTenant();

  const { code, out } = await admin('tenant', 'list');

  expect(code).toBe(0);
  expect(out).toMatch(/^TENANT +STATUS +CREATED +NAME$/m);
  expect(out).toMatch(new RegExp(`^${tenant} +active +\\S+ +Acme Inc$`, 'm'));
});

test('a token is shown when it is created, works, and is never shown again', async () => {
  const tenant = await newTenant();

  const { out, code } = await admin('token', 'create', tenant, '--label', 'entra', '--expires', '30d');

  expect(code).toBe(0);
  const token = /scim_\S+/.exec(out)?.[0] ?? '';
  expect(await findToken(engine.table, token, new Date())).toMatchObject({
    outcome: 'live',
    token: { tenantId: tenant, scope: 'write', label: 'entra' },
  });
  const listed = await admin('token', 'list', tenant);
  expect(listed.out).toMatch(/entra +write +live/);
  expect(listed.out).not.toContain('scim_');
});

test('a rotated token and its successor are both live; a revoked one is not', async () => {
  const tenant = await newTenant();
  const old = await createToken(tenant, '--label', 'entra', '--scope', 'read');

  const rotated = await admin('token', 'rotate', tenant, old.tokenId, '--overlap', '1h', '--json');
  const revoked = await admin('token', 'revoke', tenant, old.tokenId);

  const next = JSON.parse(rotated.out) as { token: string };
  expect(await findToken(engine.table, next.token, new Date())).toMatchObject({
    outcome: 'live',
    token: { scope: 'read' },
  });
  expect((await findToken(engine.table, old.token, new Date())).outcome).toBe('revoked');
  expect(revoked.out).toContain('authorizer cache');
});

test('a suspended tenant is refused until it is resumed', async () => {
  const tenant = await newTenant();
  const { token } = await createToken(tenant, '--label', 'entra');

  await admin('tenant', 'suspend', tenant);
  expect((await findToken(engine.table, token, new Date())).outcome).toBe('suspended');
  await admin('tenant', 'resume', tenant);
  expect((await findToken(engine.table, token, new Date())).outcome).toBe('live');
});

describe('settings of a tenant', () => {
  test('are set, shown, and in the log by their names', async () => {
    const tenant = await newTenant();

    const set = await admin('tenant', 'set', tenant, 'logDays=30', 'uniqueGroupNames=false');
    const again = await admin('tenant', 'set', tenant, 'logDays=30', '--json');

    expect(set).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^logDays +30 +1 to 3650 +For how many/m),
    });
    expect(set.out).toContain('Changed: uniqueGroupNames, logDays.');
    expect(JSON.parse(again.out)).toEqual({
      tenantId: tenant,
      settings: { ...DEFAULT_TENANT_SETTINGS, uniqueGroupNames: false, logDays: 30 },
      changed: [],
      cacheFlushed: false,
    });
    const { entries } = JSON.parse((await admin('log', tenant, '--json')).out) as { entries: object[] };
    expect(entries).toMatchObject([
      { type: 'tenant.created' },
      {
        type: 'tenant.updated',
        changed: ['uniqueGroupNames', 'logDays'],
        actor: expect.stringContaining('admin:'),
      },
    ]);
  });

  test.each([
    [1, ['logDays=0'], 'logDays is "0"; 1 to 3650 is accepted.'],
    [1, ['logdays=30'], 'logDays (1 to 3650), rate (a tier of the service, default or none) are accepted.'],
    [2, ['logDays'], '"logDays" sets nothing'],
    [2, ['logDays=1', 'logDays=2'], 'logDays is given twice'],
    [2, [], '"tenant set" takes <tenant> <setting=value...>'],
  ])(
    '%#: nothing is set by a wrong command line, and it says what is accepted',
    async (code, words, error) => {
      const tenant = await newTenant();

      expect(await admin('tenant', 'set', tenant, ...words)).toMatchObject({
        code,
        error: expect.stringContaining(error),
      });
      expect(await getTenant(engine.table, readTenantId(tenant))).not.toHaveProperty('settings');
    },
  );

  test('bring back users who were deleted before they were set, for whoever creates them by their externalId', async () => {
    const tenant = readTenantId(await newTenant());
    const directory = { table: engine.table, tenant, origin: ORIGIN, now: () => new Date() };
    const user = await createUser(directory, { userName: 'kim', externalId: 'x-kim' });
    await deleteUser(directory, user.id);

    const set = await admin('tenant', 'set', tenant, 'reprovision=sameExternalId');

    expect(set.out).toContain('Deleted users found by their externalId since: 1.');
    const again = await admin('tenant', 'set', tenant, 'reprovision=sameExternalId', '--json');
    expect(JSON.parse(again.out)).toMatchObject({ changed: [], indexedUsers: 0 });
    const settings = settingsIn((await getTenant(engine.table, tenant))?.settings);
    const back = await provisionUser({ ...directory, settings }, { userName: 'kim2', externalId: 'x-kim' });
    expect(back.id).toBe(user.id);
  });

  test('of a tenant that is not there cannot be set', async () => {
    expect(await admin('tenant', 'set', 'nobody', 'logDays=1')).toMatchObject({
      code: 1,
      error: 'There is no tenant "nobody".',
    });
  });
});

test('sessions are listed and revoked', async () => {
  const tenant = readTenantId(await newTenant());
  const directory = { table: engine.table, tenant, origin: ORIGIN, now: () => new Date() };
  const { id } = await createUser(directory, { userName: 'kim', active: true });
  const { sessionToken } = await new SessionStore(engine.table).issue(tenant, id, { label: 'Firefox' });

  const listed = await admin('session', 'list', tenant, id);
  const revoked = await admin('session', 'revoke', tenant, id);

  expect(listed.out).toContain('Firefox');
  expect(revoked.code).toBe(0);
  expect((await new SessionStore(engine.table).verify(sessionToken)).active).toBe(false);
});

describe('a deleted user', () => {
  async function deletedUser() {
    const tenant = readTenantId(await newTenant());
    const directory = { table: engine.table, tenant, origin: ORIGIN, now: () => new Date() };
    const { id } = await createUser(directory, { userName: 'kim.novak', externalId: 'x-kim', active: true });
    const group = await createGroup(directory, { displayName: 'Sales' }, [{ id }]);
    await deleteUser(directory, id);
    return { tenant, directory, id, groupId: group.id };
  }

  test('is restored under the same id, in the groups that it was in, once', async () => {
    const { tenant, directory, id, groupId } = await deletedUser();

    const restored = await admin('user', 'restore', tenant, id);
    const again = await admin('user', 'restore', tenant, id);

    expect(restored).toMatchObject({
      code: 0,
      out: expect.stringContaining(`A member again of: ${groupId}`),
    });
    expect(await getUser(directory, id)).toMatchObject({ attributes: { userName: 'kim.novak' } });
    expect(again).toMatchObject({ code: 1, error: expect.stringContaining('there is nothing to restore') });
  });

  test('is erased only when the id is given twice; then only the fact is left', async () => {
    const { tenant, id } = await deletedUser();

    const unconfirmed = await admin('user', 'erase', tenant, id, '--confirm', 'kim.novak');
    const erased = await admin('user', 'erase', tenant, id, '--confirm', id, '--json');
    const restored = await admin('user', 'restore', tenant, id);

    expect(unconfirmed).toMatchObject({
      code: 2,
      error: expect.stringContaining(`confirm it with the id ${id}`),
    });
    expect(JSON.parse(erased.out)).toEqual({ tenantId: tenant, userId: id, erased: true });
    const { items } = await engine.table.scan({
      part: 0,
      parts: 1,
      pkPrefixes: tenantPartitionPrefixes(tenant),
    });
    expect(JSON.stringify(items)).not.toContain('kim.novak');
    expect(JSON.stringify(items)).toContain(id);
    expect(restored).toMatchObject({ code: 1, error: expect.stringContaining('it was erased') });
  });

  test('is none while it is there, and after nothing is left', async () => {
    const { tenant, id } = await deletedUser();
    await admin('user', 'restore', tenant, id);
    const absent = '2819c223-7f76-453a-919d-413861904646';

    expect((await admin('user', 'erase', tenant, id, '--confirm', id)).error).toContain('delete it first');
    expect((await admin('user', 'erase', tenant, absent, '--confirm', absent)).error).toContain(
      'nothing left',
    );
    expect((await admin('user', 'restore', tenant, absent)).error).toContain('never there');
    expect((await admin('user', 'restore', 'nobody', id)).error).toContain('no tenant "nobody"');
  });
});

test('a deleted group is restored a minute after its members are removed', async () => {
  const tenant = readTenantId(await newTenant());
  const directory = { table: engine.table, tenant, origin: ORIGIN, now: () => new Date() };
  const { id } = await createGroup(directory, { displayName: 'Sales' }, []);
  await deleteGroup(directory, id);

  const early = await admin('group', 'restore', tenant, id);
  await engine.table.write({
    kind: 'update',
    key: tombstoneKey(tenant, 'Group', id),
    update: 'SET cleanedUpAt = :then REMOVE cleanupPending, g1',
    values: { ':then': 1 },
  });
  const restored = await admin('group', 'restore', tenant, id);

  expect(early).toMatchObject({ code: 1, error: expect.stringContaining('may still be under removal') });
  expect(restored).toMatchObject({ code: 0, out: `The group ${id} is back, without members.` });
});

test.each([
  [[], 'tenant create acme'],
  [['--help'], 'tenant create acme'],
  [['token'], 'token rotate acme'],
  [['token', '--help'], 'token rotate acme'],
  [['token', 'create', '--help'], '--scope'],
  [['user'], 'user restore acme'],
  [['user', 'erase', '--help'], '--confirm'],
])('%j prints help with an example and succeeds', async (words, expected) => {
  const { code, out } = await admin(...words);

  expect(code).toBe(0);
  expect(out).toContain('Examples:');
  expect(out).toContain(expected);
});

test.each([
  [['tenants'], 'There is no command "tenants"'],
  [['constructor'], 'There is no command'],
  [['tenant', 'destroy'], 'create, list, show, set, suspend, resume, delete are accepted'],
  [['tenant', 'create'], 'takes <tenant>'],
  [['check', 'acme', 'umbrella'], 'takes [tenant].'],
  [['tenant', 'create', 'acme'], '--name is missing'],
  [['tenant', 'list', '--colour'], '--colour'],
  [['token', 'create', 'acme', '--label', 'x', '--expires', 'soon'], 'length of time'],
  [['token', 'create', 'acme', '--label', 'x', '--scope', 'admin'], 'read or write'],
  [['tenant', 'list', '--stack', 'a'], '--stack cannot be combined'],
])('%j is a wrong command line: exit code 2 and a hint', async (words, message) => {
  const { code, error, out } = await admin(...words);

  expect(code).toBe(2);
  expect(error).toContain(message);
  expect(out).toBe('');
});

test.each([
  [['token', 'list', 'nobody'], 'There is no tenant "nobody"'],
  [['tenant', 'create', 'ACME', '--name', 'x'], 'is not a tenant id'],
  [['session', 'revoke', 'nobody', 'x'], 'There is no tenant "nobody"'],
  [['role', 'list', 'nobody'], 'There is no tenant "nobody"'],
  [['role', 'unmap', 'nobody', 'Admins'], 'There is no tenant "nobody"'],
])('%j fails with exit code 1 and says why', async (words, message) => {
  const { code, error } = await admin(...words);

  expect(code).toBe(1);
  expect(error).toContain(message);
});

describe('the target', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'scim-cli-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = {
    baseUrl: 'http://127.0.0.1:1/scim/v2',
    token: 't',
    tenant: 'dev',
    dynamodb: 'http://127.0.0.1:2',
  };
  const rest = { table: 'T', apiGateway: 'http://127.0.0.1:3', restApiId: 'a', stage: 'scim' };

  test('is the running local run', async () => {
    const file = join(folder, 'run.json');
    writeFileSync(file, JSON.stringify({ ...run, ...rest, pid: process.pid }));

    const target = await findTarget({}, file);

    expect(target.baseUrl).toBe(run.baseUrl);
    expect(target.table.name).toBe('T');
  });

  test('without a local run, tells how to start one', async () => {
    await expect(findTarget({}, join(folder, 'absent.json'))).rejects.toThrow('npm start');
  });

  test('a broken description is told, not guessed', async () => {
    const file = join(folder, 'run.json');
    writeFileSync(file, JSON.stringify(run));

    await expect(findTarget({}, file)).rejects.toThrow('has no "table"');
  });
});

test.each([
  ['90m', 5_400_000],
  ['24h', 86_400_000],
  ['365d', 31_536_000_000],
  ['1y', 31_536_000_000],
])('%s is %d ms', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test('groups are mapped to roles, listed, shown for a user, and unmapped', async () => {
  const tenant = await newTenant();
  const directory = {
    table: engine.table,
    tenant: readTenantId(tenant),
    origin: ORIGIN,
    now: () => new Date(),
  };
  const user = await createUser(directory, { userName: 'ann' });
  await createGroup(directory, { displayName: 'Admins' }, [{ id: user.id }]);

  const mapped = await admin('role', 'map', tenant, 'admins', '--roles', 'admin, billing');
  const listed = await admin('role', 'list', tenant);
  const shown = await admin('role', 'show', tenant, user.id);
  const unmapped = await admin('role', 'unmap', tenant, 'ADMINS', '--json');
  const after = await admin('role', 'show', tenant, user.id);

  expect([mapped.code, unmapped.code]).toEqual([0, 0]);
  expect(listed.out).toMatch(/^admins +displayName +admin, billing$/m);
  expect(shown.out).toContain('Roles: admin, billing');
  expect(after.out).toContain('Roles: none');
});

test('what a customer names a group reaches the terminal as text on one line, in tables, errors and JSON', async () => {
  const tenant = await newTenant();
  const directory = {
    table: engine.table,
    tenant: readTenantId(tenant),
    origin: ORIGIN,
    now: () => new Date(),
  };
  const user = await createUser(directory, { userName: 'ann' });
  const evil = '\u001b[2J\u009b31mAdmins\u202e\nfake row';
  const group = await createGroup(directory, { displayName: evil, externalId: evil }, [{ id: user.id }]);
  await admin('role', 'map', tenant, evil, '--roles', 'admin');

  const shown = await admin('role', 'show', tenant, user.id);
  const outputs = [
    shown,
    await admin('role', 'map', tenant, evil, '--roles', 'admin'),
    await admin('role', 'list', tenant),
    await admin('role', 'list', tenant, '--json'),
    await admin('role', 'show', tenant, evil),
    await admin(evil),
    await admin('tenant', 'create', evil),
  ];

  for (const { out, error } of outputs) {
    expect(`${out}${error}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
  expect(shown.out).toContain(`${group.id}  \\u001b[2J\\u009b31mAdmins\\u202e\\u000afake row`);
  expect(JSON.parse(outputs[3]?.out ?? '')).toMatchObject([{ group: evil }]);
});

test('role show tells an inactive user, one who is not there, a userName and a tenant that is not there apart', async () => {
  const tenant = await newTenant();
  const directory = {
    table: engine.table,
    tenant: readTenantId(tenant),
    origin: ORIGIN,
    now: () => new Date(),
  };
  const { id } = await createUser(directory, { userName: 'ann@example.com', active: false });
  const nobody = '2819c223-7f76-453a-919d-413861904646';
  const show = (...words: string[]) => admin('role', 'show', ...words);

  expect((await show(tenant, id)).out).toContain('none: the user is inactive');
  expect(await show(tenant, nobody)).toMatchObject({
    code: 1,
    error: expect.stringContaining('has no user'),
  });
  expect((await show(tenant, 'Ann@example.com')).out).toContain('none: the user is inactive');
  expect(await show(tenant, 'bob')).toMatchObject({
    code: 1,
    error: expect.stringContaining('No user of the tenant'),
  });
  expect(await show('nowhere', id)).toMatchObject({
    code: 1,
    error: expect.stringContaining('There is no tenant "nowhere"'),
  });
});

test('a role mapping of another form is a wrong command line or refused', async () => {
  const tenant = await newTenant();

  expect((await admin('role', 'map', tenant, 'x')).code).toBe(2);
  expect((await admin('role', 'map', tenant, 'x', '--roles', 'a', '--by', 'id')).code).toBe(2);
  expect((await admin('role', 'map', tenant, 'x', '--roles', 'a b')).code).toBe(1);
});

test('a tenant is deleted only when it is named twice, and then nothing of it is left', async () => {
  const tenant = await newTenant();
  const { token } = await createToken(tenant, '--label', 'entra');
  const directory = {
    table: engine.table,
    tenant: readTenantId(tenant),
    origin: ORIGIN,
    now: () => new Date(),
  };
  const user = await createUser(directory, { userName: 'ann' });

  const refused = await admin('tenant', 'delete', tenant);
  const still = await getUser(directory, user.id);
  const deleted = await admin('tenant', 'delete', tenant, '--confirm', tenant, '--settle-seconds', '0');

  expect(refused).toMatchObject({ code: 2, error: expect.stringContaining(`--confirm ${tenant}`) });
  expect(still).toBeDefined();
  expect(deleted.code).toBe(0);
  expect(await getUser(directory, user.id)).toBeUndefined();
  expect((await findToken(engine.table, token, new Date())).outcome).not.toBe('live');
  expect((await admin('tenant', 'list')).out).not.toMatch(new RegExp(`^${tenant} `, 'm'));
});

test('sessions are listed of a user who is there only', async () => {
  const tenant = await newTenant();

  expect(await admin('session', 'list', tenant, 'nosuch')).toMatchObject({
    code: 1,
    error: expect.stringContaining('No user of the tenant'),
  });
});
