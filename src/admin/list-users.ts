import type { Directory } from '../directory/resources/directory';
import { isActive, type Stored } from '../directory/resources/items';
import { readAfter } from '../directory/resources/read-resources';
import { isResourceId } from '../directory/table/keys';
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

/** Which part of the users is wanted. */
export interface UserListInput extends TenantInput {
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
export async function listUsers(deployment: Deployment, input: UserListInput): Promise<Part<ListedUser>> {
  const { limit = DEFAULT_LIMIT, after = '' } = input;
  readLimit(limit);
  if (after !== '' && !isResourceId(after))
    throw new AdminError('invalidInput', `${JSON.stringify(after)} is no place in the list of users.`);
  return partAfter(await directoryOf(deployment, input), after, limit);
}

/**
 * All users of a tenant, page by page, in constant memory.
 *
 * @throws AdminError notFound for the tenant
 */
export async function* allUsers(
  deployment: Deployment,
  input: TenantInput,
): AsyncGenerator<readonly ListedUser[]> {
  const directory = await directoryOf(deployment, input);
  for (let after: string | undefined = ''; after !== undefined; ) {
    const part: Part<ListedUser> = await partAfter(directory, after, MAX_LIMIT);
    yield part.items;
    after = part.next;
  }
}

/** @throws AdminError invalidInput for a number of rows that no page may have */
export function readLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return;
  throw new AdminError('invalidInput', `The limit is ${limit}; 1 to ${MAX_LIMIT} is accepted.`);
}

async function partAfter(directory: Directory, after: string, limit: number): Promise<Part<ListedUser>> {
  const users = await readAfter(directory, 'User', after, limit + 1);
  const shown = users.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(listedUser),
    ...(users.length > limit && last !== undefined ? { next: last.id } : {}),
  };
}

/** A user as lists show them. */
export function listedUser({ id, attributes, created, lastModified }: Stored): ListedUser {
  return { id, ...namesOf(attributes), active: isActive(attributes), created, lastModified };
}
