import fc from 'fast-check';
import { checkTable } from '../../src/directory/check/check';
import { InvalidValue, NotFound, UniquenessConflict } from '../../src/directory/errors';
import { resourceKey, tombstoneKey } from '../../src/directory/table/keys';
import { appIdGuardKey } from '../../src/directory/table/value-keys';
import { findUserByAppId, readAppId, setAppId } from '../../src/directory/users/app-id';
import { eraseUser } from '../../src/directory/users/erase-user';
import { restoreUser } from '../../src/directory/users/restore-user';
import { createUser, deleteUser, getUser, modifyUser } from '../../src/directory/users/users';
import { eventsOf } from '../../src/events/events-of';
import { entryOf } from '../../src/events/log/entry-of';
import { userAttributes } from '../../testing/directory';
import { resourcesOf, serviceOf } from '../../testing/service';
import { streamOf } from '../events/log/stream-of';
import { findingsIn, newWorld, type World, worldOf } from './crash-points/world';

let world: World;
beforeEach(async () => {
  world = await newWorld();
});
afterEach(async () => {
  expect(await findingsIn(world)).toEqual([]);
});

const newUser = (userName: string, appId?: string) =>
  createUser(world.directory, userAttributes(userName), undefined, appId);
const idOf = async (appId: string) => (await findUserByAppId(world.directory, appId))?.id;

describe('the id of a user in the vendor’s app', () => {
  test('finds the user, in exactly this form', async () => {
    const ann = await newUser('ann', 'Account/7#D');
    const bob = await newUser('bob');
    await setAppId(world.directory, bob.id, 'account/7#D');

    expect(await idOf('Account/7#D')).toBe(ann.id);
    expect(await idOf('account/7#D')).toBe(bob.id);
    expect(await idOf('ACCOUNT/7#D')).toBeUndefined();
  });

  test('is replaced and taken away, and is free then', async () => {
    const ann = await newUser('ann', 'account-1');
    await setAppId(world.directory, ann.id, 'account-2');
    expect([await idOf('account-1'), await idOf('account-2')]).toEqual([undefined, ann.id]);

    await setAppId(world.directory, ann.id, undefined);

    expect(await idOf('account-2')).toBeUndefined();
    const bob = await newUser('bob', 'account-2');
    expect(await idOf('account-2')).toBe(bob.id);
  });

  test('is that of one user: another one is refused, when created and later', async () => {
    const ann = await newUser('ann', 'account-1');
    const bob = await newUser('bob');
    const conflict = new UniquenessConflict('appId', 'account-1');

    await expect(newUser('carl', 'account-1')).rejects.toThrow(conflict);
    await expect(setAppId(world.directory, bob.id, 'account-1')).rejects.toThrow(conflict);
    expect(conflict).toMatchObject({ attribute: 'appId', value: 'account-1', code: 'uniqueness' });
    expect(await idOf('account-1')).toBe(ann.id);
    // The name is what an identity provider would look for first.
    await expect(newUser('ANN', 'account-1')).rejects.toMatchObject({ attribute: 'userName' });
  });

  test('is that of one tenant', async () => {
    const ann = await newUser('ann', 'account-1');
    const other = { ...world.directory, tenant: 'other' as typeof world.tenant };

    expect(await findUserByAppId(other, 'account-1')).toBeUndefined();
    expect(await idOf('account-1')).toBe(ann.id);
  });

  test('is set for nobody who is not there', async () => {
    const { id } = await newUser('ann', 'account-1');
    await deleteUser(world.directory, id);

    await expect(setAppId(world.directory, id, 'account-2')).rejects.toThrow(NotFound);
    await expect(setAppId(world.directory, 'ann', 'account-2')).rejects.toThrow(NotFound);
  });

  test.each(['', ' a', 'a ', 'a\nb', 'a\u200bb', 'a\ud800', 'x'.repeat(257)])('is not %j', async (appId) => {
    const { id } = await newUser('ann');

    await expect(setAppId(world.directory, id, appId)).rejects.toThrow(InvalidValue);
  });

  test('may be any text of visible characters, and its key is in no partition of another kind', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (text) => {
        fc.pre(
          text.trim() === text && !/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text),
        );
        expect(readAppId(text)).toBe(text);
        expect(appIdGuardKey(world.tenant, text).pk).toMatch(/^T#acme#A#~[\w-]{43}$/);
      }),
    );
  });

  test('is no part of the resource: neither answers, nor filters, nor versions tell of it', async () => {
    const service = serviceOf(world.directory);
    const { id } = await newUser('ann', 'secret-7');
    const before = await service.get(`/Users/${id}`);

    await setAppId(world.directory, id, 'secret-8');

    expect(await service.get(`/Users/${id}`)).toEqual(before);
    expect(JSON.stringify(before)).not.toContain('secret');
    expect(resourcesOf(await service.get('/Users?filter=userName eq "secret-8"'))).toEqual([]);
    const asked = await service.send('GET', '/Users?filter=appId eq "secret-8"');
    const nonsense = await service.send('GET', '/Users?filter=other eq "secret-8"');
    expect(JSON.stringify(asked).replaceAll('appId', 'other')).toBe(JSON.stringify(nonsense));
  });

  test('stays when the identity provider renames, replaces or deactivates the user', async () => {
    const { id } = await newUser('ann', 'account-1');

    await modifyUser(world.directory, id, () => ({ userName: 'anna', externalId: 'new', active: false }));

    expect(await getUser(world.directory, id)).toMatchObject({ appId: 'account-1', version: 2 });
    expect(await idOf('account-1')).toBe(id);
  });
});

