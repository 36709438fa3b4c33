import type { Deployment } from '../../admin/deployment';
import { object } from '../../admin-api/schema';
import type { Table } from '../../directory/table/table';
import type { SetupLink, SetupLinkState } from '../../directory/tenants/setup-link-item';
import { findSetupLink } from '../../directory/tenants/setup-links';
import type { Tenant } from '../../directory/tenants/tenants';
import type { SetupResults } from '../../setup-api/routes';
import { fromCursor, toCursor } from '../admin/cursor';
import { invalidInput, Problem } from '../admin/problem';
import { readBody } from '../admin/read-body';
import { faultsOf } from '../admin/read-input';
import { readQuery } from '../admin/read-query';
import { HANDLERS } from './handlers';
import type { SetupCall } from './handlers/handler';
import type { SetupRequest, SetupResponse } from './message';
import { type FoundRoute, routeOf } from './route-of';

/** Largest body, in bytes: a page of forms sends no more. */
const MAX_BODY_BYTES = 10_000;

/** What stands around the endpoint. */
export interface SetupService {
  readonly table: Table;
  readonly branding: SetupResults['GET /branding'];
  readonly now: Date;
  /** How long the gateway remembers what the authorizer said. */
  readonly authorizerCacheMs: number;
  /** Whose link it is, and what its acts work on. */
  deploymentOf(link: SetupLink): Deployment;
  /** Told of a link that is accepted. */
  onUse(secret: string, link: SetupLink, deployment: Deployment): Promise<void>;
  /** Told of a link that is known and not accepted any more. */
  onRefusal(link: SetupLink, tenant: Tenant, state: Exclude<SetupLinkState, 'live'>): Promise<void>;
}

type Input = Readonly<Record<string, unknown>>;
type Handler = (call: SetupCall, input: Input) => Promise<unknown>;

/**
 * Answers a request of the set-up page. Who may is decided by the secret that it presents, anew for each request:
 * nothing is remembered, so that a revocation and a suspension hold at once. Of which tenant it is about the link alone
 * tells.
 *
 * @throws Problem, and whatever the use case throws
 */
export async function setupEndpoint(request: SetupRequest, service: SetupService): Promise<SetupResponse> {
  const route = routeOf(request);
  if (route.row.isOpen === true) return answer(200, service.branding);
  const call = await admit(request, service);
  const { needs } = route.row;
  if (needs !== undefined && !call.link.may.includes(needs)) {
    throw new Problem(
      'not-permitted',
      `This link does not permit "${needs}"; ask the vendor for one that does.`,
    );
  }
  return answer(
    route.row.makesSecret === true ? 201 : 200,
    await carryOut(call, route, readInput(route, request)),
  );
}

const answer = (status: number, body: unknown): SetupResponse => ({ status, headers: {}, body });

const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="setup"' };

/** @throws Problem link-refused, link-expired */
async function admit({ headers }: SetupRequest, service: SetupService): Promise<SetupCall> {
  const [, secret = ''] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  const check = await findSetupLink(service.table, secret, service.now);
  if (!('link' in check)) throw refused();
  const { outcome, link, tenant } = check;
  if (outcome !== 'live') {
    await service.onRefusal(link, tenant, outcome);
    // Whoever holds the link may know that it was one; why the vendor has revoked it is the vendor's to say.
    throw outcome === 'expired'
      ? new Problem('link-expired', 'This link has ended; ask the vendor for a new one.', {}, CHALLENGE)
      : refused();
  }
  const deployment = service.deploymentOf(link);
  await service.onUse(secret, link, deployment);
  return { deployment, link, tenant, authorizerCacheMs: service.authorizerCacheMs };
}

const refused = (): Problem =>
  new Problem('link-refused', 'This link is not accepted; ask the vendor for a new one.', {}, CHALLENGE);

/** What a request without a body may send all the same. */
const NOTHING = object({});

/** Everything that the request says, by name. @throws Problem */
function readInput({ row, parameters }: FoundRoute, request: SetupRequest): Input {
  const { json } = row.body ?? NOTHING;
  const body = readBody(request, json, MAX_BODY_BYTES);
  const query = readQuery(request.query, row.query?.json);
  const faults = [...query.faults, ...faultsOf(body, json)];
  if (faults.length > 0) throw invalidInput(faults);
  return { ...query.values, ...body, ...parameters };
}

/** Carries a request out; a list goes on where the request's cursor says. */
async function carryOut(call: SetupCall, { key, row }: FoundRoute, input: Input): Promise<unknown> {
  const handlers: Readonly<Record<string, unknown>> = HANDLERS;
  const handler = handlers[key] as Handler;
  if (row.query?.json.properties?.cursor === undefined) return handler(call, input);
  const { cursor, limit, ...given } = input;
  const list = JSON.stringify([call.tenant.tenantId, key, given]);
  const after = typeof cursor === 'string' ? fromCursor(list, cursor) : undefined;
  const found = await handler(call, { ...given, limit, after });
  const { items, next } = found as { readonly items: unknown; readonly next?: string };
  return { items, ...(next === undefined ? {} : { nextCursor: toCursor(list, next) }) };
}
