import type { Deployment } from '../../admin/deployment';
import type { InputError } from '../../admin-api/problem-types';
import { ALL_USE_CASES, type NamedUseCase, OPENAPI_PATH, PATHS } from '../../admin-api/use-cases';
import { isTenantId } from '../../directory/table/keys';
import { readTenantId } from '../../directory/tenants/tenants';
import { isJsonObject } from '../../scim/json';
import { fromCursor, toCursor } from './cursor';
import { HANDLERS } from './handlers';
import type { Listed } from './handlers/handler';
import { once, readIdempotencyKey } from './idempotency';
import type { AdminRequest, AdminResponse } from './message';
import { openApiDocument } from './openapi';
import { invalidInput, Problem } from './problem';
import { readBody } from './read-body';
import { faultsOf } from './read-input';
import { decodedParameter } from './read-path';
import { readQuery } from './read-query';

/** Largest body, in bytes: what is longer than this comes in pages. */
export const MAX_BODY_BYTES = 1_000_000;

type Input = Readonly<Record<string, unknown>>;
type Handler = (deployment: Deployment, input: Input) => Promise<unknown>;

/**
 * Answers a request to the admin API. Who may send it is decided before, by IAM; which tenant it is about is said by
 * its path alone, which is what IAM has looked at.
 *
 * @param onForgotten told when not all of what a request with a key was answered could be noted
 * @throws Problem, and whatever the use case throws
 */
export async function adminEndpoint(
  deployment: Deployment,
  request: AdminRequest,
  onForgotten: (error: unknown) => void,
): Promise<AdminResponse> {
  if (request.path === OPENAPI_PATH && isRead(request)) return answer(200, openApiDocument());
  const useCase = useCaseOf(request);
  const input = readInput(useCase, request);
  const key = useCase.row.does.startsWith('create')
    ? readIdempotencyKey(request.headers['idempotency-key'])
    : undefined;
  return key === undefined
    ? answer(statusOf(useCase), await carryOut(deployment, useCase, input))
    : carryOutOnce(deployment, useCase, input, key, onForgotten);
}

const isRead = ({ method }: AdminRequest): boolean => method === 'GET' || method === 'HEAD';

const answer = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): AdminResponse => ({
  status,
  headers,
  body,
});

const statusOf = ({ row }: NamedUseCase): number => (row.does.startsWith('create') ? 201 : 200);

/** @throws Problem not-found, method-not-allowed */
function useCaseOf({ method, path }: AdminRequest): NamedUseCase {
  if (path === undefined || !PATHS.includes(path)) {
    throw new Problem(
      'not-found',
      'The admin API has nothing at this path; /v1/openapi.json lists its paths.',
    );
  }
  const ofPath = ALL_USE_CASES.filter(({ row }) => row.path === path);
  const wanted = method === 'HEAD' ? 'GET' : method;
  const found = ofPath.find(({ row }) => row.method === wanted);
  if (found !== undefined) return found;
  const methods: string[] = path === OPENAPI_PATH ? ['GET'] : ofPath.map(({ row }) => row.method);
  const allowed = methods.includes('GET')
    ? ['GET', 'HEAD', ...methods.filter((name) => name !== 'GET')]
    : methods;
  throw new Problem(
    'method-not-allowed',
    `${method.slice(0, 20)} is not allowed here; accepted is: ${allowed.join(', ')}.`,
    {},
    { Allow: allowed.join(', ') },
  );
}

/** Everything that the request says, by name. @throws Problem */
function readInput({ row }: NamedUseCase, request: AdminRequest): Input {
  const path = readPath(request.pathParameters);
  const body = readBody(request, row.body?.json, MAX_BODY_BYTES);
  const query = readQuery(request.query, row.query?.json);
  const faults: readonly InputError[] = [
    ...query.faults,
    ...(row.body === undefined ? [] : faultsOf(body, row.body.json)),
  ];
  if (faults.length > 0) throw invalidInput(faults);
  // The path last: nothing else may say which tenant it is.
  return { ...query.values, ...body, ...path };
}

/**
 * The tenant's id is taken as it came: were it decoded, a request could name in another spelling the tenant that IAM
 * denies, or does not permit, by its path.
 */
function readPath(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      if (name !== 'tenantId') return [name, decodedParameter(value)];
      if (!isTenantId(value)) throw new Problem('not-found', 'The path names no tenant: its id is not one.');
      return [name, value];
    }),
  );
}

/** Carries a use case out; a list goes on where the request's cursor says. */
async function carryOut(deployment: Deployment, useCase: NamedUseCase, input: Input): Promise<unknown> {
  const { group, verb, row } = useCase;
  const handlers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = HANDLERS;
  const handler = handlers[group]?.[verb] as Handler;
  if (row.query?.json.properties?.cursor === undefined) return handler(deployment, input);
  const { cursor, ...given } = input;
  const list = listOf(useCase, given);
  const after = typeof cursor === 'string' ? fromCursor(list, cursor) : undefined;
  const { items, next, ...more } = (await handler(deployment, { ...given, after })) as Listed<unknown>;
  return { items, ...more, ...(next === undefined ? {} : { nextCursor: toCursor(list, next) }) };
}

/** A list by everything but how much of it is wanted at once, and where it has begun. */
function listOf({ name, row: { beginsBy = [] } }: NamedUseCase, { limit: _limit, ...query }: Input): string {
  const lasting = Object.entries(query).filter(([parameter]) => !beginsBy.includes(parameter));
  return contentOf(name, Object.fromEntries(lasting));
}

const contentOf = (name: string, input: Input): string =>
  JSON.stringify([name, Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1))]);

async function carryOutOnce(
  deployment: Deployment,
  useCase: NamedUseCase,
  input: Input,
  key: string,
  onForgotten: (error: unknown) => void,
): Promise<AdminResponse> {
  const hasSecret = useCase.row.does === 'createSecret';
  const outcome = await once(
    deployment.table,
    { tenant: readTenantId(String(input.tenantId)), key, content: contentOf(useCase.name, input) },
    (noteMade) => carryOut({ ...deployment, noteMade }, useCase, input),
    (made) => (hasSecret ? publicIdOf(made) : JSON.stringify(made)),
    onForgotten,
  );
  if ('result' in outcome) return answer(statusOf(useCase), outcome.result);
  if (!hasSecret) {
    return answer(statusOf(useCase), JSON.parse(outcome.remembered), { 'Idempotency-Replayed': 'true' });
  }
  throw new Problem(
    'secret-shown',
    `The request with this Idempotency-Key was carried out, and made a secret of ${outcome.remembered}. It was shown then and is kept nowhere: if the answer was lost, revoke that credential and create another one.`,
    { [ID_OF_SECRET[useCase.group] ?? 'tokenId']: outcome.remembered },
  );
}

/** What the public id of what has the secret is called, by its group in the table. */
const ID_OF_SECRET: Readonly<Record<string, 'tokenId' | 'clientId' | 'linkId'>> = {
  tokens: 'tokenId',
  clients: 'clientId',
  setupLinks: 'linkId',
};

/** The public id of what has the secret that was made. */
function publicIdOf(result: unknown): string {
  const made = isJsonObject(result) ? result : {};
  const id = Object.values(ID_OF_SECRET)
    .map((name) => made[name])
    .find((value) => value !== undefined);
  if (typeof id !== 'string') throw new Error('A secret was made that has no public id.');
  return id;
}
