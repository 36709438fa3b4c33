import fc from 'fast-check';
import { isActive } from '../../src/directory/resources/items';
import type { ResourceId } from '../../src/directory/table/keys';
import { readPendingAccess } from '../../src/directory/tenants/pending-access';
import { resumeTenant, suspendTenant } from '../../src/directory/tenants/tenant-status';
import { createTenant, getTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { createUser, getUser, modifyUser } from '../../src/directory/users/users';
import { revokePending } from '../../src/offboarding/revoke';
import type { AccessPublisher } from '../../src/offboarding/sinks/access-publisher';
import type { AccessChange, AccessState } from '../../src/offboarding/sinks/access-state';
import { applyAccess } from '../../src/offboarding/sinks/session-sink';
import { sweepTenants } from '../../src/offboarding/sweep-tenants';
import { type TellingOptions, tellOn } from '../../src/offboarding/tenant-access';
import { findingsIn, newWorld, pendingIn, type World } from '../directory/crash-points/world';

const BY_ID = { source: 'id' } as const;
const MINUTE_MS = 60_000;

/** Stands in for a run that dies. */
class Crash extends Error {}

/** A store of sessions with its queue, as SQS and Cognito are: each message once, those of a user in order. */
class Store {
  readonly enabled = new Set<ResourceId>();
  /** Of each user, whether the user had access when they began. */
  readonly sessions = new Map<ResourceId, boolean[]>();
  private readonly queues = new Map<ResourceId, [AccessChange, string][]>();
  private readonly seen = new Set<string>();

  constructor(private readonly world: World) {}

  readonly publish: AccessPublisher = async (change, id) => {
    if (this.seen.has(id)) return;
    this.seen.add(id);
    this.queues.set(change.userId, [...(this.queues.get(change.userId) ?? []), [change, id]]);
  };

  /** @returns the ids of the users whose messages wait */
  waiting(): ResourceId[] {
    return [...this.queues].flatMap(([id, messages]) => (messages.length === 0 ? [] : [id]));
  }

  async deliver(id: ResourceId): Promise<void> {
    const [message] = this.queues.get(id)?.splice(0, 1) ?? [];
    if (message === undefined) return;
    const [change, messageId] = message;
    await applyAccess(this.world.table, { name: 'store', apply: this.apply }, BY_ID, change, messageId);
  }

  private readonly apply = async ({ userId, active, endsSessions }: AccessState): Promise<void> => {
    if (!active) this.enabled.delete(userId);
    if (endsSessions) this.sessions.delete(userId);
    if (active) this.enabled.add(userId);
  };
}

type Action =
  | { readonly do: 'suspend' | 'resume' | 'part' | 'parts at once' | 'stream' }
  | { readonly do: 'part that dies'; readonly after: number }
  | { readonly do: 'part that is overtaken'; readonly after: number; readonly by: 'suspend' | 'resume' }
  | { readonly do: 'deactivate' | 'reactivate' | 'log in' | 'deliver'; readonly user: number };

const MAX_USERS = 5;
const user = fc.nat({ max: MAX_USERS - 1 });
const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('suspend', 'resume') }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('part', 'parts at once', 'stream') }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('part that dies' as const), after: fc.nat({ max: 3 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('part that is overtaken' as const),
        after: fc.nat({ max: 2 }),
        by: fc.constantFrom('suspend', 'resume'),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constantFrom('deactivate', 'reactivate', 'log in', 'deliver', 'deliver'),
        user,
      }),
    },
  ),
  { minLength: 5, maxLength: 40 },
);

/** Plays what happens to a tenant of some users and to the store that is told of them. */
class Play {
  readonly store: Store;
  private readonly reactivated: [ResourceId, number][] = [];
  private nowMs = Date.now();

  constructor(
    readonly world: World,
    readonly ids: readonly ResourceId[],
  ) {
    this.store = new Store(world);
    for (const id of ids) this.store.enabled.add(id);
  }

