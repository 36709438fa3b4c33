import { Logger } from '@aws-lambda-powertools/logger';
import { recordSeen } from '../src/directory/log/watched-requests';
import { writeInTime } from '../src/directory/table/in-time';
import type { Table } from '../src/directory/table/table';
import type { Token } from '../src/directory/tenants/token-item';

/** Behind the stage in the ARN of a method: what is answered by the function that knows no table, without an id. */
const DISCOVERY = /\/(GET|HEAD)(\/v2\/(?:ServiceProviderConfig|ResourceTypes|Schemas))(?:\/|$)/;

/**
 * Notes requests to the discovery endpoints while somebody looks at the set-up page, which the test of a connection may
 * consist of. Their function has neither the table nor the SDK, so that it starts quickly for everybody else; the
 * authorizer sees the first request of a credential, and the next one when the gateway has forgotten its answer.
 */
export function seenByAuthorizer(table: Table) {
  return async (
    { tenantId, watchedUntil = 0 }: Pick<Token, 'tenantId' | 'watchedUntil'>,
    methodArn: string,
    now: Date,
  ): Promise<void> => {
    const [, method, route] = DISCOVERY.exec(methodArn) ?? [];
    if (method === undefined || route === undefined || watchedUntil * 1000 <= now.getTime()) return;
    const seen = { time: now.toISOString(), method, route };
    await writeInTime(table, (inTime) => recordSeen(inTime, tenantId, seen)).catch((error: unknown) =>
      new Logger().warn('A watched request was not noted', { tenantId, error: String(error) }),
    );
  };
}
