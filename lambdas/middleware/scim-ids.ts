import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { LoggedRequest } from './request-log';

/** What the log says of a SCIM request: the resource, and tenant and token as the authorizer tells them. */
export function scimIds({ event, response }: LoggedRequest): object {
  const { tenantId, tokenId, clientId } = event.requestContext.authorizer ?? {};
  return {
    resourceId: idAtEnd(event.pathParameters?.id ?? response?.headers?.Location),
    operations: response?.statusCode === 200 ? operationsOf(event, response) : undefined,
    tenantId,
    tokenId,
    clientId,
  };
}

const ID_AT_END = /(?:^|\/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const METHODS = new Set<unknown>(['POST', 'PUT', 'PATCH', 'DELETE']);

/** The id of a resource's path or URL. Anything else in an id's place may be a userName, and is not logged. */
const idAtEnd = (path: unknown): string | undefined => ID_AT_END.exec(String(path))?.[1];

/**
 * What a Bulk request did to whom, since its path names nobody. The answer is read again for it: parsing one of 1,000
 * operations takes a millisecond, beside the seconds that they take.
 */
function operationsOf(event: APIGatewayProxyEvent, { body }: APIGatewayProxyResult) {
  if (!/\/Bulk$/.test(event.requestContext.resourcePath)) return undefined;
  const { Operations } = JSON.parse(body) as { readonly Operations: readonly Record<string, unknown>[] };
  return Operations.map(({ method, location, status }) => ({
    method: METHODS.has(method) ? method : undefined,
    resourceId: idAtEnd(location),
    status,
  }));
}
