import type { Directory } from '../../src/directory/resources/directory';
import { type ResourceId, resourceKey, sessionPartition, tombstoneKey } from '../../src/directory/table/keys';
import { resumeTenant, suspendTenant } from '../../src/directory/tenants/tenant-status';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { createUser, deleteUser, modifyUser } from '../../src/directory/users/users';
import { revokePending } from '../../src/offboarding/revoke';
import { sweepRevocations } from '../../src/offboarding/sweep';
import { currentEpoch, isEpochCurrent, SessionRefused, SessionStore } from '../../src/sessions';
import { useTestTable } from '../../testing/engine';
import { ORIGIN } from '../../testing/origin';

const engine = useTestTable();
let directory: Directory;
let clock = Date.parse('2026-11-23T12:00:00Z');
const MINUTE = 60_000;
const ABSENT = '00000000-0000-4000-8000-000000000000';
const tenant = readTenantId('acme');

beforeAll(async () => {
  directory = { table: engine.table, tenant, origin: ORIGIN, now: () => new Date(clock) };
  await createTenant(engine.table, { tenantId: tenant, name: 'Acme Inc' });
});

const store = () => new SessionStore(engine.table, { now: () => clock });
let users = 0;
const newUser = async (): Promise<ResourceId> =>
  (await createUser(directory, { userName: `user-${++users}`, active: true })).id;
const setActive = (id: string, active: boolean) =>
  modifyUser(directory, id, (attributes) => ({ ...attributes, active }));
const stored = (id: string) => engine.table.queryAll({ pk: sessionPartition(tenant, id) });
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof SessionRefused ? error.reason : error),
  );

describe('issuing and verifying', () => {
  test('an issued session is alive, and its tokens are not in the table', async () => {
    const user = await newUser();

    const { sessionToken, refreshToken, session } = await store().issue(tenant, user, { label: 'Firefox' });

    expect(await store().verify(sessionToken)).toEqual({ active: true, session });
    const text = JSON.stringify(await stored(user));
    for (const secret of [sessionToken, refreshToken].flatMap((token) => token.split('.').slice(3))) {
      expect(text).not.toContain(secret);
    }
  });

  test('nobody absent, inactive, or of a suspended or unknown tenant gets a session', async () => {
    const inactive = await newUser();
    await setActive(inactive, false);
    const suspended = readTenantId('suspended');
    await createTenant(engine.table, { tenantId: suspended, name: 'Suspended' });
    await suspendTenant(engine.table, suspended);

    expect(await reasonOf(store().issue(tenant, ABSENT))).toBe('user-absent');
    expect(await reasonOf(store().issue(tenant, 'not an id'))).toBe('user-absent');
    expect(await reasonOf(store().issue(tenant, inactive))).toBe('user-inactive');
    expect(await reasonOf(store().issue(suspended, inactive))).toBe('tenant-suspended');
    expect(await reasonOf(store().issue(readTenantId('nobody'), inactive))).toBe('tenant-absent');
  });

  const [session, secret] = ['s'.repeat(22), 'x'.repeat(43)];
  test.each([
    '',
    'ses_',
    'ses_acme.x.y.z',
    'Bearer abc',
    `ses_acme.${'x'.repeat(36)}.${session}.${secret}`,
    `ses_A_B.${ABSENT}.${session}.${secret}`,
    ` ses_acme.${ABSENT}.${session}.${secret}`,
    `ses_acme.${ABSENT}.${session}.${secret}x`,
    `rt_acme.${ABSENT}.${session}.${secret}.${secret}`,
  ])('%j is no session token', async (text) => {
    expect(await store().verify(text)).toEqual({ active: false, reason: 'malformed' });
    expect(await reasonOf(store().rotate(text.replace(/^rt_/, 'ses_')))).toBe('malformed');
  });

  test('a session that is out is removed by the table in time, not before it has died of age', async () => {
    const user = await newUser();
    await store().issue(tenant, user);

    const [item] = await stored(user);

    expect(item).toMatchObject({
      absoluteExpiresAt: clock + 720 * MINUTE,
      idleExpiresAt: clock + 30 * MINUTE,
    });
    expect(item?.expiresAt).toBe(Math.ceil((clock + 720 * MINUTE) / 1000));
  });

  test('use is written down once per tenth of the idle time', async () => {
    const user = await newUser();
    const { sessionToken } = await store().issue(tenant, user);
    const seenAfter = async (milliseconds: number) => {
      await new SessionStore(engine.table, { now: () => clock + milliseconds }).verify(sessionToken);
      const [item] = await stored(user);
      return Number(item?.lastSeenAt) - clock;
    };

    expect(await seenAfter(3 * MINUTE - 1)).toBe(0);
    expect(await seenAfter(3 * MINUTE)).toBe(3 * MINUTE);
    expect(await seenAfter(5 * MINUTE)).toBe(3 * MINUTE);
  });

  test('who is deactivated between the look and the write gets no session', async () => {
    const user = await newUser();
    const racing = engine.table.with({
      beforeCall: async (operation) => {
        if (operation === 'transact') await setActive(user, false);
      },
    });

    expect(await reasonOf(new SessionStore(racing, { now: () => clock }).issue(tenant, user))).toBe(
      'user-inactive',
    );
    expect(await stored(user)).toEqual([]);
  });

  test('a token with another secret finds nothing', async () => {
    const { sessionToken } = await store().issue(tenant, await newUser());

    const forged = `${sessionToken.slice(0, -43)}${'A'.repeat(43)}`;

    expect(await store().verify(forged)).toEqual({ active: false, reason: 'unknown' });
  });

  test('use brings no session back that is ended between the look and the write', async () => {
    const user = await newUser();
    const { session, sessionToken } = await store().issue(tenant, user);
    const ending = engine.table.with({
      beforeCall: async (operation) => {
        if (operation === 'update') await store().revoke(session);
      },
    });
    const later = new SessionStore(ending, { now: () => clock + 10 * MINUTE });

    await later.verify(sessionToken);

    expect(await stored(user)).toEqual([]);
  });

  test('a session dies of idleness, is kept by use, and dies of age in any case', async () => {
    const sessions = new SessionStore(engine.table, {
      now: () => clock,
      idleMs: 30 * MINUTE,
      absoluteMs: 60 * MINUTE,
    });
    const user = await newUser();
    const [used, unused] = [await sessions.issue(tenant, user), await sessions.issue(tenant, user)];

    clock += 20 * MINUTE;
    expect((await sessions.verify(used.sessionToken)).active).toBe(true);
    clock += 10 * MINUTE;
    expect(await sessions.verify(unused.sessionToken)).toEqual({ active: false, reason: 'idle' });
    clock += 10 * MINUTE;
    expect((await sessions.verify(used.sessionToken)).active).toBe(true);
    expect(await sessions.verify(unused.sessionToken)).toEqual({ active: false, reason: 'idle' });
    clock += 20 * MINUTE;
    expect(await sessions.verify(used.sessionToken)).toEqual({ active: false, reason: 'expired' });
  });
});

