import { randomUUID } from 'node:crypto';
import { main } from '../../cli/main';
import { tableDeployment } from '../../src/admin/deployment';
import { findUsers } from '../../src/admin/find';
import { mapGroup } from '../../src/admin/roles';
import { listSessions } from '../../src/admin/sessions';
import { showUser } from '../../src/admin/show-user';
import { createToken } from '../../src/admin/tokens';
import { createGroup, deleteGroup } from '../../src/directory/groups/groups';
import { toItem } from '../../src/directory/resources/items';
import { tokenOrigin } from '../../src/directory/resources/origin';
import { type ResourceId, tombstoneKey } from '../../src/directory/table/keys';
import { suspendTenant } from '../../src/directory/tenants/tenant-status';
import { setAppId } from '../../src/directory/users/app-id';
import { createUser, deleteUser, modifyUser } from '../../src/directory/users/users';
import { logChanges } from '../../src/events/log/log-changes';
import { SessionStore } from '../../src/sessions';
import { userAttributes } from '../../testing/directory';
import { newWorld, runConsumers, runSweeps, type World } from '../directory/crash-points/world';
import { streamOf } from '../events/log/stream-of';

/** What support looks up: one user, one group, all users. */
let world: World;
let tell: () => Promise<void>;
beforeEach(async () => {
  world = await newWorld();
  world.clock.ms = Date.now() - 600_000;
  const changes = streamOf(world.store);
  tell = () => logChanges(world.table, changes.splice(0));
});

const deployment = () => ({ ...tableDeployment('http://memory.invalid', 'memory'), table: world.table });

async function admin(...words: string[]) {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await main(words, {
    out: (text) => out.push(text),
    error: (text) => errors.push(text),
    findTarget: async () => deployment(),
  });
  return { code, out: out.join('\n'), error: errors.join('\n') };
}
const by = (requestId: string) => ({ ...world.directory, origin: tokenOrigin('t1', requestId) });
const jane = () =>
  createUser(by('r1'), userAttributes('jane@example.com', { displayName: 'Jane Doe', externalId: 'x-jane' }));

