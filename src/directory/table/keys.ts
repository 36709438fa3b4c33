import { createHash } from 'node:crypto';
import { foldCase, foldForSearch } from '../../scim/comparison';

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
 * keys of requests to the admin API that are carried out once, the links to its set-up page, and the last request that
 * was seen there. Tokens themselves (`K#…`), the keys of issuers (`ISSUER#…`) and the log of events (`EVENTS#…`), which
 * is read over all tenants, are under no tenant.
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

/** Of a sought text so many bytes are in its key: a sort key has 1,024 at the most. */
const MAX_SEARCHED_BYTES = 900;
/** Length of an id, which ends the sort key behind the text and a "#". */
const ID_LENGTH = 36;

/**
 * The text that a prefix is compared with, folded as `sw` compares it, and its beginning where it is too long for a
 * key: what begins with a text then also begins with that text's beginning.
 */
function searchedText(text: string): string {
  const folded = foldForSearch(text);
  if (Buffer.byteLength(folded) <= MAX_SEARCHED_BYTES) return folded;
  let bytes = 0;
  let end = 0;
  for (const character of folded) {
    bytes += Buffer.byteLength(character);
    if (bytes > MAX_SEARCHED_BYTES) break;
    end += character.length;
  }
  return folded.slice(0, end);
}

/**
 * The partition of the search items of texts that begin with a character: several partitions, so that an import meets
 * no hot one. The character is there as a number, so that no text makes a key that another pattern of a policy means.
 */
const searchPartition = (tenant: TenantId, kind: ResourceKind, searched: string): string =>
  `T#${tenant}#X#${letterOf(kind)}#${(searched.codePointAt(0) ?? 0).toString(16)}`;

/**
 * The search item that says: this resource has a text with this beginning as userName, e-mail address or displayName.
 * A partition is in the order of the texts.
 */
export function searchKey(tenant: TenantId, kind: ResourceKind, text: string, id: string): ItemKey {
  const searched = searchedText(text);
  return { pk: searchPartition(tenant, kind, searched), sk: `${searched}#${id}` };
}

/** DynamoDB's bound on a sort key. */
const MAX_SORT_KEY_BYTES = 1_024;
/** The last character of all, four bytes long. */
const LAST_CHARACTER = '\u{10ffff}';

/**
 * Where the search items lie of all texts that begin with a prefix: a range, since the embedded engine looks at the
 * whole partition for `begins_with`. It ends with as many of the last character as have room in a key, behind whatever
 * a text of these may go on with.
 *
 * @param prefix at least a character
 */
export function searchRange(
  tenant: TenantId,
  kind: ResourceKind,
  prefix: string,
): { readonly pk: string; readonly sk: { readonly from: string; readonly to: string } } {
  const from = searchedText(prefix);
  const to = from + LAST_CHARACTER.repeat((MAX_SORT_KEY_BYTES - Buffer.byteLength(from)) >> 2);
  return { pk: searchPartition(tenant, kind, from), sk: { from, to } };
}

/** The id that ends the sort key of a search item; undefined when it is none. */
export function idOfSearchItem(sk: string): ResourceId | undefined {
  const id = sk.slice(-ID_LENGTH);
  return sk.at(-ID_LENGTH - 1) === '#' && isResourceId(id) ? id : undefined;
}

/**
 * Whether the search for a prefix can go on behind a text that somebody else has kept for it: DynamoDB refuses one that
 * is outside of what it is asked for.
 */
export const isSearchPlace = (prefix: string, text: string): boolean =>
  idOfSearchItem(text) !== undefined &&
  text.startsWith(searchedText(prefix)) &&
  Buffer.byteLength(text) <= MAX_SORT_KEY_BYTES;

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

/** What happened in a tenant on a day (UTC), such as 2026-11-25. No request may read or change it. */
export const logPartition = (tenant: TenantId, day: string): string => `LOG#${tenant}#${day}`;

/** What was refused in a tenant on a day (UTC). The functions that refuse may add to it. */
export const refusalPartition = (tenant: TenantId, day: string): string => `REFUSED#${tenant}#${day}`;

/** Value of `g1` of what the log has of one user or group. */
export const logIndexKey = (tenant: TenantId, id: string): string => `LOG#${tenant}#${id}`;

/** How many parts the log of events has, for ever: a tenant's events are all in one of them, and so in order. */
export const EVENT_LOG_PARTS = 8;

/** The part of the log of events that has a tenant's. */
export const eventLogPartOf = (tenant: string): number =>
  createHash('sha256').update(tenant).digest().readUInt8() % EVENT_LOG_PARTS;

/** Room for milliseconds since 1970 until the year 5138. */
const EVENT_PLACE_LENGTH = 14;

/** An item of the log of events: events come in the order of their places. */
export const eventLogKey = (part: number, place: number): ItemKey => ({
  pk: `EVENTS#${part}`,
  sk: String(place).padStart(EVENT_PLACE_LENGTH, '0'),
});

/** The partition of what is remembered of a tenant's events, so that none is in the log twice. */
export const keptEventsPartition = (tenant: TenantId): string => `EVENTS#${eventLogPartOf(tenant)}#${tenant}`;

/** Which events the log has of those that could be told again together. */
export const keptEventsKey = (tenant: TenantId, together: string): ItemKey => ({
  pk: keptEventsPartition(tenant),
  sk: together,
});

/** Whether a key is one of the log of events, or of what is remembered of them. */
export const isEventLogKey = ({ pk, sk }: ItemKey): boolean => {
  const [, tenant] = /^EVENTS#[0-7](?:#([^#]+))?$/.exec(pk) ?? [undefined, ''];
  if (tenant === undefined) return sk.length === EVENT_PLACE_LENGTH && /^\d+$/.test(sk);
  return isTenantId(tenant);
};

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

/** The partition of a tenant's role mappings. */
export const roleMappingPartition = (tenant: TenantId): string => `R#${tenant}#`;

/** Which roles a group gives: the group is named by one of its attributes, compared as the schema compares it. */
export const roleMappingKey = (tenant: TenantId, by: string, value: string): ItemKey => ({
  pk: roleMappingPartition(tenant),
  sk: `${by}#${valueInKey(value)}`,
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

/** What the vendor was told of a tenant by the sweep over all of them. */
export const toldKey = (tenant: TenantId): ItemKey => ({ pk: `TOLD#${tenant}#`, sk: '-' });

/** Value of `g1` of every tenant item: all tenants. */
export const TENANTS_INDEX_KEY = 'TENANTS';

/**
 * Value of `g1` of an item whose sessions are still to be revoked (a deactivated user, or a deleted one's tombstone):
 * what the sweep drives. Spread over 16 index partitions, so that a mass deactivation does not meet one hot one.
 */
export const pendingWorkIndexKey = (id: string): string => `PENDING#${id.slice(0, 1)}`;
