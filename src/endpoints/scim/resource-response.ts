import type { GroupMembership } from '../../directory/groups/group-membership';
import type { Member } from '../../directory/groups/memberships';
import type { Derived, View } from '../../directory/lists/filter-evaluation';
import type { Stored } from '../../directory/resources/items';
import type { JsonObject, JsonValue } from '../../scim/json';
import { formatEtag } from '../../scim/resource/etag';
import { type Projection, parseProjection, project } from '../../scim/resource/projection';
import { renderResource, resourceLocation } from '../../scim/resource/render';
import { writtenAttributes } from '../../scim/resource/written-attributes';
import type { ResourceTypeDefinition } from '../../scim/schema/definition';
import type { ScimDirectory, ScimRequest, ScimResponse } from './message';

/**
 * Which attributes the answer shows (RFC 7644 section 3.9).
 *
 * @param body what a write was sent
 * @throws ScimError when both parameters are given, and for a malformed PATCH
 */
export function requestedProjection(
  resourceType: ResourceTypeDefinition,
  { query, method }: ScimRequest,
  body?: JsonValue,
): Projection {
  return parseProjection(
    resourceType,
    { attributes: query.attributes, excludedAttributes: query.excludedAttributes },
    body === undefined ? undefined : writtenAttributes(resourceType, method, body),
  );
}

/** How resources look from outside: to a filter, and to a client before the projection. */
export function viewOf(resourceType: ResourceTypeDefinition, baseUrl: string): View {
  return (resource, derived) => {
    const location = resourceLocation(baseUrl, resourceType, resource.id);
    const groups = withReferences(derived.groups, () => `${baseUrl}/Groups`);
    const members = withReferences(
      derived.members,
      (type) => `${baseUrl}/${type === 'Group' ? 'Groups' : 'Users'}`,
    );
    return renderResource(resourceType, resource.attributes, { ...resource, location, groups, members });
  };
}

/** A filter may name `members.$ref`, too. What is loaded for an answer has its references already. */
function withReferences(
  values: readonly JsonObject[] | undefined,
  endpointOf: (type: unknown) => string,
): readonly JsonObject[] | undefined {
  if (values?.[0] === undefined || values[0].$ref !== undefined) return values;
  return values.map((value) => ({ ...value, $ref: `${endpointOf(value.type)}/${value.value}` }));
}

/** A user's `groups` as a client sees them. */
export function groupsValue(memberships: readonly GroupMembership[] | undefined, baseUrl: string): Derived {
  if (memberships === undefined || memberships.length === 0) return {};
  return { groups: memberships.map((group) => ({ ...group, $ref: `${baseUrl}/Groups/${group.value}` })) };
}

/** A group's `members` as a client sees them. */
export function membersValue(members: readonly Member[] | undefined, baseUrl: string): Derived {
  if (members === undefined || members.length === 0) return {};
  return {
    members: members.map(({ kind, id }) => ({
      value: id,
      $ref: `${baseUrl}/${kind === 'User' ? 'Users' : 'Groups'}/${id}`,
      type: kind,
    })),
  };
}

/** The answer that carries one resource: its ETag, its URL, and what the projection leaves of it. */
export function resourceResponse(
  status: 200 | 201,
  { registry }: ScimDirectory,
  request: ScimRequest,
  resource: Stored,
  derived: Derived,
  projection: Projection,
): ScimResponse {
  const resourceType = resource.kind === 'User' ? registry.user : registry.group;
  const location = resourceLocation(request.baseUrl, resourceType, resource.id);
  return {
    status,
    headers: {
      ETag: formatEtag(resource.version),
      [status === 201 ? 'Location' : 'Content-Location']: location,
    },
    body: project(viewOf(resourceType, request.baseUrl)(resource, derived), projection),
  };
}

/** The answer to a conditional GET whose version the client has already (RFC 7644 section 3.14). */
export function notModified(version: number): ScimResponse {
  return { status: 304, headers: { ETag: formatEtag(version) } };
}
