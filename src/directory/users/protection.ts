import type { JsonObject } from '../../scim/json';
import { NotFound, type ProtectedFrom, ProtectedUser } from '../errors';
import type { Directory } from '../resources/directory';
import { isActive, type StoredUser } from '../resources/items';
import { isResourceId, resourceKey, type TenantId } from '../table/keys';
import { ConditionFailed, type Write } from '../table/table';
import { userNameGuardKey } from '../table/value-keys';

/**
 * The condition of a write that takes from a user what protection keeps. Protecting somebody raises no version, since
 * a client would see that in the ETag.
 */
export const STILL_UNPROTECTED = 'attribute_not_exists(protectedAt)';

/**
 * Looks whether something may be taken from a user as they were read.
 *
 * @param from what is to be taken; undefined when protection keeps nothing of it
 * @returns whether the write has to be conditional on `STILL_UNPROTECTED`
 * @throws ProtectedUser
 */
export function refuseIfProtected(
  { tenant, overridesProtection = false }: Directory,
  { id, protectedAt }: StoredUser,
  from: ProtectedFrom | undefined,
): boolean {
  if (from === undefined || overridesProtection) return false;
  if (protectedAt !== undefined) throw new ProtectedUser(tenant, id, from);
  return true;
}

/**
 * What a change takes from a user that protection keeps; undefined for a change of anything else. An externalId
 * belongs to it, also one that the user did not have before: a login that brings another one is not let in
 * (docs/access.md).
 */
export function takenFrom(
  tenant: TenantId,
  before: JsonObject,
  after: JsonObject,
): ProtectedFrom | undefined {
  if (isActive(before) && !isActive(after)) return 'deactivation';
  const isRenamed = guardOf(tenant, before) !== guardOf(tenant, after);
  return isRenamed || before.externalId !== after.externalId ? 'rename' : undefined;
}

/** The same for a userName in other capitals. */
const guardOf = (tenant: TenantId, { userName }: JsonObject): string =>
  userNameGuardKey(tenant, String(userName ?? '')).pk;

/**
 * Protects a user from being deactivated, deleted and renamed, or lifts that. What is under way at this moment is
 * refused from this write on, or was written before it.
 *
 * @param act the entry of the log that tells of it, in the same transaction; not written when nothing changes
 * @returns whether anything has changed
 * @throws NotFound
 */
export async function protectUser(
  { table, tenant, now }: Directory,
  id: string,
  isProtected: boolean,
  act: Write,
): Promise<boolean> {
  if (!isResourceId(id)) throw noUser(id);
  const key = resourceKey(tenant, 'User', id);
  const protecting: Write = {
    kind: 'update',
    key,
    ...(isProtected
      ? { update: 'SET protectedAt = :now', values: { ':now': now().getTime() } }
      : { update: 'REMOVE protectedAt' }),
    condition: {
      expression: isProtected
        ? `attribute_exists(pk) AND ${STILL_UNPROTECTED}`
        : 'attribute_exists(protectedAt)',
    },
  };
  try {
    await table.transact([protecting, act]);
    return true;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
  if ((await table.get(key, { attributes: ['pk', 'sk'] })) === undefined) throw noUser(id);
  return false;
}

const noUser = (id: string): NotFound =>
  new NotFound(`There is no user with the id ${JSON.stringify(id.slice(0, 100))}.`);
