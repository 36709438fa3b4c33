import {
  type ItemKey,
  type ResourceKind,
  resourceKey,
  resourcePartition,
  resourceSortKey,
} from '../table/keys';
import { type Directory, effortOf, payForReading } from './directory';
import { fromItem, type Stored } from './items';

/**
 * Reads resources by id, strongly consistent, in the order of the ids; those that are gone are left out. @param ids
 * distinct
 */
export async function readByIds(
  directory: Directory,
  kind: ResourceKind,
  ids: readonly string[],
): Promise<Stored[]> {
  const { table, tenant } = directory;
  const [only] = ids;
  if (only === undefined) return [];
  const keys = ids.map((id) => resourceKey(tenant, kind, id));
  const items =
    ids.length === 1
      ? [await table.get(resourceKey(tenant, kind, only))].filter((item) => item !== undefined)
      : await table.batchGet(keys, { consistent: true });
  return readItems(directory, kind, items).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function readItems(directory: Directory, kind: ResourceKind, items: readonly ItemKey[]): Stored[] {
  const effort = effortOf(directory);
  return items.map((item): Stored => {
    if ('body' in item && typeof item.body === 'string') payForReading(effort, item.body.length);
    return fromItem(kind, item);
  });
}

/**
 * Reads the first `count` resources after an id, strongly consistent, in the order of the ids. @param afterId ""
 * begins with the first; any text between two ids will do
 */
export async function readAfter(
  directory: Directory,
  kind: ResourceKind,
  afterId: string,
  count: number,
): Promise<Stored[]> {
  const { table, tenant } = directory;
  const resources: Stored[] = [];
  // "!" sorts before every character of an id.
  const sk = { from: resourceSortKey(kind, `${afterId}!`), to: resourceSortKey(kind, '~') };
  let after: Record<string, unknown> | undefined;
  do {
    const limit = count - resources.length;
    const page = await table.query({ pk: resourcePartition(tenant), sk, limit, after });
    resources.push(...readItems(directory, kind, page.items));
    after = page.after;
  } while (after !== undefined && resources.length < count);
  return resources;
}
