import type { Directory } from '../directory/resources/directory';
import type { TenantId } from '../directory/table/keys';
import { settingsIn } from '../directory/tenants/settings';
import { type Place, removeTenant, removeTenantPart } from '../directory/tenants/tenant-removal';
import * as tenantStatus from '../directory/tenants/tenant-status';
import type { Tenant } from '../directory/tenants/tenants';
import * as tenants from '../directory/tenants/tenants';
import { eraseEvents } from '../events/event-log/erase-events';
import { actEntry, makingWrites } from './acts';
import { flushAuthorizerCache } from './authorizer-cache';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import { type NotifiedUsers, notifyTenant } from './session-sinks';
import { giveApiKey, removeApiKey, type TenantRate } from './tenant-rate';

/** Names the tenant that a use case is about. */
export interface TenantInput {
  readonly tenantId: string;
}

/**
 * The tenant that a use case is about: a mistyped one must not look like one that has nothing.
 *
 * @throws AdminError notFound
 */
export async function readTenant({ table }: Deployment, { tenantId }: TenantInput): Promise<Tenant> {
  const tenant = await tenants.getTenant(table, tenants.readTenantId(tenantId));
  if (tenant !== undefined) return tenant;
  throw new AdminError('notFound', `There is no tenant "${tenantId}".`);
}

/** The id of the tenant that a use case is about. @throws AdminError notFound */
export async function findTenant(deployment: Deployment, input: TenantInput): Promise<TenantId> {
  return (await readTenant(deployment, input)).tenantId;
}

/**
 * The directory of the tenant that a use case is about, with the tenant's settings.
 *
 * @throws AdminError notFound
 */
export async function directoryOf(deployment: Deployment, input: TenantInput): Promise<Directory> {
  const { table, origin } = deployment;
  const { tenantId: tenant, settings } = await readTenant(deployment, input);
  return { table, tenant, origin, now: () => new Date(), settings: settingsIn(settings) };
}

/** What suspending or resuming a tenant has done. */
export interface TenantStatusChange {
  readonly tenantId: string;
  readonly status: tenants.TenantStatus;
  /** Users that other stores of sessions were told of so far; undefined where there is no such store. */
  readonly notifiedUsers?: number;
  /** Users, about, who are still to be gone through, which the service does by itself; undefined likewise. */
  readonly usersLeft?: number;
}

/** How long suspending and resuming wait until other stores of sessions are told. */
export interface Patience {
  /** So long; a few seconds when absent. What is left then goes on by itself. */
  readonly patienceMs?: number;
  readonly onProgress?: (notified: NotifiedUsers) => void;
}

/** So long a request waits: most tenants are told of within it. */
const PATIENCE_MS = 5_000;

/** What suspending a tenant has done. */
export interface SuspendedTenant extends TenantStatusChange {
  /** False where no gateway could be told to forget that it accepted the tenant's tokens. */
  readonly cacheFlushed: boolean;
}

/** What deleting a tenant has done. */
export interface DeletedTenant {
  readonly tenantId: string;
  readonly deleted: true;
  /** Items removed by this call; one that was interrupted has removed others before. */
  readonly items: number;
}

/** A tenant just made. */
export interface CreatedTenant extends Tenant {
  /** What it may send; undefined where tenants have no limits of their own. */
  readonly rate?: TenantRate;
}

/**
 * Creates a tenant, without tokens.
 *
 * @param input `name` is for people and need not be unique
 * @example
 * await createTenant(deployment, { tenantId: 'acme', name: 'Acme Inc' });
 */
export async function createTenant(
  deployment: Deployment,
  { tenantId, name }: TenantInput & { readonly name: string },
): Promise<CreatedTenant> {
  const tenant = tenants.readTenantId(tenantId);
  const created = await tenants.createTenant(deployment.table, { tenantId: tenant, name }, (made) =>
    makingWrites(deployment, tenant, { type: 'tenant.created' }, made),
  );
  // Behind it: without a key the tenant is whole, only without a limit of its own.
  const rate = await giveApiKey(deployment, tenant);
  return rate === undefined ? created : { ...created, rate };
}

/** All tenants by id; one created within the last second may be missing. */
export const listTenants = ({ table }: Deployment): Promise<Tenant[]> => tenants.listTenants(table);

