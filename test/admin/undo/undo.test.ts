import { main } from '../../../cli/main';
import { type Deployment, tableDeployment } from '../../../src/admin/deployment';
import { applyUndo } from '../../../src/admin/undo/apply';
import { planUndo } from '../../../src/admin/undo/plan';
import { undo } from '../../../src/admin/undo/undo';
import { createGroup, deleteGroup } from '../../../src/directory/groups/groups';
import type { Directory } from '../../../src/directory/resources/directory';
import { adminOrigin, tokenOrigin } from '../../../src/directory/resources/origin';
import { createUser, deleteUser, getUser, modifyUser } from '../../../src/directory/users/users';
import { logChanges } from '../../../src/events/log/log-changes';
import { isJsonObject, type JsonObject } from '../../../src/scim/json';
import { userAttributes } from '../../../testing/directory';
import { resourcesOf, type Service, serviceOf } from '../../../testing/service';
import {
  findingsIn,
  newWorld,
  runConsumers,
  runSweeps,
  type World,
  worldOf,
} from '../../directory/crash-points/world';
import { streamOf } from '../../events/log/stream-of';

const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;

let world: World;
/** The stream's consumer writes the log. */
let tell: () => Promise<void>;
/** When what is undone begins. */
let since: Date;
beforeEach(async () => {
  world = await newWorld();
  // Commands go by the clock of the computer, and entries are told to the second.
  world.clock.ms = Math.floor(Date.now() / SECOND_MS) * SECOND_MS - HOUR_MS;
  const changes = streamOf(world.store);
  tell = () => logChanges(world.table, changes.splice(0));
  since = new Date(world.clock.ms);
});

let requests = 0;
const as = (tokenId: string): Directory => ({
  ...world.directory,
  origin: tokenOrigin(tokenId, `r${requests++}`),
});

/** An identity provider: each request has an id of its own. */
const provider =
  (tokenId: string): Service['send'] =>
  async (...request) => {
    const response = await serviceOf(as(tokenId)).send(...request);
    expect({ request, status: response.status }).toMatchObject({ status: expect.any(Number) });
    if (response.status >= 400) throw new Error(`${request[1]}: ${JSON.stringify(response.body)}`);
    world.clock.ms += 20;
    return response;
  };

const patch = (...Operations: JsonObject[]): JsonObject => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});

const deployment = (name = 'grace'): Deployment => ({
  ...tableDeployment('http://memory.invalid', 'memory'),
  table: world.table,
  origin: adminOrigin(name),
});

async function command(...words: string[]) {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await main(words, {
    out: (text) => out.push(text),
    error: (text) => errors.push(text),
    findTarget: async () => deployment(),
  });
  return { code, out: out.join('\n'), errors };
}

/** Everything that a client sees, but for what every write changes. */
async function everything(): Promise<Map<string, JsonObject>> {
  const seen = new Map<string, JsonObject>();
  for (const path of ['/Users', '/Groups']) {
    for (let startIndex = 1; ; startIndex += 100) {
      const { body } = await serviceOf(as('reader')).send(
        'GET',
        `${path}?startIndex=${startIndex}&count=100`,
      );
      const page = resourcesOf(body);
      for (const { meta, ...resource } of page) {
        const { version: _, lastModified: __, ...rest } = isJsonObject(meta) ? meta : {};
        seen.set(String(resource.id), sorted({ ...resource, meta: rest }));
      }
      if (page.length < 100) break;
    }
  }
  return seen;
}

/** Members and groups have no order. */
function sorted(resource: JsonObject): JsonObject {
  const idOf = (value: unknown) => (isJsonObject(value) ? String(value.value) : '');
  return Object.fromEntries(
    Object.entries(resource).map(([name, value]) => [
      name,
      Array.isArray(value) ? [...value].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1)) : value,
    ]),
  );
}

/** Time goes by: what is pending ends, and the log has all. */
async function settle(): Promise<void> {
  await runConsumers(world);
  await runSweeps(world);
  await tell();
}

