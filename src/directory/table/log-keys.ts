import { createHash } from 'node:crypto';
import { type ItemKey, isTenantId, type TenantId } from './keys';

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
