/**
 * What a vendor's app imports: sessions that die with the access that an identity provider takes away
 * (docs/sessions.md). Needs the AWS SDK's DynamoDB clients; what it imports of src/directory and src/scim comes along.
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
export { dynamoDbClient } from '../directory/table/dynamodb-client';
export { isTenantId, type ResourceId, type TenantId } from '../directory/table/keys';
export { Table } from '../directory/table/table';
export { readTenantId } from '../directory/tenants/tenants';
export { currentEpoch, EPOCH_CACHE_MS, isEpochCurrent } from './epoch';
export type { InvalidReason, Session } from './session-item';
export {
  type IssuedSession,
  type SessionCheck,
  SessionRefused,
  type SessionSettings,
  SessionStore,
} from './store';