  async play(action: Action): Promise<void> {
    const { table, tenant, directory } = this.world;
    switch (action.do) {
      case 'suspend':
        return suspendTenant(table, tenant);
      case 'resume':
        return resumeTenant(table, tenant);
      case 'part':
        await this.part(this.store.publish);
        return;
      case 'parts at once':
        await Promise.all([this.part(this.store.publish), this.part(this.store.publish)]);
        return;
      case 'part that dies':
        await this.part(this.nth(action.after, () => Promise.reject(new Crash()))).catch(onlyCrash);
        // Nobody else goes on before this.
        this.nowMs += MINUTE_MS;
        return;
      case 'part that is overtaken':
        // What it has handed over so far may be applied by then.
        await this.part(
          this.nth(action.after, async () => {
            for (const id of this.store.waiting()) await this.store.deliver(id);
            await this.play({ do: action.by });
          }),
        );
        return;
      case 'stream':
        return this.stream();
    }
    const id = this.ids[action.user % this.ids.length] ?? raise();
    switch (action.do) {
      case 'deactivate':
        await modifyUser(directory, id, (attributes) => ({ ...attributes, active: false }));
        return;
      case 'reactivate': {
        const before = await getUser(directory, id);
        const after = await modifyUser(directory, id, (attributes) => ({ ...attributes, active: true }));
        if (before?.version !== after.version) this.reactivated.push([id, after.version]);
        return;
      }
      case 'log in':
        if (!this.store.enabled.has(id)) return;
        this.store.sessions.set(id, [...(this.store.sessions.get(id) ?? []), await this.hasAccess(id)]);
        return;
      case 'deliver':
        return this.store.deliver(id);
    }
  }

  /** Everything that is pending is done. */
  async finish(): Promise<void> {
    await this.stream();
    for (let parts = 0; (await this.part(this.store.publish)) !== undefined; parts++) {
      if (parts > 100) throw new Error('It comes to no end.');
      this.nowMs += MINUTE_MS;
    }
    for (let ids = this.store.waiting(); ids.length > 0; ids = this.store.waiting()) {
      for (const id of ids) await this.store.deliver(id);
    }
  }

  async hasAccess(id: ResourceId): Promise<boolean> {
    const { table, tenant, directory } = this.world;
    const found = await getUser(directory, id);
    return isActive(found?.attributes ?? raise()) && (await getTenant(table, tenant))?.status === 'active';
  }

  private part(publishAccess: AccessPublisher) {
    const options: TellingOptions = {
      publishAccess,
      naming: BY_ID,
      until: 0,
      now: () => this.nowMs,
      usersAtOnce: 2,
    };
    return tellOn(this.world.table, this.world.tenant, options);
  }

  /** Hands over, and does something before the message behind so many. */
  private nth(after: number, act: () => Promise<unknown>): AccessPublisher {
    let messages = 0;
    return async (change, id) => {
      if (messages++ === after) await act();
      await this.store.publish(change, id);
    };
  }

  /** What the session revoker does with the records that lie in the stream. */
  private async stream(): Promise<void> {
    const { table, tenant } = this.world;
    for (const [userId, version] of this.reactivated.splice(0))
      await this.store.publish({ tenant, userId, cause: 'returned' }, `${userId}-v${version}`);
    for (const id of this.ids) await revokePending(table, tenant, id, Date.now, this.store.publish);
  }
}

function onlyCrash(error: unknown): void {
  if (!(error instanceof Crash)) throw error;
}

function raise(): never {
  throw new Error('There is no such user.');
}

async function worldWithUsers(count: number) {
  const world = await newWorld();
  const ids: ResourceId[] = [];
  for (let n = 0; n < count; n++) {
    ids.push((await createUser(world.directory, { userName: `user-${n}`, active: true })).id);
  }
  return { world, ids: ids.sort() };
}

test('whatever overtakes what, other stores end with the access that the last change gives, and with no session from before', async () => {
  let overtaken = 0;
  await fc.assert(
    fc.asyncProperty(actions, fc.integer({ min: 1, max: MAX_USERS }), async (drawn, count) => {
      const { world, ids } = await worldWithUsers(count);
      const play = new Play(world, ids);
      for (const action of drawn) {
        const before = await readPendingAccess(world.table, world.tenant);
        await play.play(action);
        const after = await readPendingAccess(world.table, world.tenant);
        if (before !== undefined && after !== undefined && before.changeId !== after.changeId) overtaken++;
      }
      await play.finish();

      for (const id of ids) {
        expect([id, play.store.enabled.has(id)]).toEqual([id, await play.hasAccess(id)]);
        expect(play.store.sessions.get(id) ?? []).not.toContain(false);
      }
      expect(pendingIn(world)).toEqual([]);
      expect(await findingsIn(world)).toEqual([]);
    }),
    { numRuns: 60 },
  );
  expect(overtaken).toBeGreaterThan(5);
});

