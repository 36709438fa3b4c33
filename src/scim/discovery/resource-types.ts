import { ScimError } from '../errors';
import type { JsonObject } from '../json';
import { listResponse } from '../messages/list-response';
import { RESOURCE_TYPE_SCHEMA, type ResourceTypeDefinition } from '../schema/definition';
import type { Registry } from '../schema/registry';

/** The ListResponse of `/ResourceTypes` (RFC 7643 section 6). @param baseUrl without a slash at its end */
export function listResourceTypes({ resourceTypes }: Registry, baseUrl: string): JsonObject {
  const resources = resourceTypes.map((resourceType) => describe(baseUrl, resourceType));
  return listResponse({ totalResults: resources.length, startIndex: 1, resources });
}

/**
 * The document of `/ResourceTypes/{id}`.
 *
 * @throws ScimError `notFound`
 */
export function resourceTypeById({ resourceTypes }: Registry, baseUrl: string, id: string): JsonObject {
  const resourceType = resourceTypes.find((candidate) => candidate.id === id);
  if (resourceType === undefined) {
    const known = resourceTypes.map((candidate) => candidate.id).join(', ');
    throw new ScimError('notFound', `There is no such resource type; there are: ${known}.`);
  }
  return describe(baseUrl, resourceType);
}

function describe(baseUrl: string, resourceType: ResourceTypeDefinition): JsonObject {
  return {
    schemas: [RESOURCE_TYPE_SCHEMA],
    id: resourceType.id,
    name: resourceType.name,
    endpoint: resourceType.endpoint,
    description: resourceType.description,
    schema: resourceType.schema.id,
    schemaExtensions: resourceType.extensions.map(({ schema, required }) => ({
      schema: schema.id,
      required,
    })),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${resourceType.id}` },
  };
}
