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
import { type Condition, ConditionFailed, type Item, type Table, type Write } from '../table/table';
import { type ApiKey, apiKeyIn } from './api-key';
import {
  changedSettings,
  SETTING_NAMES,
  type SettingName,
  type SettingsText,
  settingsIn,
  type TenantSettings,
} from './settings';
import { ledgerKeys, readTokenLedger, type TokenLedger } from './token-ledger';

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
  extraWrites: readonly Write[] = [],
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
      ...extraWrites,
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

/**
 * Suspends a tenant: its tokens are refused and its sessions are dead, for ever. The tokens' items are marked in the
 * same transaction, so that the authorizer needs no second read to know it. The gateway's authorizer cache must be
 * flushed afterwards.
 *
 * @param extraWrites written in the same transaction; not when the tenant is suspended already
 * @throws NotFound
 */
export async function suspendTenant(
  table: Table,
  tenantId: TenantId,
  extraWrites: readonly Write[] = [],
): Promise<void> {
  await changeStatus(table, tenantId, 'suspended', extraWrites);
}

/**
 * Resumes a suspended tenant: its tokens are accepted again. Sessions from before the suspension stay dead.
 *
 * @param extraWrites written in the same transaction; not when the tenant is active already
 * @throws NotFound
 */
export async function resumeTenant(
  table: Table,
  tenantId: TenantId,
  extraWrites: readonly Write[] = [],
): Promise<void> {
  await changeStatus(table, tenantId, 'active', extraWrites);
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

/**
 * A tenant's settings as of a moment ago; undefined when it is being removed, or is not there. That is told by a
 * strongly consistent read alone: what is left out because of it never comes again.
 */
export async function settingsUnlessRemoved(
  table: Table,
  tenantId: TenantId,
): Promise<TenantSettings | undefined> {
  for (const consistent of [false, true]) {
    const item = await table.get<{ removing?: true; settings?: string }>(tenantKey(tenantId), { consistent });
    if (item !== undefined && item.removing !== true) return settingsIn(item.settings);
  }
  return undefined;
}

/**
 * Changes some settings of a tenant. What it has chosen is written into its tokens in the same transaction, so that the
 * authorizer needs no second read to know it. The gateway's authorizer cache must be flushed afterwards.
 *
 * @param extraWrites written in the same transaction; not when nothing changes
 * @returns all settings, and the names of those that have changed
 * @throws NotFound
 */
export async function changeSettings(
  table: Table,
  tenantId: TenantId,
  change: Partial<TenantSettings>,
  extraWrites: (changed: readonly SettingName[]) => Promise<readonly Write[]> = async () => [],
): Promise<{ readonly settings: TenantSettings; readonly changed: readonly SettingName[] }> {
  let settings = settingsIn(undefined);
  let changed: readonly SettingName[] = [];
  await changeWithTokens(table, tenantId, async (tenant) => {
    const next = changedSettings(tenant.settings, change);
    const before = settingsIn(tenant.settings);
    settings = settingsIn(next);
    changed = SETTING_NAMES.filter((name) => settings[name] !== before[name]);
    if (next === tenant.settings || Object.keys(change).length === 0) return undefined;
    const set = { update: 'SET settings = :settings', values: { ':settings': next } };
    return {
      tenant: { ...set, condition: settingsUnchanged(tenant) },
      token: set,
      extraWrites: changed.length === 0 ? [] : await extraWrites(changed),
    };
  });
  return { settings, changed };
}

/** The condition that a tenant's item has the settings that were read. */
export const settingsUnchanged = ({ settings }: Pick<Tenant, 'settings'>): Condition =>
  settings === undefined
    ? { expression: 'attribute_exists(pk) AND attribute_not_exists(settings)' }
    : { expression: 'settings = :seen', values: { ':seen': settings } };

function changeStatus(
  table: Table,
  tenantId: TenantId,
  status: TenantStatus,
  extraWrites: readonly Write[],
): Promise<void> {
  return changeWithTokens(table, tenantId, async (tenant) => {
    if (tenant.status === status) return undefined;
    return {
      tenant: {
        update: 'SET #status = :status, sessionEpoch = :epoch REMOVE removing, removal',
        names: { '#status': 'status' },
        values: {
          ':status': status,
          ':epoch': tenant.sessionEpoch + (status === 'suspended' ? 1 : 0),
          ':before': tenant.status,
        },
        condition: { expression: '#status = :before' },
      },
      token:
        status === 'suspended'
          ? { update: 'SET tenantSuspended = :true', values: { ':true': true } }
          : { update: 'REMOVE tenantSuspended' },
      extraWrites,
    };
  });
}

/** An update of a tenant, and one of each of its tokens. */
interface ChangeWithTokens {
  readonly tenant: Omit<Write & { kind: 'update' }, 'kind' | 'key'>;
  readonly token: Pick<Write & { kind: 'update' }, 'update' | 'values'>;
  readonly extraWrites: readonly Write[];
}

/**
 * Changes a tenant and all its tokens in one transaction, which rests on having seen all tokens.
 *
 * @param plan decides on the tenant as it was read; undefined when nothing is to be written
 * @throws NotFound
 */
export async function changeWithTokens(
  table: Table,
  tenantId: TenantId,
  plan: (tenant: StoredTenant) => Promise<ChangeWithTokens | undefined>,
): Promise<void> {
  const giveUpAt = table.giveUpAt();
  for (let attempt = 1; ; attempt++) {
    const [tenant, ledger] = await Promise.all([
      getStoredTenant(table, tenantId),
      readTokenLedger(table, tenantId),
    ]);
    if (tenant === undefined) throw noSuchTenant(tenantId);
    const change = await plan(tenant);
    if (change === undefined) return;
    const writes: Write[] = [
      { kind: 'update', key: tenantKey(tenantId), ...change.tenant },
      {
        kind: 'check',
        key: tokenLedgerKey(tenantId),
        condition: { expression: 'revision = :revision', values: { ':revision': ledger.revision } },
      },
      ...(await tokenUpdates(table, ledger, change.token)),
      ...change.extraWrites,
    ];
    try {
      await table.transact(writes);
      return;
    } catch (error) {
      // A token was issued, revoked or removed by its TTL meanwhile: decide on the fresh state.
      if (!(error instanceof ConditionFailed)) throw error;
      await table.backOff(attempt, giveUpAt);
    }
  }
}

/** Updates the tokens that still have an item; TTL may have removed some that the ledger lists. */
async function tokenUpdates(
  table: Table,
  ledger: TokenLedger,
  { update, values }: ChangeWithTokens['token'],
): Promise<Write[]> {
  const keys = ledgerKeys(ledger);
  const existing = await table.batchGet(keys, { consistent: true, attributes: ['pk', 'sk'] });
  return existing.map(({ pk, sk }) => ({
    kind: 'update',
    key: { pk, sk },
    update,
    values,
    condition: { expression: 'attribute_exists(pk)' },
  }));
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