describe('user show', () => {
  test('tells state, names, groups, roles and where each comes from, sessions and what happened', async () => {
    const { id } = await jane();
    const inner = await createGroup(by('r2'), { displayName: 'Engineering' }, [{ id }]);
    const outer = await createGroup(by('r3'), { displayName: 'Staff', externalId: 'x-staff' }, [
      { id: inner.id, type: 'Group' },
    ]);
    await mapGroup(deployment(), { tenantId: 'acme', group: 'engineering', roles: ['admin', 'editor'] });
    await mapGroup(deployment(), { tenantId: 'acme', group: 'x-staff', by: 'externalId', roles: ['editor'] });
    await new SessionStore(world.table).issue(world.tenant, id, { label: 'Firefox' });
    await tell();

    const { code, out } = await admin('user', 'show', 'acme', 'JANE@example.com');

    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^User +${id}$`, 'm'));
    expect(out).toMatch(/^State +active since \d{4}-\S+Z, by token:t1$/m);
    expect(out).toMatch(/^displayName +Jane Doe$/m);
    expect(out).toMatch(new RegExp(`^Engineering +direct +${inner.id}$`, 'm'));
    expect(out).toMatch(new RegExp(`^Staff +through Engineering +${outer.id}$`, 'm'));
    expect(out).toMatch(new RegExp(`^admin +Engineering +displayName +${inner.id}$`, 'm'));
    expect(out).toMatch(new RegExp(`^editor +Engineering +displayName +${inner.id}$`, 'm'));
    expect(out).toMatch(new RegExp(`^editor +Staff +externalId +${outer.id}$`, 'm'));
    expect(out).toMatch(/^Sessions \(1\)$/m);
    expect(out).toContain('Firefox');
    expect(out).toMatch(new RegExp(`token:t1 +user.created +jane@example.com +${id} +r1`));
    expect(out).toMatch(
      new RegExp(`token:t1 +member.added +jane@example.com +${id} +group Engineering \\(${inner.id}\\) +r2`),
    );
    expect(out).not.toContain('Pending');
  });

  test('tells every group through which the user is in another one', async () => {
    const { id } = await jane();
    const backend = await createGroup(by('r'), { displayName: 'Backend' }, [{ id }]);
    const ops = await createGroup(by('r'), { displayName: 'Ops' }, [{ id }]);
    const others = await createGroup(by('r'), { displayName: 'Others' }, []);
    const both = await createGroup(by('r'), { displayName: 'Engineering' }, [
      { id },
      ...[backend, ops, others].map((group) => ({ id: group.id, type: 'Group' as const })),
    ]);
    await createGroup(by('r'), { displayName: 'Staff' }, [{ id: both.id, type: 'Group' }]);

    const { groups } = await showUser(deployment(), { tenantId: 'acme', userId: id });

    const ways = groups.map(({ displayName, type, through }) => [
      displayName,
      type,
      through.map((group) => group.displayName).sort(),
    ]);
    expect(ways.sort()).toEqual([
      ['Backend', 'direct', []],
      ['Engineering', 'direct', ['Backend', 'Ops']],
      ['Ops', 'direct', []],
      ['Staff', 'indirect', ['Engineering']],
    ]);
    const { out } = await admin('user', 'show', 'acme', id);
    expect(out).toMatch(/^Engineering +direct, and through (Backend, Ops|Ops, Backend) +\S+$/m);
  });

  test('begins with since when the user is what they are and who has made it so', async () => {
    const { tokenId } = await createToken(deployment(), { tenantId: 'acme', label: 'entra' });
    const inTheirName = { ...world.directory, origin: tokenOrigin(tokenId, 'r9') };
    const { id } = await jane();
    await modifyUser(inTheirName, id, (attributes) => ({ ...attributes, active: false }));
    const stateOf = async () => /^State +(.*)$/m.exec((await admin('user', 'show', 'acme', id)).out)?.[1];
    // The log is some seconds behind: what it does not tell yet is not told.
    expect(await stateOf()).toBe('inactive');
    await tell();
    for (let n = 0; n < 12; n++)
      await modifyUser(by('r'), id, (attributes) => ({ ...attributes, title: `Dr ${n}` }));
    await tell();

    expect(await stateOf()).toMatch(
      new RegExp(`^inactive since \\d{4}-\\S+Z, by token:${tokenId} \\(entra\\)$`),
    );
    await deleteUser(by('r'), id);
    await tell();
    expect(await stateOf()).toMatch(/^deleted since \d{4}-\S+Z, by token:t1$/);
    expect(await showUser(deployment(), { tenantId: 'acme', userId: id })).toMatchObject({
      stateSince: { actor: 'token:t1', requestId: 'r' },
    });
  });

  test('has each kind of name lead to the user, the id first', async () => {
    const { id } = await jane();
    const other = await createUser(by('r2'), userAttributes('joe@example.com', { externalId: id }));
    const lookAlike = '0e9e30db-f08f-4109-8486-d5c6a331660a';
    const entra = await createUser(by('r3'), userAttributes('kim@example.com', { externalId: lookAlike }));
    const shownFor = async (name: string) =>
      JSON.parse((await admin('user', 'show', 'acme', name, '--json')).out).id as string;

    await setAppId(by('r4'), id, 'account-1');

    for (const name of [id, 'jane@example.com', 'x-jane', 'account-1']) expect(await shownFor(name)).toBe(id);
    expect((await admin('user', 'show', 'acme', id)).out).toMatch(/^appId +account-1$/m);
    expect(await shownFor('joe@example.com')).toBe(other.id);
    expect(await shownFor('jane doe')).toBe(id);
    expect(await shownFor(lookAlike)).toBe(entra.id);
    expect(await listSessions(deployment(), { tenantId: 'acme', userId: 'x-jane' })).toEqual([]);
  });

  test('says what an inactive user has without effect, what is pending, and that a tenant is suspended', async () => {
    const { id } = await jane();
    await createGroup(by('r2'), { displayName: 'Engineering' }, [{ id }]);
    await mapGroup(deployment(), { tenantId: 'acme', group: 'Engineering', roles: ['admin'] });
    await modifyUser(by('r3'), id, (attributes) => ({ ...attributes, active: false }));

    const inactive = (await admin('user', 'show', 'acme', id)).out;
    expect(inactive).toMatch(/^State +inactive$/m);
    expect(inactive).toMatch(/^Roles, without effect at present \(1\)$/m);
    expect(inactive).toMatch(/^Pending +revocation since \d{4}-/m);

    await runConsumers(world);
    await suspendTenant(world.table, world.tenant);
    const { out } = await admin('user', 'show', 'acme', id);
    expect(out).not.toContain('Pending');
    expect(out).toContain('the tenant is suspended');
  });

  test('tells of a deleted user what is kept, by the id or a name that they had', async () => {
    const { id } = await jane();
    await setAppId(by('r4'), id, 'account-1');
    await deleteUser(by('r2'), id);

    const { out } = await admin('user', 'show', 'acme', id);
    for (const name of ['JANE@example.com', 'x-jane', 'account-1', 'jane doe'])
      expect((await admin('user', 'show', 'acme', name)).out).toBe(out);
    expect(out).toMatch(/^State +deleted$/m);
    expect(out).toMatch(/^userName +jane@example.com$/m);
    expect(out).toMatch(/^Restorable +until \d{4}-/m);
    expect(out).toMatch(/^Pending +revocation since .*, cleanup since /m);
    await runSweeps(world);
    expect(await showUser(deployment(), { tenantId: 'acme', userId: id })).toMatchObject({
      state: 'deleted',
      pending: [],
    });
  });

  test('lists the ids when several have the name, and says when nobody has it', async () => {
    const { id } = await jane();
    const other = await createUser(by('r2'), userAttributes('joe@example.com', { externalId: 'x-jane' }));

    const several = await admin('user', 'show', 'acme', 'x-jane');
    expect(several.code).toBe(2);
    expect(several.error).toContain(`User ${id} (jane@example.com)`);
    expect(several.error).toContain(`User ${other.id} (joe@example.com)`);
    expect((await admin('user', 'show', 'acme', 'nobody')).error).toContain(
      'No user of the tenant "acme" has the id, userName, externalId, e-mail address, appId or displayName "nobody", nor has one that is deleted',
    );
    expect((await admin('user', 'show', 'acme', '0e9e30db-f08f-4109-8486-d5c6a331660a')).error).toContain(
      'has no user',
    );
    expect((await admin('user', 'show', 'nowhere', id)).error).toContain('There is no tenant "nowhere"');
  });
});

describe('what is deleted', () => {
  test('is told apart by when it was deleted, and whoever is there comes first', async () => {
    const first = await jane();
    await deleteUser(by('r'), first.id);
    const second = await jane();
    await deleteUser(by('r'), second.id);

    const several = await admin('user', 'show', 'acme', 'jane@example.com');
    expect(several.code).toBe(2);
    for (const { id } of [first, second])
      expect(several.error).toMatch(new RegExp(`User ${id} \\(jane@example.com, deleted 20\\S+Z\\)`));

    const third = await jane();
    const { out } = await admin('user', 'show', 'acme', 'jane@example.com', '--json');
    expect(JSON.parse(out)).toMatchObject({ id: third.id, state: 'active' });
  });

  test('is found by how its name began, and comes back by its name', async () => {
    const { id } = await jane();
    const group = await createGroup(by('r'), { displayName: 'Engineering' }, []);
    await createUser(by('r'), userAttributes('jan@example.com'));
    await deleteUser(by('r'), id);
    await deleteGroup(by('r'), group.id);
    await runSweeps(world);

    const { out } = await admin('user', 'find', 'acme', 'JAN', '--deleted');
    expect(out.split('\n')[0]).toMatch(/^USERNAME +DELETED +RESTORABLE UNTIL +DISPLAYNAME +ID$/);
    expect(out.split('\n')).toHaveLength(2);
    expect(out).toMatch(new RegExp(`^jane@example.com +20\\S+Z +20\\S+Z +Jane Doe +${id}$`, 'm'));
    expect((await admin('group', 'find', 'acme', 'eng', '--deleted')).out).toMatch(
      new RegExp(`^Engineering +20\\S+Z +20\\S+Z +${group.id}$`, 'm'),
    );
    expect((await admin('group', 'show', 'acme', 'engineering')).out).toMatch(/^State +deleted$/m);

    expect((await admin('user', 'restore', 'acme', 'jane@example.com')).out).toContain(`${id} is back`);
    expect((await admin('group', 'restore', 'acme', 'Engineering')).out).toContain(`${group.id} is back`);
    expect((await admin('user', 'find', 'acme', 'jan', '--deleted')).out).toContain('Nobody is found');
    expect((await admin('user', 'restore', 'acme', 'jane@example.com')).error).toContain('No user');
  });

  test('is looked through in parts, each of them bounded, and nobody is taken for the one who is meant', async () => {
    const tombstones = Array.from({ length: 2_100 }, (_, n) => {
      const id = randomUUID() as ResourceId;
      const kept = {
        body: JSON.stringify({ userName: `u${n}@example.com` }),
        created: '2026-11-25T10:00:00Z',
      };
      const times = { deletedAt: world.clock.ms, expiresAt: Math.floor(Date.now() / 1000) + 86_400 };
      return { ...tombstoneKey(world.tenant, 'User', id), version: 1, ...times, kept };
    });
    await world.table.batchWrite(tombstones.map((item) => ({ kind: 'put', item })));
    const lastId =
      tombstones
        .map(({ sk }) => sk.slice(2))
        .sort()
        .at(-1) ?? '';
    const last = tombstones.find(({ sk }) => sk.endsWith(lastId));
    const { userName } = JSON.parse(last?.kept.body ?? '') as { userName: string };
    const input = { tenantId: 'acme', prefix: userName, deleted: true };

    const part = await findUsers(deployment(), input);
    expect(part).toMatchObject({ items: [], next: expect.any(String) });
    const rest = await findUsers(deployment(), { ...input, after: part.next });
    expect(rest).toMatchObject({ items: [{ id: lastId, userName }] });
    expect(rest.next).toBeUndefined();
    expect((await admin('user', 'find', 'acme', userName, '--deleted')).out).toContain(lastId);
    expect((await admin('user', 'show', 'acme', userName)).error).toContain('user find with --deleted');
    const all: string[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page: Awaited<ReturnType<typeof findUsers>> = await findUsers(deployment(), {
        ...{ tenantId: 'acme', prefix: 'u', deleted: true, limit: 1_000 },
        ...(after === '' ? {} : { after }),
      });
      all.push(...page.items.map(({ id }) => id));
      after = page.next;
    }
    expect(all).toEqual(tombstones.map(({ sk }) => sk.slice(2)).sort());
  });
});

describe('group show', () => {
  test('tells members, groups in it and above it, its roles and what happened', async () => {
    const { id } = await jane();
    const inner = await createGroup(by('r2'), { displayName: 'Backend' }, []);
    const group = await createGroup(by('r3'), { displayName: 'Engineering' }, [
      { id },
      { id: inner.id, type: 'Group' },
    ]);
    const above = await createGroup(by('r4'), { displayName: 'Staff' }, [{ id: group.id, type: 'Group' }]);
    await mapGroup(deployment(), { tenantId: 'acme', group: 'Engineering', roles: ['admin'] });
    await tell();

    const { code, out } = await admin('group', 'show', 'acme', 'engineering');

    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Group +${group.id}$`, 'm'));
    expect(out).toMatch(/^Users in it \(1\)$/m);
    expect(out).toMatch(new RegExp(`^jane@example.com +active +${id}$`, 'm'));
    expect(out).toMatch(new RegExp(`^Backend +${inner.id}$`, 'm'));
    expect(out).toMatch(new RegExp(`^Staff +${above.id}$`, 'm'));
    expect(out).toMatch(/^admin +displayName$/m);
    expect(out).toMatch(new RegExp(`token:t1 +group.created +Engineering +${group.id} .*r3`));
  });

  test('counts all members and shows the first of them', async () => {
    const members = [];
    for (let n = 0; n < 25; n++) members.push(await createUser(by('r'), userAttributes(`u${n}@example.com`)));
    await createGroup(by('r'), { displayName: 'All' }, members);

    const { out } = await admin('group', 'show', 'acme', 'All');
    expect(out).toMatch(/^Users in it \(25\)$/m);
    expect(out).toContain('… and 5 more');
    expect(out.match(/@example.com/g)).toHaveLength(20);
    expect(out).toMatch(/^Groups in it: none$/m);
    expect(out).toMatch(/^Roles: none$/m);
  });
});

