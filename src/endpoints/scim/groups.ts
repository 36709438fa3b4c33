import { modifyGroup } from '../../directory/groups/group-changes';
import {
  createGroup,
  deleteGroup,
  getGroup,
  membersOf,
  readGroupWithMembers,
} from '../../directory/groups/groups';
import { existingMembers } from '../../directory/groups/memberships';
import { type Directory, effortOf } from '../../directory/resources/directory';
import type { StoredGroup } from '../../directory/resources/items';
import { notFound } from '../../directory/resources/modify';
import type { JsonObject, JsonValue } from '../../scim/json';
import { applyPatch } from '../../scim/patch/apply';
import { type MemberChange, replacingMembers, splitMemberOperations } from '../../scim/patch/members';
import { type PatchOperation, readPatchRequest } from '../../scim/patch/request';
import { isSameValue } from '../../scim/patch/same-value';
import { formatEtag } from '../../scim/resource/etag';
import { replaceResource } from '../../scim/resource/immutable';
import type { Projection } from '../../scim/resource/projection';
import { readResource } from '../../scim/resource/read';
import { resourceLocation } from '../../scim/resource/render';
import { list, search } from './listing';
import type { ScimDirectory, ScimRequest, ScimResponse } from './message';
import { MAX_MEMBERS_IN_AN_ANSWER } from './page-content';
import { withPolicy } from './policy';
import { isNotModified, preconditionOf } from './preconditions';
import { membersValue, notModified, requestedProjection, resourceResponse } from './resource-response';
import { route } from './route';
import { scimErrorOf } from './scim-error-of';

/** `/Groups`, `/Groups/.search` and `/Groups/{id}` (RFC 7644 sections 3.3 to 3.6). */
export function groupsEndpoint(given: ScimDirectory, request: ScimRequest): Promise<ScimResponse> {
  const { id } = request;
  const directory = withPolicy(given, request);
  if (request.isSearch)
    return route<'/v2/Groups/.search'>(request, {
      POST: () => search(directory, request, [directory.registry.group]),
    });
  if (id === undefined) {
    return route<'/v2/Groups'>(request, {
      GET: () => list(directory, request, [directory.registry.group]),
      POST: () => create(directory, request),
    });
  }
  return route<'/v2/Groups/{id}'>(request, {
    GET: () => read(directory, request, id),
    PUT: () => replace(directory, request, id),
    PATCH: () => patch(directory, request, id),
    DELETE: () => remove(directory, request, id),
  });
}

async function create(directory: ScimDirectory, request: ScimRequest): Promise<ScimResponse> {
  const body = await request.body();
  const projection = requestedProjection(directory.registry.group, request, body);
  const { attributes, members } = readGroup(directory, body);
  const named = [...members.add].map(([id, { type }]) => ({ id, type }));
  const group = await createGroup(directory, attributes, named, request.newId);
  if (named.length === 0) return resourceResponse(201, directory, request, group, {}, projection);
  return writtenGroup(201, directory, request, group, projection);
}

async function read(directory: ScimDirectory, request: ScimRequest, id: string): Promise<ScimResponse> {
  const projection = requestedProjection(directory.registry.group, request);
  const { group, members } = projection.wants('members')
    ? await readGroupWithMembers(directory, id, MAX_MEMBERS_IN_AN_ANSWER)
    : { group: await getGroup(directory, id), members: [] };
  if (group === undefined) throw notFound('Group', id);
  if (isNotModified(request, group.version)) return notModified(group.version);
  return resourceResponse(200, directory, request, group, membersValue(members, request.baseUrl), projection);
}

