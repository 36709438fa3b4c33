declare const brand: unique symbol;

/** A tenant's id: 1-40 lower-case letters, digits and hyphens, so that it can never contain the key separator "#". */
export type TenantId = string & { readonly [brand]: 'TenantId' };

/** A user's or group's id: a lower-case UUID. */
export type ResourceId = string & { readonly [brand]: 'ResourceId' };

/** The primary key of an item. */
export type ItemKey = {
  readonly pk: string;
  readonly sk: string;
};

/**
 * The first part of the partition keys of what a tenant has, by who may touch it: IAM knows the items of a table by the
 * beginning of their partition key alone (`dynamodb:LeadingKeys`, lib/access.ts). `T` is the directory, which requests
 * and workers share; the others each need few of them: sessions, the key of cursors, role mappings, the tenant's own
 * item, the ledger of its tokens, the provisioning log, the refusals that belong to it, what the vendor was told, the
 * keys of requests to the admin API that are carried out once, the links to its set-up page, the last request that was
 * seen there, the slots of its scans, and whom other stores of sessions are still to be told of. Tokens themselves
 * (`K#…`), the keys of issuers (`ISSUER#…`) and the log of events (`EVENTS#…`), which is read over all tenants, are
 * under no tenant.
 */
const TENANT_PREFIXES = [
  'T',
  'S',
  'C',
  'R',
  'TENANT',
  'L',
  'LOG',
  'REFUSED',
  'TOLD',
  'ONCE',
  'SETUP',
  'SEEN',
  'SCAN',
  'ACCESS',
] as const;

const TENANT_PARTITION = new RegExp(`^(?:${TENANT_PREFIXES.join('|')})#([^#]+)#`);

/** The tenant that an item belongs to; undefined for other items (tokens, keys of issuers). */
export function tenantOfPartition(pk: string): TenantId | undefined {
  const tenant = TENANT_PARTITION.exec(pk)?.[1];
  return tenant !== undefined && isTenantId(tenant) ? tenant : undefined;
}

/** How the partition keys of everything that a tenant has begin, except for its tokens. */
export const tenantPartitionPrefixes = (tenant: TenantId): readonly string[] =>
  TENANT_PREFIXES.map((prefix) => `${prefix}#${tenant}#`);

/** The resource type (RFC 7643 section 6) of what the directory holds. */
export type ResourceKind = 'User' | 'Group';

/** All kinds, in the order in which lists over both show them. */
export const RESOURCE_KINDS: readonly ResourceKind[] = ['User', 'Group'];

/** What stands for a kind in all that is stored: keys, members of groups, cursors. */
const LETTERS = { User: 'U', Group: 'G' } as const;

/** The letter that stands for a kind in what is stored. */
export const letterOf = (kind: ResourceKind): 'U' | 'G' => LETTERS[kind];

/** The kind that a stored letter stands for; undefined for anything else. */
export function kindOfLetter(letter: unknown): ResourceKind | undefined {
  return RESOURCE_KINDS.find((kind) => LETTERS[kind] === letter);
}

const TENANT_ID = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
const RESOURCE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/**
 * True for a tenant id: 1 to 40 lower-case letters, digits and hyphens, without a hyphen at either end. No `#`, so that
 * one tenant's keys can never be another's.
 */
export function isTenantId(text: string): text is TenantId {
  return TENANT_ID.test(text);
}

/** True for the ids this service gives out. Any other id in a request names nothing, so it is not looked up. */
export function isResourceId(text: string): text is ResourceId {
  return RESOURCE_ID.test(text);
}

/** The 16 counter shards, by the first hex digit of the id they count. */
export const SHARDS = '0123456789abcdef';

/** The partition that holds a tenant's users and groups. */
export const resourcePartition = (tenant: TenantId): string => `T#${tenant}#`;

/**
 * The sort key of what belongs to a resource in the partitions of resources, of looked-up values and of tombstones;
 * with less than an id, how such keys begin.
 */
export const resourceSortKey = (kind: ResourceKind, id: string): string => `${LETTERS[kind]}#${id}`;

/** The resource that `resourceSortKey` made a sort key of; undefined for other sort keys. */
export function resourceOfSortKey(sk: string): { kind: ResourceKind; id: ResourceId } | undefined {
  const kind = sk.charAt(1) === '#' ? kindOfLetter(sk.charAt(0)) : undefined;
  const id = sk.slice(2);
  return kind !== undefined && isResourceId(id) ? { kind, id } : undefined;
}

export const resourceKey = (tenant: TenantId, kind: ResourceKind, id: string): ItemKey => ({
  pk: resourcePartition(tenant),
  sk: resourceSortKey(kind, id),
});

/** The partition of a group's member items. */
export const memberPartition = (tenant: TenantId, groupId: string): string => `T#${tenant}#M#${groupId}`;

/** The sort key is the member's id alone, without its kind: a request to remove a member names the id only. */
export const memberKey = (tenant: TenantId, groupId: string, memberId: string): ItemKey => ({
  pk: memberPartition(tenant, groupId),
  sk: memberId,
});

/** Value of the index attribute `g1` of a member item: all memberships of one user or group. */
export const membershipIndexKey = (tenant: TenantId, memberId: string): string =>
  `T#${tenant}#MU#${memberId}`;

export const counterPartition = (tenant: TenantId, kind: ResourceKind): string =>
  `T#${tenant}#N#${LETTERS[kind]}`;

export const counterKey = (tenant: TenantId, kind: ResourceKind, id: string): ItemKey => ({
  pk: counterPartition(tenant, kind),
  sk: id.slice(0, 1),
});

