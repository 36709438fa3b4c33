import type { Operation } from '../scim/openapi/operations';

/** Who lets a request in: the token authorizer, AWS IAM by the request's signature, or nobody. */
export type AuthorizedBy = 'token' | 'iam' | 'nobody';

/** The HTTP methods that a route may have. HEAD goes with GET. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One resource of the REST API. */
export interface Route {
  /** The path below the stage; `{id}` is a path parameter. */
  readonly path: string;
  /** The function that serves it, by the name of its file in `lambdas/`. */
  readonly function: string;
  readonly authorizedBy: AuthorizedBy;
  /**
   * The methods that have a meaning, each with what the OpenAPI document says about it. Any other method goes to the
   * same function, which answers 405 with `Allow` (RFC 9110 section 15.5.6).
   */
  readonly methods: Readonly<Partial<Record<Method, Operation>>>;
}

/**
 * Every route of the service. The stack, the OpenAPI document and the endpoints' 405s are made of this table, and the
 * compiler asks the endpoints for every method in it.
 *
 * Discovery needs a token like everything else: RFC 7644 section 4 permits open discovery, yet Entra ID and Okta send
 * the token there too (their "test connection" calls it), the vendor's schema extensions are nobody else's business,
 * and an open path is the one that a scanner can load for free.
 */
export const ROUTES = [
  {
    path: '/v2',
    function: 'root',
    authorizedBy: 'token',
    methods: { GET: { does: 'list', of: 'Resource' } },
  },
  {
    path: '/v2/.search',
    function: 'root',
    authorizedBy: 'token',
    methods: { POST: { does: 'search', of: 'Resource' } },
  },
  {
    path: '/v2/Users',
    function: 'users',
    authorizedBy: 'token',
    methods: { GET: { does: 'list', of: 'User' }, POST: { does: 'create', of: 'User' } },
  },
  {
    path: '/v2/Users/.search',
    function: 'users',
    authorizedBy: 'token',
    methods: { POST: { does: 'search', of: 'User' } },
  },
  {
    path: '/v2/Users/{id}',
    function: 'users',
    authorizedBy: 'token',
    methods: {
      GET: { does: 'read', of: 'User' },
      PUT: { does: 'replace', of: 'User' },
      PATCH: { does: 'patch', of: 'User' },
      DELETE: { does: 'delete', of: 'User' },
    },
  },
  {
    path: '/v2/Groups',
    function: 'groups',
    authorizedBy: 'token',
    methods: { GET: { does: 'list', of: 'Group' }, POST: { does: 'create', of: 'Group' } },
  },
  {
    path: '/v2/Groups/.search',
    function: 'groups',
    authorizedBy: 'token',
    methods: { POST: { does: 'search', of: 'Group' } },
  },
  {
    path: '/v2/Groups/{id}',
    function: 'groups',
    authorizedBy: 'token',
    methods: {
      GET: { does: 'read', of: 'Group' },
      PUT: { does: 'replace', of: 'Group' },
      PATCH: { does: 'patch', of: 'Group' },
      DELETE: { does: 'delete', of: 'Group' },
    },
  },
  {
    path: '/v2/Bulk',
    function: 'bulk',
    authorizedBy: 'token',
    methods: { POST: { does: 'bulk' } },
  },
  {
    path: '/v2/Me',
    function: 'discovery',
    authorizedBy: 'token',
    methods: {
      GET: {
        does: 'nothing',
        id: 'getMe',
        summary: 'Not implemented: a token belongs to a tenant, not to a user',
      },
    },
  },
  {
    path: '/v2/ServiceProviderConfig',
    function: 'discovery',
    authorizedBy: 'token',
    methods: {
      GET: {
        does: 'describe',
        id: 'getServiceProviderConfig',
        summary: 'What the service can do',
        schema: 'ServiceProviderConfig',
      },
    },
  },
  {
    path: '/v2/ResourceTypes',
    function: 'discovery',
    authorizedBy: 'token',
    methods: {
      GET: {
        does: 'describe',
        id: 'listResourceTypes',
        summary: 'All resource types',
        schema: 'ResourceTypeList',
      },
    },
  },
  {
    path: '/v2/ResourceTypes/{id}',
    function: 'discovery',
    authorizedBy: 'token',
    methods: {
      GET: {
        does: 'describe',
        id: 'getResourceTypeById',
        summary: 'One resource type',
        schema: 'ResourceType',
      },
    },
  },
  {
    path: '/v2/Schemas',
    function: 'discovery',
    authorizedBy: 'token',
    methods: { GET: { does: 'describe', id: 'listSchemas', summary: 'All schemas', schema: 'SchemaList' } },
  },
  {
    path: '/v2/Schemas/{id}',
    function: 'discovery',
    authorizedBy: 'token',
    methods: { GET: { does: 'describe', id: 'getSchemaById', summary: 'One schema', schema: 'Schema' } },
  },
  {
    path: '/v2/openapi.json',
    function: 'discovery',
    authorizedBy: 'token',
    methods: { GET: { does: 'describe', id: 'getOpenApi', summary: 'This document' } },
  },
  {
    path: '/oauth2/token',
    function: 'oauth-token',
    authorizedBy: 'nobody',
    methods: {
      POST: { does: 'nothing', id: 'createAccessToken', summary: 'An access token for an OAuth client' },
    },
  },
  {
    path: '/setup',
    function: 'setup',
    authorizedBy: 'nobody',
    methods: { GET: { does: 'nothing', id: 'getSetupPage', summary: "The set-up page's document" } },
  },
  {
    path: '/setup/{file}',
    function: 'setup',
    authorizedBy: 'nobody',
    methods: { GET: { does: 'nothing', id: 'getSetupPageFile', summary: 'A file of the set-up page' } },
  },
  {
    // Its requests are those of a table of their own (src/setup-api/), by which the function finds them.
    path: '/setup/api/{proxy+}',
    function: 'setup',
    authorizedBy: 'nobody',
    methods: {
      GET: { does: 'nothing', id: 'readForSetupPage', summary: 'What the set-up page shows' },
      POST: { does: 'nothing', id: 'createForSetupPage', summary: 'What the set-up page makes' },
      PUT: { does: 'nothing', id: 'replaceForSetupPage', summary: 'What the set-up page keeps' },
      DELETE: { does: 'nothing', id: 'deleteForSetupPage', summary: 'What the set-up page takes away' },
    },
  },
] as const satisfies readonly Route[];

/** What is below SCIM's base URL, by the paths there. */
export const SCIM_PATHS = ROUTES.filter(({ path }) => path.startsWith('/v2')).map(({ path, methods }) => ({
  path: path.slice('/v2'.length) || '/',
  methods,
}));

type Row = (typeof ROUTES)[number];

/** The paths of the table. */
export type RoutePath = Row['path'];

/** The paths that a function serves. */
export type PathOf<Name extends Row['function']> = Extract<Row, { readonly function: Name }>['path'];

/** The methods of a path; of several paths, those of any. */
export type MethodOf<Path extends RoutePath> = Path extends RoutePath
  ? keyof Extract<Row, { readonly path: Path }>['methods']
  : never;
