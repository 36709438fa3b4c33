import fc from 'fast-check';
import { readTenantId, createTenant } from '../../directory/tenants';
import { createUser, deleteUser, modifyUser } from '../../directory/users';
import { type ResourceId, sessionPartition } from '../../directory/keys';
import { SessionStore } from '../../sessions';
import { revokePending } from '../../sessions/revoke';
import { startTestTable, type TestTable } from '../engine';

let engine: TestTable;
const tenant = readTenantId('acme');
beforeAll(async () => {
  engine = await startTestTable();
  await createTenant(engine.table, { tenantId: tenant, name: 'Acme Inc' });
});
afterAll(() => engine.stop());

const now = () => new Date();
let users = 0;

/** Runs works at once, one DynamoDB call at a time, in an order that fast-check chooses and can shrink. */
function inOrderOf(scheduler: fc.Scheduler) {
  const table = engine.table.with({
    beforeCall: (operation) => scheduler.schedule(Promise.resolve(), operation),
  });
  const directory = { table, tenant, now };
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
    { table: engine.table, tenant, now },
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
      for (const token of tokens) expect((await store.verify(token)).alive).toBe(false);
      expect(await stored(user)).toEqual([]);
    }),
    { numRuns: 40 },
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

      expect((await store.verify(fresh.sessionToken)).alive).toBe(true);
      expect(await store.verify(old.sessionToken)).toMatchObject({ alive: false });
      expect(await stored(user)).toHaveLength(1);
    }),
    { numRuns: 40 },
  );
});