describe('an identity provider that was set up wrongly', () => {
  test('has all that it took put back, and what others changed since stays', async () => {
    const entra = provider('entra');
    const hr = provider('hr');
    const users: string[] = [];
    for (let n = 0; n < 120; n++)
      users.push(String((await hr('POST', '/Users', userOf(`u${n}@example.com`))).body?.id));
    const groups: string[] = [];
    for (let n = 0; n < 25; n++) {
      // The first has all; everybody else is in few, the last one in all.
      const ids = n === 0 ? users : [...users.slice(n * 3, n * 3 + 6), ...users.slice(-1)];
      const members = [...new Set(ids)].map((value) => ({ value }));
      groups.push(String((await hr('POST', '/Groups', groupOf(`g${n}`, members))).body?.id));
    }
    await settle();
    const before = await everything();

    world.clock.ms += 60 * SECOND_MS;
    since = new Date(world.clock.ms);
    for (const id of users.slice(0, 80)) {
      await entra('PATCH', `/Users/${id}`, patch({ op: 'Replace', path: 'active', value: 'False' }));
    }
    for (const id of users.slice(-10)) await entra('DELETE', `/Users/${id}`);
    for (const [n, group] of groups.slice(1, 20).entries()) {
      const value = users.slice((n + 1) * 3, (n + 1) * 3 + 3).map((id) => ({ value: id }));
      await entra('PATCH', `/Groups/${group}`, patch({ op: 'Remove', path: 'members', value }));
    }
    for (const group of [groups[0], ...groups.slice(20, 22)]) await entra('DELETE', `/Groups/${group}`);
    await runConsumers(world);
    // Meanwhile the other one goes on.
    await hr('PATCH', `/Users/${users[5]}`, patch({ op: 'replace', path: 'title', value: 'Boss' }));
    await hr('DELETE', `/Users/${users[6]}`);
    await hr('PATCH', `/Users/${users[7]}`, patch({ op: 'replace', path: 'active', value: true }));
    await hr('PATCH', `/Users/${users[7]}`, patch({ op: 'replace', path: 'active', value: false }));
    const until = new Date(world.clock.ms);
    await settle();

    const told = await command('log', 'acme', '--user', String(users[0]), '--since', since.toISOString());
    expect(told.out).toMatch(/token:entra +user\.deactivated/);

    const words = ['undo', 'acme', '--since', since.toISOString(), '--until', until.toISOString()];
    const shown = await command(...words, '--actor', 'token:entra');
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('user.reactivate: 78 planned, 2 skipped');
    expect(shown.out).toContain('user.restore: 10 planned');
    expect(shown.out).toContain('group.restore: 3 planned');
    expect(shown.out).toMatch(
      new RegExp(`user.reactivate +u6@example.com +${users[6]} +skipped +token:hr deleted it at `),
    );
    expect(shown.out).toMatch(
      new RegExp(`user.reactivate +u7@example.com +${users[7]} +skipped +token:hr deactivated it`),
    );
    expect(shown.out).toContain('Nothing was changed');

    world.clock.ms = Date.now();
    const applied = await command(...words, '--actor', 'token:entra', '--apply', '--json');
    expect(applied.code).toBe(0);
    expect(JSON.parse(applied.out).counts).toMatchObject({ planned: 0, left: 0, failed: 0, impossible: 0 });
    await tell();

    const after = await everything();
    const differ = [...before].filter(
      ([id, resource]) => JSON.stringify(resource) !== JSON.stringify(after.get(id)),
    );
    const groupsOfTheDeleted = [...before.values()].filter(
      ({ members }) => Array.isArray(members) && JSON.stringify(members).includes(String(users[6])),
    );
    expect(differ.map(([id]) => id).sort()).toEqual(
      [users[5], users[6], users[7], ...groupsOfTheDeleted.map(({ id }) => String(id))].sort(),
    );
    expect(after.get(String(users[5]))).toMatchObject({ title: 'Boss', active: true });
    expect(after.get(String(users[7]))).toMatchObject({ active: false });
    expect(after.size).toBe(before.size - 1);
    world.clock.ms += 60 * SECOND_MS;
    await runConsumers(world);
    expect(await findingsIn(world)).toEqual([]);

    const again = await command(...words, '--actor', 'token:entra', '--apply');
    expect(again.code).toBe(0);
    expect(again.out).toContain('0 are as they were before; ');
    const log = await command('log', 'acme', '--actor', 'admin:grace', '--limit', '10000', '--json');
    const { entries } = JSON.parse(log.out) as { entries: { type: string; detail?: string }[] };
    expect(entries.filter(({ type }) => type === 'undo.started')).toMatchObject([
      { detail: expect.stringContaining('What token:entra did from') },
    ]);
    expect(entries.filter(({ type }) => type === 'user.reactivated')).toHaveLength(78);
  });
});

