import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { TenantId } from '../../directory/table/keys';
import { eventLogKey } from '../../directory/table/log-keys';
import type { Item } from '../../directory/table/table';
import type { EventType, ScimEvent } from '../event';

/**
 * An item of the log of events: what one tenant was told at once, or, without a tenant, a place that is taken and has
 * nothing.
 */
export interface EventItem {
  readonly place: number;
  readonly tenantId?: string;
  readonly events: readonly ScimEvent[];
  /** Of a place that is taken so that nobody writes there: where the log goes on. */
  readonly goesOnAt?: number;
  /** Seconds since 1970. */
  readonly expiresAt?: number;
}

/** The largest that a key has room for. */
export const LAST_PLACE = 99_999_999_999_999;

/**
 * So far places may fall behind the time before they catch up with it: whoever asks for what was told since a moment
 * begins to read as much before.
 */
export const MAX_BEHIND_MS = 3_600_000;
/** So many days more than a reader is promised an item lies there: TTL must not be early. */
export const DAYS_BEYOND = 1;
/** Below this, packing saves no write unit. */
const MIN_PACKED_BYTES = 1_000;

/**
 * The item of a tenant's events. Many are packed, to an eighth of their size: a write unit pays for a kilobyte.
 * Personal data is left out, so that nothing of the log is to be erased with a user.
 */
export function eventItem(
  part: number,
  place: number,
  tenantId: TenantId,
  events: readonly ScimEvent[],
  expiresAt: number,
): Item {
  const text = JSON.stringify(events.map(withoutAttributes));
  const stored =
    Buffer.byteLength(text) < MIN_PACKED_BYTES
      ? { events: text }
      : { packed: deflateRawSync(text).toString('base64url') };
  return { ...eventLogKey(part, place), tenantId, ...stored, expiresAt };
}

/** The item of a place that has nothing. */
export const emptyItem = (
  part: number,
  { place, goesOnAt, expiresAt }: Omit<EventItem, 'events' | 'tenantId'>,
): Item => ({ ...eventLogKey(part, place), goesOnAt, expiresAt });

/** Reads an item of the log of events. */
export function eventItemOf(item: Item): EventItem {
  const { sk, tenantId, events, packed, goesOnAt, expiresAt } = item as Item & {
    readonly tenantId?: string;
    readonly events?: string;
    readonly packed?: string;
    readonly goesOnAt?: number;
    readonly expiresAt?: number;
  };
  const text =
    packed === undefined ? (events ?? '[]') : inflateRawSync(Buffer.from(packed, 'base64url')).toString();
  return { place: Number(sk), tenantId, events: JSON.parse(text), goesOnAt, expiresAt };
}

function withoutAttributes(event: ScimEvent): ScimEvent {
  const { attributes: _personal, ...data } = event.data;
  return { ...event, data };
}

/** What still has to be told when the tenant is gone: it stands for all that went with it. */
const LAST: EventType = 'tenant.deleted';

/** Whether an event stays when its tenant is removed. */
export const outlivesTenant = ({ type }: ScimEvent): boolean => type === LAST;
