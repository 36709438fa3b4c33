import { TooMany } from '../errors';
import { type ResourceKind, resourcePartition, resourceSortKey, SHARDS } from '../table/keys';
import { inParallel } from '../table/parallel';
import type { Query } from '../table/table';
import type { Directory } from './directory';
import { fromItem, type Stored } from './items';

/** Time kept back for reading the page and answering, once a walk has ended. */
const RESERVE_MS = 3_000;
/** One page is 1 MB at the most, 128 to 256 read units: the bound on what one request may cost. */
const MAX_PAGES = 4_000;

/**
 * Visits every user or every group of a tenant: for filters that no index item answers. A small tenant is one query;
 * a larger one is read in 16 ranges of ids at once. Order of the visits is not defined.
 *
 * @throws TooMany when time or page budget is used up
 */
export async function walk(
  { table, tenant }: Directory,
  kind: ResourceKind,
  visit: (resources: readonly Stored[]) => void | Promise<void>,
): Promise<void> {
  const stopAt = table.giveUpAt() - RESERVE_MS;
  let pages = 0;
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
    await accept(page.items);
    return page.after === undefined ? undefined : String(page.after.sk);
  }

  async function accept(items: Parameters<typeof fromItem>[1][]): Promise<void> {
    pages += 1;
    if (pages > MAX_PAGES || Date.now() > stopAt) throw tooMany();
    await visit(items.map((item) => fromItem(kind, item)));
  }
}

function tooMany(): TooMany {
  return new TooMany(
    'resources looked at',
    'The filter cannot be answered from an index and the tenant has too many resources to look at each one.',
  );
}
