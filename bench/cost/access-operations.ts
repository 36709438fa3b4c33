import { isResourceId } from '../../src/directory/table/keys';
import { createTenant } from '../../src/directory/tenants/tenants';
import { findToken, recordTokenUse } from '../../src/directory/tenants/token-check';
import { issueToken } from '../../src/directory/tenants/tokens';
import { findUserByAppId, setAppId } from '../../src/directory/users/app-id';
import { revokePending } from '../../src/offboarding/revoke';
import { currentEpoch, SessionStore } from '../../src/sessions';
import { type CostBench, type Operation, patchBody, send } from './operation';
import { newUser, TYPICAL_USER } from './resources';

const MINUTE_MS = 60_000;

/** The authorizer and the sessions of the vendor's app, for users of 1 kB. */
export const ACCESS_OPERATIONS: readonly Operation[] = [
  {
    name: 'authorize, cached by the gateway',
    floor: { read: 0, write: 0 },
    plan: { read: 0, write: 0, roundTrips: 0 },
    prepare: async () => async () => {},
  },
  {
    name: 'authorize, not cached',
    floor: { read: 0.5, write: 0 },
    plan: { read: 1, write: 0, roundTrips: 1 },
    prepare: async (bench) => {
      const token = await newToken(bench);
      await authorize(bench, token);
      return () => authorize(bench, token);
    },
  },
  {
    name: 'authorize, not cached, first in five minutes',
    floor: { read: 0.5, write: 0 },
    plan: { read: 1, write: 1, roundTrips: 2 },
    prepare: async (bench) => {
      const token = await newToken(bench);
      return () => authorize(bench, token);
    },
  },
  {
    name: 'session: issue',
    plan: { read: 2, write: 6, roundTrips: 2 },
    prepare: async (bench) => {
      const { store, userId } = await userWithSessions(bench, 0);
      return () => store.issue(bench.directory.tenant, userId);
    },
  },
  {
    name: 'session: verify',
    plan: { read: 3, write: 0, roundTrips: 1 },
    prepare: async (bench) => {
      const { store, sessions } = await userWithSessions(bench, 1);
      return () => store.verify(sessions[0]?.sessionToken ?? '');
    },
  },
  {
    name: 'session: verify, and move the idle expiry',
    plan: { read: 3, write: 1, roundTrips: 2 },
    prepare: async (bench) => {
      const { sessions } = await userWithSessions(bench, 1);
      const later = new SessionStore(bench.table, { now: () => Date.now() + 10 * MINUTE_MS });
      return () => later.verify(sessions[0]?.sessionToken ?? '');
    },
  },
  {
    name: 'session: rotate',
    plan: { read: 3, write: 6, roundTrips: 2 },
    prepare: async (bench) => {
      const { store, sessions } = await userWithSessions(bench, 1);
      return () => store.rotate(sessions[0]?.refreshToken ?? '');
    },
  },
  {
    name: 'session: current epoch, for self-contained tokens',
    plan: { read: 1, write: 0, roundTrips: 1 },
    prepare: async (bench) => {
      const { userId } = await userWithSessions(bench, 0);
      return () => currentEpoch(bench.table, bench.directory.tenant, userId);
    },
  },
  {
    name: 'app: user by appId',
    plan: { read: 2, write: 0, roundTrips: 2 },
    prepare: async (bench) => {
      const { appId } = await userWithAppId(bench);
      return () => findUserByAppId(bench.directory, appId);
    },
  },
  {
    name: 'app: set appId',
    plan: { read: 1, write: 4, roundTrips: 2 },
    prepare: async (bench) => {
      const { id } = await newUser(bench, TYPICAL_USER);
      return () => setAppId(bench.directory, id, `app-${bench.next()}`);
    },
  },
  {
    name: 'Entra: DELETE of a user with an appId, without groups',
    plan: { read: 1, write: 12 + 4 + 2, roundTrips: 2 },
    prepare: async (bench) => {
      const { id } = await userWithAppId(bench);
      return () => send(bench, 'DELETE', 'Users', { id });
    },
  },
  {
    name: 'behind the stream: revoke the 3 sessions of a deactivated user',
    plan: { read: 3, write: 3 + 2, roundTrips: 4 },
    prepare: async (bench) => {
      const { userId } = await userWithSessions(bench, 3);
      const body = patchBody({ op: 'Replace', path: 'active', value: 'False' });
      await send(bench, 'PATCH', 'Users', { id: userId, body });
      return () => revokePending(bench.table, bench.directory.tenant, userId);
    },
  },
];

async function authorize({ table, directory }: CostBench, text: string): Promise<void> {
  const check = await findToken(table, text, directory.now());
  if (check.outcome !== 'live') throw new Error(`The token is ${check.outcome}.`);
  await recordTokenUse(table, text, check.token, directory.now());
}

const tenants = new WeakMap<object, Promise<unknown>>();

async function withTenant({ table, directory: { tenant } }: CostBench): Promise<void> {
  const known = tenants.get(table) ?? createTenant(table, { tenantId: tenant, name: 'Costs' });
  tenants.set(table, known);
  await known;
}

async function newToken(bench: CostBench): Promise<string> {
  await withTenant(bench);
  const { tenant } = bench.directory;
  const expiresAt = new Date(Date.now() + 60 * MINUTE_MS);
  const label = `cost-${bench.next()}`;
  const { text } = await issueToken(bench.table, { tenant, label, scope: 'write', expiresAt });
  return text;
}

async function userWithAppId(bench: CostBench): Promise<{ id: string; appId: string }> {
  const { id, n } = await newUser(bench, TYPICAL_USER);
  const appId = `app-${n}`;
  await setAppId(bench.directory, id, appId);
  return { id, appId };
}

async function userWithSessions(bench: CostBench, count: number) {
  await withTenant(bench);
  const { id: userId } = await newUser(bench, TYPICAL_USER);
  if (!isResourceId(userId)) throw new Error('The user has no id of ours.');
  const store = new SessionStore(bench.table);
  const sessions = [];
  for (let i = 0; i < count; i++) sessions.push(await store.issue(bench.directory.tenant, userId));
  return { store, userId, sessions };
}
