import { AdminError, type AdminErrorCode, DirectoryError } from '../../admin/errors';
import {
  type InputError,
  PROBLEM_TYPE_PREFIX,
  PROBLEMS,
  type ProblemCode,
  type ProblemDocument,
} from '../../admin-api/problem-types';
import { type DirectoryErrorCode, NotRestorable, Throttled, Unavailable } from '../../directory/errors';
import { SETUP_PROBLEMS } from '../../setup-api/problem-types';

const ALL_PROBLEMS = { ...PROBLEMS, ...SETUP_PROBLEMS };

type Members = Pick<ProblemDocument, 'errors' | 'reason' | 'tokenId' | 'clientId' | 'linkId'>;

/** Why a request to the admin API, or of the set-up page, was not carried out. */
export class Problem extends Error {
  readonly status: number;

  /** @param headers of the answer, besides those that each has */
  constructor(
    readonly code: keyof typeof ALL_PROBLEMS,
    detail: string,
    private readonly members: Members = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = 'Problem';
    [this.status] = ALL_PROBLEMS[code];
  }

  toDocument(): ProblemDocument {
    const [status, title] = ALL_PROBLEMS[this.code];
    const type = `${PROBLEM_TYPE_PREFIX}${this.code}`;
    return { type, title, status, detail: this.message, ...this.members };
  }
}

/** A request some of whose parts are not accepted. */
export const invalidInput = (errors: readonly InputError[]): Problem =>
  new Problem('invalid-input', errors.map(({ detail }) => detail).join(' '), { errors });

const OF_DIRECTORY: Readonly<Record<DirectoryErrorCode, ProblemCode>> = {
  throttled: 'throttled',
  unavailable: 'unavailable',
  'item-too-large': 'body-too-large',
  'invalid-value': 'invalid-input',
  'not-found': 'not-found',
  conflict: 'conflict',
  'not-restorable': 'not-restorable',
  uniqueness: 'conflict',
  'precondition-failed': 'conflict',
  'too-many': 'too-many',
  protected: 'conflict',
};

const OF_USE_CASES: Readonly<Record<AdminErrorCode, ProblemCode>> = {
  invalidInput: 'invalid-input',
  notFound: 'not-found',
  unsupported: 'unsupported',
  failed: 'internal',
};

/** What an error of a use case means to the caller; undefined for one that is a fault of the service. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof AdminError) return new Problem(OF_USE_CASES[error.code], error.message);
  if (!(error instanceof DirectoryError)) return undefined;
  const members = error instanceof NotRestorable ? { reason: error.reason } : {};
  const isTemporary = error instanceof Throttled || error instanceof Unavailable;
  const headers: Record<string, string> = isTemporary
    ? { 'Retry-After': String(error.retryAfterSeconds) }
    : {};
  return new Problem(OF_DIRECTORY[error.code], error.message, members, headers);
}
