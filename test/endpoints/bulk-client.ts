import { getGroup, membersOf } from '../../src/directory/groups/groups';
import type { Directory } from '../../src/directory/resources/directory';
import { getUser } from '../../src/directory/users/users';
import { bulkEndpoint } from '../../src/endpoints/scim/bulk';
import { parsedBody, type ScimRequest, type ScimResponse } from '../../src/endpoints/scim/message';
import { scimErrorOf } from '../../src/endpoints/scim/scim-error-of';
import { ScimError } from '../../src/scim/errors';
import type { JsonObject, JsonValue } from '../../src/scim/json';
import { REGISTRY } from '../../testing/registry';

export const BASE_URL = 'https://scim.example.com/scim/v2';

/** One entry of a Bulk response. */
export interface BulkEntry {
  readonly method: string;
  readonly bulkId?: string;
  readonly location?: string;
  readonly version?: string;
  readonly status: string;
  readonly response?: { readonly scimType?: string; readonly detail?: string; readonly status: string };
}

/**
 * Sends a Bulk request to the endpoint. Errors that are not SCIM errors go to `unexpected`, and are thrown without it.
 */
export function sendBulk(
  directory: Directory,
  body: JsonValue,
  { unexpected, headers = {} }: { unexpected?: unknown[]; headers?: ScimRequest['headers'] } = {},
): Promise<ScimResponse> {
  const request: ScimRequest = {
    method: 'POST',
    resource: 'Bulk',
    query: {},
    headers,
    body: parsedBody(body),
    baseUrl: BASE_URL,
  };
  return bulkEndpoint({ ...directory, registry: REGISTRY }, request, (error) => {
    const known = scimErrorOf(error);
    if (known === undefined && unexpected === undefined) throw error;
    if (known === undefined) unexpected?.push(error);
    const answer = known ?? new ScimError('internal', 'unexpected');
    return { status: answer.status, body: answer.toMessage() };
  });
}

/** The entries of the answer to a Bulk request. */
export async function bulk(
  directory: Directory,
  operations: readonly JsonValue[],
  more: JsonObject = {},
  options: { unexpected?: unknown[] } = {},
): Promise<BulkEntry[]> {
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    ...more,
    Operations: [...operations],
  };
  const response = await sendBulk(directory, body, options);
  expect(response.status).toBe(200);
  expect(response.body?.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:BulkResponse']);
  return response.body?.Operations as unknown as BulkEntry[];
}

export const statuses = (entries: readonly BulkEntry[]): string[] => entries.map(({ status }) => status);

/** The id at the end of an entry's location. */
export function idOf(entry: BulkEntry | undefined): string {
  const id = entry?.location?.split('/').at(-1);
  if (id === undefined) throw new Error(`There is no location in ${JSON.stringify(entry)}.`);
  return id;
}

/** The ids of a group's members, sorted. */
export async function membersIn(directory: Directory, id: string): Promise<string[]> {
  const group = await getGroup(directory, id);
  if (group === undefined) throw new Error(`The group ${id} is gone.`);
  return (await membersOf(directory, group)).map((member) => member.id).sort();
}

/** A user's attributes; undefined when there is none. */
export async function userIn(directory: Directory, id: string): Promise<JsonObject | undefined> {
  return (await getUser(directory, id))?.attributes;
}

export const postUser = (bulkId: string, more: JsonObject = {}): JsonObject => ({
  method: 'POST',
  path: '/Users',
  bulkId,
  data: {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: `${bulkId}@example.com`,
    ...more,
  },
});

export const postGroup = (bulkId: string, ...members: string[]): JsonObject => ({
  method: 'POST',
  path: '/Groups',
  bulkId,
  data: {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: bulkId,
    members: members.map((value) => ({ value })),
  },
});

/** A PATCH of one operation. */
export const patch = (path: string, operation: JsonObject, more: JsonObject = {}): JsonObject => ({
  method: 'PATCH',
  path,
  data: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [operation] },
  ...more,
});
