import type { Stored } from '../directory/resources/items';
import { searchPage } from '../directory/resources/search';
import { isSearchPlace, type ResourceKind } from '../directory/table/keys';
import { LONE_SURROGATE } from '../scim/json';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import { type ListedUser, listedUser, type Part, readLimit } from './list-users';
import { namesOf, type ShownNames } from './shown-resource';
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

/** A group as lists show it. */
export interface ListedGroup extends Pick<ShownNames, 'displayName' | 'externalId'> {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  /** ISO 8601, UTC. */
  readonly lastModified: string;
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

function listedGroup({ id, attributes, created, lastModified }: Stored): ListedGroup {
  const { displayName, externalId } = namesOf(attributes);
  return {
    id,
    ...(displayName === undefined ? {} : { displayName }),
    ...(externalId === undefined ? {} : { externalId }),
    created,
    lastModified,
  };
}
