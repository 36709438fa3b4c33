import { PROBLEM_TYPE_PREFIX, PROBLEMS } from '../../admin-api/problem-types';
import type { JsonSchema } from '../../admin-api/schema';
import { PATH_PARAMETERS, parametersIn, type UseCase } from '../../admin-api/use-case';
import { ALL_USE_CASES, type NamedUseCase, OPENAPI_PATH, PATHS } from '../../admin-api/use-cases';

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of the admin API, made of the table of use cases. */
export const openApiDocument = (): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'serverless-scim: admin API',
    version: '1',
    description:
      'What administrators do, for the backend of the vendor. Requests are signed by AWS Signature Version 4 for the service execute-api.',
  },
  security: [{ sigv4: [] }],
  paths: Object.fromEntries(PATHS.map((path) => [path, pathItem(path)])),
  components: {
    securitySchemes: {
      sigv4: {
        type: 'apiKey',
        name: 'Authorization',
        in: 'header',
        'x-amazon-apigateway-authtype': 'awsSigv4',
      },
    },
    schemas: { Problem: problem() },
    responses: {
      Problem: {
        description: 'What was wrong (RFC 9457).',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  },
});

function pathItem(path: string): Json {
  if (path === OPENAPI_PATH) {
    return {
      get: {
        operationId: 'openapi',
        summary: 'This document',
        responses: responses(200, { type: 'object' }),
      },
    };
  }
  const parameters = parametersIn(path).map((name) => ({
    name,
    in: 'path',
    required: true,
    description: PATH_PARAMETERS[name],
    schema: { type: 'string' },
  }));
  const operations = ALL_USE_CASES.filter(({ row }) => row.path === path).map((useCase) => [
    useCase.row.method.toLowerCase(),
    operation(useCase),
  ]);
  return { ...(parameters.length > 0 ? { parameters } : {}), ...Object.fromEntries(operations) };
}

function operation({ name, group, row }: NamedUseCase): Json {
  const creates = row.does.startsWith('create');
  const parameters = [...queryParameters(row), ...(creates ? [IDEMPOTENCY_KEY] : [])];
  return {
    operationId: name,
    summary: row.summary,
    description: `The same as the command \`${row.command}\`.`,
    tags: [group],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(row.body === undefined ? {} : { requestBody: requestBody(row.body.json) }),
    responses: responses(creates ? 201 : 200, row.result.json),
  };
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'Of its own for each request: repeated within a day, the request is carried out once. A secret is not shown again: the repetition is answered 409.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
} as const;

const queryParameters = ({ query }: UseCase): Json[] =>
  Object.entries(query?.json.properties ?? {}).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: query?.json.required?.includes(name) === true,
    description,
    schema,
    // A list comes with commas between.
    ...(schema.type === 'array' ? { style: 'form', explode: false } : {}),
  }));

const requestBody = (schema: JsonSchema): Json => ({
  required: (schema.required ?? []).length > 0,
  content: { 'application/json': { schema } },
});

const responses = (status: number, schema: Json | JsonSchema): Json => ({
  [status]: { description: 'Done.', content: { 'application/json': { schema } } },
  default: { $ref: '#/components/responses/Problem' },
});

const problem = (): Json => ({
  type: 'object',
  properties: {
    type: { enum: Object.keys(PROBLEMS).map((code) => `${PROBLEM_TYPE_PREFIX}${code}`) },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          pointer: { type: 'string', description: 'JSON Pointer into the body.' },
          parameter: { type: 'string', description: 'Parameter of the query, or header.' },
          detail: { type: 'string' },
        },
        required: ['detail'],
      },
    },
    reason: { type: 'string', description: 'Of not-restorable: why.' },
    tokenId: { type: 'string', description: 'Of secret-shown: the token that was made.' },
    clientId: { type: 'string', description: 'Of secret-shown: the client whose secret was made.' },
    linkId: { type: 'string', description: 'Of secret-shown: the link to the set-up page that was made.' },
  },
  required: ['type', 'title', 'status', 'detail'],
});
