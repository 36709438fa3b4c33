/**
 * What a vendor's app imports beside sessions: who a login is, and what the user's groups allow (docs/access.md).
 * Needs the AWS SDK's DynamoDB clients; what it imports of src/directory and src/scim comes along.
 */

export {
  Conflict,
  DirectoryError,
  type DirectoryErrorCode,
  InvalidValue,
  ItemTooLarge,
  NotFound,
  PreconditionFailed,
  Throttled,
  TooMany,
  type TooManyOf,
  Unavailable,
  UniquenessConflict,
} from '../directory/errors';
export { isTenantId, type TenantId } from '../directory/table/keys';
export { Table } from '../directory/table/table';
export {
  type GroupNaming,
  listRoleMappings,
  mapGroup,
  type RoleMapping,
  unmapGroup,
} from '../directory/tenants/role-mappings';
export { readTenantId } from '../directory/tenants/tenants';
export { readExtensions } from '../scim/schema/extensions/read-extension';
export { ExtensionFault } from '../scim/schema/extensions/registration';
export { createRegistry, type Registry } from '../scim/schema/registry';
export {
  findLogin,
  type Identity,
  type Login,
  type LoginRefusal,
  type LoginUser,
  loginOrCreate,
} from './login';
export { type Access, accessOf } from './roles';
