import { restoreGroup as restoreGroupOf } from '../directory/groups/restore-group';
import { isActive } from '../directory/resources/items';
import { eraseUser as eraseUserOf } from '../directory/users/erase-user';
import { restoreUser as restoreUserOf } from '../directory/users/restore-user';
import { actEntry } from './acts';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import { findDeleted } from './find-resource';
import { directoryOf, type TenantInput } from './tenants';
import type { UserInput } from './users';

/** A user who was deleted and is back. */
export interface RestoredUser {
  readonly tenantId: string;
  readonly userId: string;
  readonly active: boolean;
  /** Ids of the groups that the user is a member of again. */
  readonly groups: readonly string[];
  /** Ids of those that are gone, or whose members were just being changed in bulk. */
  readonly groupsLeftOut: readonly string[];
  /** The app's own id of the user, when another user has got it meanwhile. */
  readonly appIdLeftOut?: string;
}

/**
 * Puts a deleted user back under the same id. Old sessions stay dead; whoever was inactive stays so.
 *
 * @param input `userId`: the id, or a name that the user had
 * @throws AdminError notFound for the tenant or the name, invalidInput when several had the name; NotRestorable with
 *   the reason
 * @example
 * const { groups } = await restoreUser(deployment, { tenantId: 'acme', userId });
 */
export async function restoreUser(deployment: Deployment, input: UserInput): Promise<RestoredUser> {
  const directory = await directoryOf(deployment, input);
  const id = await findDeleted(deployment, directory.tenant, input.userId, ['User']);
  const { user, ...restored } = await restoreUserOf(directory, id);
  return { tenantId: directory.tenant, userId: user.id, active: isActive(user.attributes), ...restored };
}

/**
 * Puts a deleted group back under the same id, without its members.
 *
 * @param input `groupId`: the id, or a name that the group had
 * @throws AdminError notFound for the tenant or the name, invalidInput when several had the name; NotRestorable with
 *   the reason
 */
export async function restoreGroup(
  deployment: Deployment,
  input: TenantInput & { readonly groupId: string },
): Promise<{ readonly tenantId: string; readonly groupId: string }> {
  const directory = await directoryOf(deployment, input);
  const named = await findDeleted(deployment, directory.tenant, input.groupId, ['Group']);
  const { id } = await restoreGroupOf(directory, named);
  return { tenantId: directory.tenant, groupId: id };
}

/**
 * Removes what is kept of a deleted user at once and for ever; only the fact stays.
 *
 * @param input `confirm`: the user's id once more, since it cannot be undone
 * @throws AdminError invalidInput without the confirmation, notFound for the tenant; NotFound, Conflict for the user
 */
export async function eraseUser(
  deployment: Deployment,
  input: UserInput & { readonly confirm: string | undefined },
): Promise<{ readonly tenantId: string; readonly userId: string; readonly erased: true }> {
  const { userId, confirm } = input;
  if (confirm !== userId) {
    throw new AdminError(
      'invalidInput',
      `What is erased cannot be brought back: confirm it with the id ${userId}.`,
    );
  }
  const directory = await directoryOf(deployment, input);
  const act = await actEntry(deployment, directory.tenant, { type: 'user.erased', resourceId: userId });
  await eraseUserOf(directory, userId, act);
  return { tenantId: directory.tenant, userId, erased: true };
}
