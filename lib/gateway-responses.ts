import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

/** An answer that the gateway gives without any function. */
interface GatewayAnswer {
  readonly type: ResponseType;
  /** Undefined keeps the status that the gateway would answer. */
  readonly status: number | undefined;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="scim"' };
const TOKEN_ADVICE =
  'Send a live token as "Authorization: Bearer <token>"; ask the provider of this application for a new one.';

/**
 * Each kind of answer that the gateway has, and the two that stand in for kinds that it may get. Those must not have a
 * status code: it would replace that of every kind that they stand in for.
 *
 * No server error gets another status code than API Gateway's own: it counts an answer whose status was changed as a
 * client error (API Gateway's metrics), and 5XXError would not tell of it.
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
    detail: 'The token does not permit this request.',
  },
  {
    type: ResponseType.INVALID_API_KEY,
    status: 403,
    detail:
      'What this tenant may send cannot be found; ask the provider of this application, whose operator can mend it.',
  },
  ...[
    ResponseType.MISSING_AUTHENTICATION_TOKEN,
    ResponseType.RESOURCE_NOT_FOUND,
    ResponseType.INVALID_SIGNATURE,
  ].map(
    // The gateway's name for a path without a route is a missing token, or a bad signature when the header is not one
    // of AWS's own.
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
    detail:
      'The request is larger than the service takes: 6 MB with its headers, of which each quote and line break of the body takes two bytes. Split it into smaller requests.',
  },
  {
    type: ResponseType.UNSUPPORTED_MEDIA_TYPE,
    status: 415,
    detail: 'Send the body as "application/scim+json" or "application/json".',
  },
  {
    type: ResponseType.THROTTLED,
    status: 429,
    detail:
      'More requests per second than the service takes, of this tenant or of all together; repeat the request after the seconds in Retry-After.',
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
    status: 504,
    detail: 'The service could not answer; repeat the request later.',
    headers: { 'Retry-After': '5' },
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    status: 504,
    detail:
      'The service did not answer in time; part of the work may be done. Read the resource before you repeat the request.',
  },
  {
    type: ResponseType.DEFAULT_4XX,
    status: undefined,
    detail: 'The gateway refused the request; its HTTP status tells why.',
  },
  {
    type: ResponseType.DEFAULT_5XX,
    status: undefined,
    detail: 'The gateway could not have the request answered; repeat it later.',
  },
];

/**
 * The text of a SCIM Error message (RFC 7644 section 3.12). Without a status where the gateway alone knows it: no
 * variable of its templates holds it, and a wrong one would be worse than none.
 */
export const scimErrorBody = (detail: string, status: number | undefined): string =>
  JSON.stringify({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: status === undefined ? undefined : String(status),
    detail,
  });

/**
 * Gives every answer of {@link GATEWAY_ANSWERS} the form of a SCIM Error message.
 *
 * @param resourceMetadata URL of the API's metadata, which challenges name where there is one (RFC 9728 section 5.1)
 */
export function addGatewayResponses(api: RestApi, resourceMetadata?: string): void {
  for (const { type, status, detail, headers: own = {} } of GATEWAY_ANSWERS) {
    const headers =
      own === CHALLENGE && resourceMetadata !== undefined
        ? { 'WWW-Authenticate': `${CHALLENGE['WWW-Authenticate']}, resource_metadata="${resourceMetadata}"` }
        : own;
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: status === undefined ? undefined : String(status),
      responseHeaders: Object.fromEntries(
        Object.entries({ 'Content-Type': 'application/scim+json', ...headers }).map(([name, value]) => [
          name,
          `'${value}'`,
        ]),
      ),
      templates: { 'application/json': scimErrorBody(detail, status) },
    });
  }
}