describe('off-boarding', () => {
  test('a deactivated user has no live session, before the revoker has run and after', async () => {
    const user = await newUser();
    const issued = [await store().issue(tenant, user), await store().issue(tenant, user)];
    const states = () => Promise.all(issued.map(({ sessionToken }) => store().verify(sessionToken)));

    await setActive(user, false);

    expect(await states()).toEqual(Array(2).fill({ active: false, reason: 'user-inactive' }));
    expect(await store().list(tenant, user)).toEqual([]);
    clock += 700;
    expect(await revokePending(engine.table, tenant, user, () => clock)).toEqual({ sessions: 2, lagMs: 700 });
    expect(await stored(user)).toEqual([]);
    expect(await engine.table.get(resourceKey(tenant, 'User', user))).not.toHaveProperty('revocationPending');
  });

  test('reactivation revives no old session, and the revoker kills none of the new ones', async () => {
    const user = await newUser();
    const old = await store().issue(tenant, user);
    await setActive(user, false);
    await setActive(user, true);
    const fresh = await store().issue(tenant, user);

    expect(await store().verify(old.sessionToken)).toEqual({ active: false, reason: 'revoked' });
    expect(await reasonOf(store().rotate(old.refreshToken))).toBe('revoked');
    expect(await revokePending(engine.table, tenant, user)).toMatchObject({ sessions: 1 });
    expect((await store().verify(fresh.sessionToken)).active).toBe(true);
  });

  test("a deleted user's sessions are dead and then gone, and the mark with them", async () => {
    const user = await newUser();
    const { sessionToken } = await store().issue(tenant, user);

    await deleteUser(directory, user);

    expect(await store().verify(sessionToken)).toEqual({ active: false, reason: 'user-absent' });
    expect(await revokePending(engine.table, tenant, user)).toMatchObject({ sessions: 1 });
    expect(await stored(user)).toEqual([]);
    const tombstone = await engine.table.get(tombstoneKey(tenant, 'User', user));
    expect(tombstone).toBeDefined();
    expect(tombstone).not.toHaveProperty('revocationPending');
  });

  test('the revoker may run twice, and without anything to do', async () => {
    const user = await newUser();
    await store().issue(tenant, user);
    await setActive(user, false);

    await Promise.all([revokePending(engine.table, tenant, user), revokePending(engine.table, tenant, user)]);

    expect(await revokePending(engine.table, tenant, user)).toEqual({ sessions: 0, lagMs: undefined });
    expect(await revokePending(engine.table, tenant, ABSENT as ResourceId)).toEqual({
      sessions: 0,
      lagMs: undefined,
    });
    expect(await stored(user)).toEqual([]);
  });

  test('a suspended tenant has no live session, also after it is resumed', async () => {
    const other = readTenantId('other');
    await createTenant(engine.table, { tenantId: other, name: 'Other' });
    const user = (await createUser({ ...directory, tenant: other }, { userName: 'kim', active: true })).id;
    const { sessionToken } = await store().issue(other, user);

    await suspendTenant(engine.table, other);
    expect(await store().verify(sessionToken)).toEqual({ active: false, reason: 'tenant-suspended' });
    await resumeTenant(engine.table, other);

    expect(await store().verify(sessionToken)).toEqual({ active: false, reason: 'revoked' });
    expect((await store().verify((await store().issue(other, user)).sessionToken)).active).toBe(true);
  });

  test('issuing while the user is deactivated leaves no live session, in whatever order', async () => {
    for (let round = 0; round < 10; round++) {
      const user = await newUser();

      const [issued] = await Promise.allSettled([store().issue(tenant, user), setActive(user, false)]);

      if (issued.status === 'fulfilled') {
        expect((await store().verify(issued.value.sessionToken)).active).toBe(false);
      } else {
        expect(issued.reason).toMatchObject({ reason: 'user-inactive' });
      }
      await revokePending(engine.table, tenant, user);
      expect(await stored(user)).toEqual([]);
    }
  });
});

