import type middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type Refusal, recordRefusals } from '../../src/directory/log/refusals';
import { credentialOrigin } from '../../src/directory/resources/origin';
import { isResourceId, isTenantId } from '../../src/directory/table/keys';
import type { Table } from '../../src/directory/table/table';
import { settingsIn } from '../../src/directory/tenants/settings';
import { detailWithoutValues } from '../../src/scim/detail-without-values';
import { isJsonObject, type JsonObject } from '../../src/scim/json';
import type { Registry } from '../../src/scim/schema/registry';
import { reportUnwrittenRefusal } from '../unwritten-refusal';
import { requestIdOf } from './request-id';

/** What goes into the provisioning log with a request's answer. */
export interface RefusalLog {
  readonly middleware: middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult>;
  /** Whom the request has named as members of a group and nobody knows. */
  addUnknownMembers(event: APIGatewayProxyEvent, groupId: string, named: readonly string[]): void;
}

/**
 * Puts what was refused into the provisioning log: a refused request, each operation of a Bulk request that failed, and
 * members that were left out. The answer is not changed by it, whatever becomes of it, and waits for a bounded time.
 */
export function refusalLog(table: Table, registry: Registry): RefusalLog {
  const leftOut = new WeakMap<APIGatewayProxyEvent, Refusal[]>();
  const record: middy.MiddlewareFn<APIGatewayProxyEvent, APIGatewayProxyResult> = async ({
    event,
    response,
  }) => {
    if (response === null || response === undefined) return;
    const { authorizer } = event.requestContext;
    const tenant = authorizer?.tenantId;
    if (typeof tenant !== 'string' || !isTenantId(tenant)) return;
    const requestId = requestIdOf(event);
    const origin = credentialOrigin(authorizer ?? {}, requestId);
    try {
      const refusals = [...refusalsIn(event, response, registry), ...(leftOut.get(event) ?? [])];
      if (refusals.length === 0) return;
      await recordRefusals(table, tenant, origin, refusals, new Date(), settingsIn(authorizer?.settings));
    } catch (error) {
      reportUnwrittenRefusal(error, { tenantId: tenant, requestId });
    }
  };
  return {
    middleware: { after: record, onError: record },
    addUnknownMembers: (event, groupId, named) => {
      const refusal = unknownMembers(event, groupId, named);
      leftOut.set(event, [...(leftOut.get(event) ?? []), refusal]);
    },
  };
}

/** Ids that one entry names. */
const MAX_IDS = 20;

/** Only ids of this service's form are told: what else a client names as a member may be an address. */
function unknownMembers(
  { httpMethod: method, resource: route }: APIGatewayProxyEvent,
  groupId: string,
  named: readonly string[],
): Refusal {
  const ids = named.filter(isResourceId);
  return {
    type: 'members.unknown',
    method,
    route,
    resourceId: groupId,
    unknown: named.length,
    ...(ids.length === 0 || ids.length > MAX_IDS ? {} : { unknownIds: ids }),
  };
}

function refusalsIn(
  event: APIGatewayProxyEvent,
  { statusCode, body }: APIGatewayProxyResult,
  registry: Registry,
): Refusal[] {
  const { httpMethod: method, resource: route } = event;
  const isBulk = route.endsWith('/Bulk');
  if (statusCode < 400 && !isBulk) return [];
  // Identity providers look all day whether somebody is there.
  if (statusCode === 404 && (method === 'GET' || method === 'HEAD')) return [];
  const message: unknown = body === '' ? undefined : JSON.parse(body);
  if (!isJsonObject(message)) return [];
  if (statusCode >= 400) {
    const resourceId = event.pathParameters?.id;
    return [{ method, route, ...refusalOf(message, statusCode, registry), ...idOf(resourceId) }];
  }
  const operations = Array.isArray(message.Operations) ? message.Operations : [];
  return operations.filter(isJsonObject).flatMap((operation): Refusal[] => {
    const status = Number(operation.status);
    if (!(status >= 400)) return [];
    const answer = isJsonObject(operation.response) ? operation.response : {};
    // What is no method at all may be anything.
    const given = METHODS.find((known) => known === operation.method);
    const id = String(operation.location ?? '')
      .split('/')
      .at(-1);
    return [{ method: given, route, ...refusalOf(answer, status, registry), ...idOf(id) }];
  });
}

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'];

function refusalOf({ detail, scimType }: JsonObject, status: number, registry: Registry) {
  return {
    type: 'request.refused' as const,
    status,
    ...(typeof scimType === 'string' ? { scimType } : {}),
    ...(typeof detail === 'string' ? { detail: detailWithoutValues(detail, registry) } : {}),
  };
}

const idOf = (id: string | undefined): { resourceId?: string } =>
  id !== undefined && isResourceId(id) ? { resourceId: id } : {};
