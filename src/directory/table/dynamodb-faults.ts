import { ItemTooLarge, Throttled, Unavailable } from '../errors';

/**
 * A conditional write did not happen. `failed` are the positions (in a transaction) of the writes whose condition did
 * not hold.
 */
export class ConditionFailed extends Error {
  constructor(readonly failed: ReadonlySet<number>) {
    super('A conditional write did not happen.');
    this.name = 'ConditionFailed';
  }
}

/**
 * What to do about an error of a call to DynamoDB: throw this one instead, or try again. `throttled` calls were
 * refused, so nothing was written; of `failing` ones nobody knows whether they were carried out, only the answer is
 * missing.
 */
export type Fault = { readonly throw: unknown } | { readonly retry: 'throttled' | 'failing' };

/** Refusals: too much for the table, its partition or the account, or another transaction holds the item. */
const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TransactionConflictException',
  'ReplicatedWriteConflictException',
]);

/**
 * The answer is missing, or says that DynamoDB had a problem of its own. `TransactionInProgress` is the same
 * transaction, still running from the attempt before.
 */
const FAILING = new Set([
  'InternalServerError',
  'InternalServerErrorException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TransactionInProgressException',
  'TimeoutError',
  'NetworkingError',
]);
const FAILING_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
const THROTTLED_REASONS = new Set([
  'TransactionConflict',
  'ProvisionedThroughputExceeded',
  'ThrottlingError',
]);

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly CancellationReasons?: readonly { readonly Code?: string; readonly Message?: string }[];
}

/** Sorts an error of the SDK. Whatever is not known to pass (a fault of ours, missing rights) is thrown as it is. */
export function classifyFault(error: unknown): Fault {
  const fault: SdkError = typeof error === 'object' && error !== null ? error : {};
  const name = fault.name ?? '';
  if (name === 'ConditionalCheckFailedException') return { throw: new ConditionFailed(new Set([0])) };
  if (name === 'TransactionCanceledException') return classifyCancellation(error, fault);
  if (isTooLarge(fault.message)) return { throw: new ItemTooLarge() };
  if (THROTTLED.has(name)) return { retry: 'throttled' };
  const isFailing = FAILING.has(name) || FAILING_CODES.has(fault.code ?? '') || isWithoutAnswer(fault);
  return isFailing ? { retry: 'failing' } : { throw: error };
}

/**
 * The SDK notes its attempts in `$metadata`, and the status when an answer came: without one the call was sent in vain.
 * Errors of another realm (a test runner's) it wraps, so that names are lost.
 */
function isWithoutAnswer({ name, $metadata }: SdkError): boolean {
  if ($metadata === undefined || name === 'CredentialsProviderError') return false;
  const { httpStatusCode } = $metadata;
  return httpStatusCode === undefined || httpStatusCode >= 500;
}

function classifyCancellation(error: unknown, { CancellationReasons: reasons = [] }: SdkError): Fault {
  const failed = new Set(
    reasons.flatMap(({ Code }, position) => (Code === 'ConditionalCheckFailed' ? [position] : [])),
  );
  if (failed.size > 0) return { throw: new ConditionFailed(failed) };
  if (reasons.some(({ Message }) => isTooLarge(Message))) return { throw: new ItemTooLarge() };
  if (reasons.some(({ Code }) => THROTTLED_REASONS.has(Code ?? ''))) return { retry: 'throttled' };
  return { throw: error };
}

const isTooLarge = (message: string | undefined) =>
  message !== undefined &&
  /item size.*exceeded|aggregate size of all keys|Item collection too large/i.test(message);

/**
 * What is thrown when the time for trying again is used up. `retryAfterSeconds` is spread, so that clients that were
 * refused together do not come back together.
 */
export function retryExhausted(fault: 'throttled' | 'failing'): Throttled | Unavailable {
  const spreadSeconds = Math.floor(Math.random() * 4);
  return fault === 'throttled'
    ? new Throttled(
        'The directory is receiving more requests than it can serve at the moment; repeat the request later.',
        1 + spreadSeconds,
      )
    : new Unavailable(
        'The directory is not reachable at the moment; repeat the request later.',
        3 + spreadSeconds,
      );
}