test('a suspension of more users than a part takes goes on where the last part has ended, and tells how far it is', async () => {
  const { world, ids } = await worldWithUsers(7);
  const { table, tenant } = world;
  const told: AccessChange[] = [];
  const options: TellingOptions = {
    publishAccess: async (change) => void told.push(change),
    naming: BY_ID,
    until: 0,
    usersAtOnce: 3,
  };
  await suspendTenant(table, tenant);

  expect(await tellOn(table, tenant, options)).toMatchObject({ looked: 3, told: 3, isDone: false });
  expect(await tellOn(table, tenant, options)).toMatchObject({ looked: 6, told: 6, toldNow: 3 });
  expect(await tellOn(table, tenant, options)).toMatchObject({ looked: 7, told: 7, isDone: true });

  expect(await tellOn(table, tenant, options)).toBeUndefined();
  expect(told.map(({ userId, cause }) => [userId, cause])).toEqual(ids.map((id) => [id, 'ended']));
});

test('a return that overtakes a suspension ends the sessions of those whom the suspension has not reached', async () => {
  const { world, ids } = await worldWithUsers(4);
  const { table, tenant } = world;
  const told: AccessChange[] = [];
  const options: TellingOptions = {
    publishAccess: async (change) => void told.push(change),
    naming: BY_ID,
    until: 0,
    usersAtOnce: 2,
  };
  await suspendTenant(table, tenant);
  await tellOn(table, tenant, options);
  await resumeTenant(table, tenant);
  told.length = 0;

  await tellOn(table, tenant, { ...options, until: Number.POSITIVE_INFINITY });

  const causes = ['returned', 'returned', 'ended', 'ended'];
  expect(told.map(({ userId, cause }) => [userId, cause])).toEqual(ids.map((id, n) => [id, causes[n]]));
});

test('who ends with a suspension that was overtaken leaves the return to be told', async () => {
  const { world, ids } = await worldWithUsers(2);
  const { table, tenant } = world;
  await suspendTenant(table, tenant);
  let messages = 0;
  const publishAccess: AccessPublisher = async () => {
    if (++messages === 2) await resumeTenant(table, tenant);
  };
  await tellOn(table, tenant, { publishAccess, naming: BY_ID, until: 0 });

  expect(await readPendingAccess(table, tenant)).toMatchObject({ cause: 'returned', place: '', looked: 0 });
  expect(ids).toHaveLength(messages);
});

describe('the sweep', () => {
  test('goes on with every tenant in turns, and tells for how long one has not come forward', async () => {
    const { world } = await worldWithUsers(3);
    const { table, directory } = world;
    const other = readTenantId('other');
    await createTenant(table, { tenantId: other, name: 'Other' });
    await createUser({ ...directory, tenant: other }, { userName: 'ann', active: true });
    for (const tenant of [world.tenant, other]) await suspendTenant(table, tenant);
    const failed: string[] = [];
    const publishAccess: AccessPublisher = async ({ tenant }) => {
      if (tenant === other) throw new Error('the queue is away');
    };
    const since = Date.now();
    const later = () => since + 3 * MINUTE_MS;
    const options = { publishAccess, naming: BY_ID, now: later, deadline: later() + MINUTE_MS };

    const swept = await sweepTenants(table, { ...options, onFailure: (tenant) => failed.push(tenant) });

    expect(swept).toMatchObject({ told: 3, left: 1 });
    expect(swept.stuckMs).toBeGreaterThanOrEqual(3 * MINUTE_MS - 5_000);
    expect(failed).toEqual([other]);
    const again = () => later() + MINUTE_MS;
    const told: string[] = [];
    const telling = { ...options, now: again, deadline: again() + MINUTE_MS };
    expect(
      await sweepTenants(table, { ...telling, publishAccess: async ({ tenant }) => void told.push(tenant) }),
    ).toEqual({ told: 1, left: 0, stuckMs: 0 });
    expect(told).toEqual([other]);
  });

  test('has nothing to tell where there is no other store', async () => {
    const { world } = await worldWithUsers(1);
    await suspendTenant(world.table, world.tenant);

    const deadline = Number.POSITIVE_INFINITY;
    await sweepTenants(world.table, { publishAccess: undefined, naming: BY_ID, deadline });

    expect(pendingIn(world)).toEqual([]);
  });

  test('leaves a tenant alone with which somebody else goes on', async () => {
    const { world } = await worldWithUsers(2);
    const { table, tenant } = world;
    await suspendTenant(table, tenant);
    const told: string[] = [];
    const options = { naming: BY_ID, deadline: Number.POSITIVE_INFINITY };
    const publishAccess: AccessPublisher = async ({ userId }) => {
      if (told.length === 0)
        expect(await sweepTenants(table, { ...options, publishAccess: failing })).toMatchObject({ left: 1 });
      told.push(userId);
    };

    await tellOn(table, tenant, { publishAccess, naming: BY_ID, until: 0 });

    expect(told).toHaveLength(2);
  });
});

const failing: AccessPublisher = () => Promise.reject(new Error('It is called.'));
