import type { TenantId } from '../../directory/table/keys';
import { eventLogKey, eventLogPartOf, keptEventsPartition } from '../../directory/table/log-keys';
import type { Table } from '../../directory/table/table';
import { emptyItem, eventItemOf, LAST_PLACE, outlivesTenant } from './event-item';

/** How many items had some of a tenant's events, or remembered them, and where to go on when there may be more. */
export interface ErasedEvents {
  readonly items: number;
  readonly next?: { readonly place: number };
}

/**
 * Takes a tenant's events out of the log, which has others' between them. Their places stay, so that none is given a
 * second time.
 *
 * @param place where to begin
 * @param until milliseconds since 1970: behind it one page is done at the most
 */
export async function eraseEvents(
  table: Table,
  tenant: TenantId,
  place = 0,
  until = Number.POSITIVE_INFINITY,
): Promise<ErasedEvents> {
  const part = eventLogPartOf(tenant);
  const { pk, sk: from } = eventLogKey(part, place);
  const { sk: to } = eventLogKey(part, LAST_PLACE);
  let [items, next] = [0, place];
  for await (const page of table.pages({ pk, sk: { from, to } })) {
    const read = page.map(eventItemOf);
    const theirs = read.filter(({ tenantId, events }) => {
      return tenantId === tenant && !events.every(outlivesTenant);
    });
    await table.batchWrite(theirs.map((item) => ({ kind: 'put', item: emptyItem(part, item) })));
    items += theirs.length;
    next = (read.at(-1)?.place ?? next - 1) + 1;
    if (read.length > 0 && Date.now() >= until) return { items, next: { place: next } };
  }
  for await (const page of table.pages({ pk: keptEventsPartition(tenant), attributes: ['pk', 'sk'] })) {
    await table.batchWrite(page.map((key) => ({ kind: 'delete', key })));
    items += page.length;
    if (page.length > 0 && Date.now() >= until) return { items, next: { place: next } };
  }
  return { items };
}
