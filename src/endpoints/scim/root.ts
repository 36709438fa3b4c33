import { list, search } from './listing';
import type { ScimDirectory, ScimRequest, ScimResponse } from './message';
import { route } from './route';

/**
 * The base URL and its `/.search`: lists over every resource type at once (RFC 7644 sections 3.4.2.1 and 3.4.3). An
 * attribute that a type does not have is absent in its resources; a filter on `meta.resourceType` keeps the other
 * types from being looked at.
 */
export function rootEndpoint(directory: ScimDirectory, request: ScimRequest): Promise<ScimResponse> {
  if (request.isSearch)
    return route<'/v2/.search'>(request, {
      POST: () => search(directory, request, directory.registry.resourceTypes),
    });
  return route<'/v2'>(request, { GET: () => list(directory, request, directory.registry.resourceTypes) });
}
