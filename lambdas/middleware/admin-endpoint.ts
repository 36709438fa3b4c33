import { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Deployment } from '../../src/admin/deployment';
import { isTenantId } from '../../src/directory/table/keys';
import { adminEndpoint } from '../../src/endpoints/admin/endpoint';
import type { AdminRequest, AdminResponse } from '../../src/endpoints/admin/message';
import { Problem, problemOf } from '../../src/endpoints/admin/problem';
import { headWithoutBody } from './head';
import { requestIdOf } from './request-id';
import { type LoggedRequest, requestLog } from './request-log';

/** Time kept back from the function's timeout for answering 429 or 503 instead of dying. */
const ANSWER_RESERVE_MS = 1_500;

/** Who calls, in which request, and until when there is time. */
export interface AdminCall {
  readonly caller: string;
  readonly requestId: string;
  readonly deadline: number;
}

const logger = new Logger();

/** The Lambda function of the admin API: middy around its endpoint. */
export function adminFunction(deploymentOf: (call: AdminCall) => Deployment) {
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use(requestLog(logger, adminIds))
    .use(headWithoutBody())
    .use(problems())
    .handler(async (event, context) => {
      const { identity } = event.requestContext;
      const requestId = requestIdOf(event);
      const deadline = Date.now() + context.getRemainingTimeInMillis() - ANSWER_RESERVE_MS;
      const deployment = deploymentOf({ caller: callerOf(identity.userArn), requestId, deadline });
      const onForgotten = (error: unknown) =>
        logger.error('the key of a request that was carried out was not noted', {
          requestId,
          error: String(error),
        });
      return toProxyResult(await adminEndpoint(deployment, toAdminRequest(event), onForgotten));
    });
}

/**
 * Who a caller is, for the provisioning log: what follows the kind in the ARN, which is the user's name, or the role's
 * and its session's.
 *
 * @throws Error without an ARN: the gateway has let somebody in whom IAM does not know
 */
export function callerOf(userArn: string | null): string {
  const [, , , , , resource = ''] = userArn?.split(':') ?? [];
  const name = resource.includes('/') ? resource.slice(resource.indexOf('/') + 1) : resource;
  if (name === '') throw new Error('The gateway tells of no caller.');
  return name;
}

function toAdminRequest(event: APIGatewayProxyEvent): AdminRequest {
  const headers = Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const query = Object.entries(event.multiValueQueryStringParameters ?? {});
  const parameters = Object.entries(event.pathParameters ?? {});
  return {
    method: event.httpMethod,
    path: event.resource,
    pathParameters: Object.fromEntries(parameters.map(([name, value]) => [name, value ?? ''])),
    query: Object.fromEntries(query.map(([name, values]) => [name, values ?? []])),
    headers: Object.fromEntries(headers),
    body: event.body ?? undefined,
  };
}

/** Nothing of the admin API may lie in a cache: it answers secrets, and who may see them is decided anew each time. */
function toProxyResult({ status, headers, body }: AdminResponse): APIGatewayProxyResult {
  return {
    statusCode: status,
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...headers,
    },
    body: JSON.stringify(body),
  };
}

/** Answers every error as a problem (RFC 9457). One that is not ours is a fault of the service, and logged. */
function problems(): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  return {
    onError: (request) => {
      const problem = problemOf(request.error) ?? unexpected(request.error);
      request.response = toProxyResult({
        status: problem.status,
        headers: { 'Content-Type': 'application/problem+json', ...problem.headers },
        body: problem.toDocument(),
      });
    },
  };
}

function unexpected(error: unknown): Problem {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  logger.error('unexpected error', { error: { name, message, stack } });
  return new Problem('internal', 'The service met an unexpected error; it has been logged.');
}

/** Of a request to the admin API: its tenant, and who sent it. */
function adminIds({ event }: LoggedRequest): object {
  const tenantId = event.pathParameters?.tenantId;
  return {
    tenantId: tenantId !== undefined && isTenantId(tenantId) ? tenantId : undefined,
    // The unique id of the user or role; the name of its session may be a person's address.
    callerId: event.requestContext.identity.caller?.split(':')[0],
  };
}
