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
import { ScimError } from '../../scim/errors';
import type { JsonObject } from '../../scim/json';
import { applyPatch } from '../../scim/patch/apply';
import { type MemberChange, splitMemberOperations } from '../../scim/patch/members';
import { type PatchOperation, readPatchRequest } from '../../scim/patch/request';
import { isSameValue } from '../../scim/patch/same-value';
import { formatEtag } from '../../scim/resource/etag';
import { replaceResource } from '../../scim/resource/immutable';
import type { Projection } from '../../scim/resource/projection';
import { readResource } from '../../scim/resource/read';
import { resourceLocation } from '../../scim/resource/render';
import { GROUP } from '../../scim/schema/registry';
import { list, search } from './listing';
import { bodyOf, type ScimRequest, type ScimResponse } from './message';
import { MAX_MEMBERS_IN_AN_ANSWER } from './page-content';
import { isNotModified, preconditionOf } from './preconditions';
import { membersValue, notModified, requestedProjection, resourceResponse } from './resource-response';
import { route } from './route';

/** `/Groups`, `/Groups/.search` and `/Groups/{id}` (RFC 7644 sections 3.3 to 3.6). */
export function groupsEndpoint(directory: Directory, request: ScimRequest): Promise<ScimResponse> {
  const { id } = request;
  if (request.isSearch)
    return route<'/v2/Groups/.search'>(request, { POST: () => search(directory, request, [GROUP]) });
  if (id === undefined) {
    return route<'/v2/Groups'>(request, {
      GET: () => list(directory, request, [GROUP]),
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

async function create(directory: Directory, request: ScimRequest): Promise<ScimResponse> {
  const projection = requestedProjection(GROUP, request);
  const { attributes, members } = readGroup(request);
  const named = [...members.add].map(([id, { type }]) => ({ id, type }));
  const group = await createGroup(directory, attributes, named, request.newId);
  if (named.length === 0) return resourceResponse(201, GROUP, request, group, {}, projection);
  return writtenGroup(201, directory, request, group, projection);
}

async function read(directory: Directory, request: ScimRequest, id: string): Promise<ScimResponse> {
  const projection = requestedProjection(GROUP, request);
  const { group, members } = projection.wants('members')
    ? await readGroupWithMembers(directory, id, MAX_MEMBERS_IN_AN_ANSWER)
    : { group: await getGroup(directory, id), members: [] };
  if (group === undefined) throw notFound('G', id);
  if (isNotModified(request, group.version)) return notModified(group.version);
  return resourceResponse(200, GROUP, request, group, membersValue(members, request.baseUrl), projection);
}

/** A PUT that names no members leaves the group without any (RFC 7644 section 3.5.1). */
async function replace(directory: Directory, request: ScimRequest, id: string): Promise<ScimResponse> {
  const projection = requestedProjection(GROUP, request);
  const { attributes, members } = readGroup(request);
  const change = (present: JsonObject) => {
    const next = replaceResource(GROUP, present, attributes);
    return isSameValue(present, next) ? present : next;
  };
  const { whole } = await modifyGroup(directory, id, change, members, preconditionOf(request));
  if (whole === undefined) return answerWithGroup(directory, request, id, projection);
  const shown = whole.members.length > MAX_MEMBERS_IN_AN_ANSWER ? [] : whole.members;
  return resourceResponse(200, GROUP, request, whole.group, membersValue(shown, request.baseUrl), projection);
}

/**
 * A PATCH of a group is answered 204: Entra ID asks for it, and nobody wants a list of 50,000 members for adding one.
 * A client that names `attributes` gets the group (RFC 7644 section 3.5.2).
 */
async function patch(directory: Directory, request: ScimRequest, id: string): Promise<ScimResponse> {
  const projection = requestedProjection(GROUP, request);
  const { rest, members } = await splitOperations(directory, readPatchRequest(bodyOf(request)));
  const effort = effortOf(directory);
  const change =
    rest.length === 0 ? undefined : (present: JsonObject) => applyPatch(GROUP, present, rest, effort);
  const { version } = await modifyGroup(directory, id, change, members, preconditionOf(request));
  if (request.query.attributes !== undefined) return answerWithGroup(directory, request, id, projection);
  const location = resourceLocation(request.baseUrl, GROUP, id);
  return { status: 204, headers: { ETag: formatEtag(version), 'Content-Location': location } };
}

/** Filters on members that name a type are rare; only for these the directory is asked who is what. */
async function splitOperations(directory: Directory, operations: readonly PatchOperation[]) {
  const asked = new Set<string>();
  const effort = effortOf(directory);
  const ask = (id: string) => {
    asked.add(id);
    return undefined;
  };
  const split = splitMemberOperations(operations, ask, effort);
  if (asked.size === 0) return split;
  const known = await existingMembers(
    directory,
    [...asked].map((id) => ({ id })),
  );
  const types = new Map(known.map(({ kind, id }) => [id, kind === 'U' ? 'User' : 'Group'] as const));
  return splitMemberOperations(operations, (id) => types.get(id), effort);
}

async function remove(directory: Directory, request: ScimRequest, id: string): Promise<ScimResponse> {
  await deleteGroup(directory, id, preconditionOf(request));
  return { status: 204 };
}

/** Reads a group from the body: its attributes, and its members as a change that replaces all of them. */
function readGroup(request: ScimRequest): { attributes: JsonObject; members: MemberChange } {
  const { members, ...attributes } = readResource(GROUP, bodyOf(request));
  const operation = { index: 0, op: 'replace', path: 'members', value: members ?? [] } as const;
  const { members: change } = splitMemberOperations([operation]);
  return { attributes, members: change ?? { base: 'clear', add: new Map(), remove: new Set() } };
}

async function answerWithGroup(
  directory: Directory,
  request: ScimRequest,
  id: string,
  projection: Projection,
): Promise<ScimResponse> {
  const group = await getGroup(directory, id);
  if (group === undefined) throw notFound('G', id);
  return writtenGroup(200, directory, request, group, projection);
}

/**
 * The answer to a write. It has happened, so a member list that is too long to be carried, or that cannot be read
 * now, is left out instead of answering an error, after which a client would create the group once more.
 */
async function writtenGroup(
  status: 200 | 201,
  directory: Directory,
  request: ScimRequest,
  group: StoredGroup,
  projection: Projection,
): Promise<ScimResponse> {
  const members = projection.wants('members') ? await membersIfTheyFit(directory, group) : [];
  return resourceResponse(status, GROUP, request, group, membersValue(members, request.baseUrl), projection);
}

async function membersIfTheyFit(directory: Directory, group: StoredGroup) {
  try {
    return await membersOf(directory, group, { most: MAX_MEMBERS_IN_AN_ANSWER });
  } catch (error) {
    if (error instanceof ScimError) return [];
    throw error;
  }
}