/** A PUT that names no members leaves the group without any (RFC 7644 section 3.5.1). */
async function replace(directory: ScimDirectory, request: ScimRequest, id: string): Promise<ScimResponse> {
  const body = await request.body();
  const projection = requestedProjection(directory.registry.group, request, body);
  const { attributes, members } = readGroup(directory, body);
  const change = (present: JsonObject) => {
    const next = replaceResource(directory.registry.group, present, attributes);
    return isSameValue(present, next) ? present : next;
  };
  const { whole } = await modifyGroup(directory, id, change, members, preconditionOf(request));
  if (whole === undefined) return answerWithGroup(directory, request, id, projection);
  const shown = whole.members.length > MAX_MEMBERS_IN_AN_ANSWER ? [] : whole.members;
  return resourceResponse(
    200,
    directory,
    request,
    whole.group,
    membersValue(shown, request.baseUrl),
    projection,
  );
}

/**
 * A PATCH of a group is answered 204: Entra ID asks for it, and nobody wants a list of 50,000 members for adding one.
 * A client that names `attributes` gets the group (RFC 7644 section 3.5.2).
 */
async function patch(directory: ScimDirectory, request: ScimRequest, id: string): Promise<ScimResponse> {
  const body = await request.body();
  const projection = requestedProjection(directory.registry.group, request, body);
  const { rest, members } = await splitOperations(
    directory,
    readPatchRequest(body, directory.registry.group),
  );
  const effort = effortOf(directory);
  const change =
    rest.length === 0
      ? undefined
      : (present: JsonObject) => applyPatch(directory.registry.group, present, rest, effort);
  const { version } = await modifyGroup(directory, id, change, members, preconditionOf(request));
  if (request.query.attributes !== undefined) return answerWithGroup(directory, request, id, projection);
  const location = resourceLocation(request.baseUrl, directory.registry.group, id);
  return { status: 204, headers: { ETag: formatEtag(version), 'Content-Location': location } };
}

/** Filters on members that name a type are rare; only for these the directory is asked who is what. */
async function splitOperations(directory: ScimDirectory, operations: readonly PatchOperation[]) {
  const asked = new Set<string>();
  const effort = effortOf(directory);
  const ask = (id: string) => {
    asked.add(id);
    return undefined;
  };
  const split = splitMemberOperations(directory.registry.group, operations, ask, effort);
  if (asked.size === 0) return split;
  const known = await existingMembers(
    directory,
    [...asked].map((id) => ({ id })),
  );
  const types = new Map(known.map(({ kind, id }) => [id, kind] as const));
  return splitMemberOperations(directory.registry.group, operations, (id) => types.get(id), effort);
}

async function remove(directory: Directory, request: ScimRequest, id: string): Promise<ScimResponse> {
  await deleteGroup(directory, id, preconditionOf(request));
  return { status: 204 };
}

/** Reads a group from the body: its attributes, and its members as a change that replaces all of them. */
function readGroup(
  { registry: { group } }: ScimDirectory,
  body: JsonValue,
): { attributes: JsonObject; members: MemberChange } {
  const { members, ...attributes } = readResource(group, body);
  return { attributes, members: replacingMembers(members) };
}

async function answerWithGroup(
  directory: ScimDirectory,
  request: ScimRequest,
  id: string,
  projection: Projection,
): Promise<ScimResponse> {
  const group = await getGroup(directory, id);
  if (group === undefined) throw notFound('Group', id);
  return writtenGroup(200, directory, request, group, projection);
}

/**
 * The answer to a write. It has happened, so a member list that is too long to be carried, or that cannot be read
 * now, is left out instead of answering an error, after which a client would create the group once more.
 */
async function writtenGroup(
  status: 200 | 201,
  directory: ScimDirectory,
  request: ScimRequest,
  group: StoredGroup,
  projection: Projection,
): Promise<ScimResponse> {
  const members = projection.wants('members') ? await membersIfTheyFit(directory, group) : [];
  return resourceResponse(
    status,
    directory,
    request,
    group,
    membersValue(members, request.baseUrl),
    projection,
  );
}

async function membersIfTheyFit(directory: Directory, group: StoredGroup) {
  try {
    return await membersOf(directory, group, { most: MAX_MEMBERS_IN_AN_ANSWER });
  } catch (error) {
    if (scimErrorOf(error) !== undefined) return [];
    throw error;
  }
}
