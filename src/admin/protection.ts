import { isActive } from '../directory/resources/items';
import { protectUser as setProtection } from '../directory/users/protection';
import { getUser } from '../directory/users/users';
import { actEntry } from './acts';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import { findResource } from './find-resource';
import { directoryOf } from './tenants';
import type { UserInput } from './users';

/** Whether a user is protected. */
export interface Protection {
  readonly tenantId: string;
  readonly userId: string;
  readonly protected: boolean;
  /** False when the user was so before. */
  readonly changed: boolean;
  /** Whether the user has access at present: an inactive one who is protected can be reactivated by anybody. */
  readonly active: boolean;
}

/**
 * Protects a user, as the account that is to be there when everything else fails: from now on SCIM may neither
 * deactivate nor delete nor rename them (docs/protected-users.md).
 *
 * @param input `userId`: id, userName, externalId, e-mail address, appId or displayName
 * @throws AdminError notFound, or invalidInput when several users are meant
 * @example
 * await protectUser(deployment, { tenantId: 'acme', userId: 'admin@acme.example' });
 */
export const protectUser = (deployment: Deployment, input: UserInput): Promise<Protection> =>
  change(deployment, input, true);

/** Lets SCIM deactivate, delete and rename a user again. @throws AdminError as `protectUser` */
export const unprotectUser = (deployment: Deployment, input: UserInput): Promise<Protection> =>
  change(deployment, input, false);

async function change(deployment: Deployment, input: UserInput, isProtected: boolean): Promise<Protection> {
  const directory = await directoryOf(deployment, input);
  const { tenant } = directory;
  const userId = await findResource(deployment, tenant, input.userId, ['User']);
  const user = await getUser(directory, userId);
  if (user === undefined) throw new AdminError('notFound', `The tenant "${tenant}" has no user ${userId}.`);
  const type = isProtected ? 'user.protected' : 'user.unprotected';
  const act = await actEntry(deployment, tenant, { type, resourceId: userId });
  const changed = await setProtection(directory, userId, isProtected, act);
  return { tenantId: tenant, userId, protected: isProtected, changed, active: isActive(user.attributes) };
}
