/**
 * The typed client of the admin API (docs/admin-api.md): it signs requests with AWS credentials, repeats them where
 * that changes nothing, and turns answers that are errors into one class.
 *
 * @packageDocumentation
 */
export type { InputError, ProblemCode } from '../admin-api/problem-types';
export type { CredentialProvider, Credentials } from '../admin-api/signer';
export type { Page } from '../admin-api/use-case';
export { type AdminClientOptions, createAdminClient } from './client';
export { type DeleteTenantOptions, deleteTenant } from './delete-tenant';
export { AdminApiError } from './errors';
export type { AdminClient, MethodOf } from './methods';
export type { Pages } from './pages';
export type { CallOptions } from './request';
export { type UndoneChange, type UndoOptions, type UndoRequest, undo } from './undo';
