import type { JsonObject } from '../json';
import type { ResourceTypeDefinition } from '../schema/definition';
import { schemaRef } from './json-schema';
import { parameters } from './parameters';

const MEDIA_TYPE = 'application/scim+json';
const PROJECTION = ['attributes', 'excludedAttributes'] as const;
const LIST = ['filter', 'startIndex', 'count', 'cursor', 'sortBy', 'sortOrder', ...PROJECTION] as const;

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

/** JSON of a schema in a request or answer. */
function content(schema: JsonObject, mediaType: string = MEDIA_TYPE): JsonObject {
  return { [mediaType]: { schema } };
}

function operation(
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
export function list(operationId: string, summary: string, schema: string): JsonObject {
  return operation(
    operationId,
    summary,
    { 200: { description: 'One page of the matches.', content: content(schemaRef(schema)) } },
    [400],
    { parameters: parameters(...LIST) },
  );
}

/** POST of a `/.search`. */
export function search(operationId: string, summary: string, schema: string): JsonObject {
  return operation(
    operationId,
    summary,
    { 200: { description: 'One page of the matches.', content: content(schemaRef(schema)) } },
    [400, 413, 415],
    { requestBody: body('SearchRequest') },
  );
}

/** POST of a new resource. */
export function create({ id }: ResourceTypeDefinition): JsonObject {
  return operation(
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
export function read({ id }: ResourceTypeDefinition): JsonObject {
  return operation(
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
export function replace({ id }: ResourceTypeDefinition): JsonObject {
  return operation(
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
export function patch({ id }: ResourceTypeDefinition): JsonObject {
  const answers: JsonObject = { 200: resourceAnswer(id) };
  if (id === 'Group') {
    answers[204] = {
      description: 'The group was changed; the request named no attributes to answer.',
      headers: { ETag: ETAG },
    };
  }
  return operation(`patch${id}`, `Change a ${id}`, answers, [400, 404, 409, 412, 413, 415], {
    parameters: parameters(...PROJECTION, 'ifMatch'),
    requestBody: body('PatchRequest'),
  });
}

/** DELETE of one resource. */
export function remove({ id }: ResourceTypeDefinition): JsonObject {
  return operation(
    `delete${id}`,
    `Delete a ${id}`,
    { 204: { description: 'The resource is gone.' } },
    [404, 412],
    { parameters: parameters('ifMatch') },
  );
}

/** POST of `/Bulk`. */
export function bulk(): JsonObject {
  return operation(
    'bulk',
    'Send several requests at once',
    { 200: { description: 'What became of each operation.', content: content(schemaRef('BulkResponse')) } },
    [400, 409, 413, 415],
    { requestBody: body('BulkRequest') },
  );
}

/** GET of a discovery document. */
export function discovery(
  operationId: string,
  summary: string,
  schema: JsonObject,
  mediaType?: string,
): JsonObject {
  const isById = operationId.endsWith('ById');
  return operation(
    operationId,
    summary,
    { 200: { description: 'The document.', content: content(schema, mediaType) } },
    isById ? [404] : [],
  );
}

/** Any method of `/Me` (RFC 7644 section 3.11). */
export function notImplemented(operationId: string): JsonObject {
  return operation(operationId, 'Not implemented: a token belongs to a tenant, not to a user', {}, [501]);
}

function resourceAnswer(schema: string): JsonObject {
  return {
    description: 'The resource.',
    headers: { 'Content-Location': URL, ETag: ETAG },
    content: content(schemaRef(schema)),
  };
}
