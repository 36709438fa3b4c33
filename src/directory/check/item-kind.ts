import {
  type ItemKey,
  isResourceId,
  kindOfLetter,
  type ResourceId,
  type ResourceKind,
  resourceOfSortKey,
  type TenantId,
  tenantOfPartition,
} from '../table/keys';
import { isEventLogKey } from '../table/log-keys';
import { idOfSearchItem } from '../table/search-keys';
import { deletedOfSortKey, formerNamePrefix, guardedKind, guardsAppId } from '../table/value-keys';

/** What an item is, told by its key alone. */
export type ItemKind =
  | { readonly kind: 'resource'; readonly resource: ResourceKind; readonly id: ResourceId }
  | { readonly kind: 'guard'; readonly resource: ResourceKind }
  | { readonly kind: 'valueIndex'; readonly resource: ResourceKind; readonly id: ResourceId }
  | { readonly kind: 'member'; readonly group: ResourceId; readonly member: ResourceId }
  | { readonly kind: 'counter'; readonly resource: ResourceKind; readonly shard: string }
  | { readonly kind: 'tombstone'; readonly resource: ResourceKind; readonly id: ResourceId }
  | { readonly kind: 'hidden'; readonly id: ResourceId }
  | { readonly kind: 'chunk'; readonly group: ResourceId; readonly change: string }
  | { readonly kind: 'deletedIndex'; readonly id: ResourceId }
  | { readonly kind: 'session'; readonly user: ResourceId }
  | {
      readonly kind:
        | 'formerName'
        | 'tenant'
        | 'ledger'
        | 'checkpoint'
        | 'cursorKey'
        | 'told'
        | 'bulkRequest'
        | 'roleMapping'
        | 'logEntry'
        | 'idempotencyKey'
        | 'setupLink'
        | 'setupProgress'
        | 'seen'
        | 'pendingAccess'
        | 'scanSlot';
    };

/** An item with its tenant; tokens, the keys of issuers and the log of events are outside of tenants' partitions. */
export type Classified =
  | { readonly tenant: TenantId; readonly what: ItemKind }
  | { readonly tenant: undefined; readonly what: { readonly kind: 'token' | 'issuerKeys' | 'eventLog' } };

/**
 * Tells what an item is by its key (docs/architecture.md, "The table"); undefined when no part of the service writes
 * such an item.
 */
export function classify({ pk, sk }: ItemKey): Classified | undefined {
  if (/^K#[0-9a-f]{64}$/.test(pk) && sk === '-') return { tenant: undefined, what: { kind: 'token' } };
  if (isEventLogKey({ pk, sk })) return { tenant: undefined, what: { kind: 'eventLog' } };
  if (/^ISSUER#[0-9a-f]{64}$/.test(pk) && sk === '-')
    return { tenant: undefined, what: { kind: 'issuerKeys' } };
  const tenant = tenantOfPartition(pk);
  if (tenant === undefined) return undefined;
  const [prefix = ''] = pk.split('#', 1);
  const what = kindInTenant(prefix, pk.slice(`${prefix}#${tenant}#`.length), sk);
  return what === undefined ? undefined : { tenant, what };
}

function kindInTenant(prefix: string, partition: string, sk: string): ItemKind | undefined {
  if (prefix === 'T') return kindInDirectory(partition, sk);
  if (prefix === 'S') return isResourceId(partition) ? { kind: 'session', user: partition } : undefined;
  if (prefix === 'LOG' || prefix === 'REFUSED')
    return isDay(partition) && sk.startsWith(partition) ? { kind: 'logEntry' } : undefined;
  if (partition !== '') return undefined;
  if (prefix === 'R') return { kind: 'roleMapping' };
  if (prefix === 'ONCE') return { kind: 'idempotencyKey' };
  if (prefix === 'SETUP') return kindInSetup(sk);
  if (prefix === 'SCAN') return /^\d{1,3}$/.test(sk) ? { kind: 'scanSlot' } : undefined;
  const kind = SINGLE_ITEMS[prefix];
  return sk === '-' && kind !== undefined ? { kind } : undefined;
}

function kindInSetup(sk: string): ItemKind | undefined {
  if (sk === '-') return { kind: 'setupProgress' };
  return /^LINK#[0-9a-f]{64}$/.test(sk) ? { kind: 'setupLink' } : undefined;
}

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text);

/** What a tenant has one item of, by the first part of its partition key. */
const SINGLE_ITEMS: Readonly<
  Record<string, 'tenant' | 'ledger' | 'cursorKey' | 'told' | 'seen' | 'pendingAccess'>
> = {
  TENANT: 'tenant',
  L: 'ledger',
  C: 'cursorKey',
  TOLD: 'told',
  SEEN: 'seen',
  ACCESS: 'pendingAccess',
};

function kindInDirectory(partition: string, sk: string): ItemKind | undefined {
  const [first = '', second = '', third = ''] = partition.split('#');
  const resource = resourceOfSortKey(sk);
  const named = resource === undefined ? undefined : { resource: resource.kind, id: resource.id };
  const guarded = guardedKind(sk);
  const deleted = deletedOfSortKey(sk);
  const counted = kindOfLetter(second);
  switch (first) {
    case '':
      return partition === '' && named !== undefined ? { kind: 'resource', ...named } : undefined;
    case 'V':
      if (guarded !== undefined) return { kind: 'guard', resource: guarded };
      if (sk.startsWith(formerNamePrefix)) return { kind: 'formerName' };
      if (deleted !== undefined) return { kind: 'deletedIndex', id: deleted };
      return named === undefined ? undefined : { kind: 'valueIndex', ...named };
    case 'A':
      return guardsAppId(sk) ? { kind: 'guard', resource: 'User' } : undefined;
    case 'X': {
      const id = idOfSearchItem(sk);
      return counted === undefined || id === undefined
        ? undefined
        : { kind: 'valueIndex', resource: counted, id };
    }
    case 'M':
      return isResourceId(second) && isResourceId(sk)
        ? { kind: 'member', group: second, member: sk }
        : undefined;
    case 'N':
      return counted !== undefined && /^[0-9a-f]$/.test(sk)
        ? { kind: 'counter', resource: counted, shard: sk }
        : undefined;
    case 'D':
      return named === undefined ? undefined : { kind: 'tombstone', ...named };
    case 'H':
      return isResourceId(sk) ? { kind: 'hidden', id: sk } : undefined;
    case 'J':
      return isResourceId(second) ? { kind: 'chunk', group: second, change: third } : undefined;
    case 'P':
      return { kind: 'checkpoint' };
    case 'B':
      return { kind: 'bulkRequest' };
    default:
      return undefined;
  }
}
