import { isJsonObject, type JsonObject } from '../../scim/json';
import {
  type ItemKey,
  pendingWorkIndexKey,
  type ResourceId,
  type ResourceKind,
  resourceKey,
  type TenantId,
} from '../table/keys';
import type { Item } from '../table/table';
import { bodyOf } from './body';

/** What users and groups have in common once read from the table. */
export interface StoredResource {
  readonly id: ResourceId;
  /** Raised by every write; the ETag is made of it. */
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly created: string;
  /** ISO 8601, UTC. */
  readonly lastModified: string;
  /** Canonical attributes without schemas, id, meta, groups and members. */
  readonly attributes: JsonObject;
}

export interface StoredUser extends StoredResource {
  readonly kind: 'User';
  /** The id that the vendor's app knows the user by; no part of the resource, so SCIM never shows it. */
  readonly appId?: string;
  /** Sessions issued under a smaller epoch are dead (docs/offboarding.md). */
  readonly sessionEpoch: number;
  /** Milliseconds since 1970: since when sessions of an older epoch wait for their removal. */
  readonly revocationPending?: number;
  /** Names that the user had in another store of sessions, oldest first (former-names.ts). */
  readonly formerNames?: readonly string[];
  /** Milliseconds since 1970: since when the user may not be deactivated, deleted or renamed (users/protection.ts). */
  readonly protectedAt?: number;
}

/** A membership change too large for one transaction, committed and being rolled forward (membership-journal.ts). */
export interface PendingChange {
  readonly id: string;
  readonly chunks: number;
}

export interface StoredGroup extends StoredResource {
  readonly kind: 'Group';
  readonly change?: PendingChange;
  /** Milliseconds since 1970: when the last such change was carried out. */
  readonly carriedOutAt?: number;
  /** Set when the group was ever made a member of another one: only then are its parents looked for. */
  readonly nested?: true;
  /** Set when a guard item holds the displayName for this group alone; otherwise an index item leads to it. */
  readonly uniqueName?: true;
}

export type Stored = StoredUser | StoredGroup;

/** A user without an `active` attribute is active: Google Workspace may send the userName alone. */
export const isActive = (attributes: JsonObject): boolean => attributes.active !== false;

/**
 * The item of a new user or group. Attributes are one JSON text: a third of the cost of marshalling a map, and it
 * keeps any nesting.
 *
 * @throws ItemTooLarge
 */
export function toItem(tenant: TenantId, resource: Stored): Item {
  const shared = {
    ...resourceKey(tenant, resource.kind, resource.id),
    version: resource.version,
    created: resource.created,
    lastModified: resource.lastModified,
    body: bodyOf(resource.attributes),
  };
  if (resource.kind === 'Group') {
    const g1 = resource.change === undefined ? undefined : pendingWorkIndexKey(resource.id);
    return { ...shared, change: resource.change, uniqueName: resource.uniqueName, g1 };
  }
  const { appId, sessionEpoch } = resource;
  return { ...shared, active: isActive(resource.attributes), appId, sessionEpoch };
}

interface ResourceItem extends ItemKey {
  version: number;
  created: string;
  lastModified: string;
  body: string;
  appId?: string;
  sessionEpoch?: number;
  revocationPending?: number;
  formerNames?: readonly string[];
  protectedAt?: number;
  change?: PendingChange;
  carriedOutAt?: number;
  nested?: true;
  uniqueName?: true;
}

/** Reads an item of the resource partition. @throws Error when the item was not written by `toItem` */
export function fromItem(kind: 'User', item: ItemKey): StoredUser;
export function fromItem(kind: 'Group', item: ItemKey): StoredGroup;
export function fromItem(kind: ResourceKind, item: ItemKey): Stored;
export function fromItem(kind: ResourceKind, item: ItemKey): Stored {
  const stored = item as ResourceItem;
  const attributes: unknown = JSON.parse(stored.body);
  if (!isJsonObject(attributes) || typeof stored.version !== 'number') {
    throw new Error(`The item ${stored.sk} of the resource partition is not a resource.`);
  }
  const shared = {
    id: stored.sk.slice(2) as ResourceId,
    version: stored.version,
    created: stored.created,
    lastModified: stored.lastModified,
    attributes: attributes as JsonObject,
  };
  return kind === 'User'
    ? {
        kind,
        ...shared,
        appId: stored.appId,
        sessionEpoch: stored.sessionEpoch ?? 0,
        revocationPending: stored.revocationPending,
        formerNames: stored.formerNames,
        protectedAt: stored.protectedAt,
      }
    : {
        kind,
        ...shared,
        change: stored.change,
        carriedOutAt: stored.carriedOutAt,
        nested: stored.nested,
        uniqueName: stored.uniqueName,
      };
}
