import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { ScimRequest, ScimResponse } from '../../src/endpoints/scim/message';
import { ScimError } from '../../src/scim/errors';
import { readQueryParameters } from './query';

const MEDIA_TYPE = 'application/scim+json';

/**
 * Reads a SCIM request from the event of an API Gateway REST API. The gateway hands query values over decoded and path
 * parameters encoded.
 *
 * @param body what parses the body when an endpoint asks for it
 * @throws ScimError notFound when the id in the path is not valid percent-encoding, and so names nothing;
 *   invalidValue for contradictory query parameters
 */
export function toScimRequest(event: APIGatewayProxyEvent, body: ScimRequest['body']): ScimRequest {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(event.headers ?? {})) headers[name.toLowerCase()] = value;
  // The gateway does not always hand it over, and Bulk declares a largest payload.
  if (event.body !== null && event.body !== undefined) {
    headers['content-length'] = String(Buffer.byteLength(event.body));
  }
  const id = event.pathParameters?.id;
  // "/v2/Users/{id}", "/v2/Users/.search", "/v2/.search", "/v2"
  const path = event.resource.split('/').slice(2);
  const isSearch = path.at(-1) === '.search';
  return {
    method: event.httpMethod,
    resource: (isSearch ? path.slice(0, -1) : path)[0] ?? '',
    id: id === undefined ? undefined : decodeOnce(id),
    isSearch,
    query: readQueryParameters(event),
    headers,
    body,
    baseUrl: baseUrlOf(event),
  };
}

function decodeOnce(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    throw new ScimError(
      'notFound',
      `There is no resource with the id ${JSON.stringify(id.slice(0, 100))}: it is not valid percent-encoding.`,
    );
  }
}

/** Everything before the resource's own path: with a custom domain the stage need not be part of it. */
function baseUrlOf(event: APIGatewayProxyEvent): string {
  const { domainName, path, stage } = event.requestContext;
  const protocol = event.headers?.['X-Forwarded-Proto'] ?? event.headers?.['x-forwarded-proto'] ?? 'https';
  // A stage may be called "v2", too.
  const below = `/${stage}/v2`;
  const base = `${path}/`.startsWith(`${below}/`) ? below : (/^.*?\/v2(?=\/|$)/.exec(path)?.[0] ?? path);
  return `${protocol}://${domainName}${base}`;
}

/** Lambda answers 6 MB at the most; escaping the body's quotes takes a part of it. */
const MAX_BODY = 5_000_000;

/**
 * The gateway's answer. A body is `application/scim+json` unless the answer says otherwise.
 *
 * @throws ScimError tooMany when the body is longer than Lambda delivers
 */
export function toProxyResult({ status, headers, body }: ScimResponse): APIGatewayProxyResult {
  const text = body === undefined ? '' : JSON.stringify(body);
  if (Buffer.byteLength(text) > MAX_BODY) {
    throw new ScimError(
      'tooMany',
      'The answer is larger than 5 MB. Ask for fewer resources with a smaller count, or leave attributes out, for example with excludedAttributes=members.',
    );
  }
  return {
    statusCode: status,
    headers: { ...(body === undefined ? {} : { 'Content-Type': `${MEDIA_TYPE};charset=utf-8` }), ...headers },
    body: text,
  };
}
