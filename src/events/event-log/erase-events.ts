import { eventLogKey, eventLogPartOf, keptEventsPartition, type TenantId } from '../../directory/table/keys';
import type { Table } from '../../directory/table/table';
import { emptyItem, eventItemOf, outlivesTenant } from './event-item';

/**
 * Takes a tenant's events out of the log. Their places stay, so that none is given a second time.
 *
 * @returns how many items had some, or remembered them
 */
export async function eraseEvents(table: Table, tenant: TenantId): Promise<number> {
  const part = eventLogPartOf(tenant);
  const { pk } = eventLogKey(part, 0);
  let erased = 0;
  for await (const page of table.pages({ pk })) {
    const theirs = page.map(eventItemOf).filter(({ tenantId, events }) => {
      return tenantId === tenant && !events.every(outlivesTenant);
    });
    await table.batchWrite(theirs.map((item) => ({ kind: 'put', item: emptyItem(part, item) })));
    erased += theirs.length;
  }
  for await (const page of table.pages({ pk: keptEventsPartition(tenant), attributes: ['pk', 'sk'] })) {
    await table.batchWrite(page.map((key) => ({ kind: 'delete', key })));
    erased += page.length;
  }
  return erased;
}