describe('user find', () => {
  const namesIn = (out: string) =>
    out
      .split('\n')
      .slice(1)
      .map((line) => line.split(/ {2,}/)[0]);

  test('finds by how userName, an e-mail address or displayName begins, each user once', async () => {
    const { id } = await jane();
    await createUser(by('r2'), userAttributes('j.roe@example.com', { displayName: 'JANE Roe' }));
    await createUser(by('r3'), {
      userName: 'kim',
      displayName: 'Kim',
      emails: [{ value: 'Janet@old.example' }, { value: 'jan@old.example' }],
    });
    await createUser(by('r4'), { userName: 'mary-jane', displayName: 'Mary Jane' });

    const { code, out } = await admin('user', 'find', 'acme', 'jAn');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^jane@example.com +active +Jane Doe +${id}$`, 'm'));
    // In the order of "jan@old.example", "jane doe" and "jane roe".
    expect(namesIn(out)).toEqual(['kim', 'jane@example.com', 'j.roe@example.com']);
    expect(namesIn((await admin('user', 'find', 'acme', 'jane@')).out)).toEqual(['jane@example.com']);
    expect((await admin('user', 'find', 'acme', 'roe')).out).toContain('Nobody is found');
    expect((await admin('user', 'find', 'acme', '')).code).toBe(2);
    expect((await admin('user', 'find', 'acme', 'j', '--cursor', 'x')).code).toBe(2);
    expect((await admin('user', 'find', 'acme', 'j', '--limit', '0')).code).toBe(2);
  });

  test('goes on behind each page until everybody is shown, once as long as they keep their names', async () => {
    const users = [];
    for (let n = 10; n < 40; n++)
      users.push(await createUser(by('r'), { userName: `ann${n}`, displayName: `Ann ${n}`, active: true }));
    const found: string[] = [];
    let cursor: string[] = [];
    for (let page = 0; ; page++) {
      const { out } = await admin('user', 'find', 'acme', 'ann', '--limit', '7', '--json', ...cursor);
      const answer = JSON.parse(out) as { items: { userName: string }[]; nextCursor?: string };
      expect(answer.items.length).toBeLessThanOrEqual(7);
      found.push(...answer.items.map(({ userName }) => userName));
      // One who was shown is found by another text now and may come again; one who was not is gone.
      if (page === 0) {
        await modifyUser(by('r'), users[0]?.id ?? '', (attributes) => ({
          ...attributes,
          displayName: 'Bea',
        }));
        await deleteUser(by('r'), users[29]?.id ?? '');
      }
      if (answer.nextCursor === undefined) break;
      cursor = ['--cursor', answer.nextCursor];
    }
    expect(found.slice(0, 7)).toEqual(['ann10', 'ann11', 'ann12', 'ann13', 'ann14', 'ann15', 'ann16']);
    expect(new Set(found)).toEqual(new Set(Array.from({ length: 29 }, (_, n) => `ann${n + 10}`)));
    expect((await admin('user', 'find', 'acme', 'ann', '--limit', '7')).out).toMatch(/--cursor \S+$/);
    expect(await admin('user', 'find', 'acme', 'bea', ...cursor)).toMatchObject({
      code: 2,
      error: expect.stringContaining('is no place in what a search finds'),
    });
  });

  test('costs what it shows', async () => {
    for (let n = 0; n < 30; n++) await createUser(by('r'), { userName: `ann${n}` });
    const reads: number[] = [];
    const query = world.table.query.bind(world.table);
    world.table.query = async (q) => {
      const page = await query<object>(q);
      reads.push(page.items.length);
      return page as never;
    };

    await admin('user', 'find', 'acme', 'ann', '--limit', '5');

    expect(reads).toEqual([6]);
  });

  test('of groups goes by their displayName', async () => {
    const { id } = await createGroup(by('r'), { displayName: 'Engineering' }, []);
    await createGroup(by('r'), { displayName: 'Sales' }, []);

    expect((await admin('group', 'find', 'acme', 'ENG')).out).toMatch(
      new RegExp(`^Engineering +${id}$`, 'm'),
    );
    expect(JSON.parse((await admin('group', 'find', 'acme', 's', '--json')).out)).toMatchObject({
      items: [{ displayName: 'Sales' }],
    });
  });
});

describe('user list', () => {
  test('shows all users as a table, as JSON and as CSV that no spreadsheet takes for formulas', async () => {
    await jane();
    await createUser(by('r2'), {
      userName: '=cmd|calc',
      displayName: 'Say "hi", Bob\u202e',
      active: false,
    });

    const table = (await admin('user', 'list', 'acme')).out.split('\n');
    expect(table[0]).toMatch(/^USERNAME +STATE +DISPLAYNAME +ID$/);
    expect(table).toHaveLength(3);
    expect(table).toContainEqual(expect.stringMatching(/^jane@example.com +active +Jane Doe +\S+$/));

    const users = JSON.parse((await admin('user', 'list', 'acme', '--json')).out) as { userName: string }[];
    expect(users.map(({ userName }) => userName).sort()).toEqual(['=cmd|calc', 'jane@example.com']);

    const csv = (await admin('user', 'list', 'acme', '--csv')).out.split('\n');
    expect(csv[0]).toBe('id,active,userName,displayName,email,externalId,created,lastModified');
    expect(csv).toContainEqual(
      expect.stringMatching(/^[0-9a-f-]+,false,'=cmd\|calc,"Say ""hi"", Bob\\u202e",,,20/),
    );
    expect((await admin('user', 'list', 'acme', '--csv', '--json')).code).toBe(2);
  });

  test('prints each page before it reads the next, and each user once', async () => {
    const count = 1_100;
    const created = world.directory.now().toISOString();
    const shared = { kind: 'User', version: 1, created, lastModified: created, sessionEpoch: 0 } as const;
    const items = Array.from({ length: count }, (_, n) =>
      toItem(world.tenant, { ...shared, id: randomUUID() as ResourceId, attributes: { userName: `u${n}` } }),
    );
    await world.table.batchWrite(items.map((item) => ({ kind: 'put', item })));
    let reads = 0;
    const readsAtLine: number[] = [];
    const names = new Set<string>();
    const query = world.table.query.bind(world.table);
    world.table.query = (q) => {
      reads += 1;
      return query(q);
    };

    await main(['user', 'list', 'acme', '--csv'], {
      out: async (line: string) => {
        readsAtLine.push(reads);
        names.add(line.split(',')[2] ?? '');
      },
      error: () => {},
      findTarget: async () => deployment(),
    });

    expect(names.size).toBe(count + 1);
    expect(readsAtLine).toHaveLength(count + 1);
    expect(readsAtLine[1]).toBeLessThan(readsAtLine.at(-1) ?? 0);
    expect(JSON.parse((await admin('user', 'list', 'acme', '--json')).out)).toHaveLength(count);
  });

  test('of nobody is a heading, or an empty array', async () => {
    expect((await admin('user', 'list', 'acme')).out).toMatch(/^USERNAME/);
    expect((await admin('user', 'list', 'acme', '--json')).out).toBe('[]');
    expect((await admin('user', 'list', 'nowhere')).error).toContain('There is no tenant "nowhere"');
  });
});

describe('group list', () => {
  test('shows all groups as a table, as JSON and as CSV, page by page', async () => {
    const { id } = await createGroup(by('r'), { displayName: 'Engineering, all', externalId: 'x-1' }, []);
    const created = world.directory.now().toISOString();
    const shared = { kind: 'Group', version: 1, created, lastModified: created } as const;
    const items = Array.from({ length: 1_050 }, (_, n) => {
      const attributes = { displayName: `Team ${n}` };
      return toItem(world.tenant, { ...shared, id: randomUUID() as ResourceId, attributes });
    });
    await world.table.batchWrite(items.map((item) => ({ kind: 'put', item })));

    const table = (await admin('group', 'list', 'acme')).out.split('\n');
    expect(table[0]).toMatch(/^DISPLAYNAME +ID +EXTERNALID$/);
    expect(table).toHaveLength(1_052);
    expect(table).toContainEqual(expect.stringMatching(new RegExp(`^Engineering, all +${id} +x-1$`)));
    const groups = JSON.parse((await admin('group', 'list', 'acme', '--json')).out) as { id: string }[];
    expect(new Set(groups.map((group) => group.id)).size).toBe(1_051);
    const csv = (await admin('group', 'list', 'acme', '--csv')).out.split('\n');
    expect(csv[0]).toBe('id,displayName,externalId,created,lastModified');
    expect(csv).toContainEqual(expect.stringMatching(`^${id},"Engineering, all",x-1,20`));
    expect((await admin('group', 'list', 'acme', '--csv', '--json')).code).toBe(2);
  });
});