describe('when the user is deleted', () => {
  test('the appId is free at once, and comes back with the user', async () => {
    const { id } = await newUser('ann', 'account-1');
    await deleteUser(world.directory, id);
    expect(await idOf('account-1')).toBeUndefined();
    expect(await world.table.get(appIdGuardKey(world.tenant, 'account-1'))).toBeUndefined();

    expect(await restoreUser(world.directory, id)).not.toHaveProperty('appIdLeftOut');

    expect(await idOf('account-1')).toBe(id);
  });

  test('whoever has got it meanwhile keeps it, and the user comes back without', async () => {
    const { id } = await newUser('ann', 'account-1');
    await deleteUser(world.directory, id);
    const heir = await newUser('heir', 'account-1');

    const restored = await restoreUser(world.directory, id);

    expect(restored).toMatchObject({ appIdLeftOut: 'account-1', user: { id } });
    expect(await idOf('account-1')).toBe(heir.id);
    expect(await getUser(world.directory, id)).not.toMatchObject({ appId: 'account-1' });
  });

  test('erasing forgets it', async () => {
    const { id } = await newUser('ann', 'account-1');
    await deleteUser(world.directory, id);
    const act = { kind: 'put', item: { pk: `LOG#${world.tenant}#2026-11-23`, sk: '2026-11-23#x' } } as const;

    await eraseUser(world.directory, id, act);

    expect(JSON.stringify(await world.table.get(tombstoneKey(world.tenant, 'User', id)))).not.toContain(
      'account-1',
    );
  });

  test.each([
    ['the first', undefined],
    ['another', 'account-1'],
  ])('%s appId that is set while the deletion is under way leaves nothing behind', async (_, before) => {
    const { id } = await newUser('ann', before);
    let isSet = false;
    const slow = worldOf(world.store, world.clock, async ({ command }, answer) => {
      if (!isSet && command === 'TransactWrite') {
        isSet = true;
        await setAppId(world.directory, id, 'account-2');
      }
      return answer();
    });

    await deleteUser(slow.directory, id);

    expect(isSet).toBe(true);
    for (const appId of ['account-1', 'account-2']) {
      expect(await world.table.get(appIdGuardKey(world.tenant, appId))).toBeUndefined();
    }
  });
});

test('what happens to the user is told with it, and so is that it was set', async () => {
  const changes = streamOf(world.store);
  const { id } = await newUser('ann');
  await setAppId(world.directory, id, 'account-1');
  await modifyUser(world.directory, id, (attributes) => ({ ...attributes, active: false }));
  await deleteUser(world.directory, id);
  await restoreUser(world.directory, id);
  await setAppId(world.directory, id, undefined);

  const events = changes.flatMap((change) => eventsOf(change)).map(({ type, data }) => [type, data]);
  expect(events).toEqual([
    ['user.provisioned', { userId: id, active: true, resourceVersion: 1 }],
    [
      'user.updated',
      { userId: id, appId: 'account-1', active: true, resourceVersion: 1, changed: ['appId'] },
    ],
    [
      'user.deactivated',
      { userId: id, appId: 'account-1', active: false, resourceVersion: 2, changed: ['active'] },
    ],
    ['user.deleted', { userId: id, appId: 'account-1' }],
    ['user.restored', { userId: id, appId: 'account-1', active: false, resourceVersion: 3 }],
    ['user.updated', { userId: id, active: false, resourceVersion: 3, changed: ['appId'] }],
  ]);
  const ids = changes.flatMap((change) => eventsOf(change)).map((event) => event.id);
  expect(new Set(ids).size).toBe(ids.length);
  const logged = changes.map(entryOf).flatMap((entry) => (entry === undefined ? [] : [entry]));
  expect(logged.map(({ type }) => type)).toEqual([
    'user.created',
    'user.updated',
    'user.deactivated',
    'user.deleted',
    'user.restored',
    'user.updated',
  ]);
  expect(JSON.stringify(logged)).not.toContain('account-1');
});

describe('the check', () => {
  const repaired = async () =>
    (await checkTable(world.table, { repair: true, secondLookAfterMs: 0 })).findings.map(
      ({ code, outcome }) => `${code}: ${outcome}`,
    );

  test('writes a guard that is missing, and removes one of nobody', async () => {
    const { id } = await newUser('ann', 'account-1');
    await world.table.write({ kind: 'delete', key: appIdGuardKey(world.tenant, 'account-1') });
    await world.table.write({ kind: 'put', item: { ...appIdGuardKey(world.tenant, 'gone'), id } });

    expect((await repaired()).sort()).toEqual(['guard-missing: repaired', 'guard-stale: repaired']);

    expect(await idOf('account-1')).toBe(id);
    expect(await world.table.get(appIdGuardKey(world.tenant, 'gone'))).toBeUndefined();
  });

  test('leaves to a person which of two users has it', async () => {
    const ann = await newUser('ann', 'account-1');
    const bob = await newUser('bob');
    const key = resourceKey(world.tenant, 'User', bob.id);
    await world.table.write({ kind: 'update', key, update: 'SET appId = :a', values: { ':a': 'account-1' } });

    expect(await repaired()).toEqual(['guard-of-another: manual']);

    expect(await idOf('account-1')).toBe(ann.id);
    await world.table.write({ kind: 'update', key, update: 'REMOVE appId' });
  });
});
