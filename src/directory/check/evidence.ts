import type { ItemKey, TenantId } from '../table/keys';
import type { Item, Write } from '../table/table';
import type { Finding, FindingCode, Repair } from './finding';
import type { Look } from './look';

/** Pending work older than this is reported; the sweep runs every minute, so this many of its runs have failed. */
export const OVERDUE_MS = 10 * 60_000;

/** What a judgement is made from: one item, and the means to look at what it relates to. */
export interface Evidence {
  readonly item: Item;
  readonly look: Look;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface TenantEvidence extends Evidence {
  readonly tenant: TenantId;
}

/** A finding about an item; `writes` repair it. */
export function broken(
  code: FindingCode,
  tenant: TenantId | undefined,
  { pk, sk }: ItemKey,
  { detail, writes, repair }: { detail?: string; writes?: readonly Write[]; repair?: Repair } = {},
): Finding {
  return {
    code,
    tenant,
    key: { pk, sk },
    detail,
    repair: writes === undefined ? repair : { kind: 'writes', writes },
  };
}

/**
 * The condition that an item is still as it was judged, so that mending never undoes what somebody else wrote
 * meanwhile.
 */
export function unchanged(key: ItemKey, item: Item | undefined): Write & { kind: 'check' } {
  if (item === undefined)
    return { kind: 'check', key, condition: { expression: 'attribute_not_exists(pk)' } };
  return {
    kind: 'check',
    key,
    condition:
      typeof item.version === 'number'
        ? { expression: 'version = :version', values: { ':version': item.version } }
        : { expression: 'attribute_exists(pk)' },
  };
}