describe('rotating a refresh token', () => {
  test('gives new tokens and ends the old ones', async () => {
    const first = await store().issue(tenant, await newUser());

    const second = await store().rotate(first.refreshToken);

    expect((await store().verify(first.sessionToken)).active).toBe(false);
    expect((await store().verify(second.sessionToken)).active).toBe(true);
    expect(second.session.sessionId).toBe(first.session.sessionId);
  });

  test('of simultaneous rotations of one token exactly one wins, and the session lives', async () => {
    const { refreshToken } = await store().issue(tenant, await newUser());

    const results = await Promise.allSettled(Array.from({ length: 5 }, () => store().rotate(refreshToken)));

    const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(won).toHaveLength(1);
    expect((await store().verify(won[0]?.sessionToken ?? '')).active).toBe(true);
  });

  test('a token that is exchanged between the look and the write is superseded, and the session lives', async () => {
    const { refreshToken } = await store().issue(tenant, await newUser());
    let won: Promise<{ sessionToken: string }> | undefined;
    const racing = engine.table.with({
      beforeCall: async (operation) => {
        if (operation !== 'transact') return;
        won ??= store().rotate(refreshToken);
        await won;
      },
    });

    const late = new SessionStore(racing, { now: () => clock }).rotate(refreshToken);

    expect(await reasonOf(late)).toBe('superseded');
    expect((await store().verify((await won)?.sessionToken ?? '')).active).toBe(true);
  });

  test('the access that ends between the look and the write ends the exchange', async () => {
    const user = await newUser();
    const { refreshToken } = await store().issue(tenant, user);
    const racing = engine.table.with({
      beforeCall: async (operation) => {
        if (operation === 'transact') await store().revokeAll(tenant, user);
      },
    });

    expect(await reasonOf(new SessionStore(racing, { now: () => clock }).rotate(refreshToken))).toBe(
      'revoked',
    );
  });

  test('nobody inactive, deleted, or of a suspended tenant exchanges a token', async () => {
    const [inactive, deleted] = [await newUser(), await newUser()];
    const tokens = [await store().issue(tenant, inactive), await store().issue(tenant, deleted)];
    await setActive(inactive, false);
    await deleteUser(directory, deleted);

    const reasons = await Promise.all(
      tokens.map(({ refreshToken }) => reasonOf(store().rotate(refreshToken))),
    );

    expect(reasons).toEqual(['user-inactive', 'user-absent']);
  });

  test('a replaced token is refused within the grace time, and revokes the session after it', async () => {
    const first = await store().issue(tenant, await newUser());
    const second = await store().rotate(first.refreshToken);

    clock += 9_999;
    expect(await reasonOf(store().rotate(first.refreshToken))).toBe('superseded');
    expect((await store().verify(second.sessionToken)).active).toBe(true);
    clock += 1;
    expect(await reasonOf(store().rotate(first.refreshToken))).toBe('reused');
    expect(await store().verify(second.sessionToken)).toEqual({ active: false, reason: 'unknown' });
    expect(await reasonOf(store().rotate(second.refreshToken))).toBe('unknown');
  });

  test('a token two generations old revokes the session at once', async () => {
    const first = await store().issue(tenant, await newUser());
    const second = await store().rotate(first.refreshToken);
    await store().rotate(second.refreshToken);

    expect(await reasonOf(store().rotate(first.refreshToken))).toBe('reused');
  });

  test('a forged token of the right session revokes nothing', async () => {
    const { refreshToken, sessionToken } = await store().issue(tenant, await newUser());
    const forged = refreshToken.split('.').slice(0, 3).concat('A'.repeat(43), 'A'.repeat(43)).join('.');

    expect(await reasonOf(store().rotate(forged))).toBe('unknown');
    expect((await store().verify(sessionToken)).active).toBe(true);
  });
});

