import { Conflict, NotFound, NotRestorable, UniquenessConflict } from '../../../src/directory/errors';
import type { Directory } from '../../../src/directory/resources/directory';
import type { ResourceId } from '../../../src/directory/table/keys';
import { ConditionFailed } from '../../../src/directory/table/table';
import { DEFAULT_TENANT_SETTINGS } from '../../../src/directory/tenants/settings';
import { provisionUser } from '../../../src/directory/users/provision-user';
import { restoreUser } from '../../../src/directory/users/restore-user';
import { createUser, deleteUser, modifyUser } from '../../../src/directory/users/users';
import { revokePending } from '../../../src/offboarding/revoke';
import { sweepRevocations } from '../../../src/offboarding/sweep';
import { type IssuedSession, SessionStore } from '../../../src/sessions';
import { IDLE_MS, newWorld, type World, worldOf } from '../../directory/crash-points/world';
import type { Interceptor } from '../../memory-dynamodb/client';
import { type ChooseState, staleReads } from '../../memory-dynamodb/stale-reads';
import { Pruned, type Stepper } from './explore';
import type { Footprint } from './footprint';
import { Judge, judgeEnd, type KnownSession, refusedToUndefined } from './judge';
import type { Mutation } from './mutations';

/**
 * What an actor does, one after the other. `user` is a position; sessions are those of the user that are known when
 * the action begins. `use` is a `verify` so long after the last one that it is noted in the session.
 */
export type Action =
  | 'issue'
  | 'rotate'
  | 'verify'
  | 'use'
  | 'logout'
  | 'deactivate'
  | 'reactivate'
  | 'delete'
  | 'createAgain'
  | 'restore'
  | 'reprovision'
  | 'revokeAll'
  | 'revoker'
  | 'sweep';

export interface Actor {
  readonly user: number;
  readonly actions: readonly Action[];
}

/**
 * How the users are when the actors start: never touched; deactivated; deactivated and reactivated; deleted. The mark
 * is still pending in the last three.
 */
export const STARTS = ['active', 'inactive', 'reactivated', 'deleted'] as const;
export type Start = (typeof STARTS)[number];

interface Prepared {
  readonly world: World;
  readonly users: readonly ResourceId[];
  readonly sessions: readonly IssuedSession[];
}

export interface RunOptions {
  readonly mutation?: Mutation;
  /** Of what eventually consistent reads see; absent, all see the present. */
  readonly seed?: number;
}

/** Each actor for itself, so that what one reads does not depend on the order in which others do. */
const staleReadsOf = (seed: number | undefined, actor: number): ChooseState | undefined =>
  seed === undefined ? undefined : staleReads(seed * 1_000 + actor);

/** Makes users, each with one session that was issued at the very start. */
export async function prepare(start: Start, users: number): Promise<Prepared> {
  const world = await newWorld();
  const ids: ResourceId[] = [];
  const sessions: IssuedSession[] = [];
  for (let user = 0; user < users; user++) {
    const { id } = await createUser(world.directory, { userName: `user-${user}`, externalId: `x-${user}` });
    ids.push(id);
    sessions.push(await world.sessions.issue(world.tenant, id));
    const set = (active: boolean) => modifyUser(world.directory, id, (present) => ({ ...present, active }));
    if (start === 'deleted') await deleteUser(wantingBack(world), id);
    else if (start !== 'active') await set(false);
    if (start === 'reactivated') await set(true);
  }
  // Old enough for the sweep.
  world.clock.ms += 60_000;
  return { world, users: ids, sessions };
}

/**
 * One run: the actors on a copy of the prepared table, in the order that `drive` chooses, then everything that is
 * pending is worked off.
 *
 * The judge knows nothing of epochs and marks: it looks at the log of what was written, and calls a session dead from
 * the moment its user was made inactive or removed, or all of the user's sessions were revoked.
 *
 * @returns what went wrong, in words
 */
export async function runModel(
  { world: prepared, users, sessions }: Prepared,
  start: Start,
  actors: readonly Actor[],
  stepper: Stepper,
  drive: () => Promise<boolean>,
  { mutation = {}, seed }: RunOptions = {},
): Promise<string[]> {
  const store = prepared.store.clone();
  const clock = { ...prepared.clock };
  const judge = new Judge(users, () => stepper.step);
  const known: KnownSession[] = sessions.map((tokens, user) => ({
    user,
    sessionId: tokens.session.sessionId,
    tokens,
    acknowledged: -1,
  }));
  sessions.forEach(({ session }, user) => {
    judge.bornBefore(session.sessionId);
    if (start !== 'active') judge.killedBefore(user);
  });
  let acting = '';
  store.onCommit = (commits) => judge.note(commits, acting);
  const isVisible = ({ reads, writes }: Footprint) =>
    writes.length > 0 || !reads.every((name) => isForeignShard(name, users));
  const work = actors.map(async ({ user, actions }, position) => {
    const name = `${actions.join('+')}:${position}`;
    const gate = mutated(stepper.gate(name, isVisible), mutation, (action) => {
      acting = action;
    });
    const intercept: Interceptor = (call, answer) => gate.intercept(call, answer);
    const world = worldOf(store, clock, intercept, staleReadsOf(seed, position));
    for (const action of actions) {
      gate.acts(action);
      await act(world, action, user, users, known, judge, stepper);
    }
  });
  const done = Promise.allSettled(work);
  const isComplete = await drive();
  const ended = await done;
  if (!isComplete) return [];
  const crashed = ended.flatMap((end) =>
    end.status === 'rejected' && !(end.reason instanceof Pruned)
      ? [`an actor failed: ${String(end.reason)}`]
      : [],
  );
  acting = '';
  const settled = worldOf(
    store,
    clock,
    mutated(
      async (_, answer) => answer(),
      mutation,
      () => {},
    ).intercept,
  );
  for (const id of users) await revokePending(settled.table, settled.tenant, id, () => clock.ms);
  return [...crashed, ...judge.faults, ...(await judgeEnd(settled, known, users, judge))];
}

