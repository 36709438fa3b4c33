import { foldForSearch } from '../../scim/comparison';
import type { ResourceId, ResourceKind } from '../table/keys';
import { idOfSearchItem, searchKey, searchRange, searchTextRange } from '../table/search-keys';
import { type Directory, effortOf, payForLooking } from './directory';
import { searchedTexts } from './index-items';
import type { Stored } from './items';
import { readByIds } from './read-resources';

/**
 * The ids of all users or groups of which userName, an e-mail address or displayName begins with a prefix, in any case:
 * every such resource, and few others, since of a long text only the beginning is in the key. Strongly consistent.
 *
 * @param prefix at least a character, and no half of one
 * @throws TooMany when there are more than the request has effort for
 */
export async function idsWithPrefix(
  directory: Directory,
  kind: ResourceKind,
  prefix: string,
): Promise<string[]> {
  const { table, tenant } = directory;
  const effort = effortOf(directory);
  const ids = new Set<string>();
  for await (const page of table.pages({ ...searchRange(tenant, kind, prefix), attributes: ['sk'] })) {
    payForLooking(
      effort,
      0,
      page.reduce((length, { sk }) => length + sk.length, 0),
    );
    for (const { sk } of page) {
      const id = idOfSearchItem(sk);
      if (id !== undefined) ids.add(id);
    }
  }
  return [...ids];
}

/**
 * The ids of the first users or groups that have a text as userName, e-mail address or displayName, in any case; and,
 * of a text that is cut in the key, of others that begin so. Strongly consistent.
 */
export async function idsWithText(
  { table, tenant }: Pick<Directory, 'table' | 'tenant'>,
  kind: ResourceKind,
  text: string,
  most: number,
): Promise<ResourceId[]> {
  const { items } = await table.query({
    ...searchTextRange(tenant, kind, text),
    attributes: ['sk'],
    limit: most,
  });
  return items.flatMap(({ sk }) => idOfSearchItem(sk) ?? []);
}

/** A part of what a search has found, in the order of the texts that begin with the prefix. */
export interface SearchPage {
  readonly resources: readonly Stored[];
  /** The place behind which the search goes on; absent when nothing follows. It holds a text of a resource. */
  readonly next?: string;
}

/**
 * Some of the users or groups of which userName, an e-mail address or displayName begins with a prefix, in any case, in
 * the order of these texts: what costs as much as it gives, however many there are. Each is found once, by the first of
 * its texts. Strongly consistent.
 *
 * @param prefix at least a character, and no half of one
 * @param after `next` of the page before
 * @param count at least 1
 */
export async function searchPage(
  directory: Directory,
  kind: ResourceKind,
  prefix: string,
  after: string | undefined,
  count: number,
): Promise<SearchPage> {
  const { table, tenant } = directory;
  const range = searchRange(tenant, kind, prefix);
  const folded = foldForSearch(prefix);
  const resources: Stored[] = [];
  for (let place = after; ; ) {
    const page = await table.query({
      ...range,
      attributes: ['sk'],
      limit: count + 1,
      after: place === undefined ? undefined : { pk: range.pk, sk: place },
    });
    const byId = new Map(
      (await readByIds(directory, kind, idsOf(page.items))).map((each) => [each.id, each]),
    );
    for (const { sk } of page.items) {
      const id = idOfSearchItem(sk);
      const resource = id === undefined ? undefined : byId.get(id);
      if (resource !== undefined && firstPlace(resource) === sk) {
        if (resources.length === count) return { resources, next: place };
        resources.push(resource);
      }
      place = sk;
    }
    if (page.after === undefined) return { resources };
  }

  /** Where a resource is found; undefined when a text has changed since its search item was read. */
  function firstPlace({ id, attributes }: Stored): string | undefined {
    const texts = searchedTexts(kind, attributes).filter((text) => foldForSearch(text).startsWith(folded));
    return texts.map((text) => searchKey(tenant, kind, text, id).sk).sort()[0];
  }
}

const idsOf = (items: readonly { readonly sk: string }[]): string[] => [
  ...new Set(items.flatMap(({ sk }) => idOfSearchItem(sk) ?? [])),
];
