import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { parseQueryString } from '../../local/gateway/query';
import { RouteTable } from '../../local/gateway/routes';
import type { Deployment } from '../../src/admin/deployment';
import type { UseCase } from '../../src/admin-api/use-case';
import { PATHS } from '../../src/admin-api/use-cases';
import { CONSOLE_USE_CASES } from '../../src/console-api/use-cases';
import { adminEndpoint, MAX_BODY_BYTES } from '../../src/endpoints/admin/endpoint';
import type { AdminRequest, AdminResponse } from '../../src/endpoints/admin/message';
import { invalidInput, Problem, problemOf } from '../../src/endpoints/admin/problem';
import { faultsOf } from '../../src/endpoints/admin/read-input';
import { readQuery } from '../../src/endpoints/admin/read-query';
import { type ConsoleHandlers, consoleHandlers } from './handlers';
import { Jobs } from './jobs';
import type { ConsoleTarget } from './options';

/** A call of the page. */
export interface ConsoleRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** Undefined for one that is too large to be taken at all. */
  readonly body: string | undefined;
}

type Handler = (input: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** A row of the console's own table, with what carries it out. */
interface OwnUseCase {
  readonly row: UseCase;
  readonly handler: Handler;
}

/**
 * What the page calls: the admin API as a deployment has it, carried out in this process, and the console's own table
 * (src/console-api/) for what the commands do besides.
 */
export class ConsoleApi {
  private readonly jobs = new Jobs();
  private readonly handlers: ConsoleHandlers;
  private readonly routes: RouteTable<'admin' | OwnUseCase>;

  constructor(private readonly target: ConsoleTarget) {
    this.handlers = consoleHandlers(target, this.jobs);
    this.routes = new RouteTable<'admin' | OwnUseCase>([...adminRoutes(), ...this.ownRoutes()]);
  }

  /** Answers a call; never throws. */
  async answer(request: ConsoleRequest): Promise<AdminResponse> {
    try {
      const answer = await this.carryOut(request);
      return { ...answer, headers: { 'Content-Type': 'application/json', ...answer.headers } };
    } catch (error) {
      const problem = problemOf(error) ?? unexpected(error);
      return {
        status: problem.status,
        headers: { 'Content-Type': 'application/problem+json', ...problem.headers },
        body: problem.toDocument(),
      };
    }
  }

  /** Ends the works that are under way. */
  stop(): void {
    this.jobs.stopAll();
  }

  private async carryOut(request: ConsoleRequest): Promise<AdminResponse> {
    const { method, path, headers, body } = request;
    if (body === undefined)
      throw new Problem('body-too-large', `The body is too large; ${MAX_BODY_BYTES} bytes are accepted.`);
    const match = this.routes.match(method, path) ?? this.routes.match('ANY', path);
    const target = match?.route.target;
    const asked: AdminRequest = {
      method,
      path: match?.route.resourcePath,
      pathParameters: match?.pathParameters ?? {},
      query: queryOf(request.query),
      headers: {
        'content-type': headers['content-type'],
        'idempotency-key': one(headers['idempotency-key']),
      },
      body: body === '' ? undefined : body,
    };
    if (target === undefined || target === 'admin')
      return adminEndpoint(forOneRequest(this.target.deployment), asked, () => {});
    return { status: 200, headers: {}, body: await target.handler(readInput(target.row, asked)) };
  }

  private ownRoutes() {
    const handlers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = this.handlers;
    return Object.entries(CONSOLE_USE_CASES).flatMap(([group, rows]) =>
      Object.entries<UseCase>(rows).map(([verb, row]) => ({
        method: row.method,
        resourcePath: row.path,
        target: { row, handler: handlers[group]?.[verb] as Handler },
      })),
    );
  }
}

/** Any method: the endpoint says which ones are accepted. */
const adminRoutes = () =>
  PATHS.map((resourcePath) => ({ method: 'ANY', resourcePath, target: 'admin' as const }));

/** All that one request writes has the same id in the provisioning log. */
const forOneRequest = (deployment: Deployment): Deployment => ({
  ...deployment,
  origin: { ...deployment.origin, requestId: randomUUID() },
});

function queryOf(text: string): AdminRequest['query'] {
  try {
    return parseQueryString(text).multiValueQueryStringParameters ?? {};
  } catch {
    throw new Problem('invalid-input', 'The percent-encoding of the query is wrong.');
  }
}

const one = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(', ') : header;

/** @throws Problem */
function readInput(row: UseCase, { pathParameters, query, body }: AdminRequest): Record<string, unknown> {
  const { values, faults } = readQuery(query, row.query?.json);
  const given: unknown = body === undefined ? {} : parse(body);
  const wrong = [...faults, ...(row.body === undefined ? [] : faultsOf(given, row.body.json))];
  if (wrong.length > 0) throw invalidInput(wrong);
  return { ...values, ...(row.body === undefined ? {} : Object(given)), ...pathParameters };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Problem('invalid-input', 'The body is not valid JSON.');
  }
}

/** Whoever looks is whoever operates: they are told what the fault is. */
const unexpected = (error: unknown): Problem =>
  new Problem('internal', error instanceof Error ? `${error.name}: ${error.message}` : String(error));
