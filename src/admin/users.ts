import { isActive } from '../directory/resources/items';
import type { ResourceId, TenantId } from '../directory/table/keys';
import { getUser } from '../directory/users/users';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import { findResource } from './find-resource';
import { directoryOf, type TenantInput } from './tenants';

/** Names the user that a use case is about. */
export interface UserInput extends TenantInput {
  /** The user's id, userName, externalId, e-mail address, appId or displayName. */
  readonly userId: string;
}

/** A user that is there. */
export interface NamedUser {
  readonly tenant: TenantId;
  readonly userId: ResourceId;
  readonly active: boolean;
}

/**
 * Finds the user that a use case is about: a mistyped name must not look like a user who has nothing.
 *
 * @throws AdminError notFound for the tenant or the user; invalidInput when several users have the name, with their ids
 */
export async function findUser(deployment: Deployment, input: UserInput): Promise<NamedUser> {
  const directory = await directoryOf(deployment, input);
  const { tenant } = directory;
  const id = await findResource(deployment, tenant, input.userId, ['User']);
  const user = await getUser(directory, id);
  if (user === undefined)
    throw new AdminError('notFound', `The tenant "${tenant}" has no user ${JSON.stringify(id)}.`);
  return { tenant, userId: user.id, active: isActive(user.attributes) };
}
