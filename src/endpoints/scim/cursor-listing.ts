import { cursorKey } from '../../directory/lists/cursor-key';
import { type IdPosition, pageAfter } from '../../directory/lists/cursor-listing';
import { listPage } from '../../directory/lists/listing';
import type { Selection } from '../../directory/lists/selection';
import { type SortedPosition, sortedPage, sortedPageAfter } from '../../directory/lists/sorted-listing';
import { countResources } from '../../directory/resources/counters';
import type { Directory } from '../../directory/resources/directory';
import type { Stored } from '../../directory/resources/items';
import { kindOfLetter, letterOf } from '../../directory/table/keys';
import { CAPABILITIES } from '../../scim/discovery/capabilities';
import { ScimError } from '../../scim/errors';
import type { Filter } from '../../scim/filter/ast';
import { printFilter } from '../../scim/filter/print';
import type { JsonValue } from '../../scim/json';
import { openCursor, sealCursor } from '../../scim/messages/cursor';
import type { ListQuery } from '../../scim/messages/list-query';
import { listResponse } from '../../scim/messages/list-response';
import type { SortOrder } from '../../scim/sort/sort-order';
import type { ScimResponse } from './message';
import { type Appearance, renderFittingPage } from './page-content';

const { defaultPageSize, cursorTimeout } = CAPABILITIES.pagination;

/** A list's query that has a cursor, with what it was resolved to. */
export interface CursorQuery extends ListQuery {
  readonly cursor: string;
  readonly parsedFilter: Filter | undefined;
  readonly order: SortOrder | undefined;
}

/** Where a list goes on: by id, or in a sorted list by sort key and id. */
type Position = IdPosition | SortedPosition;

/** What a cursor holds. The count is in it because RFC 9865 section 2.1 wants the same one for each page. */
interface Opened {
  readonly count: number;
  readonly position: Position | undefined;
}

/** Resources of a page, where the list goes on behind each, and what is known about the rest. */
interface Page {
  readonly resources: readonly Stored[];
  /** Undefined when nothing follows the page. */
  readonly next: Position | undefined;
  readonly positionOf: (index: number) => Position | undefined;
  readonly total: number | undefined;
}

/** The answer to a list by cursor (RFC 9865). @throws ScimError invalidCursor, expiredCursor, invalidCount, tooMany */
export async function answerByCursor(
  directory: Directory,
  appearance: Appearance,
  query: CursorQuery,
): Promise<ScimResponse> {
  const bound = boundTo(directory, appearance.selections, query);
  const opened = await open(directory, bound, query);
  const { count } = opened;
  const page = await pageFor(directory, appearance.selections, query, opened);
  const resources = await renderFittingPage(directory, appearance, page.resources);
  const next = resources.length < page.resources.length ? page.positionOf(resources.length - 1) : page.next;
  const isWhole = query.cursor === '' && next === undefined && count > 0;
  return {
    status: 200,
    body: listResponse({
      totalResults: isWhole ? resources.length : page.total,
      nextCursor: next === undefined ? undefined : await seal(directory, bound, count, next),
      resources,
    }),
  };
}

async function pageFor(
  directory: Directory,
  selections: readonly Selection[],
  { order }: CursorQuery,
  { count, position }: Opened,
): Promise<Page> {
  if (count === 0) return countOnly(directory, selections, order, position);
  if (order !== undefined) {
    const after = position !== undefined && 'key' in position ? position : undefined;
    const { resources, total, positions, more } = await sortedPageAfter(
      directory,
      selections,
      order,
      after,
      count,
    );
    return {
      resources,
      total,
      next: more ? positions.at(-1) : undefined,
      positionOf: (index) => positions[index],
    };
  }
  const after = position !== undefined && 'kind' in position ? position : undefined;
  const [{ resources, next }, total] = await Promise.all([
    pageAfter(directory, selections, after, count),
    countAll(directory, selections),
  ]);
  const positionOf = (index: number) => {
    const last = resources[index];
    return last === undefined ? undefined : { kind: last.kind, id: last.id, isFlatGroup: next?.isFlatGroup };
  };
  return { resources, next, positionOf, total };
}

/** Before the first resource of any list. */
const START: IdPosition = { kind: 'User', id: '' };

/** A count of 0 asks for `totalResults` alone. The list is still where it was. */
async function countOnly(
  directory: Directory,
  selections: readonly Selection[],
  order: SortOrder | undefined,
  position: Position | undefined,
): Promise<Page> {
  const nothing = { startIndex: 1, count: 0 };
  const { total } =
    order === undefined
      ? await listPage(directory, selections, nothing)
      : await sortedPage(directory, selections, order, nothing);
  return {
    resources: [],
    next: total === 0 ? undefined : (position ?? START),
    positionOf: () => undefined,
    total,
  };
}

/**
 * The number of resources when no filter is in the way: it costs one read. Otherwise it is left out, as RFC 9865
 * section 2 permits.
 */
async function countAll(directory: Directory, selections: readonly Selection[]): Promise<number | undefined> {
  const counted = selections.filter(({ filter }) => filter !== false);
  if (!counted.every(({ filter }) => filter === true)) return undefined;
  const counts = await Promise.all(counted.map(({ kind }) => countResources(directory, kind)));
  return counts.reduce((sum, { total }) => sum + total, 0);
}

/**
 * What a cursor is bound to: the tenant, the resource types, filter, order and projection. Not the token, because
 * every token of a tenant may read the same, and not the path, so that GET and `.search` can go on with each other's
 * cursors.
 */
function boundTo({ tenant }: Directory, selections: readonly Selection[], query: CursorQuery): string {
  return JSON.stringify([
    tenant,
    selections.map(({ kind }) => kind),
    query.parsedFilter === undefined ? null : printFilter(query.parsedFilter),
    query.order === undefined ? null : [query.sortBy?.toLowerCase(), query.sortOrder],
    query.attributes ?? null,
    query.excludedAttributes ?? null,
  ]);
}

async function open(directory: Directory, bound: string, { cursor, count }: CursorQuery): Promise<Opened> {
  if (cursor === '') return { count: count ?? defaultPageSize, position: undefined };
  const now = directory.now().getTime() / 1000;
  const opened = readOpened(openCursor(await cursorKey(directory), bound, cursor, now));
  if (count !== undefined && count !== opened.count) {
    throw new ScimError(
      'invalidCount',
      `"count" is ${count} and was ${opened.count} when the list was begun; repeat it as it was, or leave it out.`,
    );
  }
  return opened;
}

async function seal(directory: Directory, bound: string, count: number, position: Position): Promise<string> {
  const expiresAt = Math.ceil(directory.now().getTime() / 1000) + cursorTimeout;
  const place =
    'kind' in position
      ? [position.isFlatGroup ? 'flat' : 'id', letterOf(position.kind)]
      : ['sorted', position.key];
  return sealCursor(await cursorKey(directory), bound, [count, ...place, position.id], expiresAt);
}

/** Reads what `seal` wrote. Nobody else can have made it, so that anything else is a fault of ours. */
function readOpened(sealed: JsonValue): Opened {
  const [count, type, place, id] = Array.isArray(sealed) ? sealed : [];
  if (typeof count === 'number' && typeof id === 'string') {
    const kind = kindOfLetter(place);
    if ((type === 'id' || type === 'flat') && kind !== undefined) {
      return { count, position: { kind, id, isFlatGroup: type === 'flat' || undefined } };
    }
    if (type === 'sorted' && (place === null || typeof place === 'string' || typeof place === 'number')) {
      return { count, position: { key: place, id } };
    }
  }
  throw new Error('A sealed cursor holds no position.');
}
