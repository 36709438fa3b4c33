import { type CheckedFinding, checkTable } from '../../../src/directory/check/check';
import { shownKey } from '../../../src/directory/check/finding';
import { classify } from '../../../src/directory/check/item-kind';
import { cleanUp, finishChange } from '../../../src/directory/pending/cleanup';
import { sweepCleanups } from '../../../src/directory/pending/cleanup-sweep';
import type { Directory } from '../../../src/directory/resources/directory';
import { isTenantId, type TenantId } from '../../../src/directory/table/keys';
import { Table } from '../../../src/directory/table/table';
import { createTenant } from '../../../src/directory/tenants/tenants';
import { revokePending } from '../../../src/offboarding/revoke';
import { sweepRevocations } from '../../../src/offboarding/sweep';
import { sweepTenants } from '../../../src/offboarding/sweep-tenants';
import { SessionStore } from '../../../src/sessions';
import { ORIGIN } from '../../../testing/origin';
import { type Interceptor, memoryClient } from '../../memory-dynamodb/client';
import type { ChooseState } from '../../memory-dynamodb/stale-reads';
import { MemoryStore } from '../../memory-dynamodb/store';

const TENANT = 'acme';
/** After which a session that is not used is over. */
export const IDLE_MS = 3_600_000;
const START = Date.UTC(2026, 10, 23);

/** One process's view of a table: the parts of the service over it, and a clock that the test moves. */
export interface World {
  readonly store: MemoryStore;
  readonly table: Table;
  readonly tenant: TenantId;
  readonly directory: Directory;
  readonly sessions: SessionStore;
  readonly clock: { ms: number };
}

/**
 * A world over a store; `intercept` stands between this process and the table, and `choose` says what its eventually
 * consistent reads see.
 */
export function worldOf(
  store: MemoryStore,
  clock = { ms: START },
  intercept?: Interceptor,
  choose?: ChooseState,
): World {
  if (!isTenantId(TENANT)) throw new Error('Not a tenant id.');
  store.now = () => clock.ms;
  const table = new Table('memory', memoryClient(store, intercept, choose));
  const directory: Directory = { table, tenant: TENANT, origin: ORIGIN, now: () => new Date(clock.ms) };
  const sessions = new SessionStore(table, { now: () => clock.ms, idleMs: IDLE_MS });
  return { store, table, tenant: TENANT, directory, sessions, clock };
}

/** A world with the tenant and nothing else. */
export async function newWorld(): Promise<World> {
  const world = worldOf(new MemoryStore());
  await createTenant(world.table, { tenantId: world.tenant, name: 'Acme', now: world.directory.now() });
  return world;
}

/** What the stream's consumers do at once. */
export async function runConsumers({ store, table, directory, tenant }: World): Promise<void> {
  for (const item of store.all()) {
    const what = classify(item)?.what;
    if (what?.kind === 'tombstone' && item.cleanupPending !== undefined) {
      await cleanUp(directory, what.resource, what.id);
    }
    if (what?.kind === 'resource' && item.change !== undefined) await finishChange(directory, what.id);
    if (item.revocationPending !== undefined && what !== undefined && 'id' in what) {
      await revokePending(table, tenant, what.id, () => directory.now().getTime());
    }
  }
}

/** What the schedules do, twice, with time going by: everything that is pending ends. */
export async function runSweeps(world: World): Promise<void> {
  for (let run = 0; run < 2; run++) {
    world.clock.ms += 120_000;
    await runSweepsOnce(world);
  }
}

/** One run of each schedule. */
export async function runSweepsOnce({ table, clock }: World): Promise<void> {
  const onFailure = (_: unknown, error: unknown) => {
    throw error;
  };
  const options = { deadline: Number.POSITIVE_INFINITY, now: () => clock.ms, onFailure };
  await sweepRevocations(table, options);
  await sweepTenants(table, { ...options, publishAccess: undefined, naming: { source: 'id' } });
  await sweepCleanups(table, options);
}

/** The checker's findings in words, for a test to expect none. */
export async function findingsIn({ table, clock }: World): Promise<string[]> {
  const { findings } = await checkTable(table, { parts: 1, secondLookAfterMs: 0, now: () => clock.ms });
  return findings.map(inWords);
}

const inWords = ({ code, key, detail }: CheckedFinding): string =>
  `${code}: ${shownKey(key)}${detail === undefined ? '' : ` (${detail})`}`;

/**
 * Work that is still marked once everything has run: there must be none. What may stay are tombstones until their
 * retention ends, and chunks of membership changes that were never committed, until their TTL; the checker looks at
 * both.
 */
export function pendingIn({ store }: World): string[] {
  return store
    .all()
    .filter(
      (item) =>
        item.revocationPending !== undefined ||
        item.cleanupPending !== undefined ||
        item.change !== undefined ||
        classify(item)?.what.kind === 'hidden' ||
        String(item.g1 ?? '').startsWith('PENDING#'),
    )
    .map(shownKey);
}
