import type { Stored } from '../directory/resources/items';
import { searchPage } from '../directory/resources/search';
import { idOfSearchItem, type ResourceKind } from '../directory/table/keys';
import { LONE_SURROGATE } from '../scim/json';
import type { Deployment } from './deployment';
import { AdminError } from './errors';
import { type ListedUser, listedUser, readLimit } from './list-users';
import { namesOf, type ShownNames } from './shown-resource';
import { directoryOf, type TenantInput } from './tenants';

/** What is sought. */
export interface FindInput extends TenantInput {
  /** How userName, an e-mail address or displayName begins, in any case. */
  readonly prefix: string;
  /** `next` of the page before; the first page when absent. */
  readonly cursor?: string;
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

/** A part of what was found, in the order of the texts that begin with the prefix. */
export interface FoundUsers {
  readonly users: readonly ListedUser[];
  /** The cursor of the page that follows; absent when this is the last one. */
  readonly next?: string;
}

/** The same of groups. */
export interface FoundGroups {
  readonly groups: readonly ListedGroup[];
  readonly next?: string;
}

const DEFAULT_LIMIT = 20;

/**
 * Finds users by how userName, an e-mail address or displayName begins. A page costs what it shows, however many users
 * the tenant has: for searching as one types.
 *
 * @throws AdminError notFound for the tenant; invalidInput for no prefix, a limit or a cursor that is none
 * @example
 * const { users, next } = await findUsers(deployment, { tenantId: 'acme', prefix: 'jane@' });
 */
export async function findUsers(deployment: Deployment, input: FindInput): Promise<FoundUsers> {
  const { found, next } = await find(deployment, 'User', input);
  return { users: found.map(listedUser), ...(next === undefined ? {} : { next }) };
}

/**
 * Finds groups by how their displayName begins.
 *
 * @throws AdminError as `findUsers`
 * @example
 * const { groups } = await findGroups(deployment, { tenantId: 'acme', prefix: 'eng' });
 */
export async function findGroups(deployment: Deployment, input: FindInput): Promise<FoundGroups> {
  const { found, next } = await find(deployment, 'Group', input);
  return { groups: found.map(listedGroup), ...(next === undefined ? {} : { next }) };
}

async function find(
  deployment: Deployment,
  kind: ResourceKind,
  input: FindInput,
): Promise<{ found: readonly Stored[]; next: string | undefined }> {
  const { prefix, cursor, limit = DEFAULT_LIMIT } = input;
  readLimit(limit);
  if (prefix === '' || LONE_SURROGATE.test(prefix))
    throw new AdminError(
      'invalidInput',
      `${JSON.stringify(prefix)} is no beginning of a name; give one character or more.`,
    );
  const after = cursor === undefined ? undefined : placeOf(cursor);
  const directory = await directoryOf(deployment, input);
  const { resources, next } = await searchPage(directory, kind, prefix, after, limit);
  return { found: resources, next: next && Buffer.from(next).toString('base64url') };
}

function placeOf(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString();
  if (idOfSearchItem(place) !== undefined && Buffer.byteLength(place) <= MAX_PLACE_BYTES) return place;
  throw new AdminError(
    'invalidInput',
    `${JSON.stringify(cursor)} is not the cursor of a page of this search.`,
  );
}

/** DynamoDB's bound on a sort key. */
const MAX_PLACE_BYTES = 1_024;

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
