import { main } from '../../cli/main';
import { findLogin } from '../../src/access';
import type { Deployment } from '../../src/admin/deployment';
import { protectUser, unprotectUser } from '../../src/admin/protection';
import { checkTable } from '../../src/directory/check/check';
import { endRestoredAccess } from '../../src/directory/check/restored-access';
import { readLog } from '../../src/directory/log/read-log';
import type { Directory } from '../../src/directory/resources/directory';
import { adminOrigin } from '../../src/directory/resources/origin';
import { type ItemKey, resourceKey } from '../../src/directory/table/keys';
import { Table, type TableCall } from '../../src/directory/table/table';
import { createTenant } from '../../src/directory/tenants/tenants';
import { createUser, deleteUser, getUser, modifyUser } from '../../src/directory/users/users';
import type { JsonObject } from '../../src/scim/json';
import { directoryOf, userAttributes } from '../../testing/directory';
import { ORIGIN } from '../../testing/origin';
import { type Service, serviceOf } from '../../testing/service';
import { memoryClient } from '../memory-dynamodb/client';
import { staleReads } from '../memory-dynamodb/stale-reads';
import { MemoryStore } from '../memory-dynamodb/store';

let store: MemoryStore;
let directory: Directory;
let deployment: Deployment;
let service: Service;
let tenantId: string;
/** The user whom all of this is about. */
let id: string;
beforeEach(async () => {
  store = new MemoryStore();
  const table = new Table('memory', memoryClient(store));
  directory = directoryOf(table, 'acme');
  tenantId = directory.tenant;
  deployment = {
    table,
    origin: adminOrigin('grace'),
    baseUrl: undefined,
    stack: undefined,
    flushAuthorizerCache: async () => false,
  };
  service = serviceOf(directory);
  await createTenant(table, { tenantId: directory.tenant, name: 'Acme' });
  ({ id } = await createUser(directory, userAttributes('admin@acme.example')));
});

const patching = (...Operations: JsonObject[]) => service.send('PATCH', `/Users/${id}`, { Operations });
const whole = (more: JsonObject): JsonObject => ({
  userName: 'admin@acme.example',
  externalId: 'ext-admin@acme.example',
  ...more,
});
const bulk = async (method: string, data?: JsonObject) => {
  const Operations = [{ method, path: `/Users/${id}`, ...(data === undefined ? {} : { data }) }];
  const { body } = await service.send('POST', '/Bulk', { Operations });
  return Array.isArray(body?.Operations) ? body.Operations[0] : undefined;
};

describe('SCIM gets 403 and a sentence when it would', () => {
  beforeEach(() => protectUser(deployment, { tenantId, userId: id }));

  test.each<[what: string, from: RegExp, request: () => Promise<{ status: number; body?: JsonObject }>]>([
    ['delete them', /cannot be deleted/, () => service.send('DELETE', `/Users/${id}`)],
    [
      'deactivate them, as Entra ID does',
      /cannot be deactivated/,
      () => patching({ op: 'Replace', path: 'active', value: 'False' }),
    ],
    [
      'deactivate them, as Okta does',
      /cannot be deactivated/,
      () => patching({ op: 'replace', value: { active: false } }),
    ],
    [
      'deactivate and rename them in one request',
      /cannot be deactivated/,
      () => patching({ op: 'replace', value: { active: false, userName: 'other@acme.example' } }),
    ],
    [
      'deactivate them by PUT',
      /cannot be deactivated/,
      () => service.send('PUT', `/Users/${id}`, whole({ active: false })),
    ],
    [
      'give them another userName',
      /keeps its "userName"/,
      () => patching({ op: 'replace', path: 'userName', value: 'other@acme.example' }),
    ],
    [
      'give them another userName by PUT',
      /keeps its "userName"/,
      () => service.send('PUT', `/Users/${id}`, whole({ userName: 'other@acme.example' })),
    ],
    [
      'give them another externalId',
      /"externalId", by which its logins/,
      () => patching({ op: 'replace', path: 'externalId', value: 'other' }),
    ],
    [
      'take their externalId',
      /"externalId", by which its logins/,
      () => service.send('PUT', `/Users/${id}`, { userName: 'admin@acme.example' }),
    ],
  ])('%s', async (_what, from, request) => {
    const before = store.all();

    const { status, body } = await request();

    expect(status).toBe(403);
    expect(body).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '403',
      detail: expect.stringMatching(from),
    });
    expect(body?.detail).toContain('ask the provider of this application to lift the protection');
    expect(store.all()).toEqual(before);
  });

  test.each<[string, JsonObject | undefined]>([
    ['DELETE', undefined],
    ['PUT', { userName: 'admin@acme.example', active: false }],
    ['PATCH', { Operations: [{ op: 'replace', path: 'active', value: false }] }],
  ])('%s by Bulk', async (method, data) => {
    expect(await bulk(method, data)).toMatchObject({
      status: '403',
      response: { detail: expect.stringContaining('protected by the provider') },
    });
    expect(await getUser(directory, id)).toMatchObject({ version: 1, attributes: { active: true } });
  });
});

