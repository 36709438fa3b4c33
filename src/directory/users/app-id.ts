import { visibleText } from '../../scim/visible-text';
import { InvalidValue } from '../errors';
import type { Directory } from '../resources/directory';
import { indexWrites, uniquenessError } from '../resources/index-items';
import type { StoredUser } from '../resources/items';
import { modifyResource } from '../resources/modify';
import { originValues, SET_ORIGIN } from '../resources/origin';
import { resourceKey } from '../table/keys';
import type { Write } from '../table/table';
import { appIdGuardKey } from '../table/value-keys';
import { getUser } from './users';

const MAX_APP_ID_LENGTH = 256;

/**
 * Reads the id that the vendor's app knows a user by.
 *
 * @throws InvalidValue for what two people could not tell apart by looking, or an id that is longer than any is
 */
export function readAppId(appId: string): string {
  const isPlain = appId !== '' && appId.length <= MAX_APP_ID_LENGTH && appId.trim() === appId;
  if (isPlain && visibleText(appId) === appId) return appId;
  throw new InvalidValue(
    `An appId of ${appId.length} characters is not accepted as it is; 1 to ${MAX_APP_ID_LENGTH} visible characters without a blank at either end are.`,
  );
}

/** The user with an appId, in exactly this form; strongly consistent. */
export async function findUserByAppId(directory: Directory, appId: string): Promise<StoredUser | undefined> {
  const { table, tenant } = directory;
  const guard = await table.get<{ id?: string }>(appIdGuardKey(tenant, appId));
  const user = guard?.id === undefined ? undefined : await getUser(directory, guard.id);
  // It may have been given to another user between the two reads.
  return user?.appId === appId ? user : undefined;
}

/**
 * Gives a user the id that the vendor's app knows them by, in place of the one before; undefined takes it away. It is
 * no part of the resource: neither version nor lastModified tell of it, and whoever changes the user at the same time
 * is not in its way.
 *
 * @throws NotFound, InvalidValue, UniquenessConflict when another user of the tenant has it
 */
export async function setAppId(
  directory: Directory,
  id: string,
  appId: string | undefined,
): Promise<StoredUser> {
  const wanted = appId === undefined ? undefined : readAppId(appId);
  return modifyResource(directory, 'User', id, undefined, async (user) => {
    if (user.appId === wanted) return undefined;
    const next = { ...user, appId: wanted };
    const writes = [
      appIdUpdate(directory, user, wanted),
      ...indexWrites(directory.tenant, 'User', user.id, user, next),
    ];
    return { next, writes, conflict: (error) => uniquenessError(error, writes, 'User', next) ?? error };
  });
}

function appIdUpdate(
  { tenant, origin }: Directory,
  { id, appId: present }: StoredUser,
  wanted: string | undefined,
): Write {
  return {
    kind: 'update',
    key: resourceKey(tenant, 'User', id),
    update: wanted === undefined ? `SET ${SET_ORIGIN} REMOVE appId` : `SET appId = :wanted, ${SET_ORIGIN}`,
    values: { ...originValues(origin), ...(wanted === undefined ? {} : { ':wanted': wanted }) },
    condition:
      present === undefined
        ? { expression: 'attribute_exists(pk) AND attribute_not_exists(appId)' }
        : { expression: 'appId = :present', values: { ':present': present } },
  };
}
