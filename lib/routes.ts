import type { FunctionName } from './functions';

/** One resource of the REST API and the function that serves it. */
export interface Route {
  /** The path below the stage; `{id}` is a path parameter. */
  readonly path: string;
  readonly function: FunctionName;
  /**
   * The methods that have a meaning. Any other method goes to the same function, which answers 405 with `Allow` (RFC
   * 9110 section 15.5.6).
   */
  readonly methods: readonly string[];
}

/**
 * Every route of the service.
 *
 * Discovery needs a token like everything else: RFC 7644 section 4 permits open discovery, yet Entra ID and Okta send
 * the token there too (their "test connection" calls it), the vendor's schema extensions are nobody else's business,
 * and an open path is the one that a scanner can load for free.
 */
export const ROUTES: readonly Route[] = [
  { path: '/v2', function: 'root', methods: ['GET'] },
  { path: '/v2/.search', function: 'root', methods: ['POST'] },
  { path: '/v2/Users', function: 'users', methods: ['GET', 'POST'] },
  { path: '/v2/Users/.search', function: 'users', methods: ['POST'] },
  { path: '/v2/Users/{id}', function: 'users', methods: ['GET', 'PUT', 'PATCH', 'DELETE'] },
  { path: '/v2/Groups', function: 'groups', methods: ['GET', 'POST'] },
  { path: '/v2/Groups/.search', function: 'groups', methods: ['POST'] },
  { path: '/v2/Groups/{id}', function: 'groups', methods: ['GET', 'PUT', 'PATCH', 'DELETE'] },
  { path: '/v2/Me', function: 'discovery', methods: ['GET'] },
  { path: '/v2/Bulk', function: 'bulk', methods: ['POST'] },
  { path: '/v2/ServiceProviderConfig', function: 'discovery', methods: ['GET'] },
  { path: '/v2/ResourceTypes', function: 'discovery', methods: ['GET'] },
  { path: '/v2/ResourceTypes/{id}', function: 'discovery', methods: ['GET'] },
  { path: '/v2/Schemas', function: 'discovery', methods: ['GET'] },
  { path: '/v2/Schemas/{id}', function: 'discovery', methods: ['GET'] },
  { path: '/v2/openapi.json', function: 'discovery', methods: ['GET'] },
];
