import type { Directory } from '../directory/resources/directory';
import { isActive, type Stored } from '../directory/resources/items';
import { readAfter } from '../directory/resources/read-resources';
import { isResourceId, type ResourceKind } from '../directory/table/keys';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import { namesOf, type ShownNames } from './shown-resource';
import { directoryOf, type TenantInput } from './tenants';

/** A user as lists show them. */
export interface ListedUser extends ShownNames {
  readonly id: string;
  readonly active: boolean;
  /** ISO 8601, UTC. */
  readonly created: string;
  /** ISO 8601, UTC. */
  readonly lastModified: string;
}

/** A group as lists show it. */
export interface ListedGroup extends Pick<ShownNames, 'displayName' | 'externalId'> {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  /** ISO 8601, UTC. */
  readonly lastModified: string;
}

/** Which part of a list is wanted. */
export interface ListInput extends TenantInput {
  /** `next` of the page before; the first page when absent. */
  readonly after?: string;
  /** So many at most; 100 when absent. */
  readonly limit?: number;
}

/** A part of a list. */
export interface Part<Item> {
  readonly items: readonly Item[];
  /** Where the part that follows begins; absent when this is the last one. */
  readonly next?: string;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/**
 * Lists the users of a tenant in the order of their ids, page by page: whoever is there all along is on exactly one.
 *
 * @throws AdminError notFound for the tenant; invalidInput for a limit or a place that is none
 * @example
 * const { items, next } = await listUsers(deployment, { tenantId: 'acme' });
 */
export const listUsers = (deployment: Deployment, input: ListInput): Promise<Part<ListedUser>> =>
  list(deployment, 'User', input, listedUser);

/**
 * Lists the groups of a tenant in the order of their ids, page by page.
 *
 * @throws AdminError as `listUsers`
 * @example
 * const { items, next } = await listGroups(deployment, { tenantId: 'acme' });
 */
export const listGroups = (deployment: Deployment, input: ListInput): Promise<Part<ListedGroup>> =>
  list(deployment, 'Group', input, listedGroup);

/**
 * All users of a tenant, page by page, in constant memory.
 *
 * @throws AdminError notFound for the tenant
 */
export const allUsers = (deployment: Deployment, input: TenantInput): AsyncGenerator<readonly ListedUser[]> =>
  all(deployment, 'User', input, listedUser);

/**
 * All groups of a tenant, page by page, in constant memory.
 *
 * @throws AdminError notFound for the tenant
 */
export const allGroups = (
  deployment: Deployment,
  input: TenantInput,
): AsyncGenerator<readonly ListedGroup[]> => all(deployment, 'Group', input, listedGroup);

/** @throws AdminError invalidInput for a number of rows that no page may have */
export function readLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return;
  throw new AdminError('invalidInput', `The limit is ${limit}; 1 to ${MAX_LIMIT} is accepted.`);
}

/** What lists show of a resource. */
export type Listed = Pick<Stored, 'id' | 'attributes' | 'created' | 'lastModified'>;

/** A user as lists show them. */
export function listedUser({ id, attributes, created, lastModified }: Listed): ListedUser {
  return { id, ...namesOf(attributes), active: isActive(attributes), created, lastModified };
}

/** A group as lists show it. */
export function listedGroup({ id, attributes, created, lastModified }: Listed): ListedGroup {
  const { displayName, externalId } = namesOf(attributes);
  return {
    id,
    ...(displayName === undefined ? {} : { displayName }),
    ...(externalId === undefined ? {} : { externalId }),
    created,
    lastModified,
  };
}

async function list<Item>(
  deployment: Deployment,
  kind: ResourceKind,
  input: ListInput,
  listed: (resource: Stored) => Item,
): Promise<Part<Item>> {
  const { limit = DEFAULT_LIMIT, after = '' } = input;
  readLimit(limit);
  if (after !== '' && !isResourceId(after)) {
    const name = kind === 'User' ? 'users' : 'groups';
    throw new AdminError('invalidInput', `${JSON.stringify(after)} is no place in the list of ${name}.`);
  }
  const { resources, next } = await partAfter(await directoryOf(deployment, input), kind, after, limit);
  return { items: resources.map(listed), ...(next === undefined ? {} : { next }) };
}

async function* all<Item>(
  deployment: Deployment,
  kind: ResourceKind,
  input: TenantInput,
  listed: (resource: Stored) => Item,
): AsyncGenerator<readonly Item[]> {
  const directory = await directoryOf(deployment, input);
  for (let after: string | undefined = ''; after !== undefined; ) {
    const { resources, next }: ResourcePart = await partAfter(directory, kind, after, MAX_LIMIT);
    yield resources.map(listed);
    after = next;
  }
}

interface ResourcePart {
  readonly resources: readonly Stored[];
  readonly next: string | undefined;
}

async function partAfter(
  directory: Directory,
  kind: ResourceKind,
  after: string,
  limit: number,
): Promise<ResourcePart> {
  const found = await readAfter(directory, kind, after, limit + 1);
  const resources = found.slice(0, limit);
  return { resources, next: found.length > limit ? resources.at(-1)?.id : undefined };
}
