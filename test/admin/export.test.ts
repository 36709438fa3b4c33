import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { main } from '../../cli/main';
import { type Deployment, tableDeployment } from '../../src/admin/deployment';
import { type ExportInput, exportTenant } from '../../src/admin/export/export';
import { type ExportPage, exportPage } from '../../src/admin/export/export-page';
import { importAccounts } from '../../src/admin/import/import';
import { listRoleMappings, mapGroup } from '../../src/admin/roles';
import { updateSettings } from '../../src/admin/tenant-settings';
import { modifyGroup } from '../../src/directory/groups/group-changes';
import { createGroup, getGroup, membersOf } from '../../src/directory/groups/groups';
import { journalChange } from '../../src/directory/groups/membership-journal';
import type { Directory } from '../../src/directory/resources/directory';
import { type ResourceId, resourceKey } from '../../src/directory/table/keys';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { createUser, deleteUser } from '../../src/directory/users/users';
import { ENTERPRISE_USER_SCHEMA } from '../../src/scim/schema/definition';
import { userAttributes } from '../../testing/directory';
import { findingsIn, newWorld, type World, worldOf } from '../directory/crash-points/world';

let world: World;
let deployment: Deployment;
/** Another stage: a tenant without anything. */
let stage: Directory;
beforeEach(async () => {
  world = await newWorld();
  deployment = { ...tableDeployment('http://memory.invalid', 'memory', 'grace'), table: world.table };
  stage = { ...world.directory, tenant: readTenantId('stage') };
  await createTenant(world.table, { tenantId: stage.tenant, name: 'Stage' });
});

async function exported(input: Partial<ExportInput> = {}): Promise<string> {
  const all: string[] = [];
  for await (const { text } of exportTenant(deployment, { tenantId: 'acme', format: 'jsonl', ...input }))
    all.push(text);
  return all.join('\n');
}

const intoStage = (
  text: string,
  format: 'csv' | 'jsonl' = 'jsonl',
  { on = deployment, ...more }: { readonly apply?: boolean; readonly on?: Deployment } = {},
) =>
  importAccounts(on, {
    tenantId: 'stage',
    open: async function* () {
      yield Buffer.from(text);
    },
    format,
    apply: true,
    ...more,
  });

/** What another stage cannot have: the times of its own writes. */
const withoutTimes = (text: string) =>
  text.split('\n').map((line) => {
    const { meta, ...resource } = JSON.parse(line);
    return { ...resource, type: meta.resourceType };
  });

async function populate() {
  const { directory } = world;
  const ann = await createUser(
    directory,
    userAttributes('ann@example.com', {
      name: { givenName: 'Ann', familyName: 'Müller "von" X' },
      phoneNumbers: [
        { value: '+49 1', type: 'mobile' },
        { value: '+49 2', type: 'work', primary: true },
      ],
      [ENTERPRISE_USER_SCHEMA]: {
        department: '=R&D',
        manager: { value: '26118915-6090-4610-87e4-49d8ca9f808d' },
      },
    }),
    undefined,
    'account-1',
  );
  const bob = await createUser(directory, { userName: 'bob', active: false, title: 'A\u200cB, "C"' });
  const gone = await createUser(directory, { userName: 'gone' });
  const inner = await createGroup(directory, { displayName: 'Inner', externalId: 'g-1' }, [
    { id: ann.id },
    { id: gone.id },
  ]);
  const outer = await createGroup(directory, { displayName: 'Outer' }, [{ id: bob.id }, { id: inner.id }]);
  await createGroup(directory, { displayName: 'Empty' }, []);
  await deleteUser(directory, gone.id);
  return { ann, bob, inner, outer };
}

