import { BULK_REQUEST_SCHEMA } from '../bulk/request';
import { BULK_RESPONSE_SCHEMA } from '../bulk/response';
import { ERROR_SCHEMA } from '../errors';
import type { JsonObject } from '../json';
import { LIST_RESPONSE_SCHEMA } from '../messages/list-response';
import { SEARCH_REQUEST_SCHEMA } from '../messages/search-request';
import { PATCH_OP_SCHEMA } from '../patch/request';
import { COMMON_ATTRIBUTES } from '../schema/common-attributes';
import type { ResourceTypeDefinition } from '../schema/definition';
import { RESOURCE_TYPE, SCHEMA, SERVICE_PROVIDER_CONFIG } from '../schema/meta-schemas';
import type { Registry } from '../schema/registry';
import { examples } from './examples';
import { objectSchema, resourceSchema, schemaRef } from './json-schema';

const text = (description: string): JsonObject => ({ type: 'string', description });
const integer = (description: string): JsonObject => ({ type: 'integer', minimum: 0, description });
const urns = (urn: string): JsonObject => ({ type: 'array', items: { const: urn }, minItems: 1 });

/**
 * Every schema of the document by name, those of requests and resources with an example. @param baseUrl for the
 * examples
 */
export function schemas({ resourceTypes }: Registry, baseUrl: string): JsonObject {
  const all = definitions(resourceTypes);
  const incomplete = new Set(resourceTypes.filter(requiresMore).map(({ id }) => `${id}Input`));
  for (const [name, example] of Object.entries(examples(baseUrl))) {
    // What a vendor's extension requires is not in the example.
    if (incomplete.has(name)) continue;
    all[name] = { ...(all[name] as JsonObject), examples: [example] };
  }
  return all;
}

const requiresMore = ({ extensions }: ResourceTypeDefinition) => extensions.some(({ required }) => required);

function definitions(resourceTypes: readonly ResourceTypeDefinition[]): JsonObject {
  const resources = Object.fromEntries(
    resourceTypes.flatMap((resourceType) => [
      [resourceType.id, resourceSchema(resourceType, COMMON_ATTRIBUTES, 'answer')],
      [`${resourceType.id}Input`, resourceSchema(resourceType, COMMON_ATTRIBUTES, 'request')],
      [`${resourceType.id}List`, listSchema(schemaRef(resourceType.id))],
    ]),
  );
  return {
    ...resources,
    ResourceList: listSchema({ anyOf: resourceTypes.map(({ id }) => schemaRef(id)) }),
    SearchRequest: searchRequest(),
    PatchRequest: patchRequest(),
    BulkRequest: bulkRequest(),
    BulkResponse: bulkResponse(),
    ServiceProviderConfig: discoveryDocument(SERVICE_PROVIDER_CONFIG),
    ResourceType: discoveryDocument(RESOURCE_TYPE),
    ResourceTypeList: listSchema(schemaRef('ResourceType')),
    Schema: schemaDocument(),
    SchemaList: listSchema(schemaRef('Schema')),
    Error: errorMessage(),
  };
}

function listSchema(item: JsonObject): JsonObject {
  return {
    type: 'object',
    description: 'One page of a list (RFC 7644 section 3.4.2).',
    properties: {
      schemas: urns(LIST_RESPONSE_SCHEMA),
      totalResults: integer('Number of all matches. May be absent when paging by cursor.'),
      startIndex: integer('Position of the first resource of the page, from 1. Index paging only.'),
      itemsPerPage: integer('Number of resources on this page.'),
      nextCursor: text('Cursor of the next page; absent on the last one (RFC 9865).'),
      Resources: { type: 'array', items: item },
    },
    required: ['schemas', 'itemsPerPage', 'Resources'],
    additionalProperties: false,
  };
}

function searchRequest(): JsonObject {
  return {
    type: 'object',
    description: 'A query in a body (RFC 7644 section 3.4.3).',
    properties: {
      schemas: urns(SEARCH_REQUEST_SCHEMA),
      attributes: { type: 'array', items: { type: 'string' } },
      excludedAttributes: { type: 'array', items: { type: 'string' } },
      filter: text('RFC 7644 section 3.4.2.2.'),
      sortBy: text('Attribute to sort by.'),
      sortOrder: { enum: ['ascending', 'descending'] },
      startIndex: { type: 'integer' },
      count: { type: 'integer' },
      cursor: text('Empty for the first page, then the nextCursor of the last answer.'),
    },
    required: ['schemas'],
  };
}

