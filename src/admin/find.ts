import { type DeletedResource, searchDeleted } from '../directory/resources/deleted-resources';
import type { Directory } from '../directory/resources/directory';
import { searchedTexts } from '../directory/resources/index-items';
import { searchPage } from '../directory/resources/search';
import { isResourceId, type ResourceKind } from '../directory/table/keys';
import { isSearchPlace } from '../directory/table/search-keys';
import { foldForSearch } from '../scim/comparison';
import { LONE_SURROGATE } from '../scim/json';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import {
  type Listed,
  type ListedGroup,
  type ListedUser,
  listedGroup,
  listedUser,
  type Part,
  readLimit,
} from './list-resources';
import { isoOf } from './shown-resource';
import { directoryOf, type TenantInput } from './tenants';

/** What is sought. */
export interface FindInput extends TenantInput {
  /** How userName, an e-mail address or displayName begins, in any case. */
  readonly prefix: string;
  /** `next` of the part before; the first one when absent. */
  readonly after?: string;
  /** So many at most; 20 when absent. */
  readonly limit?: number;
  /** Those that are deleted, as long as something of them is kept, in place of those that are there. */
  readonly deleted?: boolean;
}

/** What is found among what is deleted. */
export interface FoundDeleted {
  /** ISO 8601, UTC: of one that is deleted. */
  readonly deletedAt?: string;
  /** ISO 8601, UTC: until when one that is deleted can be restored. */
  readonly restorableUntil?: string;
}

/** A user who is found. */
export type FoundUser = ListedUser & FoundDeleted;

/** A group that is found. */
export type FoundGroup = ListedGroup & FoundDeleted;

/** So many are found at most when nothing is said. */
export const DEFAULT_LIMIT = 20;

/**
 * Finds users by how userName, an e-mail address or displayName begins. A page costs what it shows, however many users
 * the tenant has: for searching as one types. Among those who are deleted it is a walk: a page looks at a bounded
 * number of them, and may show nobody and have a next one all the same.
 *
 * @throws AdminError notFound for the tenant; invalidInput for no prefix, a limit or a place that is none
 * @example
 * const { items, next } = await findUsers(deployment, { tenantId: 'acme', prefix: 'jane@' });
 */
export const findUsers = (deployment: Deployment, input: FindInput): Promise<Part<FoundUser>> =>
  find<FoundUser>(deployment, 'User', input, listedUser);

/**
 * Finds groups by how their displayName begins.
 *
 * @throws AdminError as `findUsers`
 * @example
 * const { items } = await findGroups(deployment, { tenantId: 'acme', prefix: 'eng' });
 */
export const findGroups = (deployment: Deployment, input: FindInput): Promise<Part<FoundGroup>> =>
  find<FoundGroup>(deployment, 'Group', input, listedGroup);

async function find<Item extends FoundDeleted>(
  deployment: Deployment,
  kind: ResourceKind,
  input: FindInput,
  listed: (resource: Listed) => Item,
): Promise<Part<Item>> {
  const { prefix, after, limit = DEFAULT_LIMIT, deleted = false } = input;
  readLimit(limit);
  if (prefix === '' || LONE_SURROGATE.test(prefix))
    throw new AdminError(
      'invalidInput',
      `${JSON.stringify(prefix)} is no beginning of a name; give one character or more.`,
    );
  if (after !== undefined && !(deleted ? isResourceId(after) : isSearchPlace(prefix, after)))
    throw new AdminError('invalidInput', `${JSON.stringify(after)} is no place in what a search finds.`);
  const directory = await directoryOf(deployment, input);
  if (deleted) return findDeleted(directory, kind, { prefix, after, limit }, listed);
  const { resources, next } = await searchPage(directory, kind, prefix, after, limit);
  return { items: resources.map(listed), ...(next === undefined ? {} : { next }) };
}

async function findDeleted<Item extends FoundDeleted>(
  directory: Directory,
  kind: ResourceKind,
  { prefix, after, limit }: Pick<FindInput, 'prefix' | 'after'> & { readonly limit: number },
  listed: (resource: Listed) => Item,
): Promise<Part<Item>> {
  const folded = foldForSearch(prefix);
  const beginsSo = ({ attributes }: DeletedResource) =>
    searchedTexts(kind, attributes).some((text) => foldForSearch(text).startsWith(folded));
  const { found, next } = await searchDeleted(directory, kind, beginsSo, { afterId: after, most: limit });
  const items = found.map(({ id, attributes, kept, deletedAt, expiresAt }) => ({
    // Nobody has access who is not there.
    ...listed({
      id,
      attributes: { ...attributes, active: false },
      created: kept.created,
      lastModified: isoOf(deletedAt),
    }),
    deletedAt: isoOf(deletedAt),
    restorableUntil: isoOf(expiresAt * 1000),
  }));
  return { items, ...(next === undefined ? {} : { next }) };
}
