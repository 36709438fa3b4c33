import { isResourceId, type ResourceId, type TenantId } from '../src/directory/table/keys';
import { getTenant, readTenantId } from '../src/directory/tenants/tenants';
import { findUserId, getUser } from '../src/directory/users/users';
import { argument, type CommandCall, CommandFailed } from './command';

/** The user that a command is about, told by its arguments `<tenant> <userId>`. */
export interface NamedUser {
  readonly tenant: TenantId;
  readonly userId: ResourceId;
  readonly active: boolean;
}

/**
 * Reads `<tenant> <userId>`: a mistyped id must not look like a user who has nothing.
 *
 * @throws CommandFailed when the tenant or the user is not there, with the id when the argument is a userName
 */
export async function readUser(call: CommandCall): Promise<NamedUser> {
  const { table } = call.target;
  const [tenant, given] = [readTenantId(argument(call, 0)), argument(call, 1)];
  const directory = { table, tenant, now: () => new Date() };
  const user = await getUser(directory, given);
  if (user !== undefined) return { tenant, userId: user.id, active: user.attributes.active !== false };
  if ((await getTenant(table, tenant)) === undefined) {
    throw new CommandFailed(`There is no tenant "${tenant}".`);
  }
  if (isResourceId(given)) {
    throw new CommandFailed(`The tenant "${tenant}" has no user ${JSON.stringify(given)}.`);
  }
  const id = await findUserId(directory, given);
  throw new CommandFailed(
    id === undefined
      ? `${JSON.stringify(given)} is not a user's id, and no user of the tenant "${tenant}" has it as userName.`
      : `${JSON.stringify(given)} is a userName; give the user's id, which is ${id}.`,
  );
}
