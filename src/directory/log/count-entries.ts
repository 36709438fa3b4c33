import type { TenantId } from '../table/keys';
import { logPartition, refusalPartition } from '../table/log-keys';
import type { Table } from '../table/table';
import type { LogEntryType } from './entry';
import { daysBackwards, type LogRange } from './read-log';

/** How many entries of each type a tenant's log has in a range; a refusal counts as often as it was repeated. */
export async function countEntries(
  table: Table,
  tenant: TenantId,
  { since, until }: Pick<LogRange, 'since' | 'until'>,
): Promise<ReadonlyMap<LogEntryType, number>> {
  const counts = new Map<LogEntryType, number>();
  for (const day of daysBackwards({ since, until })) {
    for (const pk of [logPartition(tenant, day), refusalPartition(tenant, day)]) {
      const range = { pk, sk: { from: since, to: until }, attributes: ['type', 'count'], consistent: false };
      for await (const page of table.pages<{ type: LogEntryType; count?: number }>(range)) {
        for (const { type, count } of page) {
          const times = pk.startsWith('REFUSED#') ? (count ?? 1) : 1;
          counts.set(type, (counts.get(type) ?? 0) + times);
        }
      }
    }
  }
  return counts;
}
