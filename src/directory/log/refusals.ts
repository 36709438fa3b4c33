import { createHash } from 'node:crypto';
import type { Origin } from '../resources/origin';
import { writeInTime } from '../table/in-time';
import type { TenantId } from '../table/keys';
import { logIndexKey, refusalPartition } from '../table/log-keys';
import type { Table, Write } from '../table/table';
import { dayOf, expiryOf, type LogDays, type LogEntry, placeOf } from './entry';

/** Something that was not done, as the log tells it. */
export type Refusal = Pick<LogEntry, (typeof FIELDS)[number]> & {
  readonly type:
    | 'request.refused'
    | 'token.refused'
    | 'client.refused'
    | 'members.unknown'
    | 'setup_link.refused';
};

/** What refusals of one kind and actor may differ in. */
const FIELDS = [
  'method',
  'route',
  'status',
  'scimType',
  'detail',
  'resourceId',
  'unknown',
  'unknownIds',
] as const;

/**
 * Of these one actor has one entry a minute, whichever instances refuse it: it has the latest reason. What a foreign
 * credential claims stands in the reason, and must not make entries.
 */
const ONCE_A_MINUTE: readonly Refusal['type'][] = ['token.refused', 'client.refused'];

/** Entries that one request may write; a Bulk request may fail in a thousand ways. */
const MAX_ENTRIES = 50;

/**
 * Writes refusals into the log: the same one within a minute is one entry that counts. Waits for a bounded time, since
 * an answer waits for it.
 *
 * @throws Error when they are not all written in time, and what the table throws
 */
export async function recordRefusals(
  table: Table,
  tenant: TenantId,
  origin: Pick<Origin, 'actor'> & Partial<Origin>,
  refusals: readonly Refusal[],
  now: Date,
  kept: LogDays,
): Promise<void> {
  const writes = refusalWrites(tenant, origin, refusals, now, kept);
  await writeInTime(table, (inTime) => Promise.all(writes.map((write) => inTime.write(write))));
}

function refusalWrites(
  tenant: TenantId,
  origin: Partial<Origin>,
  refusals: readonly Refusal[],
  now: Date,
  kept: LogDays,
): Exclude<Write, { kind: 'check' }>[] {
  const minute = `${now.toISOString().slice(0, 16)}:00.000Z`;
  const counted = new Map<string, { refusal: Refusal; count: number }>();
  for (const refusal of refusals) {
    const differing = ONCE_A_MINUTE.includes(refusal.type) ? [] : FIELDS.map((field) => refusal[field]);
    const same = JSON.stringify([refusal.type, origin.actor, ...differing]);
    const known = counted.get(same);
    counted.set(same, { refusal, count: (known?.count ?? 0) + 1 });
  }
  return [...counted].slice(0, MAX_ENTRIES).map(([same, { refusal, count }]) => {
    const g1 = refusal.resourceId === undefined ? undefined : logIndexKey(tenant, refusal.resourceId);
    const unique = createHash('sha256').update(same).digest('base64url').slice(0, 22);
    const lastAt = now.toISOString();
    const fields = Object.entries({
      ...{ ...refusal, ...origin, lastAt },
      ...{ g1, expiresAt: expiryOf(minute, kept) },
    }).filter(([, value]) => value !== undefined);
    return {
      kind: 'update',
      key: { pk: refusalPartition(tenant, dayOf(minute)), sk: placeOf(minute, unique) },
      update: `SET ${fields.map((_, n) => `#f${n} = :f${n}`).join(', ')} ADD #count :count`,
      names: { '#count': 'count', ...Object.fromEntries(fields.map(([name], n) => [`#f${n}`, name])) },
      values: { ':count': count, ...Object.fromEntries(fields.map(([, value], n) => [`:f${n}`, value])) },
    };
  });
}