/** A page's end in the listing of all users or all groups: where `startIndex` goes on. */
export const checkpointKey = (tenant: TenantId, kind: ResourceKind, startIndex: number): ItemKey => ({
  pk: `T#${tenant}#P#all-${LETTERS[kind]}`,
  sk: String(startIndex),
});

/** The key that seals a tenant's cursors (cursor-key.ts). */
export const cursorKeyItemKey = (tenant: TenantId): ItemKey => ({ pk: `C#${tenant}#`, sk: '-' });

export const tombstonePartition = (tenant: TenantId): string => `T#${tenant}#D`;

/** What is left of a deleted resource until its retention ends. */
export const tombstoneKey = (tenant: TenantId, kind: ResourceKind, id: string): ItemKey => ({
  pk: tombstonePartition(tenant),
  sk: resourceSortKey(kind, id),
});

/**
 * Deleted users and groups with so many memberships that the cleaner is still removing them; until then they are left
 * out of every member list.
 */
export const hiddenMembersPartition = (tenant: TenantId): string => `T#${tenant}#H`;

export const hiddenMemberKey = (tenant: TenantId, id: string): ItemKey => ({
  pk: hiddenMembersPartition(tenant),
  sk: id,
});

/** The partition of one journaled membership change: what is to be added and removed, in chunks. */
export const changePartition = (tenant: TenantId, groupId: string, changeId: string): string =>
  `T#${tenant}#J#${groupId}#${changeId}`;

/**
 * What is remembered of a Bulk request, so that a repetition of it creates nothing twice. `digest` is that of its body.
 */
export const bulkRequestKey = (tenant: TenantId, digest: string): ItemKey => ({
  pk: `T#${tenant}#B#${digest}`,
  sk: '-',
});

/** What is remembered of a request to the admin API that is carried out once. `digest` is that of its key. */
export const idempotencyKey = (tenant: TenantId, digest: string): ItemKey => ({
  pk: `ONCE#${tenant}#`,
  sk: digest,
});

const SETUP_LINK_PREFIX = 'LINK#';

/** The partition of the links to a tenant's set-up page, and of where the set-up is. */
export const setupPartition = (tenant: TenantId): string => `SETUP#${tenant}#`;

/** A link to a tenant's set-up page, by the SHA-256 of its secret. */
export const setupLinkKey = (tenant: TenantId, sha256: string): ItemKey => ({
  pk: setupPartition(tenant),
  sk: `${SETUP_LINK_PREFIX}${sha256}`,
});

/** Where a tenant's links lie in their partition. */
export const SETUP_LINKS = { from: SETUP_LINK_PREFIX, to: `${SETUP_LINK_PREFIX}~` } as const;

/** Where the set-up of a tenant is. */
export const setupProgressKey = (tenant: TenantId): ItemKey => ({ pk: setupPartition(tenant), sk: '-' });

/** The last request of a tenant that was seen while somebody watched. */
export const seenKey = (tenant: TenantId): ItemKey => ({ pk: `SEEN#${tenant}#`, sk: '-' });

/** The partition of the slots that a tenant's scans hold. */
export const scanSlotPartition = (tenant: TenantId): string => `SCAN#${tenant}#`;

/** One of the slots of a tenant's scans, counted from 0. */
export const scanSlotKey = (tenant: TenantId, slot: number): ItemKey => ({
  pk: scanSlotPartition(tenant),
  sk: String(slot),
});

/** The partition of one user's sessions. */
export const sessionPartition = (tenant: TenantId, userId: string): string => `S#${tenant}#${userId}`;

export const sessionKey = (tenant: TenantId, userId: string, sessionId: string): ItemKey => ({
  pk: sessionPartition(tenant, userId),
  sk: sessionId,
});

/** A SCIM token, found by the SHA-256 of its text alone: the authorizer knows no tenant yet. */
export const tokenKey = (sha256: string): ItemKey => ({ pk: `K#${sha256}`, sk: '-' });

/** The public keys of an issuer of assertions, found by the SHA-256 of their URL: whoever trusts it shares them. */
export const issuerKeysKey = (sha256: string): ItemKey => ({ pk: `ISSUER#${sha256}`, sk: '-' });

/**
 * The item that lists a tenant's tokens by their public id, strongly consistent: suspending must not miss the token
 * that was issued a moment ago.
 */
export const tokenLedgerKey = (tenant: TenantId): ItemKey => ({ pk: `L#${tenant}#`, sk: '-' });

export const tenantKey = (tenant: TenantId): ItemKey => ({ pk: `TENANT#${tenant}#`, sk: '-' });

/** How far other stores of sessions are told of a tenant's users, while they are. */
export const pendingAccessKey = (tenant: TenantId): ItemKey => ({ pk: `ACCESS#${tenant}#`, sk: '-' });

/** What the vendor was told of a tenant by the sweep over all of them. */
export const toldKey = (tenant: TenantId): ItemKey => ({ pk: `TOLD#${tenant}#`, sk: '-' });

/** Value of `g1` of every tenant item: all tenants. */
export const TENANTS_INDEX_KEY = 'TENANTS';

/**
 * Value of `g1` of an item whose sessions are still to be revoked (a deactivated user, or a deleted one's tombstone):
 * what the sweep drives. Spread over 16 index partitions, so that a mass deactivation does not meet one hot one.
 */
export const pendingWorkIndexKey = (id: string): string => `PENDING#${id.slice(0, 1)}`;

/** Value of `g1` of every tenant of whose users other stores of sessions are still to be told: few at any time. */
export const PENDING_ACCESS_INDEX_KEY = 'PENDING#TENANTS';