function patchRequest(): JsonObject {
  return {
    type: 'object',
    description: 'Changes of a resource, all or none (RFC 7644 section 3.5.2).',
    properties: {
      schemas: urns(PATCH_OP_SCHEMA),
      Operations: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            op: { enum: ['add', 'remove', 'replace'] },
            path: text('An attribute, or a value path such as emails[type eq "work"].value.'),
            value: { description: 'The value; without a path an object of attributes.' },
          },
          required: ['op'],
        },
      },
    },
    required: ['schemas', 'Operations'],
  };
}

function bulkRequest(): JsonObject {
  return {
    type: 'object',
    description: 'Several requests in one (RFC 7644 section 3.7).',
    properties: {
      schemas: urns(BULK_REQUEST_SCHEMA),
      failOnErrors: integer('Number of errors after which no further operation is begun.'),
      Operations: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            method: { enum: ['POST', 'PUT', 'PATCH', 'DELETE'] },
            path: text('Such as /Users or /Groups/<id>; bulkId:<id> stands for an id.'),
            bulkId: text('Name of a POST, for references to what it creates.'),
            version: text('Entity tag that the resource must have.'),
            data: { type: 'object', description: 'The body of the request.' },
          },
          required: ['method', 'path'],
        },
      },
    },
    required: ['schemas', 'Operations'],
  };
}

function bulkResponse(): JsonObject {
  return {
    type: 'object',
    properties: {
      schemas: urns(BULK_RESPONSE_SCHEMA),
      Operations: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            method: text('As in the request.'),
            bulkId: text('As in the request.'),
            location: text('URL of the resource.'),
            version: text('Entity tag of the resource.'),
            status: { type: 'string', pattern: '^[1-5][0-9]{2}$' },
            response: { type: 'object', description: 'The error, when there is one.' },
          },
          required: ['method', 'status'],
          additionalProperties: false,
        },
      },
    },
    required: ['schemas', 'Operations'],
    additionalProperties: false,
  };
}

/** Discovery documents are described by schemas themselves (RFC 7643 section 8.7.2). */
function discoveryDocument(schema: typeof SCHEMA): JsonObject {
  const document = objectSchema(schema.attributes, 'answer');
  return {
    ...document,
    description: schema.description,
    properties: {
      schemas: urns(schema.id),
      ...(document.properties as JsonObject),
      meta: {
        type: 'object',
        // A document's type is the end of its schema's URN.
        properties: { resourceType: { const: schema.id.replace(/^.*:/, '') }, location: { type: 'string' } },
      },
    },
    required: [
      'schemas',
      ...schema.attributes.filter(({ required }) => required).map(({ name }) => name),
      'meta',
    ],
  };
}

/**
 * The schema of schemas can't describe that sub-attributes are described as attributes are, so that part is written
 * as a reference.
 */
function schemaDocument(): JsonObject {
  const document = discoveryDocument(SCHEMA);
  const properties = { ...(document.properties as JsonObject) };
  const attributes = SCHEMA.attributes.find(({ name }) => name === 'attributes')?.subAttributes ?? [];
  const one = objectSchema(
    attributes.filter(({ name }) => name !== 'subAttributes'),
    'answer',
  );
  properties.attributes = {
    type: 'array',
    items: {
      ...one,
      properties: {
        ...(one.properties as JsonObject),
        subAttributes: { type: 'array', items: { type: 'object' } },
      },
      required: [
        'name',
        'type',
        'multiValued',
        'required',
        'caseExact',
        'mutability',
        'returned',
        'uniqueness',
      ],
    },
  };
  return { ...document, properties };
}

function errorMessage(): JsonObject {
  return {
    type: 'object',
    description: 'What was wrong (RFC 7644 section 3.12).',
    properties: {
      schemas: urns(ERROR_SCHEMA),
      status: { type: 'string', pattern: '^[45][0-9]{2}$' },
      scimType: text('One of the names of RFC 7644 table 9 or RFC 9865 section 2.1.'),
      detail: text('What was wrong and what is accepted, for people to read.'),
    },
    required: ['schemas', 'status'],
    additionalProperties: false,
  };
}
