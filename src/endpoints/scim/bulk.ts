import { type BulkRequest, isReadable, readBulkRequest } from '../../scim/bulk/request';
import { type BulkResult, bulkResponse } from '../../scim/bulk/response';
import type { BulkStep } from '../../scim/bulk/steps';
import { CAPABILITIES } from '../../scim/discovery/capabilities';
import { ScimError } from '../../scim/errors';
import type { BulkRun } from './bulk-operation';
import { planBulk } from './bulk-plan';
import { runSteps } from './bulk-schedule';
import { runStep } from './bulk-step';
import type { ScimDirectory, ScimRequest, ScimResponse } from './message';
import { route } from './route';

/**
 * Steps under way at once. The tenant's other requests share its partition, which takes about 1,000 write units a
 * second.
 */
const MAX_CONCURRENCY = 8;
/** No step is begun this close to the end of the request's time. */
const START_RESERVE_MS = 1_500;
/** How long after the end of the request's time the answer waits for calls under way. */
const GRACE_MS = 700;

/**
 * `/Bulk` (RFC 7644 section 3.7).
 *
 * Operations that have nothing to do with each other run at once; those on one resource, on one userName, or of which
 * one names the other's resource keep the order of the request. With `failOnErrors` they run one at a time, so that
 * exactly those before the last error are carried out. When the request's time ends, what was not begun is answered
 * 503 and a repetition of the same request goes on from there.
 *
 * @param answerTo turns an operation's error into its answer, and logs what is not the client's
 */
export function bulkEndpoint(
  directory: ScimDirectory,
  request: ScimRequest,
  answerTo: (error: unknown) => ScimResponse,
): Promise<ScimResponse> {
  return route<'/v2/Bulk'>(request, { POST: () => bulk(directory, request, answerTo) });
}

async function bulk(
  directory: ScimDirectory,
  request: ScimRequest,
  answerTo: (error: unknown) => ScimResponse,
): Promise<ScimResponse> {
  const giveUpAt = directory.table.giveUpAt();
  const { maxOperations, maxPayloadSize } = CAPABILITIES.bulk;
  checkSize(Number(request.headers['content-length'] ?? 0), maxPayloadSize);
  const body = await request.body();
  const { baseUrl } = request;
  const bulkRequest = readBulkRequest(body, { maxOperations, baseUrl });
  const results = new Map<number, BulkResult>();
  for (const operation of bulkRequest.operations) {
    if (isReadable(operation)) continue;
    const { status, body: response } = answerTo(operation.fault);
    results.set(operation.index, { status, response });
  }
  const plan = await planBulk(directory, bulkRequest, body);
  let answered = false;
  const run: BulkRun = { directory, baseUrl, plan, answerTo, results, isAnswered: () => answered };
  const end = await carryOut(run, bulkRequest, giveUpAt);
  answered = true;
  return { status: 200, body: bulkResponse(answers(bulkRequest, results, end)) };
}

/** How the work ended: which operations were begun, and whether `failOnErrors` stopped it. */
interface End {
  readonly begun: ReadonlySet<number>;
  readonly stopped: boolean;
}

/** Ends when all is done, when `failOnErrors` is reached, or when the request's time is used up. */
async function carryOut(
  run: BulkRun,
  { failOnErrors, operations }: BulkRequest,
  giveUpAt: number,
): Promise<End> {
  const { directory, plan, results } = run;
  const faults = operations.filter((operation) => !isReadable(operation)).map(({ index }) => index);
  const begun = new Set<number>();
  let stopped = false;
  const mayStart = (step: BulkStep) => {
    if (run.isAnswered() || directory.now().getTime() >= giveUpAt - START_RESERVE_MS) return false;
    stopped = failOnErrors !== undefined && errorsBefore(step, begun, faults, results) >= failOnErrors;
    return !stopped;
  };
  const runNow = (step: BulkStep) => {
    for (const { index } of step.operations) begun.add(index);
    return runStep(run, step);
  };
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, giveUpAt + GRACE_MS - Date.now()));
  });
  const mostAtOnce = failOnErrors === undefined ? MAX_CONCURRENCY : 1;
  try {
    await Promise.race([runSteps(plan.steps, plan.awaits, mostAtOnce, mayStart, runNow), timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
  return { begun, stopped };
}

/**
 * Errors up to a step, given that steps run one at a time: of those carried out, and of the operations before it that
 * could not be read.
 */
function errorsBefore(
  { operations }: BulkStep,
  begun: ReadonlySet<number>,
  faults: readonly number[],
  results: ReadonlyMap<number, BulkResult>,
): number {
  const place = Math.max(...operations.map(({ index }) => index));
  const failed = [...begun].filter((index) => isError(results.get(index)));
  return failed.length + faults.filter((index) => index < place).length;
}

/**
 * The answers in the order of the request. Once `failOnErrors` is reached, what was not tried is left out (RFC 7644
 * section 3.7: the result of all processed operations); when the time was used up, it is answered 503, so that the
 * client sees what to repeat.
 */
function answers(
  { operations, failOnErrors = Number.POSITIVE_INFINITY }: BulkRequest,
  results: ReadonlyMap<number, BulkResult>,
  { begun, stopped }: End,
) {
  let errors = 0;
  return operations.flatMap((operation) => {
    const { index, method, bulkId } = operation;
    const result = results.get(index);
    if (result === undefined && stopped) return [];
    if (!isReadable(operation) && errors >= failOnErrors) return [];
    if (isError(result)) errors++;
    return [{ method, bulkId, ...(result ?? outOfTime(begun.has(index))) }];
  });
}

const isError = (result: BulkResult | undefined) => result !== undefined && result.status >= 400;

function outOfTime(begun: boolean): BulkResult {
  const error = new ScimError(
    'unavailable',
    begun
      ? "The request's time was used up while this operation was under way; whether it happened is not known. Repeat the whole request unchanged: nothing is created twice."
      : "Not attempted: the request's time was used up. Repeat the whole request unchanged: what was created is not created twice.",
  );
  return { status: error.status, response: error.toMessage() };
}

function checkSize(bytes: number, maxPayloadSize: number): void {
  if (bytes <= maxPayloadSize) return;
  throw new ScimError(
    'payloadTooLarge',
    `The body has ${bytes} bytes; maxPayloadSize is ${maxPayloadSize}. Send the operations in several requests.`,
  );
}
