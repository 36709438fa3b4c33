import { Conflict } from '../../../src/directory/errors';
import { resumeTenant, suspendTenant } from '../../../src/directory/tenants/tenant-status';
import { createTenant, getTenant, readTenantId } from '../../../src/directory/tenants/tenants';
import { findToken } from '../../../src/directory/tenants/token-check';
import { issueToken, listTokens, revokeToken, rotateToken } from '../../../src/directory/tenants/tokens';
import { type Scenario, scenario } from './scenario';
import { expectTrue, userWithSession } from './user-scenarios';
import type { World } from './world';

const order = (world: World) => ({
  tenant: world.tenant,
  label: 'entra',
  scope: 'write' as const,
  expiresAt: new Date(world.clock.ms + 90 * 86_400_000),
  now: world.directory.now(),
});
const issue = (world: World) => issueToken(world.table, order(world));

async function outcomeOf(world: World, text: string): Promise<string> {
  return (await findToken(world.table, text, world.directory.now())).outcome;
}

async function exceptConflict(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Conflict) return undefined;
    throw error;
  }
}

/** Every write of tenants and their tokens. */
export const TENANT_SCENARIOS: readonly Scenario[] = [
  scenario({
    name: 'create a tenant',
    prepare: async () => readTenantId('other'),
    run: (world, tenantId) =>
      createTenant(world.table, { tenantId, name: 'Other', now: world.directory.now() }),
    retry: (world, tenantId) => exceptConflict(createTenant(world.table, { tenantId, name: 'Other' })),
    intended: async (world, tenantId) => {
      expectTrue((await getTenant(world.table, tenantId))?.status === 'active', 'the tenant is there');
    },
  }),
  scenario({
    name: 'suspend a tenant',
    prepare: async (world) => ({ ...(await userWithSession(world)), token: await issue(world) }),
    run: (world) => suspendTenant(world.table, world.tenant),
    intended: async (world, { session, token }) => {
      expectTrue((await outcomeOf(world, token.text)) === 'suspended', 'the token is suspended');
      expectTrue(!(await world.sessions.verify(session.sessionToken)).active, 'the session is dead');
      expectTrue((await getTenant(world.table, world.tenant))?.sessionEpoch === 1, 'one epoch later');
    },
  }),
  scenario({
    name: 'resume a tenant',
    prepare: async (world) => {
      const prepared = { ...(await userWithSession(world)), token: await issue(world) };
      await suspendTenant(world.table, world.tenant);
      return prepared;
    },
    run: (world) => resumeTenant(world.table, world.tenant),
    intended: async (world, { session, token }) => {
      expectTrue((await outcomeOf(world, token.text)) === 'live', 'the token is live');
      expectTrue(!(await world.sessions.verify(session.sessionToken)).active, 'the old session stays dead');
    },
  }),
  scenario({
    name: 'issue a token',
    prepare: async () => undefined,
    run: issue,
    intended: async (world, _, given) => {
      const { text } = given as Awaited<ReturnType<typeof issue>>;
      expectTrue((await outcomeOf(world, text)) === 'live', 'the token given is live');
      // One whose text was lost with the answer is listed, so that it can be revoked.
      expectTrue((await listTokens(world.table, world.tenant)).length <= 2, 'at most one more');
    },
  }),
  scenario({
    name: 'rotate a token',
    prepare: issue,
    run: (world, { token }) =>
      rotateToken(world.table, world.tenant, token.tokenId, { now: world.directory.now() }),
    // Refused when the answer with the successor was lost: the message names it, and it has to be revoked first.
    retry: (world, { token }) =>
      exceptConflict(rotateToken(world.table, world.tenant, token.tokenId, { now: world.directory.now() })),
    intended: async (world, { text }, given) => {
      expectTrue((await outcomeOf(world, text)) === 'live', 'the old token lives on for the overlap');
      const successor = given as Awaited<ReturnType<typeof issue>> | undefined;
      if (successor !== undefined)
        expectTrue((await outcomeOf(world, successor.text)) === 'live', 'the new one');
      expectTrue((await listTokens(world.table, world.tenant)).length === 2, 'two tokens');
    },
  }),
  scenario({
    name: 'revoke a token',
    prepare: issue,
    run: (world, { token }) => revokeToken(world.table, world.tenant, token.tokenId, world.directory.now()),
    intended: async (world, { text }) => {
      expectTrue((await outcomeOf(world, text)) === 'revoked', 'the token is revoked');
    },
  }),
];
