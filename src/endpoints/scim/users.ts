import { type GroupMembership, groupsShown } from '../../directory/groups/group-membership';
import { type Directory, effortOf } from '../../directory/resources/directory';
import { notFound } from '../../directory/resources/modify';
import { provisionUser } from '../../directory/users/provision-user';
import { deleteUser, getUser, modifyUser } from '../../directory/users/users';
import type { JsonObject, JsonValue } from '../../scim/json';
import { applyPatch } from '../../scim/patch/apply';
import { readPatchRequest } from '../../scim/patch/request';
import { isSameValue } from '../../scim/patch/same-value';
import { replaceResource } from '../../scim/resource/immutable';
import type { Projection } from '../../scim/resource/projection';
import { readResource } from '../../scim/resource/read';
import { list, search } from './listing';
import type { ScimDirectory, ScimRequest, ScimResponse } from './message';
import { withPolicy } from './policy';
import { isNotModified, preconditionOf } from './preconditions';
import { groupsValue, notModified, requestedProjection, resourceResponse } from './resource-response';
import { route } from './route';
import { scimErrorOf } from './scim-error-of';

/** `/Users`, `/Users/.search` and `/Users/{id}` (RFC 7644 sections 3.3 to 3.6). */
export function usersEndpoint(given: ScimDirectory, request: ScimRequest): Promise<ScimResponse> {
  const { id } = request;
  const directory = withPolicy(given, request);
  if (request.isSearch)
    return route<'/v2/Users/.search'>(request, {
      POST: () => search(directory, request, [directory.registry.user]),
    });
  if (id === undefined) {
    return route<'/v2/Users'>(request, {
      GET: () => list(directory, request, [directory.registry.user]),
      POST: () => create(directory, request),
    });
  }
  return route<'/v2/Users/{id}'>(request, {
    GET: () => read(directory, request, id),
    PUT: () => modify(directory, request, id, replacement),
    PATCH: () => modify(directory, request, id, patch),
    DELETE: () => remove(directory, request, id),
  });
}

async function create(directory: ScimDirectory, request: ScimRequest): Promise<ScimResponse> {
  const body = await request.body();
  const projection = requestedProjection(directory.registry.user, request, body);
  const attributes = readResource(directory.registry.user, body);
  const user = await provisionUser(directory, attributes, request.newId);
  return resourceResponse(201, directory, request, user, {}, projection);
}

async function read(directory: ScimDirectory, request: ScimRequest, id: string): Promise<ScimResponse> {
  const projection = requestedProjection(directory.registry.user, request);
  const [user, groups] = await Promise.all([getUser(directory, id), groupsFor(directory, id, projection)]);
  if (user === undefined) throw notFound('User', id);
  if (isNotModified(request, user.version)) return notModified(user.version);
  return resourceResponse(200, directory, request, user, groupsValue(groups, request.baseUrl), projection);
}

/** PUT and PATCH. The groups, which neither changes, are read beside the write. */
async function modify(
  directory: ScimDirectory,
  request: ScimRequest,
  id: string,
  changeOf: (directory: ScimDirectory, body: JsonValue) => (attributes: JsonObject) => JsonObject,
): Promise<ScimResponse> {
  const body = await request.body();
  const change = changeOf(directory, body);
  const projection = requestedProjection(directory.registry.user, request, body);
  const [user, groups] = await Promise.all([
    modifyUser(directory, id, change, preconditionOf(request)),
    groupsAfterWrite(directory, id, projection),
  ]);
  return resourceResponse(200, directory, request, user, groupsValue(groups, request.baseUrl), projection);
}

/** A PUT that does not name `active` keeps it: a profile update must not let a deactivated user in again. */
function replacement({ registry }: ScimDirectory, body: JsonValue): (attributes: JsonObject) => JsonObject {
  const wanted = readResource(registry.user, body);
  return (present) => {
    const kept = { ...wanted, active: wanted.active ?? present.active };
    const next = replaceResource(registry.user, present, kept);
    return isSameValue(present, next) ? present : next;
  };
}

function patch(directory: ScimDirectory, body: JsonValue): (attributes: JsonObject) => JsonObject {
  const effort = effortOf(directory);
  const operations = readPatchRequest(body, directory.registry.user);
  return (present) => applyPatch(directory.registry.user, present, operations, effort);
}

async function remove(directory: Directory, request: ScimRequest, id: string): Promise<ScimResponse> {
  await deleteUser(directory, id, preconditionOf(request));
  return { status: 204 };
}

async function groupsFor(
  directory: Directory,
  id: string,
  projection: Projection,
): Promise<GroupMembership[] | undefined> {
  if (!projection.wants('groups')) return undefined;
  return (await groupsShown(directory, [id])).get(id);
}

/**
 * The groups in the answer to a write, which may have happened: when they cannot be read, they are left out. An error
 * would have the identity provider repeat a deactivation that is done.
 */
async function groupsAfterWrite(
  directory: Directory,
  id: string,
  projection: Projection,
): Promise<GroupMembership[] | undefined> {
  try {
    return await groupsFor(directory, id, projection);
  } catch (error) {
    if (scimErrorOf(error) !== undefined) return undefined;
    throw error;
  }
}