describe('revoking by the app', () => {
  test('one session, then all, and none that comes after', async () => {
    const user = await newUser();
    const [a, b] = [await store().issue(tenant, user), await store().issue(tenant, user)];

    await store().revoke(a.session);
    expect(await store().list(tenant, user)).toEqual([b.session]);
    expect(await store().revokeAll(tenant, user)).toBe(true);

    expect((await store().verify(b.sessionToken)).active).toBe(false);
    const c = await store().issue(tenant, user);
    await revokePending(engine.table, tenant, user);
    expect(await store().list(tenant, user)).toEqual([c.session]);
    expect(await store().revokeAll(tenant, ABSENT)).toBe(false);
  });

  test('lists the live sessions of a user, the newest first', async () => {
    const user = await newUser();
    const issued = [];
    for (let minute = 0; minute < 4; minute++) {
      const at = clock + minute * 10 * MINUTE;
      issued.unshift(await new SessionStore(engine.table, { now: () => at }).issue(tenant, user));
    }
    const later = new SessionStore(engine.table, { now: () => clock + 35 * MINUTE });

    expect(await later.list(tenant, user)).toEqual(issued.slice(0, 3).map(({ session }) => session));
    expect(await later.list(tenant, 'not an id')).toEqual([]);
    expect(await later.list(tenant, ABSENT)).toEqual([]);
  });

  test('what names no session, or no user, is not looked for in the table', async () => {
    const untouched = new SessionStore(
      engine.table.with({
        beforeCall: (operation) => {
          throw new Error(`called ${operation}`);
        },
      }),
    );
    const userId = await newUser();

    await untouched.revoke({ tenant, userId, sessionId: 'x' });
    await untouched.revoke({ tenant, userId, sessionId: `${'x'.repeat(22)}#` });
    await untouched.revoke({ tenant, userId: 'x' as ResourceId, sessionId: 'x'.repeat(22) });
    expect(await untouched.revokeAll(tenant, 'x')).toBe(false);
    expect(await untouched.list(tenant, 'x')).toEqual([]);
    expect(await reasonOf(untouched.issue(tenant, 'x'))).toBe('user-absent');
  });

  test('nobody absent or inactive has an epoch', async () => {
    const [inactive, deleted] = [await newUser(), await newUser()];
    await setActive(inactive, false);
    await deleteUser(directory, deleted);

    for (const user of [inactive, deleted, ABSENT, 'x']) {
      expect(await currentEpoch(engine.table, tenant, user)).toBeUndefined();
    }
    expect(isEpochCurrent(0, undefined)).toBe(false);
  });

  test('the epoch claim of a self-contained token ends with the access', async () => {
    const user = await newUser();
    const claim = (await currentEpoch(engine.table, tenant, user)) ?? -1;
    const isGood = async () => isEpochCurrent(claim, await currentEpoch(engine.table, tenant, user));

    expect(await isGood()).toBe(true);
    await setActive(user, false);
    expect(await isGood()).toBe(false);
    await setActive(user, true);
    expect(await isGood()).toBe(false);
  });
});

describe('the sweep', () => {
  test('drives marks of users and tombstones that are older than 30 s, and leaves younger ones to the stream', async () => {
    await sweepRevocations(engine.table, {
      deadline: Number.POSITIVE_INFINITY,
      now: () => clock + 3_600_000,
    });
    const [deactivated, deleted, recent] = [await newUser(), await newUser(), await newUser()];
    for (const user of [deactivated, deleted, recent]) await store().issue(tenant, user);
    await setActive(deactivated, false);
    await deleteUser(directory, deleted);
    clock += 20_000;
    await setActive(recent, false);
    clock += 10_000;

    const swept = await sweepRevocations(engine.table, {
      deadline: Number.POSITIVE_INFINITY,
      now: () => clock,
    });

    expect(swept).toEqual({ sessions: 2, revocations: 2, oldestMs: 30_000, isComplete: true });
    expect(await stored(recent)).toHaveLength(1);
    const again = await sweepRevocations(engine.table, { deadline: clock, now: () => clock + 60_000 });
    expect(again).toMatchObject({ revocations: 0, isComplete: false, oldestMs: 70_000 });
  });
});
