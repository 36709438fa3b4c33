import { createHash } from 'node:crypto';
import { foldCase } from '../../scim/comparison';
import {
  type ItemKey,
  isResourceId,
  type ResourceId,
  type ResourceKind,
  resourceSortKey,
  type TenantId,
} from './keys';

/*
 * Keys with a value in them that somebody else chose: what is looked up by its value and may be there once, and which
 * group gives which roles.
 */

/**
 * DynamoDB allows 2,048 bytes in a partition key and 1,024 in a sort key; the longer ones of the values that clients
 * choose are represented by their digests.
 */
const MAX_PLAIN_VALUE_BYTES = 512;

/**
 * A value that somebody else chose, as the end of a key. The character before it tells a digest from a value. One that
 * ends with "#" is a digest, too: policies know the partition of users and groups by that end (`T#*#`, lib/access.ts).
 * The ends and middles of other patterns have capitals, which a folded value has not.
 */
function valueInKey(value: string): string {
  const isPlain = Buffer.byteLength(value) <= MAX_PLAIN_VALUE_BYTES && !value.endsWith('#');
  return isPlain ? `=${value}` : digestInKey(value);
}

const digestInKey = (value: string): string => `~${createHash('sha256').update(value).digest('base64url')}`;

/**
 * The partition of everything in the tenant that has a given value as userName, externalId, e-mail or group
 * displayName. All four share it, so that an e-mail equal to the userName needs no item of its own
 * (docs/decisions.md).
 */
export const valuePartition = (tenant: TenantId, value: string): string =>
  `T#${tenant}#V#${valueInKey(foldCase(value))}`;

const USER_NAME_GUARD = '-';
const GROUP_NAME_GUARD = '-G';
const APP_ID_GUARD = '-A';

/** The guard item that makes a userName unique in its tenant. */
export const userNameGuardKey = (tenant: TenantId, userName: string): ItemKey => ({
  pk: valuePartition(tenant, userName),
  sk: USER_NAME_GUARD,
});

/** The guard item that makes a group's displayName unique in its tenant. */
export const groupNameGuardKey = (tenant: TenantId, displayName: string): ItemKey => ({
  pk: valuePartition(tenant, displayName),
  sk: GROUP_NAME_GUARD,
});

/**
 * The guard item that makes an appId unique in its tenant, and leads from it to the user. Upper and lower case are told
 * apart, so it is a digest: with capitals in it, a value could look like a key that policies know.
 */
export const appIdGuardKey = (tenant: TenantId, appId: string): ItemKey => ({
  pk: `T#${tenant}#A#${digestInKey(appId)}`,
  sk: APP_ID_GUARD,
});

/** Whether a sort key is that of an appId's guard. */
export const guardsAppId = (sk: string): boolean => sk === APP_ID_GUARD;

/** What the sort key of a value's partition guards the value for; undefined for an index item. */
export function guardedKind(sk: string): ResourceKind | undefined {
  return sk === USER_NAME_GUARD ? 'User' : sk === GROUP_NAME_GUARD ? 'Group' : undefined;
}

/** The index item that says: this resource has this value in one of its looked-up attributes. */
export const valueIndexKey = (tenant: TenantId, value: string, kind: ResourceKind, id: string): ItemKey => ({
  pk: valuePartition(tenant, value),
  sk: resourceSortKey(kind, id),
});

/** How the sort keys of names that users have given up begin, in the partition of the name. */
export const formerNamePrefix = 'F#';

/** Says that a user had this name in another store of sessions (former-names.ts). */
export const formerNameKey = (tenant: TenantId, name: string, id: string): ItemKey => ({
  pk: valuePartition(tenant, name),
  sk: `${formerNamePrefix}${id}`,
});

const DELETED_PREFIX = 'D#';

/** Leads from the externalId of a deleted user to its tombstone, where the tenant wants such users back. */
export const deletedIndexKey = (tenant: TenantId, externalId: string, id: string): ItemKey => ({
  pk: valuePartition(tenant, externalId),
  sk: `${DELETED_PREFIX}${id}`,
});

/** The deleted user that a sort key in the partition of a value leads to; undefined for other sort keys. */
export function deletedOfSortKey(sk: string): ResourceId | undefined {
  const id = sk.startsWith(DELETED_PREFIX) ? sk.slice(DELETED_PREFIX.length) : '';
  return isResourceId(id) ? id : undefined;
}

/** The partition of a tenant's role mappings. */
export const roleMappingPartition = (tenant: TenantId): string => `R#${tenant}#`;

/** Which roles a group gives: the group is named by one of its attributes, compared as the schema compares it. */
export const roleMappingKey = (tenant: TenantId, by: string, value: string): ItemKey => ({
  pk: roleMappingPartition(tenant),
  sk: `${by}#${valueInKey(value)}`,
});
