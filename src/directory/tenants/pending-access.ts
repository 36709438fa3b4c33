import {
  type ItemKey,
  PENDING_ACCESS_INDEX_KEY,
  pendingAccessKey,
  type TenantId,
  tenantKey,
  tenantOfPartition,
} from '../table/keys';
import { type Condition, ConditionFailed, type Table, type Write } from '../table/table';

/** How far other stores of sessions are told of a tenant that was suspended or resumed, user by user. */
export interface PendingAccess {
  readonly tenant: TenantId;
  /** Of the suspension or the return: no two have the same. */
  readonly changeId: string;
  readonly cause: 'ended' | 'returned';
  /** When the tenant was suspended or resumed, in ms since 1970. */
  readonly since: number;
  /** When it came forward last. */
  readonly progressedAt: number;
  /** Sort key of the last user who was gone through; empty at the beginning. */
  readonly place: string;
  /**
   * Of a return that overtook a suspension: users behind this sort key were not told of yet, and their sessions from
   * before it are still to be ended.
   */
  readonly endedUntil?: string;
  /** Users gone through. */
  readonly looked: number;
  /** Users told of: those of them who were active. */
  readonly told: number;
  /** Until when somebody goes on with it, in ms since 1970. */
  readonly underWayUntil: number;
}

/** Reads how far it is, strongly consistent; undefined when nothing is pending. */
export async function readPendingAccess(table: Table, tenant: TenantId): Promise<PendingAccess | undefined> {
  const item = await table.get<Partial<PendingAccess>>(pendingAccessKey(tenant));
  return item === undefined ? undefined : pendingAccessOf(tenant, item);
}

/** @throws Error when the item is not one */
function pendingAccessOf(tenant: TenantId, item: ItemKey & Partial<PendingAccess>): PendingAccess {
  const { changeId, cause, since = 0, progressedAt = since, place = '', endedUntil } = item;
  const { looked = 0, told = 0, underWayUntil = 0 } = item;
  if (changeId === undefined || (cause !== 'ended' && cause !== 'returned'))
    throw new Error(`The item ${item.pk} does not say what is pending.`);
  return { tenant, changeId, cause, since, progressedAt, place, endedUntil, looked, told, underWayUntil };
}

/** The tenants of whose users other stores of sessions are still to be told; the index is eventually consistent. */
export async function tenantsWithPendingAccess(table: Table): Promise<TenantId[]> {
  const entries = await table.queryAll({ index: 'g1', pk: PENDING_ACCESS_INDEX_KEY });
  return entries.flatMap(({ pk }) => tenantOfPartition(pk) ?? []);
}

/** A suspension or a return, of which nobody is told yet. */
export interface ChangedAccess extends Pick<PendingAccess, 'tenant' | 'cause' | 'endedUntil'> {
  /** That of the tenant behind it. */
  readonly sessionEpoch: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Has all its users told of; takes the place of what was pending before. */
export function pendingAccessPut(
  { tenant, cause, endedUntil, sessionEpoch, now }: ChangedAccess,
  condition?: Condition,
): Write {
  const begun: Omit<PendingAccess, 'tenant'> = {
    changeId: `${cause}-${sessionEpoch}-${now}`,
    cause,
    since: now,
    progressedAt: now,
    place: '',
    looked: 0,
    told: 0,
    underWayUntil: 0,
    ...(endedUntil === undefined ? {} : { endedUntil }),
  };
  return {
    kind: 'put',
    item: { ...pendingAccessKey(tenant), ...begun, g1: PENDING_ACCESS_INDEX_KEY },
    condition,
  };
}

/**
 * Has all users told of once more, unless that is under way, or somebody changes the tenant's status at this moment:
 * then it is done for that.
 */
export async function tellAgain(
  table: Table,
  change: ChangedAccess & { readonly status: 'active' | 'suspended' },
): Promise<void> {
  try {
    await table.transact([
      {
        kind: 'check',
        key: tenantKey(change.tenant),
        condition: {
          expression: '#status = :status',
          names: { '#status': 'status' },
          values: { ':status': change.status },
        },
      },
      pendingAccessPut(change, { expression: 'attribute_not_exists(pk)' }),
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/**
 * Keeps others from going on with it for a while: twice the same does no harm, and is for nothing.
 *
 * @returns false when somebody goes on with it already, or it is done or overtaken
 */
export const takePendingAccess = (
  table: Table,
  pending: PendingAccess,
  now: number,
  until: number,
): Promise<boolean> =>
  isUpdated(table, pending, {
    update: 'SET underWayUntil = :until',
    values: { ':until': until, ':now': now },
    condition: ['underWayUntil < :now'],
  });

/** Notes how far it has come. @returns false when it was overtaken, or somebody else has gone on with it */
export const savePendingAccess = (table: Table, from: PendingAccess, to: PendingAccess): Promise<boolean> =>
  isUpdated(table, from, {
    update: 'SET place = :place, looked = :next, told = :told, progressedAt = :at, underWayUntil = :until',
    values: {
      ':place': to.place,
      ':next': to.looked,
      ':told': to.told,
      ':at': to.progressedAt,
      ':until': to.underWayUntil,
    },
  });

/** Notes that everybody is told of. @returns false likewise */
export const removePendingAccess = (
  table: Table,
  { tenant, changeId, place }: PendingAccess,
): Promise<boolean> =>
  isWritten(table, {
    kind: 'delete',
    key: pendingAccessKey(tenant),
    condition: {
      expression: 'changeId = :id AND place = :from',
      values: { ':id': changeId, ':from': place },
    },
  });

function isUpdated(
  table: Table,
  { tenant, changeId, place }: PendingAccess,
  {
    update,
    values,
    condition = [],
  }: {
    readonly update: string;
    readonly values: Record<string, unknown>;
    readonly condition?: readonly string[];
  },
): Promise<boolean> {
  return isWritten(table, {
    kind: 'update',
    key: pendingAccessKey(tenant),
    update,
    values: { ...values, ':id': changeId, ':from': place },
    condition: { expression: ['changeId = :id', 'place = :from', ...condition].join(' AND ') },
  });
}

async function isWritten(table: Table, write: Exclude<Write, { kind: 'check' }>): Promise<boolean> {
  try {
    await table.write(write);
    return true;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return false;
  }
}
