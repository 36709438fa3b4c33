import type { JsonObject } from '../scim/json';

/** Every type of event, by the version of its schema in docs/events/. */
export const EVENT_TYPES = [
  'user.provisioned',
  'user.updated',
  'user.deactivated',
  'user.reactivated',
  'user.deleted',
  'user.restored',
  'user.data_deletion_due',
  'group.provisioned',
  'group.updated',
  'group.deleted',
  'group.restored',
  'membership.added',
  'membership.removed',
  'sessions.revoked',
  'tenant.deleted',
  'tenant.unusual_activity',
  'tenant.silent',
  'credential.expiring',
] as const;
/** What has happened. */
export type EventType = (typeof EVENT_TYPES)[number];

/**
 * What happened to a tenant's directory: the `detail` of an EventBridge event, and the body that the local run posts.
 * No personal data but ids, unless `attributes` was asked for.
 */
export interface ScimEvent {
  /** The same whenever the same thing is told again: delivery is at least once. */
  readonly id: string;
  /** Version of the schema, raised by a change that a consumer could trip over. */
  readonly version: '1';
  readonly type: EventType;
  /** ISO 8601, UTC, to the second: when the write was made. */
  readonly time: string;
  readonly tenantId: string;
  /**
   * Rises with each write of one resource: two events of it that arrive in another order are told apart by it.
   * Compare as a number of any length.
   */
  readonly sequence: string;
  readonly data: EventData;
}

/** What belongs to each type; docs/events/ describes it. */
export interface EventData {
  readonly userId?: string;
  /** The user's id in the vendor's app, where it has told it. */
  readonly appId?: string;
  readonly groupId?: string;
  readonly memberId?: string;
  readonly memberType?: 'User' | 'Group';
  readonly active?: boolean;
  readonly resourceVersion?: number;
  /** Names of the top-level attributes that differ. */
  readonly changed?: readonly string[];
  /** What happened unusually often, how often, and among how many users. */
  readonly activity?: 'deactivations' | 'deletions' | 'refusals';
  readonly count?: number;
  readonly users?: number;
  /** Of which time the count is, ISO 8601. */
  readonly since?: string;
  readonly until?: string;
  /** The last request of the tenant or with the token, ISO 8601, exact to some minutes. */
  readonly lastRequestAt?: string;
  /** Public id of the token or the client that ends, when it ends, and how many days that is. */
  readonly tokenId?: string;
  readonly clientId?: string;
  readonly expiresAt?: string;
  readonly daysLeft?: number;
  /** The last four characters of the client's secret that ends. */
  readonly secretHint?: string;
  /**
   * Whether another credential of its label lives longer: `none`; `unused`, one with which nothing has come yet; or
   * `alsoUsed`, one that has been used, while the identity provider goes on with the one that ends.
   */
  readonly successor?: 'none' | 'unused' | 'alsoUsed';
  /** When the write was made that took the access away, ISO 8601. */
  readonly requestedAt?: string;
  /** The resource's attributes after the write, only where the stack was asked to tell them. */
  readonly attributes?: JsonObject;
}
