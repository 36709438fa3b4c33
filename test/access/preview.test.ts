import fc from 'fast-check';
import { main } from '../../cli/main';
import { accessOf, mapGroup, unmapGroup } from '../../src/access';
import { previewMapping } from '../../src/access/preview';
import type { Deployment } from '../../src/admin/deployment';
import { createGroup } from '../../src/directory/groups/groups';
import type { Directory } from '../../src/directory/resources/directory';
import { Table } from '../../src/directory/table/table';
import type { RoleMapping } from '../../src/directory/tenants/role-mappings';
import { createTenant } from '../../src/directory/tenants/tenants';
import { createUser } from '../../src/directory/users/users';
import { Effort } from '../../src/scim/effort';
import { directoryOf, userAttributes } from '../../testing/directory';
import { ORIGIN } from '../../testing/origin';
import { memoryClient } from '../memory-dynamodb/client';
import { MemoryStore } from '../memory-dynamodb/store';

let directory: Directory;
let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
  directory = directoryOf(new Table('memory', memoryClient(store)), 'acme');
});

const user = async (name: string, active = true) =>
  (await createUser(directory, userAttributes(name, { active }))).id;
const group = async (displayName: string, ...members: string[]) =>
  (
    await createGroup(
      directory,
      { displayName, externalId: `ext-${displayName}` },
      members.map((id) => ({ id })),
    )
  ).id;
const map = (mapping: RoleMapping) => mapGroup(directory.table, directory.tenant, mapping);
const named = (displayName: string, ...roles: string[]): RoleMapping => ({
  by: 'displayName',
  group: displayName,
  roles,
});

test('a role that a user has through another group is neither gained nor lost; inactive users have none', async () => {
  const [ann, bob, eve] = [await user('ann'), await user('bob'), await user('eve', false)];
  const sales = await group('Sales', ann, bob, eve);
  await group('Owners', ann);
  await map(named('Owners', 'admin'));
  await map({ by: 'externalId', group: 'ext-Sales', roles: ['member'] });
  await map(named('Sales', 'billing'));
  const before = store.all();

  const preview = await previewMapping(directory, named('SALES', 'admin', 'member'));

  expect(preview).toEqual({
    before: ['billing'],
    after: ['admin', 'member'],
    groups: [sales],
    users: 2,
    inactive: 1,
    changes: [
      { role: 'admin', change: 'gained', users: 1, first: [bob] },
      { role: 'billing', change: 'lost', users: 2, first: [ann, bob].sort() },
      { role: 'member', change: 'gained', users: 0, first: [] },
    ],
  });
  expect(store.all()).toEqual(before);
});

test('a group that nobody has pushed yet changes nothing for anybody', async () => {
  expect(await previewMapping(directory, named('Sales', 'admin'))).toEqual({
    before: [],
    after: ['admin'],
    groups: [],
    users: 0,
    inactive: 0,
    changes: [{ role: 'admin', change: 'gained', users: 0, first: [] }],
  });
});

test('members beyond what one request may follow are refused, and never counted in part', async () => {
  await group('Sales', await user('ann'), await user('bob'));
  const poor = { ...directory, effort: new Effort(100) };

  await expect(previewMapping(poor, named('Sales', 'admin'))).rejects.toMatchObject({ code: 'too-many' });
});