const userOf = (userName: string): JsonObject => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName,
  active: true,
});
const groupOf = (displayName: string, members: JsonObject[]): JsonObject => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
  displayName,
  members,
});

/** A tenant of a few users whom `entra` deactivates one by one. */
async function deactivated(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++)
    ids.push((await createUser(as('hr'), userAttributes(`u${n}@x.example`))).id);
  world.clock.ms += SECOND_MS;
  since = new Date(world.clock.ms);
  for (const id of ids) await deactivate(as('entra'), id);
  world.clock.ms += 60 * SECOND_MS;
  await tell();
  return ids;
}

const deactivate = (directory: Directory, id: string) =>
  modifyUser(directory, id, (attributes) => ({ ...attributes, active: false }));
const isActive = async (id: string) => (await getUser(world.directory, id))?.attributes.active;
const acts = () => ({
  since: since.toISOString(),
  until: new Date(world.clock.ms).toISOString(),
  actor: 'token:entra',
});
const input = () => ({ tenantId: 'acme', since, actor: 'token:entra', apply: true });
const byAdmin = (): Directory => ({ ...world.directory, origin: adminOrigin('grace') });

test('can be interrupted, and goes on when it is repeated', async () => {
  const ids = await deactivated(60);

  const interruption = new AbortController();
  const first = await undo(deployment(), {
    ...input(),
    signal: interruption.signal,
    onProgress: () => interruption.abort(),
  });
  expect(first.counts).toMatchObject({ done: 25, left: 35 });
  await tell();
  const second = await undo(deployment(), input());

  expect(second.counts).toMatchObject({ done: 35, left: 0 });
  for (const id of ids) expect(await isActive(id)).toBe(true);
});

test('a process that is killed is repeated, and the next one does the rest', async () => {
  const ids = await deactivated(12);
  let writes = 0;
  const killed = worldOf(world.store, world.clock, async ({ command: name }, answer) => {
    if (/Transact|Update/.test(name) && writes++ >= 5) throw new Error('Killed.');
    return answer();
  });
  const dying = { ...deployment(), table: killed.table };

  await expect(undo(dying, input())).rejects.toThrow('Killed.');
  const before = await Promise.all(ids.map(isActive));
  expect(before).toContain(true);
  expect(before).toContain(false);
  const { counts } = await undo(deployment(), input());

  expect(counts).toMatchObject({ done: before.filter((active) => active === false).length, left: 0 });
  for (const id of ids) expect(await isActive(id)).toBe(true);
});

test('what somebody changes after it was planned stays, told by the log or not yet', async () => {
  const [ann = '', bob = '', cem = ''] = await deactivated(3);
  const { steps } = await planUndo(byAdmin(), acts());
  world.clock.ms += 60 * SECOND_MS;
  for (const id of [ann, bob]) {
    await modifyUser(as('hr'), id, (attributes) => ({ ...attributes, active: true }));
    await deactivate(as('hr'), id);
    if (id === ann) await tell();
  }
  const waits: number[] = [];
  const done = await applyUndo(byAdmin(), acts(), steps, {
    pause: async (ms) => {
      waits.push(ms);
      if (waits.length === 2) await tell();
    },
  });

  expect(
    done.map(({ step, outcome, reason }) => [step.fact.id, outcome, reason?.replace(/ at .*/, '')]),
  ).toEqual(
    expect.arrayContaining([
      [ann, 'skipped', 'token:hr deactivated it'],
      [bob, 'skipped', 'token:hr deactivated it'],
      [cem, 'done', undefined],
    ]),
  );
  expect(waits).toHaveLength(2);
});

