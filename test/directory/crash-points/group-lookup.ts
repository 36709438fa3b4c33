import { isResourceId, type ResourceId, valuePartition } from '../../../directory/keys';
import type { World } from './world';

/** The ids of the groups of a displayName, by the index items that `filter=displayName eq` reads. */
export async function listByName({ table, tenant }: World, displayName: string): Promise<ResourceId[]> {
  const items = await table.queryAll({ pk: valuePartition(tenant, displayName), sk: { prefix: 'G#' } });
  return items.map(({ sk }) => sk.slice(2)).filter(isResourceId);
}
