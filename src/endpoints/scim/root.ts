import type { Directory } from '../../directory/resources/directory';
import { RESOURCE_TYPES } from '../../scim/schema/registry';
import { list, search } from './listing';
import type { ScimRequest, ScimResponse } from './message';
import { route } from './route';

/**
 * The base URL and its `/.search`: lists over every resource type at once (RFC 7644 sections 3.4.2.1 and 3.4.3). An
 * attribute that a type does not have is absent in its resources; a filter on `meta.resourceType` keeps the other
 * types from being looked at.
 */
export function rootEndpoint(directory: Directory, request: ScimRequest): Promise<ScimResponse> {
  if (request.isSearch)
    return route<'/v2/.search'>(request, { POST: () => search(directory, request, RESOURCE_TYPES) });
  return route<'/v2'>(request, { GET: () => list(directory, request, RESOURCE_TYPES) });
}
