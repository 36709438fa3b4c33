import { type RestApi, ResponseType } from 'aws-cdk-lib/aws-apigateway';

/** An answer that the gateway gives without any function. */
interface GatewayAnswer {
  readonly type: ResponseType;
  readonly status: number;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="scim"' };
const TOKEN_ADVICE =
  'Send a live token as "Authorization: Bearer <token>"; ask the provider of this application for a new one.';

/**
 * Each kind of answer by itself. DEFAULT_4XX and DEFAULT_5XX are left alone: their status code would replace that of every kind that is not listed.
 */
export const GATEWAY_ANSWERS: readonly GatewayAnswer[] = [
  {
    type: ResponseType.UNAUTHORIZED,
    status: 401,
    detail: `The bearer token is missing, malformed, unknown, expired or revoked, or access of its tenant is suspended. ${TOKEN_ADVICE}`,
    headers: CHALLENGE,
  },
  {
    type: ResponseType.EXPIRED_TOKEN,
    status: 401,
    detail: `The token has expired. ${TOKEN_ADVICE}`,
    headers: CHALLENGE,
  },
  {
    type: ResponseType.ACCESS_DENIED,
    status: 403,
    detail:
      'The token does not permit this request. A token with read scope permits GET and searches only; use a token with write scope.',
  },
  {
    type: ResponseType.INVALID_API_KEY,
    status: 403,
    detail: 'The token does not permit this request.',
  },
  ...[
    ResponseType.MISSING_AUTHENTICATION_TOKEN,
    ResponseType.RESOURCE_NOT_FOUND,
    ResponseType.INVALID_SIGNATURE,
  ].map(
    // The gateway's name for a path without a route is a missing token, or a bad signature when the header is not one of AWS's own.
    (type) => ({
      type,
      status: 404,
      detail:
        'There is no SCIM endpoint at this path. The base URL ends with "/v2"; "/v2/Users" and "/v2/Groups" are below it, and upper and lower case count.',
    }),
  ),
  {
    type: ResponseType.BAD_REQUEST_BODY,
    status: 400,
    detail: 'The request body cannot be read.',
  },
  {
    type: ResponseType.BAD_REQUEST_PARAMETERS,
    status: 400,
    detail: 'The path or the query parameters cannot be read: their percent-encoding is wrong.',
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: 413,
    detail: 'The request is larger than the 10 MB that the service takes; split it into smaller requests.',
  },
  {
    type: ResponseType.UNSUPPORTED_MEDIA_TYPE,
    status: 415,
    detail: 'Send the body as "application/scim+json" or "application/json".',
  },
  {
    type: ResponseType.THROTTLED,
    status: 429,
    detail: 'Too many requests at the moment; repeat the request after the seconds in Retry-After.',
    headers: { 'Retry-After': '1' },
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    status: 429,
    detail: 'The quota of requests is used up; repeat the request after the seconds in Retry-After.',
    headers: { 'Retry-After': '60' },
  },
  {
    type: ResponseType.WAF_FILTERED,
    status: 403,
    detail: "The request was refused by the service's web application firewall; ask its operator.",
  },
  {
    type: ResponseType.AUTHORIZER_FAILURE,
    status: 500,
    detail: 'The token could not be checked at the moment; repeat the request later.',
  },
  {
    type: ResponseType.AUTHORIZER_CONFIGURATION_ERROR,
    status: 500,
    detail: 'The token could not be checked at the moment; repeat the request later.',
  },
  {
    type: ResponseType.API_CONFIGURATION_ERROR,
    status: 500,
    detail: 'The service is misconfigured; ask its operator.',
  },
  {
    type: ResponseType.INTEGRATION_FAILURE,
    status: 503,
    detail: 'The service could not answer; repeat the request later.',
    headers: { 'Retry-After': '5' },
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    status: 504,
    detail:
      'The service did not answer in time; part of the work may be done. Read the resource before you repeat the request.',
  },
];

/** Gives every answer of {@link GATEWAY_ANSWERS} the form of a SCIM Error message (RFC 7644 section 3.12). */
export function addGatewayResponses(api: RestApi): void {
  for (const { type, status, detail, headers = {} } of GATEWAY_ANSWERS) {
    const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail };
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: String(status),
      responseHeaders: Object.fromEntries(
        Object.entries({ 'Content-Type': 'application/scim+json', ...headers }).map(([name, value]) => [
          name,
          `'${value}'`,
        ]),
      ),
      templates: { 'application/json': JSON.stringify(body) },
    });
  }
}
