import { listPage } from '../../directory/lists/listing';
import { selectionsOf } from '../../directory/lists/selection';
import { sortedPage } from '../../directory/lists/sorted-listing';
import type { Directory } from '../../directory/resources/directory';
import { CAPABILITIES } from '../../scim/discovery/capabilities';
import { parseFilter } from '../../scim/filter/parse';
import { type ListQuery, readListQuery } from '../../scim/messages/list-query';
import { listResponse } from '../../scim/messages/list-response';
import { readSearchRequest } from '../../scim/messages/search-request';
import { parseProjection } from '../../scim/resource/projection';
import type { ResourceTypeDefinition } from '../../scim/schema/definition';
import { type SortOrder, sortOrderOf } from '../../scim/sort/sort-order';
import { answerByCursor } from './cursor-listing';
import type { ScimRequest, ScimResponse } from './message';
import { type Appearance, EarlyGroups, renderPage } from './page-content';
import { viewOf } from './resource-response';

const { defaultPageSize, maxPageSize } = CAPABILITIES.pagination;

/** GET of a list of one or more resource types (RFC 7644 section 3.4.2). */
export function list(
  directory: Directory,
  request: ScimRequest,
  resourceTypes: readonly ResourceTypeDefinition[],
): Promise<ScimResponse> {
  return answer(directory, request, resourceTypes, readListQuery(request.query, maxPageSize));
}

/**
 * POST of a SearchRequest (RFC 7644 section 3.4.3): the same list, asked for in a body, so that what is sought stays
 * out of URLs.
 */
export async function search(
  directory: Directory,
  request: ScimRequest,
  resourceTypes: readonly ResourceTypeDefinition[],
): Promise<ScimResponse> {
  const query = readSearchRequest(await request.body(), maxPageSize);
  return answer(directory, request, resourceTypes, query);
}

/**
 * When a request has both, `cursor` chooses the way of paging and `startIndex` is not looked at: some clients send
 * `startIndex=1` with everything.
 */
async function answer(
  directory: Directory,
  { baseUrl }: ScimRequest,
  resourceTypes: readonly ResourceTypeDefinition[],
  query: ListQuery,
): Promise<ScimResponse> {
  const filter = query.filter === undefined ? undefined : parseFilter(query.filter);
  const selections = selectionsOf(resourceTypes, filter, (resourceType) => viewOf(resourceType, baseUrl));
  const projections: Appearance['projections'] = new Map(
    selections.map(({ kind, resourceType }) => [kind, parseProjection(resourceType, query)]),
  );
  const appearance = { baseUrl, selections, projections };
  const order = orderOf(resourceTypes, query);
  if (query.cursor !== undefined) {
    return answerByCursor(directory, appearance, {
      ...query,
      cursor: query.cursor,
      parsedFilter: filter,
      order,
    });
  }
  const { startIndex, count = defaultPageSize } = query;
  const early = new EarlyGroups(directory, appearance);
  const page =
    order === undefined
      ? await listPage(directory, selections, { startIndex, count }, early.begin)
      : await sortedPage(directory, selections, order, { startIndex, count });
  const resources = await renderPage(directory, appearance, page.resources, early);
  return { status: 200, body: listResponse({ totalResults: page.total, startIndex, resources }) };
}

/** Lists of one type are in the order of the ids anyway, so that asking for it costs nothing. */
function orderOf(
  resourceTypes: readonly ResourceTypeDefinition[],
  { sortBy, sortOrder }: ListQuery,
): SortOrder | undefined {
  if (sortBy === undefined) return undefined;
  const descending = sortOrder === 'descending';
  if (resourceTypes.length === 1 && sortBy.toLowerCase() === 'id' && !descending) return undefined;
  return sortOrderOf(resourceTypes, sortBy, descending);
}