test('sessions from before stay dead', async () => {
  const { id } = await createUser(as('hr'), userAttributes('ann@example.com'));
  const { sessionToken } = await world.sessions.issue(world.tenant, id);
  since = new Date(world.clock.ms);
  await deactivate(as('entra'), id);
  await deleteUser(as('entra'), id);
  world.clock.ms += SECOND_MS;
  await tell();

  expect((await undo(deployment(), input())).counts).toMatchObject({ done: 2 });

  expect(await isActive(id)).toBe(true);
  expect(await world.sessions.verify(sessionToken)).toMatchObject({ active: false });
});

test('says of what cannot be put back why, and does the rest', async () => {
  const [ann, bob, cem] = await Promise.all(
    ['ann', 'bob', 'cem'].map((name) => createUser(as('hr'), userAttributes(`${name}@x.example`))),
  );
  const group = await createGroup(as('hr'), { displayName: 'Sales' }, []);
  if (ann === undefined || bob === undefined || cem === undefined) throw new Error('There are three.');
  world.clock.ms += SECOND_MS;
  since = new Date(world.clock.ms);
  for (const { id } of [ann, bob]) await deleteUser(as('entra'), id);
  await deleteGroup(as('entra'), group.id);
  await modifyUser(as('entra'), cem.id, (attributes) => ({ ...attributes, title: 'Boss', active: false }));
  const created = await createUser(as('entra'), userAttributes('dan@x.example'));
  await createUser(as('hr'), userAttributes('bob@x.example'));
  await settle();
  const eraseIt = ['user', 'erase', 'acme', ann.id, '--confirm', ann.id];
  expect((await command(...eraseIt)).code).toBe(0);

  const { changes } = await undo(deployment(), { ...input(), apply: false });

  expect(
    changes.map(({ what, userId, groupId, outcome, reason = '' }) => [
      what,
      userId ?? groupId,
      outcome,
      reason,
    ]),
  ).toEqual(
    expect.arrayContaining([
      ['user.restore', ann.id, 'impossible', expect.stringContaining('it was erased')],
      ['user.restore', bob.id, 'impossible', expect.stringContaining('Another user has the userName')],
      ['group.restore', group.id, 'planned', ''],
      ['user.reactivate', cem.id, 'planned', ''],
      ['user.deactivated', cem.id, 'impossible', 'title: the log has no values'],
      ['user.created', created.id, 'impossible', expect.stringContaining('stays')],
    ]),
  );
  expect(changes).toHaveLength(6);
});

test('one user, or one group with its members, is put back alone', async () => {
  const users = await Promise.all(
    ['ann', 'bob'].map((name) => createUser(as('hr'), userAttributes(`${name}@x.example`))),
  );
  const groups = await Promise.all(
    ['Sales', 'IT'].map((displayName) => createGroup(as('hr'), { displayName }, users)),
  );
  const [ann = { id: '' }, , sales = { id: '' }] = [...users, ...groups];
  world.clock.ms += SECOND_MS;
  since = new Date(world.clock.ms);
  for (const { id } of groups) await deleteGroup(as('entra'), id);
  for (const { id } of users) await deactivate(as('entra'), id);
  await settle();

  const about = async (name: string) => {
    const { changes } = await undo(deployment(), { ...input(), apply: false, about: name });
    return changes.map(({ what, outcome }) => `${what} ${outcome}`).sort();
  };

  const withoutGroups = ['member.add skipped', 'member.add skipped'];
  expect(await about(ann.id)).toEqual([...withoutGroups, 'user.reactivate planned']);
  expect(await about(sales.id)).toEqual([
    'group.restore planned',
    'member.add planned',
    'member.add planned',
  ]);
  expect((await command('undo', 'acme', '--since', '1h', '--actor', 'nobody')).code).toBe(2);
});

test('a table that takes no more is waited for', async () => {
  const ids = await deactivated(8);
  let refused = 0;
  const throttled = worldOf(world.store, world.clock, async ({ command: name }, answer) => {
    if (/Transact|Update/.test(name) && refused++ < 3)
      throw Object.assign(new Error('Slow down.'), { name: 'ThrottlingException' });
    return answer();
  });
  // No time for attempts of its own.
  const directory = { ...byAdmin(), table: throttled.table.with({ deadline: Date.now() }) };
  const { steps } = await planUndo(byAdmin(), acts());

  const done = await applyUndo(directory, acts(), steps, { pause: async () => {} });

  expect(done.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'done'));
  expect(refused).toBeGreaterThan(3);
});
