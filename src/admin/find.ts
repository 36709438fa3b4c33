import type { Stored } from '../directory/resources/items';
import { searchPage } from '../directory/resources/search';
import type { ResourceKind } from '../directory/table/keys';
import { isSearchPlace } from '../directory/table/search-keys';
import { LONE_SURROGATE } from '../scim/json';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import {
  type ListedGroup,
  type ListedUser,
  listedGroup,
  listedUser,
  type Part,
  readLimit,
} from './list-resources';
import { directoryOf, type TenantInput } from './tenants';

/** What is sought. */
export interface FindInput extends TenantInput {
  /** How userName, an e-mail address or displayName begins, in any case. */
  readonly prefix: string;
  /** `next` of the part before; the first one when absent. */
  readonly after?: string;
  /** So many at most; 20 when absent. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 20;

/**
 * Finds users by how userName, an e-mail address or displayName begins. A page costs what it shows, however many users
 * the tenant has: for searching as one types.
 *
 * @throws AdminError notFound for the tenant; invalidInput for no prefix, a limit or a place that is none
 * @example
 * const { items, next } = await findUsers(deployment, { tenantId: 'acme', prefix: 'jane@' });
 */
export const findUsers = (deployment: Deployment, input: FindInput): Promise<Part<ListedUser>> =>
  find(deployment, 'User', input, listedUser);

/**
 * Finds groups by how their displayName begins.
 *
 * @throws AdminError as `findUsers`
 * @example
 * const { items } = await findGroups(deployment, { tenantId: 'acme', prefix: 'eng' });
 */
export const findGroups = (deployment: Deployment, input: FindInput): Promise<Part<ListedGroup>> =>
  find(deployment, 'Group', input, listedGroup);

async function find<Item>(
  deployment: Deployment,
  kind: ResourceKind,
  input: FindInput,
  listed: (resource: Stored) => Item,
): Promise<Part<Item>> {
  const { prefix, after, limit = DEFAULT_LIMIT } = input;
  readLimit(limit);
  if (prefix === '' || LONE_SURROGATE.test(prefix))
    throw new AdminError(
      'invalidInput',
      `${JSON.stringify(prefix)} is no beginning of a name; give one character or more.`,
    );
  if (after !== undefined && !isSearchPlace(prefix, after))
    throw new AdminError('invalidInput', `${JSON.stringify(after)} is no place in what a search finds.`);
  const directory = await directoryOf(deployment, input);
  const { resources, next } = await searchPage(directory, kind, prefix, after, limit);
  return { items: resources.map(listed), ...(next === undefined ? {} : { next }) };
}
