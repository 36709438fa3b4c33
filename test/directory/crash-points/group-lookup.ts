import { idsWithValue } from '../../../src/directory/resources/index-items';
import { isResourceId, type ResourceId } from '../../../src/directory/table/keys';
import type { World } from './world';

/** The ids of the groups of a displayName, by the items that `filter=displayName eq` reads. */
export async function listByName(world: World, displayName: string): Promise<ResourceId[]> {
  return (await idsWithValue(world, 'Group', displayName)).filter(isResourceId);
}
