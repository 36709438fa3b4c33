import { extname } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { Problem, problemOf } from '../../src/endpoints/admin/problem';
import type { SetupRequest, SetupResponse } from '../../src/endpoints/setup/message';
import { PAGE_DOCUMENT } from '../../src/setup-api/files';
import { SETUP_API_PATH } from '../../src/setup-api/routes';
import { headWithoutBody } from './head';
import { requestIdOf } from './request-id';
import { requestLog } from './request-log';

/** Time kept back from the function's timeout for answering 429 or 503 instead of dying. */
const ANSWER_RESERVE_MS = 1_500;

/** A request to the set-up page's API, with what the gateway tells of it. */
export interface SetupFunctionCall {
  readonly request: SetupRequest;
  readonly requestId: string;
  readonly deadline: number;
  /** SCIM's base URL, at the host that was asked. */
  readonly baseUrl: string;
  readonly apiId: string;
  readonly stage: string;
  /** To be told whose link it is, for the log of requests. */
  readonly onLink: (link: { readonly tenantId: string; readonly linkId: string }) => void;
}

/**
 * On every answer. The page loads nothing from elsewhere and can be framed by nobody; what it is given is text to it,
 * never markup.
 */
const SECURITY_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000',
  'X-Content-Type-Options': 'nosniff',
};

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html;charset=utf-8',
  '.js': 'text/javascript;charset=utf-8',
  '.css': 'text/css;charset=utf-8',
  '.svg': 'image/svg+xml',
};

const logger = new Logger();

/**
 * The Lambda function of the set-up page: middy around its files and its API.
 *
 * @param page the page's files by name
 * @param answerApi answers a request below `/setup/api`
 */
export function setupFunction(
  page: ReadonlyMap<string, string>,
  answerApi: (call: SetupFunctionCall) => Promise<SetupResponse>,
) {
  const links = new WeakMap<object, object>();
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use(requestLog(logger, ({ event }) => links.get(event) ?? {}))
    .use(headWithoutBody())
    .use(problems())
    .handler(async (event, context) => {
      if (!event.resource.startsWith(`${SETUP_API_PATH}/`)) return fileOf(page, event);
      const { apiId, stage } = event.requestContext;
      const response = await answerApi({
        request: toSetupRequest(event),
        deadline: Date.now() + context.getRemainingTimeInMillis() - ANSWER_RESERVE_MS,
        baseUrl: baseUrlOf(event),
        onLink: (link) => links.set(event, link),
        ...{ requestId: requestIdOf(event), apiId, stage },
      });
      return toProxyResult('application/json', response);
    });
}

/** @throws Problem not-found, method-not-allowed */
function fileOf(page: ReadonlyMap<string, string>, event: APIGatewayProxyEvent): APIGatewayProxyResult {
  const { httpMethod, requestContext, pathParameters } = event;
  if (httpMethod !== 'GET' && httpMethod !== 'HEAD') {
    throw new Problem(
      'method-not-allowed',
      `${httpMethod.slice(0, 20)} is not allowed here; accepted is: GET, HEAD.`,
      {},
      { Allow: 'GET, HEAD' },
    );
  }
  // The document names its files relative to itself; a fragment survives the way there.
  if (requestContext.path.endsWith('/')) {
    return { statusCode: 308, headers: { ...SECURITY_HEADERS, Location: '../setup' }, body: '' };
  }
  const name = pathParameters?.file ?? PAGE_DOCUMENT;
  const content = name === PAGE_DOCUMENT && pathParameters !== null ? undefined : page.get(name);
  if (content === undefined) throw new Problem('not-found', 'The set-up page has no such file.');
  return {
    statusCode: 200,
    headers: {
      ...SECURITY_HEADERS,
      'Content-Type': MEDIA_TYPES[extname(name)] ?? 'application/octet-stream',
      // The names of all files but the document have a hash of their content.
      'Cache-Control': name === PAGE_DOCUMENT ? 'no-cache' : 'public, max-age=31536000, immutable',
    },
    body: content,
  };
}

function toSetupRequest(event: APIGatewayProxyEvent): SetupRequest {
  const headers = Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const query = Object.entries(event.multiValueQueryStringParameters ?? {});
  return {
    method: event.httpMethod,
    path: `/${event.pathParameters?.proxy ?? ''}`,
    query: Object.fromEntries(query.map(([name, values]) => [name, values ?? []])),
    headers: Object.fromEntries(headers),
    body: event.body ?? undefined,
  };
}

/** Everything before the page's own path, and the base URL's end: both are below the stage. */
function baseUrlOf({ requestContext, headers }: APIGatewayProxyEvent): string {
  const { domainName, path, stage } = requestContext;
  const protocol = headers?.['X-Forwarded-Proto'] ?? headers?.['x-forwarded-proto'] ?? 'https';
  // A stage may be called "setup", too; with a custom domain it need not be part of the path.
  const below = `/${stage}${SETUP_API_PATH}/`;
  const base = path.startsWith(below) ? `/${stage}` : path.slice(0, path.indexOf(`${SETUP_API_PATH}/`));
  return `${protocol}://${domainName}${base}/v2`;
}

/** Nothing of the API may lie in a cache: it answers secrets, and who may see them is decided anew each time. */
const toProxyResult = (
  mediaType: string,
  { status, headers, body }: SetupResponse,
): APIGatewayProxyResult => ({
  statusCode: status,
  headers: { ...SECURITY_HEADERS, 'Content-Type': mediaType, 'Cache-Control': 'no-store', ...headers },
  body: JSON.stringify(body),
});

/** Answers every error as a problem (RFC 9457). One that is not ours is a fault of the service, and logged. */
function problems(): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  return {
    onError: (request) => {
      const problem = problemOf(request.error) ?? unexpected(request.error);
      const { status, headers } = problem;
      const response = { status, headers, body: problem.toDocument() };
      request.response = toProxyResult('application/problem+json', response);
    },
  };
}

function unexpected(error: unknown): Problem {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  logger.error('unexpected error', { error: { name, message, stack } });
  return new Problem('internal', 'The service met an unexpected error; it has been logged.');
}