/** Partitions of the index of pending work that hold none of the users. */
const isForeignShard = (name: string, users: readonly string[]): boolean =>
  name.startsWith('PENDING#') && users.every((id) => name !== `PENDING#${id.slice(0, 1)}`);

function mutated(inner: Interceptor, { change, changeAnswer }: Mutation, onAct: (action: string) => void) {
  let action = '';
  const intercept: Interceptor = (call, answer) => {
    change?.(call);
    const mine = action;
    return inner(call, () => {
      onAct(mine);
      const given = answer();
      changeAnswer?.(call, given);
      return given;
    });
  };
  return {
    intercept,
    acts: (next: string) => {
      action = next;
    },
  };
}

async function act(
  world: World,
  action: Action,
  user: number,
  users: readonly ResourceId[],
  known: KnownSession[],
  judge: Judge,
  stepper: Stepper,
): Promise<void> {
  const { directory, sessions, tenant, table, clock } = world;
  const id = users[user];
  if (id === undefined) throw new Error('There is no such user.');
  const setActive = (active: boolean) =>
    modifyUser(directory, id, (present) => (present.active === active ? present : { ...present, active }));
  // The newest session of the user that the actor can know.
  const session = known.filter((each) => each.user === user).at(-1);
  switch (action) {
    case 'issue': {
      const tokens = await refusedToUndefined(sessions.issue(tenant, id));
      if (tokens === undefined) return;
      known.push({ user, sessionId: tokens.session.sessionId, tokens, acknowledged: stepper.step });
      return;
    }
    case 'rotate': {
      if (session === undefined) return;
      const began = stepper.step;
      const tokens = await refusedToUndefined(sessions.rotate(session.tokens.refreshToken));
      if (tokens === undefined) return;
      judge.answeredAlive(session, began, 'rotate');
      session.tokens = tokens;
      return;
    }
    case 'verify':
    case 'use': {
      if (session === undefined) return;
      const began = stepper.step;
      const { sessionToken } = session.tokens;
      const { active } = await (action === 'use' ? usedLater(world) : sessions).verify(sessionToken);
      if (active) judge.answeredAlive(session, began, action);
      else if (sessionToken === session.tokens.sessionToken) judge.answeredDead(session);
      return;
    }
    case 'logout':
      if (session !== undefined) await sessions.revoke(session.tokens.session);
      return;
    case 'deactivate':
      return unlessGone(setActive(false));
    case 'reactivate':
      return unlessGone(setActive(true));
    case 'delete':
      return unlessGone(deleteUser(wantingBack(world), id));
    case 'createAgain':
      return unlessRefused(createUser(directory, { userName: `user-${user}` }, id));
    case 'restore':
      return unlessRefused(restoreUser(directory, id));
    case 'reprovision': {
      const attributes = { userName: `user-${user}`, externalId: `x-${user}` };
      return unlessRefused(provisionUser(wantingBack(world), attributes, id));
    }
    case 'revokeAll':
      await sessions.revokeAll(tenant, id);
      return;
    case 'revoker':
      await revokePending(table, tenant, id, () => clock.ms);
      return;
    case 'sweep':
      await sweepRevocations(table, {
        deadline: Number.POSITIVE_INFINITY,
        now: () => clock.ms,
        onFailure: fail,
      });
  }
}

/** The directory of a tenant that wants deleted users back by their externalId. */
const wantingBack = ({ directory }: World): Directory => ({
  ...directory,
  settings: { ...DEFAULT_TENANT_SETTINGS, reprovision: 'sameExternalId' },
});

/** The use of a session is noted every tenth of the idle time. */
const usedLater = ({ table, clock }: World): SessionStore =>
  new SessionStore(table, { now: () => clock.ms + IDLE_MS / 10, idleMs: IDLE_MS });

function fail(_: string, error: unknown): never {
  throw error;
}

/**
 * Another attempt of the Bulk request that created the user: it is there, or was deleted since. Or a restoration: the
 * user is there.
 */
async function unlessRefused(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    const isRefused =
      error instanceof ConditionFailed ||
      error instanceof UniquenessConflict ||
      error instanceof Conflict ||
      error instanceof NotRestorable;
    if (!isRefused) throw error;
  }
}

async function unlessGone(promise: Promise<unknown>): Promise<void> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
}
