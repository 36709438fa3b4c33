/**
 * What an application imports from `serverless-scim`: sessions, logins, roles and users of the service's table. It
 * needs the AWS SDK's two DynamoDB clients and nothing else.
 *
 * @packageDocumentation
 */
export type { Identity, Login, LoginRefusal, LoginUser } from '../access/login';
export type { Access } from '../access/roles';
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
export type { GroupNaming, RoleMapping } from '../directory/tenants/role-mappings';
export type { JsonObject, JsonValue } from '../scim/json';
export { ExtensionFault } from '../scim/schema/extensions/registration';
export { EPOCH_CACHE_MS, isEpochCurrent } from '../sessions/epoch';
export type { InvalidReason, Session } from '../sessions/session-item';
export {
  type IssuedSession,
  type SessionCheck,
  SessionRefused,
  type SessionSettings,
} from '../sessions/store';
export { type Client, type ClientOptions, createClient } from './client';
export type { LoginOptions, Logins } from './logins';
export type { Roles } from './roles';
export type { SessionName, Sessions } from './sessions';
export type { User, Users } from './users';
