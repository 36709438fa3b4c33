import { accessOf, mapGroup } from '../../src/access';
import { modifyGroup } from '../../src/directory/groups/group-changes';
import { createGroup, deleteGroup, getGroup } from '../../src/directory/groups/groups';
import { finishChange } from '../../src/directory/pending/cleanup';
import type { Directory } from '../../src/directory/resources/directory';
import { LATE_WRITES_MS } from '../../src/directory/resources/late-writes';
import { Table } from '../../src/directory/table/table';
import { DEFAULT_TENANT_SETTINGS } from '../../src/directory/tenants/settings';
import { removeTenant } from '../../src/directory/tenants/tenant-removal';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { findToken } from '../../src/directory/tenants/token-check';
import { issueToken, revokeToken } from '../../src/directory/tenants/tokens';
import { provisionUser } from '../../src/directory/users/provision-user';
import { createUser, deleteUser, modifyUser } from '../../src/directory/users/users';
import type { MemberChange } from '../../src/scim/patch/members';
import { currentEpoch } from '../../src/sessions';
import { ORIGIN } from '../../testing/origin';
import { resourcesOf, serviceOf } from '../../testing/service';
import { type Interceptor, memoryClient } from '../memory-dynamodb/client';
import type { ChooseState } from '../memory-dynamodb/stale-reads';
import { MemoryStore } from '../memory-dynamodb/store';

/*
 * A DynamoDB at its worst: whatever may be stale is answered as it was before anything happened, or before the last
 * write. These answers must be right all the same (docs/consistency.md).
 */
const oldest: ChooseState = (states) => states - 1;
const before: ChooseState = () => 1;
const tenant = readTenantId('acme');

let store: MemoryStore;
let clock: { ms: number };
beforeEach(async () => {
  store = new MemoryStore();
  clock = { ms: Date.now() };
  store.now = () => clock.ms;
  await createTenant(tableThat(), { tenantId: tenant, name: 'Acme' });
});

const tableThat = (choose?: ChooseState, intercept?: Interceptor) =>
  new Table('memory', memoryClient(store, intercept, choose));
const directoryThat = (choose?: ChooseState, intercept?: Interceptor): Directory => ({
  table: tableThat(choose, intercept),
  tenant,
  origin: ORIGIN,
  now: () => new Date(clock.ms),
});
const exact = () => directoryThat();

let names = 0;
const newUser = async () => (await createUser(exact(), { userName: `user-${++names}`, active: true })).id;
const newGroup = async (...members: string[]) =>
  (
    await createGroup(
      exact(),
      { displayName: `group-${++names}` },
      members.map((id) => ({ id })),
    )
  ).id;
const adding = (ids: readonly string[], remove: readonly string[] = []): MemberChange => ({
  base: 'keep',
  add: new Map(ids.map((id) => [id, {}])),
  remove: new Set(remove),
});
const settle = () => {
  clock.ms += LATE_WRITES_MS;
};
const found = async (filter: string, directory = directoryThat(oldest)) =>
  resourcesOf(await serviceOf(directory).get(`/Groups?count=100&filter=${filter}`)).map(({ id }) => id);

/** Dies before the first chunk of a large change is carried out. */
const dyingBeforeChunks: Interceptor = async ({ command, input }, answer) => {
  const items = (input.TransactItems ?? []) as { Delete?: { Key: { pk: string } } }[];
  if (command === 'TransactWrite' && items.some(({ Delete }) => Delete?.Key.pk.includes('#J#') === true))
    throw new Error('The process died.');
  return answer();
};

