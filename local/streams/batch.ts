import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalFunction } from '../functions/local-function';
import { orAborted } from '../functions/or-aborted';
import { listOf, parseJson, recordOf, stringOf } from '../json';
import type { MappingDefinition } from './mapping';
import type { StreamRecord } from './stream-record';

/** Why records were given up. */
export type GivingUp = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

/** Records that a mapping gave up, in the form of Lambda's invocation record for its on-failure destination. */
export interface FailedBatch {
  readonly condition: GivingUp;
  readonly records: readonly StreamRecord[];
  readonly invocations: number;
  readonly functionArn: string;
  readonly requestId: string;
  readonly functionError: string;
}

export interface BatchOptions {
  readonly mapping: MappingDefinition;
  readonly function: LocalFunction;
  readonly signal: AbortSignal;
  readonly onFailed: (batch: FailedBatch) => void;
  /** Told before each repetition. */
  readonly onRetry: (attempt: number, reason: string) => void;
  /** First pause before a repetition, in ms; doubled each time. */
  readonly firstPauseMs?: number;
}

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 30_000;
/** The clock of records; without a limit of its own, a record lives as long as the stream keeps it. */
const STREAM_RETENTION_MS = 24 * 3_600_000;

/**
 * Delivers records, in order, as an event source mapping does: the whole batch until the function succeeds; after a
 * partial failure from the first failed record on; after an error in halves when the mapping bisects (which does not
 * use up a retry); until the retries or the records' age are used up, when what is left of the batch goes to the
 * on-failure destination.
 *
 * Resolves when every record is done with or given up. Rejects with the signal's reason when it is aborted.
 */
export async function deliver(
  records: readonly StreamRecord[],
  options: BatchOptions,
  retriesUsed = 0,
): Promise<void> {
  const { mapping } = options;
  let rest = records;
  let retries = retriesUsed;
  let invocations = 0;
  for (;;) {
    options.signal.throwIfAborted();
    rest = withoutExpired(rest, options, invocations);
    if (rest.length === 0) return;
    const outcome = await orAborted(invoke(rest, options), options.signal);
    invocations++;
    if (outcome.done === rest.length) return;
    if (outcome.done > 0) rest = rest.slice(outcome.done);
    if (mapping.retryAttempts !== undefined && retries >= mapping.retryAttempts) {
      options.onFailed({
        condition: 'RetryAttemptsExhausted',
        records: rest,
        invocations,
        functionArn: options.function.definition.arn,
        requestId: outcome.requestId,
        functionError: outcome.reason,
      });
      return;
    }
    retries++;
    options.onRetry(retries, outcome.reason);
    await delay(pauseBefore(retries, options.firstPauseMs ?? FIRST_PAUSE_MS), undefined, {
      signal: options.signal,
    });
    if (mapping.bisects && rest.length > 1) {
      const middle = Math.ceil(rest.length / 2);
      // Splitting does not count as a retry; a record alone cannot be split, so that this ends.
      await deliver(rest.slice(0, middle), options, retries - 1);
      await deliver(rest.slice(middle), options, retries - 1);
      return;
    }
  }
}

interface BatchOutcome {
  /** Records, from the first one on, that need no further delivery. */
  readonly done: number;
  readonly reason: string;
  readonly requestId: string;
}

async function invoke(records: readonly StreamRecord[], options: BatchOptions): Promise<BatchOutcome> {
  const invocation = await options.function.invoke({ Records: records });
  const { requestId } = invocation;
  if (invocation.kind === 'tooLarge') return { done: 0, reason: 'the batch is larger than 6 MB', requestId };
  if (invocation.kind === 'error') {
    return { done: 0, reason: `${invocation.error.errorType}: ${invocation.error.errorMessage}`, requestId };
  }
  if (!options.mapping.reportsItemFailures) return { done: records.length, reason: '', requestId };
  return { ...readItemFailures(parseJson(invocation.json), records), requestId };
}

/**
 * `batchItemFailures`: delivery goes on at the lowest sequence number reported; an unknown one, or a malformed
 * answer, fails the whole batch.
 */
function readItemFailures(
  answer: unknown,
  records: readonly StreamRecord[],
): { done: number; reason: string } {
  const failures = recordOf(answer).batchItemFailures;
  if (failures === undefined || failures === null || (Array.isArray(failures) && failures.length === 0)) {
    return { done: records.length, reason: '' };
  }
  const positions = listOf(failures).map((failure) => {
    const identifier = stringOf(recordOf(failure).itemIdentifier);
    return records.findIndex((record) => record.dynamodb.SequenceNumber === identifier);
  });
  if (positions.length === 0 || positions.includes(-1)) {
    return { done: 0, reason: 'batchItemFailures names a sequence number that is not in the batch' };
  }
  return { done: Math.min(...positions), reason: 'the function reported failed records' };
}

/** The records that are young enough; the others are given up. */
function withoutExpired(
  records: readonly StreamRecord[],
  options: BatchOptions,
  invocations: number,
): readonly StreamRecord[] {
  const oldest = Date.now() - (options.mapping.maximumAgeMs ?? STREAM_RETENTION_MS);
  const isExpired = (record: StreamRecord) =>
    (record.dynamodb.ApproximateCreationDateTime + 1) * 1000 < oldest;
  const expired = records.filter(isExpired);
  if (expired.length === 0) return records;
  options.onFailed({
    condition: 'RecordAgeExceeded',
    records: expired,
    invocations,
    functionArn: options.function.definition.arn,
    requestId: randomUUID(),
    functionError: '',
  });
  return records.filter((record) => !isExpired(record));
}

const pauseBefore = (attempt: number, first: number) => Math.min(MAX_PAUSE_MS, first * 2 ** (attempt - 1));
