import type { JsonObject } from '../json';
import { schemaRef } from './json-schema';
import { parameters } from './parameters';

const MEDIA_TYPE = 'application/scim+json';
const PROJECTION = ['attributes', 'excludedAttributes'] as const;
const LIST = ['filter', 'startIndex', 'count', 'cursor', 'sortBy', 'sortOrder', ...PROJECTION] as const;

/** A type of resource by its id. `Resource` is any. */
type TypeId = 'User' | 'Group';

/** What a method of a route does, as the table of routes has it. */
export type Operation =
  | { readonly does: 'list' | 'search'; readonly of: TypeId | 'Resource' }
  | { readonly does: 'create' | 'read' | 'replace' | 'patch' | 'delete'; readonly of: TypeId }
  | { readonly does: 'bulk' }
  | {
      /** Answers a document about the service; JSON of any form without `schema`. */
      readonly does: 'describe';
      readonly id: string;
      readonly summary: string;
      readonly schema?: string;
    }
  /** Answers 501. */
  | { readonly does: 'nothing'; readonly id: string; readonly summary: string };

/** Error answers by status: what each means here. */
export const ERRORS: Readonly<Record<number, string>> = {
  400: 'The request is malformed or not acceptable; scimType tells why.',
  401: 'There is no valid token.',
  403: 'The token does not allow it, or the endpoint takes no filter.',
  404: 'There is no such resource.',
  409: 'Another resource has the value already, such as a userName.',
  412: 'The resource has another version than If-Match says.',
  413: 'The request is too large.',
  415: 'The body is of a media type that is not supported.',
  429: 'Too many requests; Retry-After tells how many seconds to wait.',
  500: 'An unexpected error, which has been logged.',
  501: 'Not implemented.',
  503: 'The service is overloaded; Retry-After tells how many seconds to wait.',
};

const ALWAYS = [401, 403, 429, 500, 503];

const ETAG: JsonObject = { description: 'Entity tag of the version.', schema: { type: 'string' } };
const URL: JsonObject = { description: 'URL of the resource.', schema: { type: 'string' } };

/** The OpenAPI operation object of a method. */
export function operationObject(operation: Operation): JsonObject {
  switch (operation.does) {
    case 'list':
      return list(operation.of);
    case 'search':
      return search(operation.of);
    case 'create':
      return create(operation.of);
    case 'read':
      return read(operation.of);
    case 'replace':
      return replace(operation.of);
    case 'patch':
      return patch(operation.of);
    case 'delete':
      return remove(operation.of);
    case 'bulk':
      return bulk();
    case 'describe':
      return describe(operation);
    case 'nothing':
      return operationOf(operation.id, operation.summary, {}, [501]);
  }
}

/** JSON of a schema in a request or answer. */
function content(schema: JsonObject, mediaType: string = MEDIA_TYPE): JsonObject {
  return { [mediaType]: { schema } };
}

function operationOf(
  operationId: string,
  summary: string,
  answers: JsonObject,
  errors: readonly number[],
  more: JsonObject = {},
): JsonObject {
  const failures = [...ALWAYS, ...errors].sort((a, b) => a - b);
  return {
    operationId,
    summary,
    ...more,
    responses: {
      ...answers,
      ...Object.fromEntries(
        failures.map((status) => [String(status), { $ref: `#/components/responses/${status}` }]),
      ),
    },
  };
}

const body = (schema: string): JsonObject => ({
  required: true,
  content: content(schemaRef(schema)),
});

/** GET of a list. */
function list(id: TypeId | 'Resource'): JsonObject {
  return operationOf(
    `list${id}s`,
    `List ${pluralOf(id)}`,
    { 200: { description: 'One page of the matches.', content: content(schemaRef(`${id}List`)) } },
    [400],
    { parameters: parameters(...LIST) },
  );
}

/** POST of a `/.search`. */
function search(id: TypeId | 'Resource'): JsonObject {
  return operationOf(
    `search${id}s`,
    `Search ${pluralOf(id)}`,
    { 200: { description: 'One page of the matches.', content: content(schemaRef(`${id}List`)) } },
    [400, 413, 415],
    { requestBody: body('SearchRequest') },
  );
}

/** POST of a new resource. */
function create(id: TypeId): JsonObject {
  return operationOf(
    `create${id}`,
    `Create a ${id}`,
    {
      201: {
        description: 'The resource as it was created.',
        headers: { Location: URL, ETag: ETAG },
        content: content(schemaRef(id)),
      },
    },
    [400, 409, 413, 415],
    { parameters: parameters(...PROJECTION), requestBody: body(`${id}Input`) },
  );
}

/** GET of one resource. */
function read(id: TypeId): JsonObject {
  return operationOf(
    `get${id}`,
    `Read a ${id}`,
    {
      200: resourceAnswer(id),
      304: { description: 'The client has this version already.', headers: { ETag: ETAG } },
    },
    [400, 404],
    { parameters: parameters(...PROJECTION, 'ifNoneMatch') },
  );
}

/** PUT of one resource. */
function replace(id: TypeId): JsonObject {
  return operationOf(
    `replace${id}`,
    `Replace a ${id}`,
    { 200: resourceAnswer(id) },
    [400, 404, 409, 412, 413, 415],
    {
      parameters: parameters(...PROJECTION, 'ifMatch'),
      requestBody: body(`${id}Input`),
    },
  );
}

/** PATCH of one resource. A group is answered without a body unless the request names attributes. */
function patch(id: TypeId): JsonObject {
  const answers: JsonObject = { 200: resourceAnswer(id) };
  if (id === 'Group') {
    answers[204] = {
      description: 'The group was changed; the request named no attributes to answer.',
      headers: { ETag: ETAG },
    };
  }
  return operationOf(`patch${id}`, `Change a ${id}`, answers, [400, 404, 409, 412, 413, 415], {
    parameters: parameters(...PROJECTION, 'ifMatch'),
    requestBody: body('PatchRequest'),
  });
}

/** DELETE of one resource. */
function remove(id: TypeId): JsonObject {
  return operationOf(
    `delete${id}`,
    `Delete a ${id}`,
    { 204: { description: 'The resource is gone.' } },
    [404, 412],
    { parameters: parameters('ifMatch') },
  );
}

/** POST of `/Bulk`. */
function bulk(): JsonObject {
  return operationOf(
    'bulk',
    'Send several requests at once',
    { 200: { description: 'What became of each operation.', content: content(schemaRef('BulkResponse')) } },
    [400, 409, 413, 415],
    { requestBody: body('BulkRequest') },
  );
}

/** GET of a discovery document. */
function describe({ id, summary, schema }: Extract<Operation, { does: 'describe' }>): JsonObject {
  const document =
    schema === undefined ? content({ type: 'object' }, 'application/json') : content(schemaRef(schema));
  return operationOf(
    id,
    summary,
    { 200: { description: 'The document.', content: document } },
    id.endsWith('ById') ? [404] : [],
  );
}

const pluralOf = (id: TypeId | 'Resource') => (id === 'Resource' ? 'users and groups' : `${id}s`);

function resourceAnswer(schema: string): JsonObject {
  return {
    description: 'The resource.',
    headers: { 'Content-Location': URL, ETag: ETAG },
    content: content(schemaRef(schema)),
  };
}