describe('groups found by a member', () => {
  test('are those that were just created or changed, of few groups and of many', async () => {
    const user = await newUser();
    for (let count = 0; count < 30; count++) await newGroup();
    settle();
    const created = await newGroup(user);
    const changed = await newGroup();
    await modifyGroup(exact(), changed, undefined, adding([user]));
    const expected = [created, changed].sort();

    expect(await found(`members eq "${user}"`)).toEqual(expected);
    expect(await found(`members eq "${user}" and displayName sw "group"`)).toEqual(expected);
    // No look-up: every group is looked at.
    expect(await found(`members eq "${user}" or displayName sw "none"`)).toEqual(expected);
  });

  test('are not those that the user has just left', async () => {
    const user = await newUser();
    const group = await newGroup(user);
    for (let count = 0; count < 30; count++) await newGroup();
    settle();
    await modifyGroup(exact(), group, undefined, adding([], [user]));

    expect(await found(`members eq "${user}"`, directoryThat(before))).toEqual([]);
    expect(await found(`members eq "${user}" or displayName sw "none"`, directoryThat(before))).toEqual([]);
  });

  test('are those of a large change that is committed and not carried out, and of one that just was', async () => {
    const users = await Promise.all(Array.from({ length: 105 }, newUser));
    const user = users[104] ?? '';
    const group = await newGroup();
    for (let count = 0; count < 30; count++) await newGroup();
    const dying = directoryThat(undefined, dyingBeforeChunks);
    await modifyGroup(dying, group, undefined, adding(users)).catch(() => undefined);
    const ways = [
      `members eq "${user}"`,
      `id eq "${group}" and members eq "${user}"`,
      `members eq "${user}" or displayName sw "none"`,
    ];

    settle();
    expect((await getGroup(exact(), group))?.change).toBeDefined();
    for (const way of ways) expect(await found(way)).toEqual([group]);
    await finishChange(exact(), group);
    expect((await getGroup(exact(), group))?.change).toBeUndefined();
    for (const way of ways) expect(await found(way)).toEqual([group]);
  });
});

describe('users found by their groups', () => {
  test.each([5, 60])(
    'are those who were just put into one, directly and indirectly (%d users)',
    async (users) => {
      const ids = await Promise.all(Array.from({ length: users }, newUser));
      await newGroup();
      settle();
      const [direct = '', indirect = ''] = ids;
      const inner = await newGroup(indirect);
      const outer = await newGroup(direct, inner);
      const name = (await getGroup(exact(), outer))?.attributes.displayName;
      const usersWith = async (filter: string) =>
        resourcesOf(await serviceOf(directoryThat(oldest)).get(`/Users?count=100&filter=${filter}`))
          .map(({ id }) => id)
          .sort();

      expect(await usersWith('groups pr')).toEqual([direct, indirect].sort());
      expect(await usersWith(`groups.display eq "${name}"`)).toEqual([direct, indirect].sort());
      expect(await usersWith(`groups.type eq "indirect"`)).toEqual([indirect]);
    },
  );
});

describe('roles', () => {
  const rolesOf = async (user: string) => (await accessOf(tableThat(before), tenant, user)).roles;
  const mapped = async (group: string, role: string) => {
    const displayName = (await getGroup(exact(), group))?.attributes.displayName;
    await mapGroup(tableThat(), tenant, { by: 'displayName', group: String(displayName), roles: [role] });
  };

  test('end with the membership, direct and indirect', async () => {
    const user = await newUser();
    const inner = await newGroup(user);
    const outer = await newGroup(inner);
    await mapped(inner, 'inner');
    await mapped(outer, 'outer');
    expect((await accessOf(tableThat(), tenant, user)).roles).toEqual(['inner', 'outer']);
    settle();

    await modifyGroup(exact(), outer, undefined, adding([], [inner]));
    expect(await rolesOf(user)).toEqual(['inner']);
    await modifyGroup(exact(), inner, undefined, adding([], [user]));
    expect(await rolesOf(user)).toEqual([]);
  });

  test('end with a group that leads to others', async () => {
    const user = await newUser();
    const inner = await newGroup(user);
    const outer = await newGroup(inner);
    await mapped(outer, 'outer');
    settle();

    await deleteGroup(exact(), inner);

    expect(await rolesOf(user)).toEqual([]);
  });

  test('end with a large change that is committed and not carried out', async () => {
    const users = await Promise.all(Array.from({ length: 105 }, newUser));
    const user = users[104] ?? '';
    const group = await newGroup(...users);
    await mapped(group, 'role');
    settle();

    const dying = directoryThat(undefined, dyingBeforeChunks);
    await modifyGroup(dying, group, undefined, adding([], users)).catch(() => undefined);

    expect((await getGroup(exact(), group))?.change).toBeDefined();
    expect(await rolesOf(user)).toEqual([]);
  });
});

