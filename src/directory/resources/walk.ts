import { type ItemKey, type ResourceKind, resourcePartition, resourceSortKey, SHARDS } from '../table/keys';
import { inParallel } from '../table/parallel';
import type { Query } from '../table/table';
import { type Directory, effortOf, payForLooking, tooMuch } from './directory';
import { fromItem, type Stored } from './items';

/** Time kept back for reading the page and answering, once a walk has ended. */
const RESERVE_MS = 3_000;

/**
 * Visits every user or every group of a tenant: for filters that no index item answers. A small tenant is one query;
 * a larger one is read in 16 ranges of ids at once. Order of the visits is not defined. Each resource is paid for by
 * its length, so that the same tenant is refused on a quiet day as on a busy one: some 70,000 users of 1 kB are looked
 * at. What goes beyond the first page takes a slot.
 *
 * @throws TooMany when the request's effort or time is used up; TooManyScans when no slot is free
 */
export async function walk(
  directory: Directory,
  kind: ResourceKind,
  visit: (resources: readonly Stored[]) => void | Promise<void>,
): Promise<void> {
  const { table, tenant, scanSlot } = directory;
  const effort = effortOf(directory);
  const stopAt = table.giveUpAt() - RESERVE_MS;
  await scanSlot?.takeBeforeWalk(kind);
  const first = await readPage({ pk: resourcePartition(tenant), sk: { prefix: resourceSortKey(kind, '') } });
  if (first === undefined) return;
  await inParallel([...SHARDS], async (digit) => {
    const from = resourceSortKey(kind, digit);
    if (`${from}~` <= first) return;
    const sk = { from: first > from ? `${first}!` : from, to: `${from}~` };
    let after: Query['after'];
    for (let more = true; more; ) {
      const page = await table.query({ pk: resourcePartition(tenant), sk, after });
      await accept(page.items);
      after = page.after;
      more = after !== undefined;
    }
  });

  async function readPage(query: Query): Promise<string | undefined> {
    const page = await table.query(query);
    if (page.after !== undefined) await scanSlot?.takeWithinWalk(kind);
    await accept(page.items);
    return page.after === undefined ? undefined : String(page.after.sk);
  }

  async function accept(items: Parameters<typeof fromItem>[1][]): Promise<void> {
    const length = items.reduce((sum, item) => sum + lengthOf(item), 0);
    payForLooking(effort, items.length, length);
    if (Date.now() > stopAt) throw tooMuch('resources looked at');
    await visit(items.map((item) => fromItem(kind, item)));
  }
}

const lengthOf = (item: ItemKey): number =>
  'body' in item && typeof item.body === 'string' ? item.body.length : 0;
