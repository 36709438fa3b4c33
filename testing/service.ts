import type { Directory } from '../src/directory/resources/directory';
import { bulkEndpoint } from '../src/endpoints/scim/bulk';
import { discoveryEndpoint } from '../src/endpoints/scim/discovery';
import { groupsEndpoint } from '../src/endpoints/scim/groups';
import {
  parsedBody,
  type ScimDirectory,
  type ScimRequest,
  type ScimResponse,
} from '../src/endpoints/scim/message';
import { rootEndpoint } from '../src/endpoints/scim/root';
import { scimErrorOf } from '../src/endpoints/scim/scim-error-of';
import { usersEndpoint } from '../src/endpoints/scim/users';
import { Effort } from '../src/scim/effort';
import { isJsonObject, type JsonObject, type JsonValue } from '../src/scim/json';
import type { Registry } from '../src/scim/schema/registry';
import { REGISTRY } from './registry';

export const BASE_URL = 'https://scim.example.com/scim/v2';

/** The endpoints over a tenant's directory, without gateway and Lambda. */
export interface Service {
  /**
   * Sends a request; errors come back as the SCIM error that a client would see. @param path below the base URL, with
   * a query not percent-encoded
   */
  send(
    method: string,
    path: string,
    body?: JsonValue,
    headers?: Record<string, string>,
  ): Promise<ScimResponse>;
  /** Sends a request that has to succeed and gives its body. */
  get(path: string): Promise<JsonObject>;
  /** Creates a resource and gives its id. */
  create(path: string, body: JsonObject): Promise<string>;
}

/** @example serviceOf(directoryOf(engine.table)).send('GET', '/Users?filter=userName eq "ann"') */
export function serviceOf(directory: Directory, registry: Registry = REGISTRY): Service {
  const send: Service['send'] = async (method, path, body, headers = {}) => {
    try {
      // As in the deployed functions, every request has an effort of its own.
      const request = requestOf(method, path, body, headers);
      return await dispatch({ effort: new Effort(), ...directory, registry }, request);
    } catch (error) {
      return answerTo(error);
    }
  };
  const succeed = async (status: number, ...request: Parameters<Service['send']>): Promise<JsonObject> => {
    const response = await send(...request);
    if (response.status !== status) {
      throw new Error(`${request[0]} ${request[1]}: ${response.status} ${JSON.stringify(response.body)}`);
    }
    return response.body ?? {};
  };
  return {
    send,
    get: (path) => succeed(200, 'GET', path),
    create: async (path, body) => String((await succeed(201, 'POST', path, body)).id),
  };
}

function requestOf(
  method: string,
  path: string,
  body: JsonValue | undefined,
  headers: Record<string, string>,
): ScimRequest {
  const [route = '', ...query] = path.split('?');
  const isSearch = route.endsWith('/.search');
  const [, resource = '', id] = (isSearch ? route.slice(0, -'/.search'.length) : route).split('/');
  const parameters = query.join('?').split('&').filter(Boolean);
  return {
    method,
    resource,
    id,
    isSearch,
    query: Object.fromEntries(
      parameters.map((parameter) => {
        const [name = '', ...value] = parameter.split('=');
        return [name, value.join('=')];
      }),
    ),
    headers,
    body: parsedBody(body),
    baseUrl: BASE_URL,
  };
}

function dispatch(directory: ScimDirectory, request: ScimRequest): Promise<ScimResponse> {
  switch (request.resource) {
    case '':
      return rootEndpoint(directory, request);
    case 'Users':
      return usersEndpoint(directory, request);
    case 'Groups':
      return groupsEndpoint(directory, request);
    case 'Bulk':
      return bulkEndpoint(directory, request, answerTo);
    default:
      return discoveryEndpoint(directory.registry, request);
  }
}

/** The answer to an error of the client; any other error fails the test. */
function answerTo(error: unknown): ScimResponse {
  const known = scimErrorOf(error);
  if (known === undefined) throw error;
  return { status: known.status, body: known.toMessage() };
}

/** The resources of a ListResponse. */
export function resourcesOf(list: JsonObject | undefined): JsonObject[] {
  return Array.isArray(list?.Resources) ? list.Resources.filter(isJsonObject) : [];
}
