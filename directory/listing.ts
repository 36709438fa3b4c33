import type { Filter } from '../scim/filter/ast';
import { equalityLookups } from '../scim/filter/lookups';
import type { ResourceTypeDefinition } from '../scim/schema/definition';
import { candidateIds } from './candidates';
import { findCheckpoint, saveCheckpoint } from './checkpoints';
import { type Count, countResources } from './counters';
import type { Directory } from './directory';
import { matcher, type View } from './filter-evaluation';
import { fromItem, type Stored } from './items';
import { type ResourceKind, resourceKey, resourcePartition } from './keys';
import { walk } from './walk';

/** What a list request asks of the directory. `startIndex` counts from 1; `count` 0 asks for the total only. */
export interface ListRequest {
  readonly filter?: Filter;
  readonly startIndex: number;
  readonly count: number;
}

/** A page of a listing in the order of the ids, which never change. */
export interface ListPage {
  readonly total: number;
  readonly resources: readonly Stored[];
}

/** Lists the users or groups of a tenant by index paging (RFC 7644 section 3.4.2.4). @throws ScimError invalidFilter, tooMany */
export async function listResources(
  directory: Directory,
  resourceType: ResourceTypeDefinition,
  request: ListRequest,
  view: View,
): Promise<ListPage> {
  const kind = resourceType.id === 'User' ? 'U' : 'G';
  if (request.filter === undefined) return pageOfAll(directory, kind, request);
  const matched = await matchingResources(directory, resourceType, request.filter, view);
  const from = request.startIndex - 1;
  return { total: matched.length, resources: await matched.slice(from, from + request.count) };
}

/** The matches of a filter in the order of the ids; only their number is known until a part of them is read. */
interface Matches {
  readonly length: number;
  slice(from: number, to: number): Promise<readonly Stored[]>;
}

async function matchingResources(
  directory: Directory,
  resourceType: ResourceTypeDefinition,
  filter: Filter,
  view: View,
): Promise<Matches> {
  const kind = resourceType.id === 'User' ? 'U' : 'G';
  const pick = matcher(directory, resourceType, filter, view);
  const lookups = equalityLookups(filter, resourceType);
  if (lookups === undefined) {
    const ids: string[] = [];
    await walk(directory, kind, async (resources) => {
      for (const { id } of await pick(resources)) ids.push(id);
    });
    ids.sort();
    return { length: ids.length, slice: (from, to) => readAll(directory, kind, ids.slice(from, to)) };
  }
  const ids = await candidateIds(directory, kind, lookups);
  const matched = await pick(await readAll(directory, kind, ids));
  return { length: matched.length, slice: async (from, to) => matched.slice(from, to) };
}

/** Reads resources by id, strongly consistent, in the order of the ids; those that are gone are left out. */
async function readAll(
  { table, tenant }: Directory,
  kind: ResourceKind,
  ids: readonly string[],
): Promise<Stored[]> {
  const [only] = ids;
  if (only === undefined) return [];
  const keys = ids.map((id) => resourceKey(tenant, kind, id));
  const items =
    ids.length === 1
      ? [await table.get(resourceKey(tenant, kind, only))].filter((item) => item !== undefined)
      : await table.batchGet(keys, { consistent: true });
  return items.map((item): Stored => fromItem(kind, item)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function pageOfAll(
  directory: Directory,
  kind: ResourceKind,
  { startIndex, count }: ListRequest,
): Promise<ListPage> {
  const [counted, checkpoint] = await Promise.all([
    countResources(directory, kind),
    startIndex > 1 && count > 0 ? findCheckpoint(directory, kind, startIndex) : undefined,
  ]);
  if (count === 0 || startIndex > counted.total) return { total: counted.total, resources: [] };
  const after =
    startIndex === 1 ? undefined : (checkpoint ?? (await seek(directory, kind, counted, startIndex)));
  const resources = await readAfter(directory, kind, after, count);
  const last = resources.at(-1);
  const next = startIndex + resources.length;
  if (last !== undefined && resources.length === count && next <= counted.total) {
    await saveCheckpoint(directory, kind, next, last.id);
  }
  return { total: counted.total, resources };
}

/** The `count` resources after an id. */
async function readAfter(
  { table, tenant }: Directory,
  kind: ResourceKind,
  afterId: string | undefined,
  count: number,
): Promise<Stored[]> {
  const resources: Stored[] = [];
  const sk = { from: afterId === undefined ? `${kind}#` : `${kind}#${afterId}!`, to: `${kind}#~` };
  let after: Record<string, unknown> | undefined;
  do {
    const limit = count - resources.length;
    const page = await table.query({ pk: resourcePartition(tenant), sk, limit, after });
    resources.push(...page.items.map((item): Stored => fromItem(kind, item)));
    after = page.after;
  } while (after !== undefined && resources.length < count);
  return resources;
}

/**
 * Finds the id before position `startIndex` when no page ended there: whole shards are skipped by their counters, the rest of the way inside one shard is read.
 *
 * @returns an id, or the text before the first id of a shard
 */
async function seek(
  { table, tenant }: Directory,
  kind: ResourceKind,
  { byShard }: Count,
  startIndex: number,
): Promise<string> {
  let toSkip = startIndex - 1;
  for (const { digit, count } of byShard) {
    if (toSkip >= count) {
      toSkip -= count;
      continue;
    }
    let position = digit;
    let after: Record<string, unknown> | undefined;
    const sk = { from: `${kind}#${digit}`, to: `${kind}#${digit}~` };
    while (toSkip > 0) {
      const page = await table.query({
        pk: resourcePartition(tenant),
        sk,
        limit: toSkip,
        attributes: ['sk'],
        after,
      });
      toSkip -= page.items.length;
      position = page.items.at(-1)?.sk.slice(2) ?? position;
      after = page.after;
      if (after === undefined) break;
    }
    return position;
  }
  return '~';
}
