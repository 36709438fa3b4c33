import { randomUUID } from 'node:crypto';
import { Conflict, NotFound } from '../../src/directory/errors';
import { createGroup, deleteGroup } from '../../src/directory/groups/groups';
import { MAX_BODY_BYTES } from '../../src/directory/resources/body';
import { countResources } from '../../src/directory/resources/counters';
import type { Directory } from '../../src/directory/resources/directory';
import { tombstoneDaysOf } from '../../src/directory/resources/retention';
import {
  hiddenMemberKey,
  type ResourceId,
  resourceKey,
  sessionPartition,
  tombstoneKey,
} from '../../src/directory/table/keys';
import { ConditionFailed } from '../../src/directory/table/table';
import { userNameGuardKey, valueIndexKey } from '../../src/directory/table/value-keys';
import { createUser, deleteUser, findUserId, getUser, modifyUser } from '../../src/directory/users/users';
import type { JsonObject } from '../../src/scim/json';
import { directoryOf, userAttributes } from '../../testing/directory';
import { useTestTable } from '../../testing/engine';

const engine = useTestTable();
let directory: Directory;
beforeEach(() => {
  directory = directoryOf(engine.table);
});

/** A user whose attributes take so many bytes as JSON text; with a character of four bytes. */
function ofSize(bytes: number): JsonObject {
  const attributes = userAttributes(`${randomUUID()}@example.com`, { nickName: '🙂', title: '' });
  return { ...attributes, title: 'x'.repeat(bytes - Buffer.byteLength(JSON.stringify(attributes))) };
}

const set =
  (more: JsonObject) =>
  (attributes: JsonObject): JsonObject => ({ ...attributes, ...more });

describe('createUser', () => {
  test('finds the user by id and by userName in any case, and keeps the case it came in', async () => {
    const user = await createUser(directory, userAttributes('Ada@Example.com'));

    const read = await getUser(directory, user.id);

    expect(read?.attributes.userName).toBe('Ada@Example.com');
    expect(await findUserId(directory, 'ADA@EXAMPLE.COM')).toBe(user.id);
    expect(await countResources(directory, 'User')).toMatchObject({ total: 1 });
  });

  test('gives exactly one of two users with the same userName at the same time', async () => {
    const outcomes = await Promise.allSettled([
      createUser(directory, userAttributes('ann@example.com')),
      createUser(directory, userAttributes('ANN@example.com')),
    ]);

    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toMatchObject({ code: 'uniqueness' });
    expect(await countResources(directory, 'User')).toMatchObject({ total: 1 });
  });

  test('refuses what leaves no room for the marks that take access away', async () => {
    await expect(createUser(directory, ofSize(MAX_BODY_BYTES + 1))).rejects.toMatchObject({
      code: 'item-too-large',
    });
    expect(await countResources(directory, 'User')).toMatchObject({ total: 0 });
  });

  test('lets another tenant have the same userName', async () => {
    await createUser(directory, userAttributes('ann@example.com'));
    const other = directoryOf(engine.table);

    await createUser(other, userAttributes('ann@example.com'));

    expect(await countResources(other, 'User')).toMatchObject({ total: 1 });
  });

  test('needs no index item for an e-mail equal to the userName', async () => {
    const user = await createUser(directory, userAttributes('ann@example.com'));

    expect(
      await engine.table.get(valueIndexKey(directory.tenant, 'ann@example.com', 'User', user.id)),
    ).toBeUndefined();
    expect(
      await engine.table.get(valueIndexKey(directory.tenant, 'ext-ann@example.com', 'User', user.id)),
    ).toBeDefined();
  });

  test('makes a user active when nothing is said', async () => {
    const user = await createUser(directory, { userName: 'google' });

    expect(user.attributes.active).toBe(true);
    expect(await engine.table.get(resourceKey(directory.tenant, 'User', user.id))).toMatchObject({
      active: true,
      sessionEpoch: 0,
    });
  });

  test('refuses more looked-up values than one transaction can index', async () => {
    const emails = Array.from({ length: 60 }, (_, index) => ({ value: `a${index}@example.com` }));

    await expect(createUser(directory, userAttributes('many', { emails }))).rejects.toMatchObject({
      code: 'invalid-value',
    });
  });
});

