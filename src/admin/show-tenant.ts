import { countResources } from '../directory/resources/counters';
import { type PendingAccess, readPendingAccess } from '../directory/tenants/pending-access';
import { settingsIn, type TenantSettings } from '../directory/tenants/settings';
import { getStoredTenant, type Tenant } from '../directory/tenants/tenants';
import type { TokenState } from '../directory/tenants/token-item';
import { listClients, type ShownClient } from './clients';
import { type Connection, readConnection } from './connection';
import type { Deployment } from './deployment';
import { type NotifiedUsers, usersBehind } from './session-sinks';
import { rateOf, type TenantRate } from './tenant-rate';
import { readTenant, type TenantInput } from './tenants';
import { listTokens, type ShownToken } from './tokens';

/** That other stores of sessions are being told of a tenant that was suspended or resumed. */
export interface ShownTelling extends Required<NotifiedUsers> {
  /** When it was suspended or resumed: ISO 8601, UTC. */
  readonly since: string;
}

/** Everything that is to be said of a tenant at a glance. */
export interface ShownTenant extends Omit<Tenant, 'settings' | 'sessionEpoch'> {
  readonly connection: Connection;
  /** The newest first. */
  readonly tokens: readonly (ShownToken & { readonly state: TokenState })[];
  /** The newest first. */
  readonly clients: readonly ShownClient[];
  readonly counts: { readonly users: number; readonly groups: number };
  readonly settings: TenantSettings;
  /** How far other stores of sessions are told of its users, while they are. */
  readonly telling?: ShownTelling;
  /** What it may send; undefined where tenants have no limits of their own. */
  readonly rate?: TenantRate;
}

/**
 * Tells how it stands with a tenant: its connection with the last request and the last refusal, its tokens and
 * clients, how many users and groups it has, its settings.
 *
 * @throws AdminError notFound
 * @example
 * const { connection } = await showTenant(deployment, { tenantId: 'acme' });
 * if (connection.state === 'refusing') console.error(connection.lastRefusal?.detail);
 */
export async function showTenant(deployment: Deployment, input: TenantInput): Promise<ShownTenant> {
  const { table } = deployment;
  const tenant = await readTenant(deployment, input);
  const { tenantId, name, createdAt, status, settings } = tenant;
  const directory = { table, tenant: tenantId };
  const [tokens, clients, users, groups, stored = tenant, pending] = await Promise.all([
    listTokens(deployment, input),
    listClients(deployment, input),
    countResources(directory, 'User'),
    countResources(directory, 'Group'),
    getStoredTenant(table, tenantId),
    readPendingAccess(table, tenantId),
  ]);
  const rate = rateOf(stored, deployment.apiKeys);
  return {
    tenantId,
    name,
    createdAt,
    status,
    connection: await readConnection(table, tenant, [...tokens, ...clients], new Date()),
    tokens,
    clients,
    counts: { users: users.total, groups: groups.total },
    settings: settingsIn(settings),
    ...(pending === undefined ? {} : { telling: shownTelling(pending, users.total) }),
    ...(rate === undefined ? {} : { rate }),
  };
}

const shownTelling = ({ since, told, looked }: PendingAccess, users: number): ShownTelling => ({
  since: new Date(since).toISOString(),
  notifiedUsers: told,
  usersLeft: usersBehind(looked, users),
});
