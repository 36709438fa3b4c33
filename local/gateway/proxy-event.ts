import { LOCAL_ACCOUNT, type LocalCaller } from '../account';
import type { GatewayRequest } from './gateway-request';
import { headerOf } from './header';
import type { QueryParameters } from './query';
import type { MethodTarget, RestApi } from './rest-api';
import type { RouteMatch } from './routes';

/** Who was let in: what the authorizer has said, or whom IAM knows. */
export interface Authorized {
  readonly authorizer?: Readonly<Record<string, string>>;
  readonly caller?: LocalCaller;
  /** Value of the API key that the request is counted by, when the authorizer names one. */
  readonly usageKey?: string | undefined;
}

/** Headers that API Gateway keeps to itself. */
const DROPPED = new Set([
  'connection',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'keep-alive',
  'expect',
  'content-length',
]);

/**
 * The event of a REST API's Lambda proxy integration (payload format 1.0).
 *
 * @param stagePath the path without the stage
 */
export function proxyEvent(
  request: GatewayRequest,
  stagePath: string,
  query: QueryParameters,
  match: RouteMatch<MethodTarget>,
  api: RestApi,
  { authorizer, caller }: Authorized,
): Record<string, unknown> {
  const { headers, multiValueHeaders } = readHeaders(request);
  const isBinary = isBinaryBody(request, api);
  const { resourcePath, target } = match.route;
  return {
    resource: resourcePath,
    path: stagePath,
    httpMethod: request.method,
    headers,
    multiValueHeaders,
    ...query,
    pathParameters: match.pathParameters,
    stageVariables: null,
    requestContext: {
      resourceId: target.resourceId,
      ...(authorizer === undefined ? {} : { authorizer }),
      resourcePath,
      httpMethod: request.method,
      extendedRequestId: request.extendedRequestId,
      requestTime: requestTime(request.receivedAt),
      path: request.path,
      accountId: LOCAL_ACCOUNT,
      protocol: `HTTP/${request.httpVersion}`,
      stage: api.stage,
      domainPrefix: request.host.split('.')[0],
      requestTimeEpoch: request.receivedAt.getTime(),
      requestId: request.requestId,
      identity: identityOf(request.sourceIp, headers, caller),
      domainName: request.host,
      deploymentId: 'local',
      apiId: api.id,
    },
    body: request.body.length === 0 ? null : request.body.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: isBinary && request.body.length > 0,
  };
}

function readHeaders(request: GatewayRequest) {
  const headers: Record<string, string> = {};
  const multiValueHeaders: Record<string, string[]> = {};
  const add = (name: string, value: string) => {
    headers[name] = value;
    multiValueHeaders[name] = Object.hasOwn(multiValueHeaders, name)
      ? [...(multiValueHeaders[name] ?? []), value]
      : [value];
  };
  // One spelling for each name: the first one that came.
  const spelling = new Map<string, string>();
  for (let position = 0; position + 1 < request.rawHeaders.length; position += 2) {
    const name = request.rawHeaders[position] ?? '';
    const lower = name.toLowerCase();
    if (DROPPED.has(lower) || lower.startsWith('x-forwarded-') || name === '__proto__') continue;
    if (!spelling.has(lower)) spelling.set(lower, name);
    add(spelling.get(lower) ?? name, request.rawHeaders[position + 1] ?? '');
  }
  add('X-Forwarded-For', request.sourceIp);
  add('X-Forwarded-Port', request.host.split(':')[1] ?? '80');
  add('X-Forwarded-Proto', 'http');
  add(
    'X-Amzn-Trace-Id',
    `Root=1-${Math.floor(request.receivedAt.getTime() / 1000).toString(16)}-${request.extendedRequestId.replaceAll('-', '').slice(0, 24)}`,
  );
  return { headers, multiValueHeaders };
}

function identityOf(
  sourceIp: string,
  headers: Readonly<Record<string, string>>,
  caller: LocalCaller | undefined,
) {
  const userAgent = Object.entries(headers).find(([name]) => name.toLowerCase() === 'user-agent')?.[1];
  // The unique id of a user, or of a role with the name of the session behind it.
  const id = caller && [`AIDA${caller.accessKeyId.toUpperCase()}`, caller.userArn.split('/')[2]];
  const callerId = id?.filter((part) => part !== undefined).join(':') ?? null;
  return {
    cognitoIdentityPoolId: null,
    accountId: caller === undefined ? null : LOCAL_ACCOUNT,
    cognitoIdentityId: null,
    caller: callerId,
    sourceIp,
    principalOrgId: null,
    accessKey: caller?.accessKeyId ?? null,
    cognitoAuthenticationType: null,
    cognitoAuthenticationProvider: null,
    userArn: caller?.userArn ?? null,
    userAgent: userAgent ?? null,
    user: callerId,
  };
}

function isBinaryBody(request: GatewayRequest, api: RestApi): boolean {
  if (api.binaryMediaTypes.length === 0) return false;
  const type =
    (headerOf(request.rawHeaders, 'content-type') ?? 'application/json')
      .split(';')[0]
      ?.trim()
      .toLowerCase() ?? '';
  return api.binaryMediaTypes.some(
    (pattern) =>
      pattern === '*/*' ||
      pattern === type ||
      (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1))),
  );
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `23/Nov/2026:19:01:02 +0000`, as API Gateway writes it. */
function requestTime(at: Date): string {
  const iso = at.toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[at.getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
