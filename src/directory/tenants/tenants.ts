import { isBlank } from '../../scim/unassigned';
import { Conflict, InvalidValue, NotFound } from '../errors';
import {
  isTenantId,
  TENANTS_INDEX_KEY,
  type TenantId,
  tenantKey,
  tenantOfPartition,
  tokenLedgerKey,
} from '../table/keys';
import { ConditionFailed, type Item, type Table, type Write } from '../table/table';
import { type ApiKey, apiKeyIn } from './api-key';
import type { SettingsText } from './settings';

export type TenantStatus = 'active' | 'suspended';

/** A customer of the vendor, with a directory of its own. */
export interface Tenant {
  readonly tenantId: TenantId;
  /** For people; not unique. */
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly status: TenantStatus;
  /** Raised when the tenant is suspended: sessions issued under a smaller one are dead, also after it is resumed. */
  readonly sessionEpoch: number;
  /** What it has chosen; absent when nothing. */
  readonly settings?: SettingsText;
}

/** A tenant with the key that its requests are counted by, which is shown to nobody. */
export interface StoredTenant extends Tenant {
  readonly apiKey?: ApiKey;
}

/**
 * Reads a tenant id as somebody typed it.
 *
 * @throws InvalidValue
 * @example
 * readTenantId('acme') // 'acme'
 */
export function readTenantId(text: string): TenantId {
  if (isTenantId(text)) return text;
  throw new InvalidValue(
    `${JSON.stringify(text)} is not a tenant id; 1 to 40 lower-case letters, digits and inner hyphens are accepted, as in "acme-eu".`,
  );
}

/**
 * Creates a tenant, without tokens.
 *
 * @param extraWrites written in the same transaction
 * @throws Conflict when there is one with this id; InvalidValue for a blank name
 */
export async function createTenant(
  table: Table,
  { tenantId, name, now = new Date() }: { tenantId: TenantId; name: string; now?: Date },
  extraWrites: (tenant: Tenant) => Promise<readonly Write[]> = async () => [],
): Promise<Tenant> {
  if (isBlank(name)) throw new InvalidValue("The tenant's name has nothing that can be seen; give it one.");
  const tenant: Tenant = {
    tenantId,
    name,
    createdAt: now.toISOString(),
    status: 'active',
    sessionEpoch: 0,
  };
  try {
    await table.transact([
      {
        kind: 'put',
        item: { ...tenantKey(tenantId), ...tenant, g1: TENANTS_INDEX_KEY },
        condition: { expression: 'attribute_not_exists(pk)' },
      },
      { kind: 'put', item: { ...tokenLedgerKey(tenantId), revision: 0, tokens: {} } },
      ...(await extraWrites(tenant)),
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    throw new Conflict(`There is a tenant "${tenantId}" already.`);
  }
  return tenant;
}

/** Reads a tenant, strongly consistent. */
export async function getTenant(table: Table, tenantId: TenantId): Promise<Tenant | undefined> {
  const item = await table.get(tenantKey(tenantId));
  return item === undefined ? undefined : tenantOf(item);
}

/** Reads a tenant and its key, strongly consistent. */
export async function getStoredTenant(table: Table, tenantId: TenantId): Promise<StoredTenant | undefined> {
  const item = await table.get(tenantKey(tenantId));
  return item === undefined ? undefined : storedTenantOf(item);
}

/** All tenants by id. The index is eventually consistent: a tenant created within the last second may be missing. */
export async function listTenants(table: Table): Promise<Tenant[]> {
  return (await listStoredTenants(table)).map(({ apiKey: _shownToNobody, ...tenant }) => tenant);
}

/** All tenants with their keys, by id; likewise. */
export async function listStoredTenants(table: Table): Promise<StoredTenant[]> {
  const keys = await table.queryAll({ index: 'g1', pk: TENANTS_INDEX_KEY });
  const items = await table.batchGet(
    keys.map(({ pk, sk }) => ({ pk, sk })),
    { consistent: true },
  );
  return items.map(storedTenantOf).sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1));
}

/**
 * Some tenants by id.
 *
 * @param after id behind which they begin
 * @returns with `next`, the id to go on behind, when there may be more
 */
export async function pageOfTenants(
  table: Table,
  { after, limit }: { after?: TenantId; limit: number },
): Promise<{ items: Tenant[]; next: TenantId | undefined }> {
  const [from, to] = [after === undefined ? 'TENANT#' : `${tenantKey(after).pk}#`, 'TENANT#~'];
  const page = await table.query({ index: 'g1', pk: TENANTS_INDEX_KEY, sk: { from, to }, limit });
  const items = await table.batchGet(
    page.items.map(({ pk, sk }) => ({ pk, sk })),
    { consistent: true },
  );
  const tenants = items.map(tenantOf).sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1));
  const last = page.items.at(-1);
  return { items: tenants, next: page.after === undefined ? undefined : tenantOfPartition(last?.pk ?? '') };
}

/** Marks a tenant whose items are about to be removed, so that nothing more is written about them. */
export async function markRemoval(table: Table, tenantId: TenantId): Promise<void> {
  await table.write({
    kind: 'update',
    key: tenantKey(tenantId),
    update: 'SET removing = :true',
    values: { ':true': true },
    condition: { expression: 'attribute_exists(pk)' },
  });
}

export const noSuchTenant = (tenantId: TenantId): NotFound =>
  new NotFound(`There is no tenant "${tenantId}".`);

/** Reads the item of a tenant. @throws Error when it is not one */
export function tenantOf(item: Item): Tenant {
  const { tenantId, name, createdAt, status, sessionEpoch, settings } = item as Item & Partial<Tenant>;
  if (
    tenantId === undefined ||
    name === undefined ||
    createdAt === undefined ||
    (status !== 'active' && status !== 'suspended')
  ) {
    throw new Error(`The item ${item.pk} is not a tenant.`);
  }
  const tenant = { tenantId, name, createdAt, status, sessionEpoch: sessionEpoch ?? 0 };
  return settings === undefined ? tenant : { ...tenant, settings };
}

/** Reads the item of a tenant with its key. @throws Error when it is not one */
function storedTenantOf(item: Item): StoredTenant {
  const apiKey = apiKeyIn(item);
  return apiKey === undefined ? tenantOf(item) : { ...tenantOf(item), apiKey };
}
