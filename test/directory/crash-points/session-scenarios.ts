import { sessionPartition } from '../../../src/directory/table/keys';
import { deleteUser, modifyUser } from '../../../src/directory/users/users';
import { revokePending } from '../../../src/offboarding/revoke';
import { SessionRefused } from '../../../src/sessions';
import { type Scenario, scenario } from './scenario';
import { expectTrue, userWithSession } from './user-scenarios';
import { runSweepsOnce, type World } from './world';

const deactivate = (world: World, id: string) =>
  modifyUser(world.directory, id, (attributes) => ({ ...attributes, active: false }));

/** Late enough for the sweeps to take the work for missed. */
const minutesAfter =
  (work: (world: World, id: string) => Promise<unknown>) => async (world: World, id: string) => {
    await work(world, id);
    world.clock.ms += 120_000;
  };

async function expectNoSessionItems(world: World, id: string): Promise<void> {
  const left = await world.table.queryAll({ pk: sessionPartition(world.tenant, id) });
  expectTrue(left.length === 0, `${left.length} session items are left`);
}

function revocation(
  name: string,
  prepare: (world: World, id: string) => Promise<unknown>,
  run: (world: World, id: Parameters<typeof revokePending>[2]) => Promise<unknown>,
): Scenario {
  return scenario({
    name,
    prepare: async (world) => {
      const prepared = await userWithSession(world);
      // More than one batch of deletions.
      for (let more = 0; more < 30; more++) await world.sessions.issue(world.tenant, prepared.id);
      await prepare(world, prepared.id);
      return prepared;
    },
    run: (world, { id }) => run(world, id),
    intended: async (world, { id, session }) => {
      expectTrue(!(await world.sessions.verify(session.sessionToken)).active, 'the session is dead');
      await expectNoSessionItems(world, id);
    },
  });
}

/** Every write of sessions, and what ends them. */
export const SESSION_SCENARIOS: readonly Scenario[] = [
  scenario({
    name: 'issue a session',
    prepare: (world) => userWithSession(world),
    run: (world, { id }) => world.sessions.issue(world.tenant, id),
    intended: async (world, _, given) => {
      const { sessionToken } = given as Awaited<ReturnType<World['sessions']['issue']>>;
      expectTrue((await world.sessions.verify(sessionToken)).active, 'the session given is alive');
    },
  }),
  scenario({
    name: 'rotate a session',
    prepare: (world) => userWithSession(world),
    run: (world, { session }) => world.sessions.rotate(session.refreshToken),
    // The answer may be lost with the new token in it: then the old one is refused within the grace time, without
    // taking it for a theft.
    retry: async (world, { session }) => {
      try {
        return await world.sessions.rotate(session.refreshToken);
      } catch (error) {
        if (error instanceof SessionRefused && error.reason === 'superseded') return undefined;
        throw error;
      }
    },
    intended: async (world, { session }, given) => {
      const rotated = given as Awaited<ReturnType<World['sessions']['rotate']>> | undefined;
      if (rotated !== undefined) {
        expectTrue((await world.sessions.verify(rotated.sessionToken)).active, 'the session given is alive');
      }
      expectTrue(!(await world.sessions.verify(session.sessionToken)).active, 'the old token is dead');
    },
  }),
  scenario({
    name: 'revoke one session',
    prepare: (world) => userWithSession(world),
    run: (world, { session }) => world.sessions.revoke(session.session),
    intended: async (world, { id, session }) => {
      expectTrue(!(await world.sessions.verify(session.sessionToken)).active, 'the session is dead');
      await expectNoSessionItems(world, id);
    },
  }),
  revocation(
    'revoke all sessions of a user',
    async () => undefined,
    (world, id) => world.sessions.revokeAll(world.tenant, id),
  ),
  revocation('run the revoker after a deactivation', deactivate, (world, id) =>
    revokePending(world.table, world.tenant, id, () => world.clock.ms),
  ),
  revocation(
    'run the revoker after a deletion',
    (world, id) => deleteUser(world.directory, id),
    (world, id) => revokePending(world.table, world.tenant, id, () => world.clock.ms),
  ),
  revocation(
    'run the sweeps after a deletion',
    minutesAfter((world, id) => deleteUser(world.directory, id)),
    runSweepsOnce,
  ),
];