test('a token that was just revoked is refused, and one that was just issued is accepted', async () => {
  const now = new Date(clock.ms);
  const expiresAt = new Date(clock.ms + 86_400_000);
  const issued = await issueToken(tableThat(), { tenant, label: 'entra', scope: 'write', expiresAt, now });
  const outcome = async () => (await findToken(tableThat(oldest), issued.text, now)).outcome;

  expect(await outcome()).toBe('live');
  await revokeToken(tableThat(), tenant, issued.token.tokenId, now);
  expect(await outcome()).toBe('revoked');
});

test('the epoch of a user who was just deactivated is gone', async () => {
  const user = await newUser();
  await modifyUser(exact(), user, (present) => ({ ...present, active: false }));

  expect(await currentEpoch(tableThat(before), tenant, user)).toBeUndefined();
});

test('a deleted group that was just put into another one is hidden from its members', async () => {
  const child = await newGroup();
  const parent = await newGroup(child);

  await deleteGroup(directoryThat(before), child);

  const { members } = await serviceOf(directoryThat(before)).get(`/Groups/${parent}`);
  expect(members).toBeUndefined();
});

describe('a user who was just put into groups, deleted and asked for again', () => {
  const asked = { userName: 'ann', externalId: 'x-ann', active: true };
  const again = (directory: Directory) => ({
    ...directory,
    settings: { ...DEFAULT_TENANT_SETTINGS, reprovision: 'sameExternalId' as const },
  });
  const membershipsIn = (id: string) =>
    store.all().filter(({ pk, sk }) => pk.includes('#M#') && sk === id).length;

  test('is in none of them', async () => {
    const { id } = await provisionUser(again(exact()), asked);
    settle();
    await newGroup(id);
    const changed = await newGroup();
    await modifyGroup(exact(), changed, undefined, adding([id]));
    await deleteUser(again(directoryThat(before)), id);
    expect(membershipsIn(id)).toBeGreaterThan(0);

    expect((await provisionUser(again(directoryThat(oldest)), asked)).id).toBe(id);

    expect(membershipsIn(id)).toBe(0);
  });

  test('is asked for again later while a large change that adds them is being carried out', async () => {
    const { id } = await provisionUser(again(exact()), asked);
    const users = await Promise.all(Array.from({ length: 105 }, newUser));
    const group = await newGroup();
    const dying = directoryThat(undefined, dyingBeforeChunks);
    await modifyGroup(dying, group, undefined, adding([...users, id])).catch(() => undefined);
    await deleteUser(again(directoryThat(before)), id);

    const comesAgain = () => provisionUser(again(directoryThat(oldest)), asked);
    await expect(comesAgain()).rejects.toMatchObject({ code: 'throttled' });
    await finishChange(exact(), group);
    expect((await comesAgain()).id).toBe(id);
    expect(membershipsIn(id)).toBe(0);
  });
});

test('deleting a tenant leaves nothing that was just written', async () => {
  await newGroup(await newUser());

  await removeTenant(tableThat(oldest), tenant, { settleMs: 0 });

  expect(store.all()).toEqual([]);
});

test('a large change that is carried out late adds nobody who is gone', async () => {
  const users = await Promise.all(Array.from({ length: 105 }, newUser));
  const group = await newGroup();
  const dying = directoryThat(undefined, dyingBeforeChunks);
  await modifyGroup(dying, group, undefined, adding(users)).catch(() => undefined);
  const gone = users[50] ?? '';
  await serviceOf(exact()).send('DELETE', `/Users/${gone}`);

  await finishChange(directoryThat(before), group);

  expect(store.all().filter(({ pk, sk }) => pk.includes('#M#') && sk === gone)).toEqual([]);
});