/** Some tenants by id, behind `after`; `next` is the id to go on behind, when there may be more. */
export async function pageOfTenants(
  { table }: Deployment,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<{ readonly items: readonly Tenant[]; readonly next: string | undefined }> {
  const from = after === undefined ? undefined : tenants.readTenantId(after);
  return tenants.pageOfTenants(table, { after: from, limit });
}

/**
 * Refuses all tokens of a tenant and ends all its sessions at once. Other stores of sessions are told user by user:
 * this waits for it for a while, and the service goes on by itself. Called again, it tells these again, or goes on.
 */
export async function suspendTenant(
  deployment: Deployment,
  { tenantId, ...patience }: TenantInput & Patience,
): Promise<SuspendedTenant> {
  const tenant = tenants.readTenantId(tenantId);
  const entry = await actEntry(deployment, tenant, { type: 'tenant.suspended' });
  await tenantStatus.suspendTenant(deployment.table, tenant, [entry]);
  const cacheFlushed = await flushAuthorizerCache(deployment);
  const notified = await notify(deployment, tenant, patience);
  return { tenantId: tenant, status: 'suspended', cacheFlushed, ...notified };
}

/**
 * Accepts the tokens of a suspended tenant again. Its sessions stay dead: people log in anew. Other stores of sessions
 * are told as of a suspension; what was still to be told of that is overtaken.
 */
export async function resumeTenant(
  deployment: Deployment,
  { tenantId, ...patience }: TenantInput & Patience,
): Promise<TenantStatusChange> {
  const tenant = tenants.readTenantId(tenantId);
  const entry = await actEntry(deployment, tenant, { type: 'tenant.resumed' });
  await tenantStatus.resumeTenant(deployment.table, tenant, [entry]);
  return { tenantId: tenant, status: 'active', ...(await notify(deployment, tenant, patience)) };
}

const notify = (
  deployment: Deployment,
  tenant: TenantId,
  { patienceMs = PATIENCE_MS, onProgress }: Patience,
): Promise<NotifiedUsers | undefined> =>
  notifyTenant(deployment, tenant, { until: Date.now() + patienceMs, onProgress });

/**
 * Ends all access of a tenant and removes all its data, for ever. Interrupted, it goes on when it is called again.
 *
 * @param input `settleMs`: how long requests may still be under way after the suspension
 */
export async function deleteTenant(
  deployment: Deployment,
  { tenantId, settleMs }: TenantInput & { readonly settleMs?: number },
): Promise<DeletedTenant> {
  const tenant = tenants.readTenantId(tenantId);
  const { items } = await removeTenant(deployment.table, tenant, removing(deployment, tenant, settleMs));
  return { tenantId: tenant, deleted: true, items };
}

/** What deleting a tenant part by part has done so far. */
export interface TenantDeletion {
  readonly tenantId: string;
  /** Whether nothing of it is left. */
  readonly deleted: boolean;
  /** Items removed by this part. */
  readonly items: number;
  /** How long nothing more is to be done: requests that were under way are to be over. */
  readonly waitSeconds?: number;
}

/** So long a part takes, if its request has the time. */
const PART_MS = 15_000;
/** Time kept back for noting how far it has come. */
const RESERVE_MS = 2_000;

/**
 * The same part by part, each within a request: called again it goes on, until `deleted` is true.
 *
 * @param input `confirm`: the tenant once more
 */
export async function deleteTenantPart(
  deployment: Deployment,
  { tenantId, confirm, settleMs }: TenantInput & { readonly confirm: string; readonly settleMs?: number },
): Promise<TenantDeletion> {
  const tenant = tenants.readTenantId(tenantId);
  if (confirm !== tenantId)
    throw new AdminError('invalidInput', `Nothing was deleted: repeat the tenant with confirm=${tenantId}.`);
  const { table } = deployment;
  const until = Math.min(Date.now() + PART_MS, table.giveUpAt() - RESERVE_MS);
  const part = await removeTenantPart(table, tenant, until, removing(deployment, tenant, settleMs));
  const { items, isDone: deleted, waitUntil } = part;
  const waitSeconds =
    waitUntil === undefined ? undefined : Math.max(0, Math.ceil((waitUntil - Date.now()) / 1000));
  return { tenantId: tenant, deleted, items, waitSeconds };
}

const removing = (deployment: Deployment, tenant: TenantId, settleMs: number | undefined) => ({
  onSuspended: async () => {
    await flushAuthorizerCache(deployment);
    await removeApiKey(deployment, tenant);
  },
  // Before anything is removed: afterwards nobody knows whom to tell of.
  tell: async (until: number) => {
    const { usersLeft = 0 } = (await notifyTenant(deployment, tenant, { until })) ?? {};
    return usersLeft === 0;
  },
  removeBeside: async ({ place }: Place, until: number) => {
    // A check may have given it another one meanwhile.
    await removeApiKey(deployment, tenant);
    return eraseEvents(deployment.table, tenant, typeof place === 'number' ? place : 0, until);
  },
  settleMs,
});
