import { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { credentialOrigin } from '../../src/directory/resources/origin';
import { LargeTenants, ScanSlot } from '../../src/directory/resources/scan-slot';
import { isTenantId } from '../../src/directory/table/keys';
import type { Table } from '../../src/directory/table/table';
import { settingsIn, type TenantSettings } from '../../src/directory/tenants/settings';
import {
  parsedBody,
  type ScimDirectory,
  type ScimRequest,
  type ScimResponse,
} from '../../src/endpoints/scim/message';
import { Effort } from '../../src/scim/effort';
import type { Registry } from '../../src/scim/schema/registry';
import { strictRegistry } from '../../src/scim/schema/strict-registry';
import { scansFromEnvironment } from '../environment';
import { policyFromEnvironment } from '../policy-function';
import { acceptHeader } from './accept';
import { authorizationScheme } from './authorization-scheme';
import { headWithoutBody } from './head';
import { jsonBodyParser } from './json-body';
import { toProxyResult, toScimRequest } from './proxy-event';
import { refusalLog } from './refusal-log';
import { requestIdOf } from './request-id';
import { requestLog } from './request-log';
import { scimErrors } from './scim-errors';
import { scimIds } from './scim-ids';
import { seenRequests } from './seen-requests';
import { tokenEnd } from './token-end';
import { tokenScope } from './token-scope';

/** Time kept back from the function's timeout for answering 429 or 503 instead of dying. */
const ANSWER_RESERVE_MS = 1_500;

const logger = new Logger();

/**
 * A Lambda function of a path of the API: middy around an endpoint that needs neither the table nor a body, so that
 * it loads nothing for either.
 */
export function scimEndpoint(
  registry: Registry,
  endpoint: (registry: Registry, request: ScimRequest) => Promise<ScimResponse>,
) {
  const registryFor = registryBySettings(registry);
  return answering().handler(async (event) => {
    const settings = settingsIn(event.requestContext.authorizer?.settings);
    const request = toScimRequest(event, parsedBody(undefined));
    return toProxyResult(await endpoint(registryFor(settings), request));
  });
}

/**
 * A Lambda function of a path of the API whose endpoint works on the tenant's directory. The tenant comes from the
 * authorizer alone.
 */
export function directoryEndpoint(
  table: Table,
  registry: Registry,
  endpoint: (directory: ScimDirectory, request: ScimRequest) => Promise<ScimResponse>,
) {
  const parseBody = jsonBodyParser();
  const policy = policyFromEnvironment(logger);
  const refusals = refusalLog(table, registry);
  const registryFor = registryBySettings(registry);
  const scans = scansFromEnvironment();
  const large = new LargeTenants();
  return answering(seenRequests(table), refusals.middleware).handler(async (event, context) => {
    const authorizer = event.requestContext.authorizer ?? {};
    const { tenantId: tenant } = authorizer;
    const settings = settingsIn(authorizer.settings);
    if (typeof tenant !== 'string' || !isTenantId(tenant)) throw new Error('The authorizer gave no tenant.');
    const requestId = requestIdOf(event);
    const deadline = Date.now() + context.getRemainingTimeInMillis() - ANSWER_RESERVE_MS;
    const own = { table: table.with({ deadline }), tenant, now: () => new Date() };
    const scanSlot = scans === undefined ? undefined : new ScanSlot({ ...own, scans, large });
    const directory: ScimDirectory = {
      ...own,
      scanSlot,
      registry: registryFor(settings),
      origin: credentialOrigin(authorizer, requestId),
      settings,
      effort: new Effort(),
      askPolicy: policy?.({ tenantId: tenant, requestId }),
      onLeftOut: (of) => logger.warn('groups left out', { of, tenantId: tenant, requestId }),
      onUnknownMembers: (groupId, named) => refusals.addUnknownMembers(event, groupId, named),
    };
    const request = toScimRequest(event, () => parseBody(event, context));
    try {
      return toProxyResult(await endpoint(directory, request));
    } finally {
      // The function may be frozen once it has answered.
      await scanSlot?.giveBack();
    }
  });
}

/** Which registry a tenant's requests go by. That of tenants that are strict is made for the first of them. */
function registryBySettings(registry: Registry): (settings: TenantSettings) => Registry {
  let strict: Registry | undefined;
  return (settings) => {
    if (!settings.strict) return registry;
    strict ??= strictRegistry(registry);
    return strict;
  };
}

/** What every function of the API does around its endpoint. @param behind what sees the answer as it is sent */
function answering(...behind: readonly middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult>[]) {
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use(requestLog(logger, scimIds))
    .use([...behind])
    .use(headWithoutBody())
    .use(scimErrors(logger))
    .use(tokenEnd())
    .use(tokenScope())
    .use(authorizationScheme())
    .use(acceptHeader());
}
