import fc from 'fast-check';
import { type ResourceId, sessionPartition } from '../../src/directory/table/keys';
import { createTenant, readTenantId } from '../../src/directory/tenants/tenants';
import { createUser, deleteUser, modifyUser } from '../../src/directory/users/users';
import { revokePending } from '../../src/offboarding/revoke';
import { SessionStore } from '../../src/sessions';
import { useTestTable } from '../../testing/engine';
import { ORIGIN } from '../../testing/origin';

const engine = useTestTable();
const tenant = readTenantId('acme');
beforeAll(async () => {
  await createTenant(engine.table, { tenantId: tenant, name: 'Acme Inc' });
});

const now = () => new Date();
let users = 0;

/** Runs works at once, one DynamoDB call at a time, in an order that fast-check chooses and can shrink. */
function inOrderOf(scheduler: fc.Scheduler) {
  const table = engine.table.with({
    beforeCall: (operation) => scheduler.schedule(Promise.resolve(), operation),
  });
  const directory = { table, tenant, origin: ORIGIN, now };
  const setActive = (id: string, active: boolean) =>
    modifyUser(directory, id, (attributes) => ({ ...attributes, active }));
  return {
    store: new SessionStore(table),
    deactivate: (id: string) => setActive(id, false),
    reactivate: (id: string) => setActive(id, true),
    remove: (id: string) => deleteUser(directory, id),
    revoke: (id: ResourceId) => revokePending(table, tenant, id),
  };
}

async function newUser(): Promise<ResourceId> {
  const user = await createUser(
    { table: engine.table, tenant, origin: ORIGIN, now },
    { userName: `user-${++users}`, active: true },
  );
  return user.id;
}

const stored = (id: string) => engine.table.queryAll({ pk: sessionPartition(tenant, id) });
const tokenOf = (result: PromiseSettledResult<{ sessionToken: string }>) =>
  result.status === 'fulfilled' ? [result.value.sessionToken] : [];

test('no order of issue, rotate, deactivation and revoker leaves a live session', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.constantFrom('deactivate', 'remove'), async (scheduler, end) => {
      const user = await newUser();
      const store = new SessionStore(engine.table);
      const before = await store.issue(tenant, user);
      const works = inOrderOf(scheduler);

      const [issued, rotated] = await scheduler.waitFor(
        Promise.allSettled([
          works.store.issue(tenant, user),
          works.store.rotate(before.refreshToken),
          works[end](user).then(() => works.revoke(user)),
        ]),
      );

      const tokens = [before.sessionToken, ...tokenOf(issued), ...tokenOf(rotated)];
      for (const token of tokens) expect((await store.verify(token)).active).toBe(false);
      expect(await stored(user)).toEqual([]);
    }),
    { numRuns: 15 },
  );
});

test('no order of deactivation, reactivation and revoker kills a session issued after it, or revives an older one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const user = await newUser();
      const store = new SessionStore(engine.table);
      const old = await store.issue(tenant, user);
      const works = inOrderOf(scheduler);
      await scheduler.waitFor(works.deactivate(user));

      const [fresh] = await scheduler.waitFor(
        Promise.all([
          works.reactivate(user).then(() => works.store.issue(tenant, user)),
          works.revoke(user),
          works.revoke(user),
        ]),
      );

      expect((await store.verify(fresh.sessionToken)).active).toBe(true);
      expect(await store.verify(old.sessionToken)).toMatchObject({ active: false });
      expect(await stored(user)).toHaveLength(1);
    }),
    { numRuns: 15 },
  );
});

/** A work that stops before each of its DynamoDB calls until it is told to go on. */
class SteppedWork {
  private arrived: () => void = () => {};
  private goOn: () => void = () => {};
  private standing = Promise.resolve();
  done = false;

  readonly table = engine.table.with({
    beforeCall: () =>
      new Promise<void>((resolve) => {
        this.goOn = resolve;
        this.arrived();
      }),
  });

  async start(work: () => Promise<unknown>): Promise<void> {
    this.awaitArrival();
    void work().then(
      () => this.finish(),
      () => this.finish(),
    );
    await this.standing;
  }

  /** Lets the next call happen, and waits until the work stands before another or is done. */
  async step(): Promise<void> {
    this.awaitArrival();
    this.goOn();
    await this.standing;
  }

  private awaitArrival(): void {
    this.standing = new Promise((resolve) => {
      this.arrived = resolve;
    });
  }

  private finish(): void {
    this.done = true;
    this.arrived();
  }
}

test.each(['issue', 'rotate'] as const)(
  'in every order of %s with deactivation, revoker and reactivation, a session given out before the end of the old access is dead',
  async (kind) => {
    const LONGEST = 9;
    for (let first = 0; first <= LONGEST; first++) {
      for (let second = first; second <= LONGEST; second++) {
        const user = await newUser();
        const store = new SessionStore(engine.table);
        const before = await store.issue(tenant, user);
        const [app, provider] = [new SteppedWork(), new SteppedWork()];
        const directory = { table: provider.table, tenant, origin: ORIGIN, now };
        const setActive = (active: boolean) =>
          modifyUser(directory, user, (attributes) => ({ ...attributes, active }));
        let tokens = [before.sessionToken];
        let deactivated = false;

        await provider.start(async () => {
          await setActive(false);
          deactivated = true;
          await revokePending(provider.table, tenant, user);
          await setActive(true);
        });
        const sessions = new SessionStore(app.table);
        const givenOut = { beforeDeactivation: true };
        await app.start(async () => {
          const issued = await (kind === 'issue'
            ? sessions.issue(tenant, user)
            : sessions.rotate(before.refreshToken));
          givenOut.beforeDeactivation = !deactivated;
          tokens = [...tokens, issued.sessionToken];
        });
        let steps = 0;
        const advance = async (until: number) => {
          for (; steps < until && !provider.done; steps++) await provider.step();
        };
        await advance(first);
        const readBefore = !deactivated;
        if (!app.done) await app.step();
        await advance(second);
        if (!app.done) await app.step();
        while (!provider.done) await provider.step();
        while (!app.done) await app.step();

        expect((await store.verify(before.sessionToken)).active).toBe(false);
        const [, given] = tokens;
        // What was decided on the old access and given out is dead; what the reactivated user got lives.
        if (given !== undefined && givenOut.beforeDeactivation && readBefore) {
          expect((await store.verify(given)).active).toBe(false);
        }
        const items = await stored(user);
        const live = await store.list(tenant, user);
        expect(items).toHaveLength(live.length);
      }
    }
  },
);
