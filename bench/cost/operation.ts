import type { Directory } from '../../src/directory/resources/directory';
import type { ResourceId } from '../../src/directory/table/keys';
import type { Table } from '../../src/directory/table/table';
import { groupsEndpoint } from '../../src/endpoints/scim/groups';
import { parsedBody, type ScimRequest, type ScimResponse } from '../../src/endpoints/scim/message';
import { scimErrorOf } from '../../src/endpoints/scim/scim-error-of';
import { usersEndpoint } from '../../src/endpoints/scim/users';
import type { ScimError } from '../../src/scim/errors';
import type { JsonObject } from '../../src/scim/json';
import { REGISTRY } from '../../testing/registry';
import type { Units } from './documented-units';

/**
 * What an operation should cost at the most: request units by the documented rules, and round trips that wait for
 * each other.
 */
export interface Plan extends Units {
  readonly roundTrips: number;
}

/** One row of the cost table. */
export interface Operation {
  /** Says who does what, to a resource of which size; unique. */
  readonly name: string;
  /** The least that any design could pay, where DESIGN knows it. */
  readonly floor?: Units;
  readonly plan: Plan;
  /** Makes what the operation works on, and gives the operation itself back: that alone is measured. */
  readonly prepare: (bench: CostBench) => Promise<() => Promise<unknown>>;
  /** Too long to prepare for a test; only the benchmark itself measures it. */
  readonly slow?: true;
}

/** Where the operations run: the endpoints over a real table. */
export interface CostBench {
  readonly table: Table;
  readonly directory: Directory;
  /** A number that was not given before, for unique names. */
  readonly next: () => number;
}

/** A request as an identity provider sends it. */
export interface Traffic {
  readonly id?: string;
  /** The id that a Bulk request has allotted to what a POST creates. */
  readonly newId?: ResourceId;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Sends a request to `/Users` or `/Groups` without gateway and HTTP. @throws what the endpoint does */
export function send(
  { directory }: CostBench,
  method: Method,
  resource: 'Users' | 'Groups',
  { id, newId, query = {}, body }: Traffic = {},
): Promise<ScimResponse> {
  const request: ScimRequest = {
    method,
    resource,
    id,
    newId,
    query,
    headers: {},
    body: parsedBody(body),
    baseUrl: 'https://scim.example.com/scim/v2',
  };
  const endpoint = resource === 'Users' ? usersEndpoint : groupsEndpoint;
  return endpoint({ ...directory, registry: REGISTRY }, request);
}

/** The same for a request that must end with this SCIM error, such as 404. */
export async function sendInVain(
  ...[bench, method, resource, traffic]: Parameters<typeof send>
): Promise<ScimError> {
  try {
    await send(bench, method, resource, traffic);
  } catch (error) {
    const known = scimErrorOf(error);
    if (known !== undefined) return known;
    throw error;
  }
  throw new Error(`${method} /${resource} was expected to be refused.`);
}

/** The id in the answer to a POST. */
export function idIn({ body }: ScimResponse): string {
  if (typeof body?.id !== 'string') throw new Error('The answer has no id.');
  return body.id;
}

/** `PATCH` bodies as Entra ID and Okta send them. */
export function patchBody(...operations: readonly JsonObject[]): JsonObject {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [...operations] };
}
