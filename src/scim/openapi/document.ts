import type { JsonObject } from '../json';
import type { Registry } from '../schema/registry';
import { schemas } from './components';
import { schemaRef } from './json-schema';
import { ERRORS, type Operation, operationObject } from './operations';
import { PARAMETERS, parameters } from './parameters';

/** A path of the service, and what its methods do. */
export interface DescribedPath {
  /** Below the base URL; `{id}` is a path parameter. */
  readonly path: string;
  readonly methods: Readonly<Record<string, Operation>>;
}

/**
 * The OpenAPI 3.1 document of the service, made of the schemas, extensions included, and of its paths.
 *
 * @param baseUrl of the SCIM service, without a slash at its end
 */
export function openApiDocument(
  registry: Registry,
  baseUrl: string,
  paths: readonly DescribedPath[],
): JsonObject {
  return {
    openapi: '3.1.0',
    info: {
      title: 'SCIM 2.0',
      version: '2.0',
      description: 'Users and groups of a tenant (RFC 7643, RFC 7644, RFC 9865).',
    },
    servers: [{ url: baseUrl }],
    security: [{ bearer: [] }, { oauth2: ['scim'] }],
    paths: Object.fromEntries(paths.map((described) => [described.path, pathItem(described)])),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: "A tenant's token." },
        oauth2: {
          type: 'oauth2',
          flows: {
            clientCredentials: {
              tokenUrl: baseUrl.replace(/\/v2$/, '/oauth2/token'),
              scopes: { scim: 'Everything that a tenant may do.', 'scim.read': 'Reading and searching.' },
            },
          },
        },
      },
      parameters: { ...PARAMETERS },
      responses: Object.fromEntries(
        Object.entries(ERRORS).map(([status, description]) => [status, errorAnswer(status, description)]),
      ),
      schemas: schemas(registry, baseUrl),
    },
  };
}

function pathItem({ path, methods }: DescribedPath): JsonObject {
  const operations = Object.entries(methods).map(
    ([method, operation]) => [method.toLowerCase(), operationObject(operation)] as const,
  );
  return {
    ...(path.includes('{id}') ? { parameters: parameters('id') } : {}),
    ...Object.fromEntries(operations),
  };
}

function errorAnswer(status: string, description: string): JsonObject {
  const retry: JsonObject = { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } };
  return {
    description,
    ...(status === '429' || status === '503' ? { headers: retry } : {}),
    content: { 'application/scim+json': { schema: schemaRef('Error') } },
  };
}