describe('modifyUser', () => {
  test('deactivates a user of the largest size', async () => {
    const { id } = await createUser(directory, ofSize(MAX_BODY_BYTES));

    await modifyUser(directory, id, set({ active: false }));

    expect(await getUser(directory, id)).toMatchObject({ attributes: { active: false }, sessionEpoch: 1 });
    await modifyUser(directory, id, set({ active: true }));
    await expect(modifyUser(directory, id, set({ nickName: '🙂🙂' }))).rejects.toThrow('400 kB');
  });

  test('makes a user who is larger than that inactive or smaller, not larger', async () => {
    const { id } = await createUser(directory, userAttributes('ann@example.com'));
    const large = ofSize(MAX_BODY_BYTES + 1_000);
    const values = { ':body': JSON.stringify(large) };
    await engine.table.transact([
      { kind: 'update', key: resourceKey(directory.tenant, 'User', id), update: 'SET body = :body', values },
    ]);
    const size = String(large.title).length;

    await expect(modifyUser(directory, id, set({ title: 'x'.repeat(size + 1) }))).rejects.toThrow('400 kB');
    await modifyUser(directory, id, set({ active: false }));
    await modifyUser(directory, id, set({ title: 'x'.repeat(size - 1) }));

    expect((await getUser(directory, id))?.attributes).toMatchObject({ active: false });
  });

  test('raises the version and moves index items with the values', async () => {
    const user = await createUser(directory, userAttributes('old@example.com'));

    const changed = await modifyUser(
      directory,
      user.id,
      set({ userName: 'new@example.com', externalId: 'e2' }),
    );

    expect(changed.version).toBe(2);
    expect(await findUserId(directory, 'new@example.com')).toBe(user.id);
    expect(await findUserId(directory, 'old@example.com')).toBeUndefined();
    expect(await engine.table.get(valueIndexKey(directory.tenant, 'e2', 'User', user.id))).toBeDefined();
    expect(
      await engine.table.get(valueIndexKey(directory.tenant, 'ext-old@example.com', 'User', user.id)),
    ).toBeUndefined();
    // The e-mail is no longer the userName and so has an index item of its own now.
    expect(
      await engine.table.get(valueIndexKey(directory.tenant, 'old@example.com', 'User', user.id)),
    ).toBeDefined();
  });

  test('changes the case of a userName without giving up its guard', async () => {
    const user = await createUser(directory, userAttributes('ann@example.com'));

    const changed = await modifyUser(directory, user.id, set({ userName: 'Ann@Example.com' }));

    expect(changed.attributes.userName).toBe('Ann@Example.com');
    expect(await findUserId(directory, 'ann@example.com')).toBe(user.id);
  });

  test('refuses the userName of another user and changes nothing', async () => {
    await createUser(directory, userAttributes('taken'));
    const user = await createUser(directory, userAttributes('mine'));

    await expect(
      modifyUser(directory, user.id, set({ userName: 'TAKEN', title: 'x' })),
    ).rejects.toMatchObject({ code: 'uniqueness' });

    expect((await getUser(directory, user.id))?.attributes).toEqual(user.attributes);
  });

  test('writes nothing when the change gives the same object back', async () => {
    const user = await createUser(directory, userAttributes('ann'));

    const same = await modifyUser(directory, user.id, (attributes) => attributes);

    expect(same.version).toBe(1);
  });

  test('keeps every one of many concurrent changes', async () => {
    const user = await createUser(directory, userAttributes('ann'));
    const names = Array.from({ length: 12 }, (_, index) => `a${index}`);

    await Promise.all(names.map((name) => modifyUser(directory, user.id, set({ [name]: true }))));

    const read = await getUser(directory, user.id);
    expect(Object.keys(read?.attributes ?? {})).toEqual(expect.arrayContaining(names));
    expect(read?.version).toBe(1 + names.length);
  });

  test('refuses a version that is no longer the present one', async () => {
    const user = await createUser(directory, userAttributes('ann'));
    await modifyUser(directory, user.id, set({ title: 'x' }));

    await expect(
      modifyUser(directory, user.id, set({ title: 'y' }), (version) => version === 1),
    ).rejects.toMatchObject({
      code: 'precondition-failed',
    });
  });

  test.each([
    ['an unknown id', '2819c223-7f76-453a-919d-413861904646'],
    ['what is no id', '../x'],
    ['another tenant’s id', ''],
  ])('answers not found for %s', async (_, id) => {
    const elsewhere = await createUser(directoryOf(engine.table), userAttributes('ann'));

    await expect(modifyUser(directory, id || elsewhere.id, set({}))).rejects.toBeInstanceOf(NotFound);
    await expect(modifyUser(directory, id || elsewhere.id, set({}))).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('deactivation', () => {
  test('raises the session epoch and marks the revocation in the same write', async () => {
    const user = await createUser(directory, userAttributes('ann'));

    await modifyUser(directory, user.id, set({ active: false }));

    const item = await engine.table.get(resourceKey(directory.tenant, 'User', user.id));
    expect(item).toMatchObject({
      active: false,
      sessionEpoch: 1,
      revocationPending: expect.any(Number),
      g1: `PENDING#${user.id[0]}`,
    });
  });

  test('neither raises the epoch again for an inactive user nor takes the mark off on reactivation', async () => {
    const user = await createUser(directory, userAttributes('ann'));
    await modifyUser(directory, user.id, set({ active: false }));
    await modifyUser(directory, user.id, set({ title: 'x' }));

    await modifyUser(directory, user.id, set({ active: true }));

    const item = await engine.table.get(resourceKey(directory.tenant, 'User', user.id));
    expect(item).toMatchObject({ active: true, sessionEpoch: 1, revocationPending: expect.any(Number) });
  });
});

describe('deleteUser', () => {
  test('leaves a tombstone with the revocation mark and nothing else', async () => {
    const user = await createUser(directory, userAttributes('ann@example.com'));

    await deleteUser(directory, user.id);

    const { tenant } = directory;
    expect(await getUser(directory, user.id)).toBeUndefined();
    expect(await engine.table.get(userNameGuardKey(tenant, 'ann@example.com'))).toBeUndefined();
    expect(
      await engine.table.get(valueIndexKey(tenant, 'ext-ann@example.com', 'User', user.id)),
    ).toBeUndefined();
    expect(await countResources(directory, 'User')).toMatchObject({ total: 0 });
    expect(await engine.table.get(tombstoneKey(tenant, 'User', user.id))).toMatchObject({
      revocationPending: expect.any(Number),
    });
    expect(await engine.table.queryAll({ pk: sessionPartition(tenant, user.id) })).toEqual([]);
  });

  test('frees the userName at once, for a user with a new id', async () => {
    const first = await createUser(directory, userAttributes('ann'));
    await deleteUser(directory, first.id);

    const second = await createUser(directory, userAttributes('ann'));

    expect(second.id).not.toBe(first.id);
  });

  test('answers not found the second time', async () => {
    const user = await createUser(directory, userAttributes('ann'));
    await deleteUser(directory, user.id);

    await expect(deleteUser(directory, user.id)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('keeps the tombstone for days, and hides nobody who has no groups left behind', async () => {
    const at = new Date('2026-11-25T12:00:00.900Z');
    const user = await createUser(directory, userAttributes('ann'));

    await deleteUser({ ...directory, now: () => at }, user.id);

    const { tenant } = directory;
    expect(await engine.table.get(tombstoneKey(tenant, 'User', user.id))).toMatchObject({
      expiresAt: Math.floor(at.getTime() / 1000) + tombstoneDaysOf(process.env) * 86_400,
    });
    expect(await engine.table.get(hiddenMemberKey(tenant, user.id))).toBeUndefined();
  });

  test('frees the name that a user gets between the look and the deletion', async () => {
    const user = await createUser(directory, userAttributes('ann'));
    let renamed = false;
    const racing = engine.table.with({
      beforeCall: async (operation) => {
        if (operation !== 'transact' || renamed) return;
        renamed = true;
        await modifyUser(directory, user.id, set({ userName: 'eve' }));
      },
    });

    await deleteUser({ ...directory, table: racing }, user.id);

    expect(await findUserId(directory, 'eve')).toBeUndefined();
    expect(await findUserId(directory, 'ann')).toBeUndefined();
    expect(await getUser(directory, user.id)).toBeUndefined();
    expect(await countResources(directory, 'User')).toMatchObject({ total: 0 });
  });

  test('leaves the memberships to the cleaner when a group goes at the same moment', async () => {
    const user = await createUser(directory, userAttributes('ann'));
    const groups = await Promise.all(
      ['a', 'b'].map((displayName) => createGroup(directory, { displayName }, [{ id: user.id }])),
    );
    let gone = false;
    const racing = engine.table.with({
      beforeCall: async (operation) => {
        if (operation !== 'transact' || gone) return;
        gone = true;
        await deleteGroup(directory, groups[0]?.id ?? '');
      },
    });

    await deleteUser({ ...directory, table: racing }, user.id);

    expect(await getUser(directory, user.id)).toBeUndefined();
    expect(await engine.table.get(hiddenMemberKey(directory.tenant, user.id))).toBeDefined();
  });
});

describe('a user with an id that several attempts of one request use', () => {
  const id = () => randomUUID() as ResourceId;

  test('is created once', async () => {
    const allotted = id();
    const user = await createUser(directory, userAttributes('ann'), allotted);

    expect(user.id).toBe(allotted);
    await expect(createUser(directory, userAttributes('eve'), allotted)).rejects.toBeInstanceOf(
      ConditionFailed,
    );
    expect(await findUserId(directory, 'eve')).toBeUndefined();
    expect(await countResources(directory, 'User')).toMatchObject({ total: 1 });
  });

  test('is not brought back by an attempt that comes after the deletion', async () => {
    const allotted = id();
    await createUser(directory, userAttributes('ann'), allotted);
    await deleteUser(directory, allotted);

    const late = createUser(directory, userAttributes('ann'), allotted);

    await expect(late).rejects.toBeInstanceOf(Conflict);
    await expect(late).rejects.toThrow('the user');
    expect(await getUser(directory, allotted)).toBeUndefined();
    expect(await findUserId(directory, 'ann')).toBeUndefined();
  });

  test('says that a name is taken rather than that somebody was faster', async () => {
    await createUser(directory, userAttributes('ann'));

    await expect(createUser(directory, userAttributes('ann'), id())).rejects.toMatchObject({
      code: 'uniqueness',
    });
  });
});

test('what is no id is not looked for in the table', async () => {
  const table = engine.table.with({
    beforeCall: (operation) => {
      throw new Error(`called ${operation}`);
    },
  });

  expect(await getUser({ ...directory, table }, '../x')).toBeUndefined();
  await expect(modifyUser({ ...directory, table }, '../x', set({}))).rejects.toBeInstanceOf(NotFound);
});
