import { createHash } from 'node:crypto';
import type { ItemKey, ResourceId, ResourceKind, TenantId } from '../table/keys';
import { idOfSearchItem } from '../table/search-keys';
import type { Write } from '../table/table';

/** Every invariant of the table that can be found broken, by a stable code: what it means, and what mending does. */
export const BROKEN = {
  'item-unknown': ['an item that no part of the service writes', 'nothing is done; look at it'],
  'resource-unreadable': ['a user or group whose attributes cannot be read', 'nothing is done; restore it'],
  'active-differs': [
    'the condition attribute "active" differs from the attributes',
    'it is set; sessions die',
  ],
  'index-item-missing': ['a user or group is not found by one of its values', 'the index item is written'],
  'index-item-stale': [
    'an index item names a resource, or what is kept of one, without this value',
    'the index item is removed',
  ],
  'guard-missing': [
    'a userName, appId or group name is not guarded: somebody else could take it',
    'the guard is written',
  ],
  'guard-stale': ['a userName, appId or group name is held by nobody who has it', 'the guard is removed'],
  'guard-of-another': [
    'two users have one userName or appId, or two groups one name',
    'nothing is done; rename or delete one of them, or set its appId anew',
  ],
  'counter-wrong': ['totalResults is not the number of resources', 'the counter is set'],
  'mark-inconsistent': [
    'pending work that the sweep cannot see, or sees for nothing',
    'both are made to agree',
  ],
  'revocation-overdue': [
    'sessions wait for their removal for too long',
    'nothing is done; the sweep does it',
  ],
  'cleanup-overdue': ['a deleted resource is not cleaned up for too long', 'the cleanup is run'],
  'change-overdue': ['a large membership change is not carried out for too long', 'it is carried out'],
  'chunk-leftover': ['a chunk of no change, past its expiry', 'the chunk is removed'],
  'member-of-missing-group': ['a member item of a group that is gone', 'the item is removed'],
  'member-missing': ['a member item of a user or group that is gone', 'the item is removed'],
  'member-kind-wrong': [
    'a member item that takes a user for a group or the reverse',
    'the item is rewritten',
  ],
  'member-index-wrong': ['a membership is not found from the member’s side', 'the item is rewritten'],
  'nested-mark-missing': [
    'a group in a group is not marked: indirect members do not see it',
    'the mark is set',
  ],
  'hidden-leftover': ['somebody is hidden from member lists without a reason', 'the item is removed'],
  'tombstone-of-living': [
    'a resource and its tombstone exist both',
    'the tombstone is removed once the deletion is cleaned up; sessions from before die',
  ],
  'session-outlives-mark': [
    'sessions of an older epoch that nobody is going to remove',
    'the mark is set again',
  ],
  'session-of-nobody': ['a session whose user left no trace', 'the session is removed'],
  'token-not-in-ledger': ['a token that suspending its tenant would miss', 'it is added to the ledger'],
  'token-suspension-differs': [
    'a token and its tenant disagree on suspension',
    'the token is set as the tenant is',
  ],
  'token-settings-differ': [
    "a token does not have its tenant's settings, which requests take from it",
    "the token is given the tenant's",
  ],
  'tenant-missing': ['items of a tenant that does not exist', 'nothing is done; create it or remove them'],
} as const satisfies Record<string, readonly [meaning: string, mending: string]>;

export type FindingCode = keyof typeof BROKEN;

/**
 * How a finding is repaired: by conditional writes, all or none, `last` being a write that may only come after them; or
 * by running what should have run.
 */
export type Repair =
  | {
      readonly kind: 'writes';
      readonly writes: readonly Write[];
      readonly last?: Exclude<Write, { kind: 'check' }>;
    }
  | { readonly kind: 'cleanUp'; readonly resource: ResourceKind; readonly id: ResourceId }
  | { readonly kind: 'finishChange'; readonly id: ResourceId };

/** One broken invariant. */
export interface Finding {
  readonly code: FindingCode;
  readonly tenant: TenantId | undefined;
  readonly key: ItemKey;
  /** Ids, versions and counts only: nothing personal. */
  readonly detail?: string;
  /** Absent when only a person can decide. */
  readonly repair?: Repair;
}

/**
 * A key that may be shown and logged: the partitions of values and the search items hold user names and e-mail
 * addresses, so a digest stands for the value.
 */
export function shownKey({ pk, sk }: ItemKey): string {
  const [, of = '', value] = /^(T#[^#]+#V#)([\s\S]*)$/.exec(pk) ?? [];
  if (value !== undefined) return `${of}sha256:${digestOf(value)} ${sk}`;
  const [, search] = /^(T#[^#]+#X#[UG]#)/.exec(pk) ?? [];
  if (search !== undefined) return `${search}sha256:${digestOf(sk)} ${idOfSearchItem(sk) ?? ''}`;
  return `${pk} ${sk}`;
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
