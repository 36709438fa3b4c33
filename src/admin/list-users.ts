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
  readonly cursor?: string;
  /** So many at most; 100 when absent. */
  readonly limit?: number;
}

/** A part of a tenant's users. */
export interface UserList {
  readonly users: readonly ListedUser[];
  /** The cursor of the page that follows; absent when this is the last one. */
  readonly next?: string;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/**
 * Lists the users of a tenant in the order of their ids, page by page: whoever is there all along is on exactly one.
 *
 * @throws AdminError notFound for the tenant; invalidInput for a limit or a cursor that is none
 * @example
 * const { users, next } = await listUsers(deployment, { tenantId: 'acme' });
 */
export async function listUsers(deployment: Deployment, input: UserListInput): Promise<UserList> {
  const { limit = DEFAULT_LIMIT, cursor = '' } = input;
  readLimit(limit);
  if (cursor !== '' && !isResourceId(cursor))
    throw new AdminError('invalidInput', `${JSON.stringify(cursor)} is not the cursor of a page of users.`);
  return pageOf(await directoryOf(deployment, input), cursor, limit);
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
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page: UserList = await pageOf(directory, cursor, MAX_LIMIT);
    yield page.users;
    cursor = page.next;
  }
}

/** @throws AdminError invalidInput for a number of rows that no page may have */
export function readLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return;
  throw new AdminError('invalidInput', `The limit is ${limit}; 1 to ${MAX_LIMIT} is accepted.`);
}

async function pageOf(directory: Directory, after: string, limit: number): Promise<UserList> {
  const users = await readAfter(directory, 'User', after, limit + 1);
  const shown = users.slice(0, limit);
  const last = shown.at(-1);
  return {
    users: shown.map(listedUser),
    ...(users.length > limit && last !== undefined ? { next: last.id } : {}),
  };
}

/** A user as lists show them. */
export function listedUser({ id, attributes, created, lastModified }: Stored): ListedUser {
  return { id, ...namesOf(attributes), active: isActive(attributes), created, lastModified };
}
