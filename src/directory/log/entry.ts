import { type AskedMembers, unpackedIds } from '../groups/asked-members';
import { type ItemKey, isResourceId, type TenantId } from '../table/keys';
import { logIndexKey, logPartition } from '../table/log-keys';
import type { Item, Write } from '../table/table';
import type { TenantSettings } from '../tenants/settings';

/** What an entry of the provisioning log may tell (docs/provisioning-log.md). */
export const LOG_ENTRY_TYPES = [
  'user.created',
  'user.updated',
  'user.deactivated',
  'user.reactivated',
  'user.deleted',
  'user.restored',
  'user.erased',
  'user.protected',
  'user.unprotected',
  'group.created',
  'group.updated',
  'group.deleted',
  'group.restored',
  'member.added',
  'member.removed',
  'tenant.created',
  'tenant.updated',
  'tenant.suspended',
  'tenant.resumed',
  'token.created',
  'token.rotated',
  'token.revoked',
  'client.created',
  'client.rotated',
  'client.revoked',
  'client.trust_set',
  'client.trust_removed',
  'client.token_issued',
  'setup_link.created',
  'setup_link.used',
  'setup_link.revoked',
  'role.mapped',
  'role.unmapped',
  'sessions.revoked',
  'check.repaired',
  'undo.started',
  'request.refused',
  'members.unknown',
  'token.refused',
  'client.refused',
  'setup_link.refused',
] as const;
export type LogEntryType = (typeof LOG_ENTRY_TYPES)[number];

/**
 * What happened once. It names ids, attributes and our own sentences, and never a value: neither a name nor an address
 * is in the log.
 */
export interface LogEntry {
  readonly type: LogEntryType;
  /** ISO 8601, UTC: to the second for what the stream tells. */
  readonly time: string;
  /** Who it was (resources/origin.ts); undefined when nobody can be told. */
  readonly actor?: string;
  /** What all entries of one request share. */
  readonly requestId?: string;
  /** The user or group that it is about: of `member.added` and `member.removed` the member. */
  readonly resourceId?: string;
  /** The group that a member was added to or removed from. */
  readonly groupId?: string;
  /** Whether the user has access since. */
  readonly active?: boolean;
  /**
   * Names of the top-level attributes that differ, `members` among them; of a tenant those of its settings, of a client
   * those of its trust.
   */
  readonly changed?: readonly string[];
  /**
   * Of a group: whom the request has asked to add and to remove. Who was so far no member, or was one, the entries of
   * the members tell.
   */
  readonly asked?: AskedOf;
  /** Public id of the token that an administrator has made, rotated or revoked. */
  readonly tokenId?: string;
  /** Public id of the OAuth client that an administrator has made, changed, rotated or revoked. */
  readonly clientId?: string;
  /** Public id of the link to the set-up page that was made, used or revoked. */
  readonly linkId?: string;
  /** What a group was mapped to. The group is not told: its name is a value. */
  readonly roles?: readonly string[];
  /** How many items were repaired, how much is to be undone, or how often the same was refused within a minute. */
  readonly count?: number;
  /** Of what was refused, whose time is told to the minute: when it was refused last in it. ISO 8601, UTC. */
  readonly lastAt?: string;
  /** Of what was refused: the request's method and the path as the API names it, without ids. */
  readonly method?: string;
  readonly route?: string;
  readonly status?: number;
  readonly scimType?: string;
  /** Members that a request has named for a group and that were left out, since nobody knows them: how many. */
  readonly unknown?: number;
  /** Who of them was named by an id of the form that this service gives out; undefined when they are many. */
  readonly unknownIds?: readonly string[];
  /** Our own sentence, with `…` in place of what was sent; whose acts are undone. */
  readonly detail?: string;
}

/** Whether an entry tells of something that was not done. */
export const isRefusal = ({ type }: Pick<LogEntry, 'type'>): boolean => REFUSALS.includes(type);

const REFUSALS: readonly LogEntryType[] = [
  'request.refused',
  'token.refused',
  'client.refused',
  'members.unknown',
  'setup_link.refused',
];

/** Ids where there are few of them, otherwise how many. */
export type AskedOf =
  | { readonly add: readonly string[]; readonly remove: readonly string[] }
  | { readonly added: number; readonly removed: number };

/** An entry as it was read, with its place: later ones have greater places. */
export interface PlacedEntry extends LogEntry {
  readonly place: string;
}

/** For how long a tenant's entries are kept. */
export type LogDays = Pick<TenantSettings, 'logDays'>;

/** When an entry of this moment goes, in seconds since 1970. */
export const expiryOf = (time: string, { logDays }: LogDays): number =>
  Math.floor(Date.parse(time) / 1000) + logDays * 86_400;

/** The sort key of an entry. @param unique tells it from others of the moment, the same whenever it is written again */
export const placeOf = (time: string, unique: string): string => `${time}#${unique}`;

export const dayOf = (timeOrPlace: string): string => timeOrPlace.slice(0, 10);

type StoredEntry = Omit<LogEntry, 'time' | 'asked'> & { readonly asked?: AskedMembers };

/**
 * The write of an entry. The same entry gives the same item, however often it is written.
 *
 * @param asked as the group's item has it
 */
export function entryPut(
  tenant: TenantId,
  { time, ...entry }: Omit<LogEntry, 'asked'> & { readonly asked?: AskedMembers },
  unique: string,
  kept: LogDays,
): Write & { kind: 'put' } {
  const g1 = entry.resourceId === undefined ? undefined : logIndexKey(tenant, entry.resourceId);
  const key: ItemKey = { pk: logPartition(tenant, dayOf(time)), sk: placeOf(time, unique) };
  return { kind: 'put', item: { ...key, ...entry, g1, expiresAt: expiryOf(time, kept) } };
}

/** Reads an item of the log. @throws Error when it is none */
export function entryOfItem(item: Item): PlacedEntry {
  const {
    pk: _pk,
    sk,
    g1: _g1,
    expiresAt: _expiresAt,
    asked,
    ...entry
  } = item as Item & Partial<StoredEntry>;
  const { type } = entry;
  if (type === undefined || !LOG_ENTRY_TYPES.includes(type)) {
    throw new Error(`The item ${item.pk} ${sk} is not an entry of the log.`);
  }
  const time = sk.slice(0, sk.indexOf('#'));
  return { ...entry, type, time, place: sk, ...(asked === undefined ? {} : { asked: askedOf(asked) }) };
}

function askedOf({ add = '', remove = '', added, removed }: AskedMembers): AskedOf {
  if (added !== undefined && removed !== undefined) return { added, removed };
  return { add: unpackedIds(add).filter(isResourceId), remove: unpackedIds(remove).filter(isResourceId) };
}
