import type { Directory } from '../directory/directory';
import type { Derived } from '../directory/filter-evaluation';
import { groupsOfUsers } from '../directory/group-membership';
import { membersOf } from '../directory/groups';
import type { Stored, StoredGroup } from '../directory/items';
import { listResources } from '../directory/listing';
import { inParallel } from '../directory/parallel';
import { ScimError } from '../scim/errors';
import { parseFilter } from '../scim/filter/parse';
import { readListQuery } from '../scim/messages/list-query';
import { listResponse } from '../scim/messages/list-response';
import { project } from '../scim/resource/projection';
import type { ResourceTypeDefinition } from '../scim/schema/definition';
import { GROUP, USER } from '../scim/schema/registry';
import type { ScimRequest, ScimResponse } from './message';
import { groupsValue, membersValue, projectionOf, viewOf } from './resource-response';

/** Resources on a page when the request does not say (authentik sends no count), and at the most (IPSIE asks for 1,000). */
export const DEFAULT_COUNT = 100;
export const MAX_COUNT = 1_000;

/** A member takes about 200 bytes of the 6 MB that a Lambda function may answer. */
export const MOST_MEMBERS_IN_AN_ANSWER = 20_000;

/** Loads what is not stored with the resources of a page: the values of `groups` or `members`, by resource id. */
type LoadDerived = (resources: readonly Stored[]) => Promise<ReadonlyMap<string, Derived>>;

/** GET /Users */
export function listUsers(directory: Directory, request: ScimRequest): Promise<ScimResponse> {
  return list(directory, USER, request, 'groups', async (users) => {
    const ids = users.map(({ id }) => id);
    const groups = await groupsOfUsers(directory, ids);
    return new Map(ids.map((id) => [id, groupsValue(groups.get(id), request.baseUrl)]));
  });
}

/** GET /Groups. Okta's import reads the members from here. */
export function listGroups(directory: Directory, request: ScimRequest): Promise<ScimResponse> {
  return list(directory, GROUP, request, 'members', async (groups) => {
    let total = 0;
    const entries = await inParallel(groups as readonly StoredGroup[], async (group) => {
      const members = await membersOf(directory, group, MOST_MEMBERS_IN_AN_ANSWER);
      total += members.length;
      if (total > MOST_MEMBERS_IN_AN_ANSWER) throw tooLong();
      return [group.id, membersValue(members, request.baseUrl)] as const;
    });
    return new Map(entries);
  });
}

async function list(
  directory: Directory,
  resourceType: ResourceTypeDefinition,
  request: ScimRequest,
  derivedName: 'groups' | 'members',
  loadDerived: LoadDerived,
): Promise<ScimResponse> {
  const query = readListQuery(request.query, { defaultCount: DEFAULT_COUNT, maxCount: MAX_COUNT });
  const projection = projectionOf(resourceType, request);
  const view = viewOf(resourceType, request.baseUrl);
  const filter = query.filter === undefined ? undefined : parseFilter(query.filter);
  const { startIndex, count } = query;
  const page = await listResources(directory, resourceType, { filter, startIndex, count }, view);
  const derived = projection.wants(derivedName)
    ? await loadDerived(page.resources)
    : new Map<string, Derived>();
  const resources = page.resources.map((resource) =>
    project(view(resource, derived.get(resource.id) ?? {}), projection),
  );
  return { status: 200, body: listResponse({ totalResults: page.total, startIndex, resources }) };
}

function tooLong(): ScimError {
  return new ScimError(
    'tooMany',
    'The page is larger than one answer can carry. Ask for fewer resources with a smaller count, or leave attributes out, for example with excludedAttributes=members.',
  );
}