test('everything else of a protected user may be changed, userName in other capitals included', async () => {
  await protectUser(deployment, { tenantId, userId: id });

  expect(await patching({ op: 'replace', path: 'title', value: 'CTO' })).toMatchObject({ status: 200 });
  expect(await patching({ op: 'replace', path: 'userName', value: 'Admin@Acme.example' })).toMatchObject({
    status: 200,
  });
  expect(await service.send('PUT', `/Users/${id}`, whole({ nickName: 'root' }))).toMatchObject({
    status: 200,
    body: { nickName: 'root', active: true },
  });
  expect(await getUser(directory, id)).toMatchObject({ protectedAt: expect.any(Number) });
});

test('no answer over SCIM shows who is protected, not even by its version', async () => {
  const before = await service.send('GET', `/Users/${id}`);

  await protectUser(deployment, { tenantId, userId: id });

  expect(await service.send('GET', `/Users/${id}`)).toEqual(before);
});

test('whoever is inactive when they are protected can be let in once, and then stays', async () => {
  await patching({ op: 'replace', path: 'active', value: false });
  expect(await protectUser(deployment, { tenantId, userId: id })).toMatchObject({ active: false });

  expect(await patching({ op: 'replace', path: 'title', value: 'CTO' })).toMatchObject({ status: 200 });
  expect(await patching({ op: 'replace', path: 'active', value: true })).toMatchObject({ status: 200 });
  expect(await patching({ op: 'replace', path: 'active', value: false })).toMatchObject({ status: 403 });
});

test('lifted, the protection keeps nothing, and both acts are in the log once', async () => {
  const input = { tenantId, userId: 'ADMIN@acme.example' };
  const both = { tenantId, userId: id, active: true };
  expect(await protectUser(deployment, input)).toEqual({ ...both, protected: true, changed: true });
  expect(await protectUser(deployment, input)).toEqual({ ...both, protected: true, changed: false });
  expect(await unprotectUser(deployment, input)).toEqual({ ...both, protected: false, changed: true });
  expect(await unprotectUser(deployment, input)).toEqual({ ...both, protected: false, changed: false });

  expect(await service.send('DELETE', `/Users/${id}`)).toMatchObject({ status: 204 });
  const found = [];
  const until = new Date(Date.now() + 60_000).toISOString();
  for await (const entry of readLog(directory.table, directory.tenant, { since: '2020-01-01', until })) {
    found.unshift(entry);
    if (found.length > 9) break;
  }
  expect(found).toMatchObject(
    ['user.protected', 'user.unprotected'].map((type) => ({ type, actor: 'admin:grace', resourceId: id })),
  );
});

test('who is not there cannot be protected', async () => {
  const nobody = '2819c223-7f76-453a-919d-413861904646';
  for (const userId of [nobody, 'nobody@acme.example']) {
    await expect(protectUser(deployment, { tenantId, userId })).rejects.toMatchObject({ code: 'notFound' });
  }
  await expect(protectUser(deployment, { tenantId: 'nowhere', userId: id })).rejects.toMatchObject({
    code: 'notFound',
  });
});

