import { classify } from '../../src/directory/check/item-kind';
import type { ResourceId } from '../../src/directory/table/keys';
import { createUser, modifyUser } from '../../src/directory/users/users';
import { endRestoredSessions } from '../../src/offboarding/restored';
import { currentEpoch, isEpochCurrent } from '../../src/sessions';
import { findingsIn, newWorld, type World, worldOf } from '../directory/crash-points/world';

/** A table restored to a moment is a copy of what it was then; the world goes on meanwhile, and is then given up. */
let world: World;
let leaver: ResourceId;
let stayer: ResourceId;
beforeEach(async () => {
  world = await newWorld();
  [leaver, stayer] = [await newUser(), await newUser()];
});

let users = 0;
const newUser = async () => (await createUser(world.directory, { userName: `u${++users}`, active: true })).id;
const setActive = ({ directory }: World, id: string, active: boolean) =>
  modifyUser(directory, id, (attributes) => ({ ...attributes, active }));
const restore = (): World => worldOf(world.store.clone(), world.clock);
const stateOf = async ({ sessions }: World, token: string) => {
  const check = await sessions.verify(token);
  return check.active ? 'alive' : check.reason;
};
const pass = (ms: number) => {
  world.clock.ms += ms;
  return world.clock.ms;
};

test('sessions that were ended after the backup live in the restored table, until they are ended there', async () => {
  const { sessionToken, refreshToken } = await world.sessions.issue(world.tenant, leaver);
  const restored = restore();
  await setActive(world, leaver, false);
  expect(await stateOf(world, sessionToken)).toBe('user-inactive');
  expect(await stateOf(restored, sessionToken)).toBe('alive');

  const done = await endRestoredSessions(restored.table, { restoredAt: pass(1_000) });

  expect(done).toMatchObject({ tenants: 1, users: 2, sessions: 1 });
  expect(await stateOf(restored, sessionToken)).not.toBe('alive');
  await expect(restored.sessions.rotate(refreshToken)).rejects.toThrow();
  expect(restored.store.all().filter((item) => classify(item)?.what.kind === 'session')).toEqual([]);
  expect(await findingsIn(restored)).toEqual([]);
});

test('access tokens with epochs that were reached after the backup never become good again', async () => {
  const restored = restore();
  const claims: number[] = [];
  for (let life = 0; life < 5; life++) {
    claims.push((await currentEpoch(world.table, world.tenant, leaver)) ?? -1);
    await setActive(world, leaver, false);
    await setActive(world, leaver, true);
  }

  await endRestoredSessions(restored.table, { restoredAt: pass(1_000) });

  for (let life = 0; life < 5; life++) {
    const current = await currentEpoch(restored.table, restored.tenant, leaver);
    expect(claims.filter((claimed) => isEpochCurrent(claimed, current))).toEqual([]);
    await setActive(restored, leaver, false);
    await setActive(restored, leaver, true);
  }
});

test('restored to the same moment once more, nothing from in between is good', async () => {
  const [first, second] = [restore(), restore()];
  await endRestoredSessions(first.table, { restoredAt: pass(1_000) });
  const between = await first.sessions.issue(first.tenant, stayer);
  const claimed = (await currentEpoch(first.table, first.tenant, stayer)) ?? -1;

  await endRestoredSessions(second.table, { restoredAt: pass(1_000) });

  expect(await stateOf(second, between.sessionToken)).toBe('unknown');
  expect(isEpochCurrent(claimed, await currentEpoch(second.table, second.tenant, stayer))).toBe(false);
});

test('sessions that begin afterwards live, die with the access, and are left alone when the command is repeated', async () => {
  const restored = restore();
  const restoredAt = pass(1_000);
  await endRestoredSessions(restored.table, { restoredAt });
  const { sessionToken } = await restored.sessions.issue(restored.tenant, stayer);

  const again = await endRestoredSessions(restored.table, { restoredAt });

  expect(again).toMatchObject({ tenants: 0, users: 0, sessions: 0 });
  expect(await stateOf(restored, sessionToken)).toBe('alive');
  await setActive(restored, stayer, false);
  expect(await stateOf(restored, sessionToken)).toBe('user-inactive');
  await setActive(restored, stayer, true);
  expect(await stateOf(restored, sessionToken)).not.toBe('alive');
});

test('interrupted at any call, it is finished by the next run', async () => {
  const tokens = await Promise.all(
    [leaver, stayer].map((id) =>
      world.sessions.issue(world.tenant, id).then(({ sessionToken }) => sessionToken),
    ),
  );
  const restoredAt = pass(1_000);
  for (let point = 1; ; point++) {
    const store = world.store.clone();
    let calls = 0;
    const dying = worldOf(store, world.clock, async (_, answer) => {
      if (++calls > point) throw new Error('interrupted');
      return answer();
    });
    const isOver = await endRestoredSessions(dying.table, { restoredAt }).then(
      () => true,
      () => false,
    );
    const restored = worldOf(store, world.clock);
    if (!isOver) await endRestoredSessions(restored.table, { restoredAt });

    for (const token of tokens) expect(await stateOf(restored, token)).not.toBe('alive');
    expect(await currentEpoch(restored.table, restored.tenant, leaver)).toBe(restoredAt);
    expect(await findingsIn(restored)).toEqual([]);
    if (isOver) {
      expect(point).toBeGreaterThan(4);
      return;
    }
  }
});

test('a user who is deactivated or raised meanwhile keeps the higher epoch', async () => {
  const restored = restore();
  const restoredAt = pass(1_000);
  await endRestoredSessions(restored.table, { restoredAt });
  await restored.sessions.revokeAll(restored.tenant, stayer);

  await endRestoredSessions(restored.table, { restoredAt });

  expect(await currentEpoch(restored.table, restored.tenant, stayer)).toBe(restoredAt + 1);
});
