import type { JsonObject, JsonValue } from '../json';
import type { AttributeDefinition, ResourceTypeDefinition } from '../schema/definition';
import { formatEtag } from './etag';

/** What the service itself knows of a resource. */
export interface ResourceFacts {
  readonly id: string;
  /** Counts the writes; it becomes `W/"<version>"`. */
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly lastModified: string;
  /** Absolute URL, see `resourceLocation`. */
  readonly location: string;
  /** Loaded only when the projection wants them. */
  readonly members?: readonly JsonObject[];
  readonly groups?: readonly JsonObject[];
}

/**
 * The URL of a resource.
 *
 * @example resourceLocation('https://example.com/scim/v2', USER, '2819c223') //
 *   'https://example.com/scim/v2/Users/2819c223'
 */
export function resourceLocation(baseUrl: string, resourceType: ResourceTypeDefinition, id: string): string {
  return `${baseUrl}${resourceType.endpoint}/${encodeURIComponent(id)}`;
}

/**
 * Makes the full resource, for filters and answers, out of stored canonical attributes and what the service knows.
 * `schemas` lists the core schema and the extensions that have data. The order is `schemas`, `id`, `externalId`, the
 * schema's own, extensions, `meta`, for those who read logs. Empty `members` and `groups` are left out: an empty list
 * is an unassigned attribute (RFC 7643 section 2.5).
 */
export function renderResource(
  resourceType: ResourceTypeDefinition,
  stored: JsonObject,
  { id, version, created, lastModified, location, members, groups }: ResourceFacts,
): JsonObject {
  const extensions = resourceType.extensions
    .map(({ schema }) => schema)
    .filter((schema) => stored[schema.id] !== undefined);
  const resource: JsonObject = {
    schemas: [resourceType.schema.id, ...extensions.map((schema) => schema.id)],
    id,
  };
  if (stored.externalId !== undefined) resource.externalId = stored.externalId;
  const derived: ReadonlyMap<string, readonly JsonObject[] | undefined> = new Map([
    ['members', members],
    ['groups', groups],
  ]);
  for (const definition of resourceType.schema.attributes) {
    const value = shownValue(definition, stored, derived);
    if (value !== undefined) resource[definition.name] = value;
  }
  for (const schema of extensions) resource[schema.id] = stored[schema.id];
  resource.meta = {
    resourceType: resourceType.name,
    created,
    lastModified,
    location,
    version: formatEtag(version),
  };
  return resource;
}

function shownValue(
  definition: AttributeDefinition,
  stored: JsonObject,
  derived: ReadonlyMap<string, readonly JsonObject[] | undefined>,
): JsonValue | undefined {
  const list = derived.get(definition.name);
  if (list !== undefined) return list.length === 0 ? undefined : [...list];
  return stored[definition.name];
}
