import { Logger } from '@aws-lambda-powertools/logger';
import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { recordSeen } from '../../src/directory/log/watched-requests';
import { writeInTime } from '../../src/directory/table/in-time';
import { isTenantId } from '../../src/directory/table/keys';
import type { Table } from '../../src/directory/table/table';

/**
 * Notes the request of a credential that somebody watches on the set-up page, as the authorizer tells: what came and
 * how it was answered, without ids. The answer is not changed by it and waits for a bounded time.
 */
export function seenRequests(table: Table): middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const record: middy.MiddlewareFn<APIGatewayProxyEvent, APIGatewayProxyResult> = async ({
    event,
    response,
  }) => {
    const { tenantId, watchedUntil } = event.requestContext.authorizer ?? {};
    const now = new Date();
    // The authorizer's answer may be older than the end.
    if (!(Number(watchedUntil) * 1000 > now.getTime())) return;
    if (typeof tenantId !== 'string' || !isTenantId(tenantId)) return;
    const { httpMethod: method, resource: route } = event;
    const seen = { time: now.toISOString(), method, route, status: response?.statusCode ?? 500 };
    await writeInTime(table, (inTime) => recordSeen(inTime, tenantId, seen)).catch((error: unknown) =>
      new Logger().warn('A watched request was not noted', { tenantId, error: String(error) }),
    );
  };
  return { after: record, onError: record };
}
