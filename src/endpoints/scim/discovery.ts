import { refuseFilter } from '../../scim/discovery/refuse-filter';
import { listResourceTypes, resourceTypeById } from '../../scim/discovery/resource-types';
import { listSchemas, schemaById } from '../../scim/discovery/schemas';
import { serviceProviderConfig } from '../../scim/discovery/service-provider-config';
import { ScimError } from '../../scim/errors';
import type { JsonObject } from '../../scim/json';
import { openApiDocument } from '../../scim/openapi/document';
import type { Registry } from '../../scim/schema/registry';
import { type PathOf, SCIM_PATHS } from '../routes';
import { meEndpoint } from './me';
import type { ScimRequest, ScimResponse } from './message';
import { route } from './route';

/**
 * `/ServiceProviderConfig`, `/ResourceTypes` and `/Schemas`, the latter two also by id (RFC 7644 section 4). They
 * know no filter: 403. `/Me` comes here too.
 */
export async function discoveryEndpoint(registry: Registry, request: ScimRequest): Promise<ScimResponse> {
  if (request.resource === 'Me') return meEndpoint();
  return route<PathOf<'discovery'>>(request, {
    GET: () => {
      refuseFilter(request.query);
      if (request.resource === 'openapi.json') return openApi(registry, request);
      return { status: 200, body: document(registry, request) };
    },
  });
}

/** The one document here that is no SCIM message, and so says that it is plain JSON. */
function openApi(registry: Registry, { baseUrl }: ScimRequest): ScimResponse {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: openApiDocument(registry, baseUrl, SCIM_PATHS),
  };
}

function document(registry: Registry, { resource, id, baseUrl }: ScimRequest): JsonObject {
  switch (resource) {
    case 'ServiceProviderConfig':
      return serviceProviderConfig(registry, baseUrl);
    case 'ResourceTypes':
      return id === undefined
        ? listResourceTypes(registry, baseUrl)
        : resourceTypeById(registry, baseUrl, id);
    case 'Schemas':
      return id === undefined ? listSchemas(registry, baseUrl) : schemaById(registry, baseUrl, id);
    default:
      throw new ScimError('notFound', `There is no ${JSON.stringify(resource)}; see /ResourceTypes.`);
  }
}
