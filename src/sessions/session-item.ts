import {
  type ItemKey,
  type ResourceId,
  resourceKey,
  sessionKey,
  sessionPartition,
  type TenantId,
  tenantKey,
} from '../directory/table/keys';
import type { Table, Write } from '../directory/table/table';
import type { SessionLocator } from './session-token';

/** A session as stored. Times are milliseconds since 1970. */
export interface SessionItem extends ItemKey {
  /** Epochs of the user and of the tenant when the session was issued; it is alive only while both are unchanged. */
  readonly epoch: number;
  readonly tenantEpoch: number;
  readonly secretHash: string;
  readonly familyHash: string;
  readonly refreshHash: string;
  /** Hash of the refresh token before the current one, and when it was replaced. */
  readonly previousRefreshHash?: string;
  readonly rotatedAt?: number;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly idleExpiresAt: number;
  readonly absoluteExpiresAt: number;
  /** Seconds since 1970: TTL. */
  readonly expiresAt: number;
  readonly label?: string;
}

/** What a session looks like to the app: nothing secret. */
export interface Session extends SessionLocator {
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly idleExpiresAt: Date;
  readonly absoluteExpiresAt: Date;
  readonly label: string | undefined;
}

/** Why a session is not alive, or cannot be issued. */
export type InvalidReason =
  | 'malformed'
  | 'unknown'
  | 'expired'
  | 'idle'
  | 'revoked'
  | 'user-absent'
  | 'user-inactive'
  | 'tenant-absent'
  | 'tenant-suspended';

/** The state of the session's owner that decides on life and death. */
export interface Owner {
  readonly epoch: number;
  readonly tenantEpoch: number;
}

interface OwnerItem extends ItemKey {
  readonly active?: boolean;
  readonly sessionEpoch?: number;
  readonly status?: string;
}

/**
 * Reads the user and the tenant, and a session with them, in one call and strongly consistent: whatever was
 * acknowledged before the call is seen.
 *
 * @returns the owner's epochs, or why nobody of this id may have a session
 */
export async function readOwner(
  table: Table,
  { tenant, userId, sessionId }: Omit<SessionLocator, 'sessionId'> & { sessionId?: string },
): Promise<{ owner: Owner | InvalidReason; item: SessionItem | undefined }> {
  const keys = {
    user: resourceKey(tenant, 'User', userId),
    tenant: tenantKey(tenant),
    session: sessionKey(tenant, userId, sessionId ?? ''),
  };
  const wanted = sessionId === undefined ? [keys.user, keys.tenant] : [keys.user, keys.tenant, keys.session];
  const items = await table.batchGet<Partial<OwnerItem & SessionItem>>(wanted, { consistent: true });
  const find = (key: ItemKey) => items.find(({ pk, sk }) => pk === key.pk && sk === key.sk);
  const item = find(keys.session) as SessionItem | undefined;
  return { owner: ownerOf(find(keys.user), find(keys.tenant)), item };
}

function ownerOf(
  user: Partial<OwnerItem> | undefined,
  tenant: Partial<OwnerItem> | undefined,
): Owner | InvalidReason {
  if (tenant === undefined) return 'tenant-absent';
  if (tenant.status !== 'active') return 'tenant-suspended';
  if (user === undefined) return 'user-absent';
  if (user.active !== true) return 'user-inactive';
  return { epoch: user.sessionEpoch ?? 0, tenantEpoch: tenant.sessionEpoch ?? 0 };
}

/**
 * The condition checks of every transaction that gives out a session: the user is active, the tenant is, and neither
 * epoch has moved since it was read.
 */
export function ownerChecks({ tenant, userId }: Omit<SessionLocator, 'sessionId'>, owner: Owner): Write[] {
  return [
    {
      kind: 'check',
      key: resourceKey(tenant, 'User', userId),
      condition: {
        expression: 'active = :true AND sessionEpoch = :epoch',
        values: { ':true': true, ':epoch': owner.epoch },
      },
    },
    {
      kind: 'check',
      key: tenantKey(tenant),
      condition: {
        expression: '#status = :active AND sessionEpoch = :epoch',
        names: { '#status': 'status' },
        values: { ':active': 'active', ':epoch': owner.tenantEpoch },
      },
    },
  ];
}

/**
 * Why a stored session is dead at a moment; undefined while it is alive. TTL removes items days late, so time
 * decides, not the item's absence.
 */
export function invalidReason(item: SessionItem, owner: Owner, now: number): InvalidReason | undefined {
  if (item.epoch !== owner.epoch || item.tenantEpoch !== owner.tenantEpoch) return 'revoked';
  // Alive only until a time that is there: nothing is later than a number that is missing.
  if (!(item.absoluteExpiresAt > now)) return 'expired';
  return item.idleExpiresAt > now ? undefined : 'idle';
}

/** A stored session for the app. */
export function toSession(tenant: TenantId, userId: ResourceId, item: SessionItem): Session {
  return {
    tenant,
    userId,
    sessionId: item.sk,
    createdAt: new Date(item.createdAt),
    lastSeenAt: new Date(item.lastSeenAt),
    idleExpiresAt: new Date(item.idleExpiresAt),
    absoluteExpiresAt: new Date(item.absoluteExpiresAt),
    label: item.label,
  };
}

/**
 * Every stored session of a user, dead ones that are still to be removed among them; page by page, strongly consistent.
 */
export const sessionPages = (
  table: Table,
  tenant: TenantId,
  userId: string,
): AsyncGenerator<(SessionItem & ItemKey)[]> =>
  table.pages<SessionItem>({ pk: sessionPartition(tenant, userId), consistent: true });