describe('an export', () => {
  test('that is imported into an empty tenant is exported from there as it was', async () => {
    const { ann, inner, outer } = await populate();
    const text = await exported();

    expect(await intoStage(text)).toMatchObject({
      users: { created: 2 },
      groups: { created: 3 },
      members: { named: 3, added: 3 },
      conflicts: 0,
      leftOut: 0,
    });

    const again = await exported({ tenantId: 'stage' });
    expect(withoutTimes(again)).toEqual(withoutTimes(text));
    expect(withoutTimes(text).find(({ id }) => id === ann.id)).toMatchObject({
      appId: 'account-1',
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE_USER_SCHEMA],
    });
    expect(withoutTimes(text)).toContainEqual({
      type: 'Membership',
      groupId: outer.id,
      members: expect.arrayContaining([{ value: inner.id, type: 'Group' }]),
    });
    expect(await findingsIn(world)).toEqual([]);
  });

  test('takes along which roles the groups give and what the tenant has chosen, unless the other stage has chosen', async () => {
    const tenantId = world.tenant;
    await mapGroup(deployment, { tenantId, group: 'Inner', roles: ['admin', 'billing'] });
    await mapGroup(deployment, { tenantId, by: 'externalId', group: 'g-2', roles: ['support'] });
    await updateSettings(deployment, { tenantId, settings: { logDays: 30, reprovision: 'sameExternalId' } });
    const text = await exported();

    const foreseen = await intoStage(text, 'jsonl', { apply: false });
    expect(await intoStage(text)).toEqual({ ...foreseen, applied: true });
    expect(foreseen).toMatchObject({ roles: { created: 2 }, settings: { changed: 2 }, conflicts: 0 });
    expect(await listRoleMappings(deployment, { tenantId: 'stage' })).toEqual(
      await listRoleMappings(deployment, { tenantId }),
    );
    expect(withoutTimes(await exported({ tenantId: 'stage' }))).toEqual(withoutTimes(text));
    const { items } = await exportPage(deployment, { tenantId });
    expect(items).toEqual(text.split('\n'));
    expect(await intoStage(text)).toMatchObject({
      roles: { existing: 2 },
      settings: { existing: 2 },
      conflicts: 0,
    });

    await mapGroup(deployment, { tenantId: 'stage', group: 'INNER', roles: ['admin'] });
    await updateSettings(deployment, { tenantId: 'stage', settings: { logDays: 60 } });
    expect(await intoStage(text)).toMatchObject({
      roles: { existing: 1 },
      settings: { existing: 1 },
      conflicts: 2,
    });
    expect(
      (await listRoleMappings(deployment, { tenantId: 'stage' })).map(({ roles }) => roles),
    ).toContainEqual(['admin']);
    const ofStage = JSON.stringify({ settings: { rate: 'none' }, meta: { resourceType: 'TenantSettings' } });
    expect(await intoStage(ofStage)).toMatchObject({ applied: false, faults: 1 });
    const half = {
      by: 'displayName',
      group: '\ud800',
      roles: ['admin'],
      meta: { resourceType: 'RoleMapping' },
    };
    expect(await intoStage(JSON.stringify(half))).toMatchObject({ applied: false, faults: 1 });
    const twice = `${text}\n${text.split('\n').at(-1)}`;
    expect(await intoStage(twice)).toMatchObject({ applied: false, faults: 1 });
  });

  test('of CSV has the users for a spreadsheet, and is read by the import, too', async () => {
    const { ann, bob } = await populate();
    const text = await exported({ format: 'csv' });
    expect(text).toContain(",'=R&D,");

    expect(await intoStage(text, 'csv')).toMatchObject({ users: { created: 2 }, faults: 0 });

    expect(await exported({ tenantId: 'stage', format: 'csv' })).toBe(text);
    const [first, second] = text
      .split('\n')
      .slice(1)
      .sort((line) => (line.includes('ann@') ? -1 : 1));
    expect(first).toMatch(new RegExp(`^${ann.id},account-1,ann@example.com,ext-ann@example.com,true,`));
    expect(first).toContain("'+49 2");
    expect(second).toMatch(new RegExp(`^${bob.id},,bob,,false,`));
  });

  test('of CSV has groups and members as tables of their own', async () => {
    const { bob, inner, outer } = await populate();

    const groups = (await exported({ format: 'csv', only: 'groups' })).split('\n');
    const members = (await exported({ format: 'csv', only: 'members' })).split('\n');

    expect(groups[0]).toBe('id,displayName,externalId');
    expect(groups).toContain(`${inner.id},Inner,g-1`);
    expect(groups).toHaveLength(4);
    expect(members[0]).toBe('groupId,memberId,type');
    expect(members).toEqual(
      expect.arrayContaining([`${outer.id},${bob.id},User`, `${outer.id},${inner.id},Group`]),
    );
    expect(members).toHaveLength(4);
  });

  test('has columns for the simple attributes of extensions that it knows', async () => {
    await populate();
    const [heading] = (await exported({ format: 'csv' })).split('\n');

    expect(heading).toMatch(/^id,appId,userName,.*,department,manager$/);
  });

  test('splits the members of a large group into lines, and includes a change that is being carried out', async () => {
    const { directory, table, tenant } = world;
    const people = await Promise.all(
      Array.from({ length: 1_203 }, (_, n) => createUser(directory, { userName: `user${n}` })),
    );
    const ids = people.map(({ id }) => id);
    const { id } = await createGroup(directory, { displayName: 'All' }, []);
    await modifyGroup(directory, id, undefined, {
      base: 'keep',
      add: new Map(ids.slice(0, 1_200).map((member) => [member, {}])),
      remove: new Set(),
    });
    const change = await journalChange(directory, id, {
      add: ids.slice(1_200).map((member) => ({ kind: 'User', id: member })),
      remove: ids.slice(0, 1),
    });
    const key = resourceKey(tenant, 'Group', id);
    await table.write({
      kind: 'update',
      key,
      update: 'SET #change = :change',
      names: { '#change': 'change' },
      values: { ':change': change },
    });

    const lines = withoutTimes(await exported({ only: 'members' }));
    const members = lines.flatMap((line) => line.members.map(({ value }: { value: ResourceId }) => value));

    expect(members.sort()).toEqual(ids.slice(1).sort());
    for (const line of lines) expect(line.members.length).toBeLessThanOrEqual(1_000);
    const paged = (await exportPage(deployment, { tenantId: 'acme', after: 'members  ', limit: 10 })).items;
    expect(
      withoutTimes(paged.join('\n'))
        .flatMap((line) => line.members.map(({ value }: never) => value))
        .sort(),
    ).toEqual(members);
    expect((await intoStage(await exported({ only: 'users' }))).users.created).toBe(1_203);
    expect((await intoStage(await exported({ only: 'groups' }))).groups.created).toBe(1);
    expect((await intoStage(await exported({ only: 'members' }))).members.added).toBe(1_202);
    const group = await getGroup(stage, id);
    expect(group === undefined ? [] : await membersOf(stage, group)).toHaveLength(1_202);
  });

  test('has users in turns by the first digit of their ids, so that an import writes several counters at once', async () => {
    const digits = ['0', '3', '8', 'f'];
    const idsOf = (digit: string) =>
      Array.from(
        { length: 120 },
        (_, n) => `${digit}${String(n).padStart(7, '0')}-0000-4000-8000-000000000000` as ResourceId,
      );
    for (const id of digits.flatMap(idsOf)) await createUser(world.directory, { userName: `u-${id}` }, id);
    await createUser(world.directory, { userName: 'one' }, idsOf('4')[0]);
    const text = await exported();

    const ids = withoutTimes(text).map(({ id }) => String(id));
    const turn = (from: number, to: number) => digits.flatMap((digit) => idsOf(digit).slice(from, to));
    const first = turn(0, 50);
    const begun = [...first.slice(0, 100), String(idsOf('4')[0]), ...first.slice(100)];
    expect(ids).toEqual([...begun, ...turn(50, 100), ...turn(100, 120)]);

    const [counters, underWay]: [Set<string>[], Set<string>] = [[], new Set()];
    const watched = worldOf(world.store, world.clock, async ({ command, input }, answer) => {
      if (command !== 'TransactWrite') return answer();
      const [, counter = ''] = /"pk":"(T#stage#N#U)","sk":"(.)"/.exec(JSON.stringify(input))?.slice(1) ?? [];
      underWay.add(counter);
      counters.push(new Set(underWay));
      await immediate();
      underWay.delete(counter);
      return answer();
    });
    await intoStage(text, 'jsonl', { on: { ...deployment, table: watched.table } });

    expect(Math.max(...counters.map(({ size }) => size))).toBeGreaterThanOrEqual(digits.length);
    expect(withoutTimes(await exported({ tenantId: 'stage' }))).toEqual(withoutTimes(text));
    expect(await findingsIn(world)).toEqual([]);
  });

  test.each([1, 2, 3, 7, 1_000])('in pages of %i lines is the same', async (limit) => {
    await populate();
    for (const group of ['Inner', 'Outer'])
      await mapGroup(deployment, { tenantId: 'acme', group, roles: ['r'] });
    await updateSettings(deployment, { tenantId: 'acme', settings: { logDays: 30 } });
    const lines: string[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const page: ExportPage = await exportPage(deployment, { tenantId: 'acme', after, limit });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      lines.push(...page.items);
      after = page.next;
      more = after !== undefined;
    }

    expect(lines.join('\n')).toBe(await exported());
  });

  test('has no page behind what is no cursor, and none of no or too many lines', async () => {
    for (const wrong of [
      { after: 'users ../x' },
      { after: 'roles' },
      { after: 'configuration x ' },
      { limit: 0 },
      { limit: 1_001 },
    ]) {
      const page = exportPage(deployment, { tenantId: 'acme', ...wrong });
      await expect(page).rejects.toMatchObject({ code: 'invalidInput' });
    }
  });

  test('of an empty tenant is empty', async () => {
    expect(await exported()).toBe('');
  });
});

