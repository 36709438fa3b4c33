import { isActive } from '../directory/resources/items';
import { isResourceId, type ResourceId, type TenantId } from '../directory/table/keys';
import { readTenantId } from '../directory/tenants/tenants';
import { findUserId, getUser } from '../directory/users/users';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import { findTenant, type TenantInput } from './tenants';

/** Names the user that a use case is about. */
export interface UserInput extends TenantInput {
  readonly userId: string;
}

/** A user that is there. */
export interface NamedUser {
  readonly tenant: TenantId;
  readonly userId: ResourceId;
  readonly active: boolean;
}

/**
 * Finds the user that a use case is about: a mistyped id must not look like a user who has nothing.
 *
 * @throws AdminError notFound for the tenant or the user, with the id when what was given is a userName
 */
export async function findUser(deployment: Deployment, { tenantId, userId }: UserInput): Promise<NamedUser> {
  const { table, origin } = deployment;
  const tenant = readTenantId(tenantId);
  const directory = { table, tenant, origin, now: () => new Date() };
  const user = await getUser(directory, userId);
  if (user !== undefined) return { tenant, userId: user.id, active: isActive(user.attributes) };
  await findTenant(deployment, { tenantId });
  if (isResourceId(userId)) {
    throw new AdminError('notFound', `The tenant "${tenant}" has no user ${JSON.stringify(userId)}.`);
  }
  const id = await findUserId(directory, userId);
  throw new AdminError(
    'notFound',
    id === undefined
      ? `${JSON.stringify(userId)} is not a user's id, and no user of the tenant "${tenant}" has it as userName.`
      : `${JSON.stringify(userId)} is a userName; give the user's id, which is ${id}.`,
  );
}
