import { isBlank } from '../../scim/unassigned';
import { Conflict, InvalidValue, NotFound } from '../errors';
import {
  isTenantId,
  TENANTS_INDEX_KEY,
  type TenantId,
  tenantKey,
  tokenKey,
  tokenLedgerKey,
} from '../table/keys';
import { ConditionFailed, type Item, type Table, type Write } from '../table/table';

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
}

/**
 * A tenant's tokens by public id. `revision` is raised by every change, so that a transaction can rest on having seen
 * them all.
 */
export interface TokenLedger {
  readonly revision: number;
  /** Public id of a token -> SHA-256 of its text. */
  readonly tokens: Readonly<Record<string, string>>;
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

/** All tenants by id. The index is eventually consistent: a tenant created within the last second may be missing. */
export async function listTenants(table: Table): Promise<Tenant[]> {
  const keys = await table.queryAll({ index: 'g1', pk: TENANTS_INDEX_KEY });
  const items = await table.batchGet(
    keys.map(({ pk, sk }) => ({ pk, sk })),
    { consistent: true },
  );
  return items.map(tenantOf).sort((a, b) => (a.tenantId < b.tenantId ? -1 : 1));
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

/** Whether a tenant is being removed, or is not there; as of a moment ago. */
export async function isBeingRemoved(table: Table, tenantId: TenantId): Promise<boolean> {
  const item = await table.get<{ removing?: true }>(tenantKey(tenantId), { consistent: false });
  return item === undefined || item.removing === true;
}

async function changeStatus(
  table: Table,
  tenantId: TenantId,
  status: TenantStatus,
  extraWrites: readonly Write[],
): Promise<void> {
  const giveUpAt = table.giveUpAt();
  for (let attempt = 1; ; attempt++) {
    const [tenant, ledger] = await Promise.all([
      getTenant(table, tenantId),
      readTokenLedger(table, tenantId),
    ]);
    if (tenant === undefined) throw noSuchTenant(tenantId);
    if (tenant.status === status) return;
    const marks = await tokenMarks(table, ledger, status);
    try {
      await table.transact([...statusWrites(tenant, ledger, status), ...marks, ...extraWrites]);
      return;
    } catch (error) {
      // A token was issued, revoked or removed by its TTL meanwhile: decide on the fresh state.
      if (!(error instanceof ConditionFailed)) throw error;
      await table.backOff(attempt, giveUpAt);
    }
  }
}

function statusWrites(tenant: Tenant, ledger: TokenLedger, status: TenantStatus): Write[] {
  return [
    {
      kind: 'update',
      key: tenantKey(tenant.tenantId),
      update: 'SET #status = :status, sessionEpoch = :epoch REMOVE removing',
      names: { '#status': 'status' },
      values: {
        ':status': status,
        ':epoch': tenant.sessionEpoch + (status === 'suspended' ? 1 : 0),
        ':before': tenant.status,
      },
      condition: { expression: '#status = :before' },
    },
    {
      kind: 'check',
      key: tokenLedgerKey(tenant.tenantId),
      condition: { expression: 'revision = :revision', values: { ':revision': ledger.revision } },
    },
  ];
}

/** Marks the tokens that still have an item; TTL may have removed some that the ledger lists. */
async function tokenMarks(table: Table, ledger: TokenLedger, status: TenantStatus): Promise<Write[]> {
  const keys = Object.values(ledger.tokens).map(tokenKey);
  const existing = await table.batchGet(keys, { consistent: true, attributes: ['pk', 'sk'] });
  return existing.map(({ pk, sk }) => ({
    kind: 'update',
    key: { pk, sk },
    update: status === 'suspended' ? 'SET tenantSuspended = :true' : 'REMOVE tenantSuspended',
    values: status === 'suspended' ? { ':true': true } : undefined,
    condition: { expression: 'attribute_exists(pk)' },
  }));
}

/** Reads which tokens a tenant has, strongly consistent. */
export async function readTokenLedger(table: Table, tenantId: TenantId): Promise<TokenLedger> {
  const item = await table.get<Partial<TokenLedger>>(tokenLedgerKey(tenantId));
  return { revision: item?.revision ?? 0, tokens: item?.tokens ?? {} };
}

export const noSuchTenant = (tenantId: TenantId): NotFound =>
  new NotFound(`There is no tenant "${tenantId}".`);

function tenantOf(item: Item): Tenant {
  const { tenantId, name, createdAt, status, sessionEpoch } = item as Item & Partial<Tenant>;
  if (
    tenantId === undefined ||
    name === undefined ||
    createdAt === undefined ||
    (status !== 'active' && status !== 'suspended')
  ) {
    throw new Error(`The item ${item.pk} is not a tenant.`);
  }
  return { tenantId, name, createdAt, status, sessionEpoch: sessionEpoch ?? 0 };
}