describe('protected in the middle of a request that', () => {
  const renamed = (attributes: JsonObject) => ({ ...attributes, userName: 'other@acme.example' });
  const inactive = (attributes: JsonObject) => ({ ...attributes, active: false });

  test.each<[what: string, request: (slow: Directory) => Promise<unknown>]>([
    ['deactivates', (slow) => modifyUser(slow, id, inactive)],
    ['renames', (slow) => modifyUser(slow, id, renamed)],
    ['deletes', (slow) => deleteUser(slow, id)],
  ])('%s them: it is refused', async (_what, request) => {
    let told = false;
    const beforeCall = async (operation: TableCall['operation']) => {
      if (operation === 'get' || operation === 'query' || told) return;
      told = true;
      await protectUser(deployment, { tenantId, userId: id });
    };

    const refused = request({ ...directory, table: directory.table.with({ beforeCall }) });

    await expect(refused).rejects.toMatchObject({ code: 'protected', tenantId, userId: id });
    expect(await getUser(directory, id)).toMatchObject({ version: 1, sessionEpoch: 0 });
  });

  test('changes something else: both happen', async () => {
    const beforeCall = async (operation: TableCall['operation']) => {
      if (operation !== 'get') await protectUser(deployment, { tenantId, userId: id });
    };
    const slow = { ...directory, table: directory.table.with({ beforeCall }) };

    await modifyUser(slow, id, (attributes) => ({ ...attributes, title: 'CTO' }));

    expect(await getUser(directory, id)).toMatchObject({
      attributes: { title: 'CTO' },
      protectedAt: expect.any(Number),
    });
  });
});

test('another user who is given the externalId does not keep a protected user out', async () => {
  await createUser(directory, userAttributes('other@acme.example', { externalId: 'ext-admin@acme.example' }));
  const login = () =>
    findLogin(directory.table, directory.tenant, {
      userName: 'admin@acme.example',
      externalId: 'ext-admin@acme.example',
    });
  expect(await login()).toEqual({ outcome: 'refused', reason: 'ambiguous' });

  await protectUser(deployment, { tenantId, userId: id });
  expect(await login()).toMatchObject({ outcome: 'found', user: { id } });

  await protectUser(deployment, { tenantId, userId: 'other@acme.example' });
  expect(await login()).toEqual({ outcome: 'refused', reason: 'ambiguous' });
});

test('a replica that is behind neither lets a protected user go nor keeps one who is not any more', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const stale = {
      ...directory,
      table: new Table('memory', memoryClient(store, undefined, staleReads(seed))),
    };
    const user = await createUser(directory, userAttributes(`u${seed}@acme.example`));
    await protectUser(deployment, { tenantId, userId: user.id });
    await expect(deleteUser(stale, user.id)).rejects.toMatchObject({ code: 'protected' });
    await unprotectUser(deployment, { tenantId, userId: user.id });
    await deleteUser(stale, user.id);
  }
});

test('an administrator who ends what a restored table gives again ends the access of protected users, too', async () => {
  await protectUser(deployment, { tenantId, userId: id });
  const user = await getUser(directory, id);
  if (user === undefined) throw new Error('The user is there.');

  await endRestoredAccess(
    directory.table,
    { kind: 'user', tenant: directory.tenant, userId: user.id, before: 'inactive' },
    ORIGIN,
  );

  expect(await getUser(directory, id)).toMatchObject({ attributes: { active: false }, sessionEpoch: 1 });
});

test('check finds a table with protected users sound, and a mark that is no time unreadable', async () => {
  await protectUser(deployment, { tenantId, userId: id });
  expect(await findings()).toEqual([]);

  const key: ItemKey = resourceKey(directory.tenant, 'User', (await getUser(directory, id))?.id ?? '');
  await directory.table.write({
    kind: 'update',
    key,
    update: 'SET protectedAt = :yes',
    values: { ':yes': 'yes' },
  });
  expect(await findings()).toEqual(['resource-unreadable']);
});

async function findings(): Promise<string[]> {
  const { findings: found } = await checkTable(directory.table, { secondLookAfterMs: 0 });
  return found.map(({ code }) => code);
}

test('the commands say what holds from now on', async () => {
  const out: string[] = [];
  const admin = (...words: string[]) =>
    main(words, {
      out: (text) => out.push(text),
      error: (text) => out.push(text),
      findTarget: async () => deployment,
    });

  expect(await admin('user', 'protect', 'acme', 'admin@acme.example')).toBe(0);
  expect(await admin('user', 'show', 'acme', id)).toBe(0);
  expect(await admin('user', 'unprotect', 'acme', id, '--json')).toBe(0);
  expect(await admin('user', 'protect', 'acme', 'nobody')).toBe(1);

  expect(out).toEqual([
    `SCIM may not deactivate, delete or rename the user ${id}. End their sessions, if need be, with session revoke.`,
    expect.stringMatching(/^Protected +since \d{4}-/m),
    JSON.stringify({ tenantId, userId: id, protected: false, changed: true, active: true }, undefined, 2),
    expect.stringContaining('No user of the tenant "acme"'),
  ]);
});
