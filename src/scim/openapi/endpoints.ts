import type { JsonObject } from '../json';
import type { ResourceTypeDefinition } from '../schema/definition';
import { GROUP, USER } from '../schema/registry';
import { schemaRef } from './json-schema';
import {
  bulk,
  create,
  discovery,
  list,
  notImplemented,
  patch,
  read,
  remove,
  replace,
  search,
} from './operations';

/** One path of the service and what can be done there, as OpenAPI operations by method. */
export interface Endpoint {
  /** Below the base URL; `{id}` is a path parameter. */
  readonly path: string;
  readonly operations: Readonly<Record<string, JsonObject>>;
}

/** Every path of the service. A test holds it equal to the routes of the stack. */
export const ENDPOINTS: readonly Endpoint[] = [
  { path: '/', operations: { get: list('listResources', 'List users and groups', 'ResourceList') } },
  {
    path: '/.search',
    operations: { post: search('searchResources', 'Search users and groups', 'ResourceList') },
  },
  ...endpointsOf(USER),
  ...endpointsOf(GROUP),
  { path: '/Bulk', operations: { post: bulk() } },
  { path: '/Me', operations: { get: notImplemented('getMe') } },
  {
    path: '/ServiceProviderConfig',
    operations: {
      get: discovery(
        'getServiceProviderConfig',
        'What the service can do',
        schemaRef('ServiceProviderConfig'),
      ),
    },
  },
  {
    path: '/ResourceTypes',
    operations: { get: discovery('listResourceTypes', 'All resource types', schemaRef('ResourceTypeList')) },
  },
  {
    path: '/ResourceTypes/{id}',
    operations: { get: discovery('getResourceTypeById', 'One resource type', schemaRef('ResourceType')) },
  },
  { path: '/Schemas', operations: { get: discovery('listSchemas', 'All schemas', schemaRef('SchemaList')) } },
  {
    path: '/Schemas/{id}',
    operations: { get: discovery('getSchemaById', 'One schema', schemaRef('Schema')) },
  },
  {
    path: '/openapi.json',
    operations: {
      get: discovery('getOpenApi', 'This document', { type: 'object' }, 'application/json'),
    },
  },
];

function endpointsOf(resourceType: ResourceTypeDefinition): Endpoint[] {
  const { id, endpoint } = resourceType;
  return [
    {
      path: endpoint,
      operations: {
        get: list(`list${id}s`, `List ${id}s`, `${id}List`),
        post: create(resourceType),
      },
    },
    {
      path: `${endpoint}/.search`,
      operations: { post: search(`search${id}s`, `Search ${id}s`, `${id}List`) },
    },
    {
      path: `${endpoint}/{id}`,
      operations: {
        get: read(resourceType),
        put: replace(resourceType),
        patch: patch(resourceType),
        delete: remove(resourceType),
      },
    },
  ];
}