test('what is told beforehand is what happens, whatever is mapped and whoever is in which group', async () => {
  const names = ['A', 'B', 'C'];
  const roles = fc.subarray(['r1', 'r2', 'r3']);
  const mapping = fc.record({
    by: fc.constantFrom('displayName' as const, 'externalId' as const),
    group: fc.constantFrom(...names),
    roles,
  });
  const members = fc.array(fc.tuple(fc.nat(2), fc.nat(5)), { maxLength: 10 });
  const nested = fc.subarray([0, 1]);
  const active = fc.array(fc.boolean(), { minLength: 6, maxLength: 6 });
  const groupOf = ({ by, group }: RoleMapping) => (by === 'displayName' ? group : `ext-${group}`);
  await fc.assert(
    fc.asyncProperty(
      members,
      nested,
      active,
      fc.array(mapping, { maxLength: 4 }),
      mapping,
      async (memberships, within, activity, mapped, wanted) => {
        directory = directoryOf(new Table('memory', memoryClient(new MemoryStore())), 'acme');
        const users: string[] = [];
        for (const [n, isActive] of activity.entries()) users.push(await user(`u${n}`, isActive));
        const groups: string[] = [];
        for (const [n, name] of names.entries()) {
          const direct = memberships.filter(([of]) => of === n).map(([, who]) => users[who] ?? '');
          // Groups are in the last one.
          const inside = n === 2 ? within.map((of) => groups[of] ?? '') : [];
          groups.push(await group(name, ...direct, ...inside));
        }
        for (const each of mapped) if (each.roles.length > 0) await map({ ...each, group: groupOf(each) });
        const rolesNow = () =>
          Promise.all(users.map(async (id) => (await accessOf(directory.table, directory.tenant, id)).roles));
        const before = await rolesNow();

        const { changes } = await previewMapping(directory, { ...wanted, group: groupOf(wanted) });
        if (wanted.roles.length > 0) await map({ ...wanted, group: groupOf(wanted) });
        else await unmapGroup(directory.table, directory.tenant, wanted.by, groupOf(wanted));

        const after = await rolesNow();
        const differs = (role: string, one: typeof before, other: typeof before) =>
          users.filter((_, n) => one[n]?.includes(role) === true && other[n]?.includes(role) !== true).sort();
        const happened = ['r1', 'r2', 'r3'].flatMap((role) => [
          { role, change: 'gained', first: differs(role, after, before) },
          { role, change: 'lost', first: differs(role, before, after) },
        ]);
        const told = changes.map(({ role, change, first }) => ({ role, change, first }));
        const some = ({ first }: { first: readonly string[] }) => first.length > 0;
        expect(told.filter(some)).toEqual(happened.filter(some));
      },
    ),
    { numRuns: 60 },
  );
});

test('role map and role unmap show it with --preview, and change nothing', async () => {
  await createTenant(directory.table, { tenantId: directory.tenant, name: 'Acme' });
  const ids = [];
  for (let n = 0; n < 12; n++) ids.push(await user(`u${n}`));
  await group('Sales', ...ids);
  await map(named('Sales', 'billing'));
  const out: string[] = [];
  const deployment: Deployment = {
    table: directory.table,
    origin: ORIGIN,
    baseUrl: undefined,
    stack: undefined,
    flushAuthorizerCache: async () => false,
  };
  const admin = async (...words: string[]) => {
    const code = await main(words, {
      out: (text) => out.push(text),
      error: (text) => out.push(text),
      findTarget: async () => deployment,
    });
    return { code, text: out.pop() ?? '' };
  };

  const mapped = await admin('role', 'map', 'acme', 'Sales', '--roles', 'billing,admin', '--preview');
  const unmapped = await admin('role', 'unmap', 'acme', 'Sales', '--preview', '--json');
  const nobody = await admin('role', 'map', 'acme', 'Nobody', '--roles', 'admin', '--preview');
  const wrong = await admin('role', 'map', 'acme', 'Sales', '--roles', 'no role', '--preview');

  const first = [...ids].sort().slice(0, 10);
  expect(mapped).toEqual({ code: 0, text: expect.stringMatching(/^admin +gained +12 +\S+, .*, …$/m) });
  expect(mapped.text).toContain(first.join(', '));
  expect(mapped.text).toMatch(/^12 active users are in Sales[\s\S]*Nothing was changed\.$/);
  expect(JSON.parse(unmapped.text)).toMatchObject({
    tenantId: 'acme',
    by: 'displayName',
    group: 'Sales',
    after: [],
    changes: [{ role: 'billing', change: 'lost', users: 12, first }],
  });
  expect(nobody.text).toContain('No group has the name Nobody at present.');
  expect(wrong).toMatchObject({ code: 1, text: expect.stringContaining('is not a role') });
  expect(await admin('role', 'list', 'acme')).toMatchObject({ text: expect.stringContaining('billing') });
});
