/**
 * The real service for an application's own tests: gateway, functions, streams, queues and an embedded DynamoDB on this
 * machine (docs/testing.md).
 *
 * @packageDocumentation
 */
export type { CreatedToken, ShownToken } from '../admin/tokens';
export type { JsonObject } from '../scim/json';
export { type Scim, type StartScimOptions, startScim, type TokenOptions } from './start-scim';
export type { ScimResponse, TestTenant } from './test-tenant';