describe('npm run admin -- export', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scim-export-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function admin(...words: string[]) {
    const out: string[] = [];
    const error: string[] = [];
    const code = await main(['export', ...words], {
      out: (text) => out.push(text),
      error: (text) => error.push(text),
      findTarget: async () => deployment,
    });
    return { code, out: out.join('\n'), error: error.join('\n') };
  }

  test('prints the lines as they are, since they are data', async () => {
    await createUser(world.directory, { userName: 'ann', displayName: 'A\u200cnn' });

    const { code, out } = await admin('acme', '--format', 'csv');

    expect(code).toBe(0);
    expect(out).toContain('A\u200cnn');
  });

  test('writes a file that nobody else may read, and says what is in it', async () => {
    await populate();
    const path = join(folder, 'acme.jsonl');

    expect(await admin('acme', '--out', path)).toEqual({
      code: 0,
      error: '',
      out: `2 users, 3 groups and 3 memberships are in ${path}.`,
    });
    expect(readFileSync(path, 'utf8')).toBe(`${await exported()}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { out } = await admin('acme', '--out', path, '--only', 'groups', '--json');
    const counts = { users: 0, groups: 3, members: 0, roles: 0, settings: 0 };
    expect(JSON.parse(out)).toEqual({ tenantId: 'acme', file: path, ...counts });
  });

  test('that fails leaves no file, and none of before is lost', async () => {
    const path = join(folder, 'kept.jsonl');
    await createUser(world.directory, { userName: 'ann' });
    await admin('acme', '--out', path);
    const before = readFileSync(path, 'utf8');

    expect(await admin('nobody', '--out', path)).toMatchObject({
      code: 1,
      error: 'There is no tenant "nobody".',
    });

    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  test.each([
    [['acme', '--format', 'xml'], '--format is jsonl or csv'],
    [['acme', '--only', 'sessions'], '--only is users, groups, members'],
    [['acme', '--json'], '--json tells how much there was'],
  ])('%j is a wrong command line', async (words, message) => {
    expect(await admin(...words)).toMatchObject({ code: 2, error: expect.stringContaining(message) });
  });
});
