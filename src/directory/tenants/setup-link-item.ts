import type { TenantId } from '../table/keys';
import type { Item } from '../table/table';
import type { Tenant } from './tenants';

/** What a link may permit besides looking. */
export const SETUP_PERMISSIONS = ['credentials', 'roles', 'log'] as const;
export type SetupPermission = (typeof SETUP_PERMISSIONS)[number];

/** A link to a tenant's set-up page as stored: everything but its secret. */
export interface SetupLink {
  readonly tenantId: TenantId;
  /** Public id, which names the link in logs. */
  readonly linkId: string;
  /** Whom it is for, as in "IT of Acme". */
  readonly for: string;
  readonly may: readonly SetupPermission[];
  /** The roles that groups may be given with it; none without the permission. */
  readonly roles: readonly string[];
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** ISO 8601, UTC. */
  readonly endsAt: string;
  /** ISO 8601, UTC; exact to five minutes. */
  readonly lastUsedAt?: string;
  /** ISO 8601, UTC. */
  readonly revokedAt?: string;
  /** The tenant's session epoch when it was made: a suspension raises it, and ends the link for good. */
  readonly tenantEpoch: number;
}

export type SetupLinkState = 'live' | 'expired' | 'revoked' | 'suspended';

/** Its end decides, not the item's absence: that comes late, and a month afterwards. */
export function stateOf(link: SetupLink, tenant: Tenant, now: Date): SetupLinkState {
  if (link.revokedAt !== undefined) return 'revoked';
  if (tenant.status !== 'active' || tenant.sessionEpoch !== link.tenantEpoch) return 'suspended';
  return Date.parse(link.endsAt) > now.getTime() ? 'live' : 'expired';
}

/** Reads the item of a link. @throws Error when it is not one */
export function linkOf(item: Item): SetupLink {
  const stored = item as Item & Partial<SetupLink>;
  const { tenantId, linkId, for: whom, may, roles, createdAt, endsAt, tenantEpoch } = stored;
  if (
    tenantId === undefined ||
    linkId === undefined ||
    whom === undefined ||
    may === undefined ||
    roles === undefined ||
    createdAt === undefined ||
    endsAt === undefined ||
    tenantEpoch === undefined
  ) {
    throw new Error(`The item ${item.pk} is not a link to a set-up page.`);
  }
  const { lastUsedAt, revokedAt } = stored;
  return {
    ...{ tenantId, linkId, for: whom, may, roles, createdAt, endsAt, tenantEpoch },
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
  };
}
