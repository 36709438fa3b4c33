import {
  type InputError,
  PROBLEM_TYPE_PREFIX,
  PROBLEMS,
  type ProblemCode,
  type ProblemDocument,
} from '../admin-api/problem-types';

/**
 * The admin API has refused a request, or could not carry it out. `code` is for programs, the message for the person
 * who reads it.
 *
 * @example
 * try {
 *   await admin.tenants.create({ tenantId: 'acme', name: 'Acme Inc' });
 * } catch (error) {
 *   if (!(error instanceof AdminApiError && error.code === 'conflict')) throw error; // there already
 * }
 */
export class AdminApiError extends Error {
  override readonly name = 'AdminApiError';
  /** What went wrong, in a word that never changes; `unknown` for an answer that is not the admin API's. */
  readonly code: ProblemCode | 'unknown';
  /** Status of the answer. */
  readonly status: number;
  /** The parts of the request that are not accepted. */
  readonly errors: readonly InputError[];
  /** Of `not-restorable`: why. */
  readonly reason: string | undefined;
  /** Of `secret-shown`: the token that the first request has made. Its secret is kept nowhere. */
  readonly tokenId: string | undefined;
  /** Of `secret-shown`: the client whose secret was made. */
  readonly clientId: string | undefined;
  /** Of `secret-shown`: the link to the set-up page that was made. */
  readonly linkId: string | undefined;
  /** Id of the request, for the logs. */
  readonly requestId: string | undefined;

  /** @param body of the answer */
  constructor(status: number, body: unknown, requestId: string | undefined) {
    const problem = readProblem(body);
    super(problem.detail ?? `The admin API answered ${status}.`);
    this.status = status;
    this.code = codeOf(problem.type);
    this.errors = problem.errors ?? [];
    this.reason = problem.reason;
    this.tokenId = problem.tokenId;
    this.clientId = problem.clientId;
    this.linkId = problem.linkId;
    this.requestId = requestId;
  }
}

const readProblem = (body: unknown): Partial<ProblemDocument> =>
  typeof body === 'object' && body !== null ? body : {};

function codeOf(type = ''): ProblemCode | 'unknown' {
  const code = type.slice(PROBLEM_TYPE_PREFIX.length);
  return type.startsWith(PROBLEM_TYPE_PREFIX) && Object.hasOwn(PROBLEMS, code)
    ? (code as ProblemCode)
    : 'unknown';
}
