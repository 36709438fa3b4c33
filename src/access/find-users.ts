import type { Directory } from '../directory/resources/directory';
import { idsWithValue } from '../directory/resources/index-items';
import type { StoredUser } from '../directory/resources/items';
import { readByIds } from '../directory/resources/read-resources';
import { valuePartition } from '../directory/table/value-keys';
import { LONE_SURROGATE } from '../scim/json';

/**
 * The users whose attribute has the value, as the schema compares it: userName without case, externalId with it.
 * Everything that has the value at all lies in one partition.
 */
export async function findUsers(
  directory: Directory,
  attribute: 'userName' | 'externalId',
  value: string,
): Promise<StoredUser[]> {
  // No user has half a character in a name, and no key can hold one.
  if (LONE_SURROGATE.test(value)) return [];
  const ids = await idsWithValue(directory, 'User', value);
  const users = await readByIds(directory, 'User', [...new Set(ids)]);
  return users.filter((user): user is StoredUser => {
    const present = user.attributes[attribute];
    if (user.kind !== 'User' || typeof present !== 'string') return false;
    if (attribute === 'externalId') return present === value;
    return valuePartition(directory.tenant, present) === valuePartition(directory.tenant, value);
  });
}
