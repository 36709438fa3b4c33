import { referencesIn } from '../../scim/bulk/references';
import type { BulkOperation } from '../../scim/bulk/request';
import type { BulkResult } from '../../scim/bulk/response';
import type { BulkStep } from '../../scim/bulk/steps';
import { ScimError } from '../../scim/errors';
import { isJsonObject, type JsonValue } from '../../scim/json';
import { PATCH_OP_SCHEMA } from '../../scim/patch/request';
import {
  type BulkRun,
  errorResult,
  hasFailed,
  locationOf,
  mayPass,
  type Outcome,
  outcomeOf,
  perform,
  publicPart,
  resultOf,
  send,
} from './bulk-operation';

/** Carries a step out: what became of its operations is in `results` afterwards. Never throws. */
export async function runStep(run: BulkRun, step: BulkStep): Promise<void> {
  if (step.circular) return runCircle(run, step);
  for (const operation of step.operations) {
    run.results.set(operation.index, publicPart(await perform(run, operation, step)));
  }
}

/**
 * Resources that refer to each other are created one after the other, users before groups. A group leaves members out
 * that do not exist yet, so those of the circle are added once all are created. When one of them cannot be created,
 * nor can the others: what was created is deleted again. When it may only have to be repeated, the rest waits for
 * that.
 */
async function runCircle(run: BulkRun, step: BulkStep): Promise<void> {
  const outcomes = new Map<BulkOperation, Outcome>();
  for (const operation of step.operations) {
    if (run.isAnswered()) return;
    const outcome = await perform(run, operation, step);
    outcomes.set(operation, outcome);
    if (hasFailed(outcome)) return giveUpCircle(run, step, outcomes, operation);
  }
  for (const operation of step.operations) {
    if (run.isAnswered()) return;
    const outcome = await addMembersOfCircle(run, operation, step);
    if (outcome === undefined) continue;
    const before = outcomes.get(operation);
    if (hasFailed(outcome)) {
      outcomes.set(operation, { ...outcome, created: before?.created, version: before?.version });
      return giveUpCircle(run, step, outcomes, operation);
    }
    outcomes.set(operation, { ...outcome, status: 201, created: before?.created });
  }
  for (const [{ index }, outcome] of outcomes) run.results.set(index, publicPart(outcome));
}

/**
 * Tells why for each operation of a circle, and deletes what this attempt has created of it unless a repetition may
 * complete it.
 */
async function giveUpCircle(
  run: BulkRun,
  step: BulkStep,
  outcomes: ReadonlyMap<BulkOperation, Outcome>,
  failed: BulkOperation,
): Promise<void> {
  const cause = outcomes.get(failed);
  const keep = mayPass(cause?.status);
  for (const operation of step.operations) {
    if (run.isAnswered()) return;
    const outcome = outcomes.get(operation);
    const isThere = outcome?.version !== undefined && !keep;
    const left = isThere ? await takeBack(run, operation, outcome) : undefined;
    const own = operation === failed ? outcome : undefined;
    const result = left ?? own ?? errorResult(run, circleError(failed.index, cause?.status));
    run.results.set(operation.index, publicPart(result));
  }
}

/**
 * Deletes a resource of a circle that this attempt has created. One of an earlier attempt may be in use by now, and
 * stays.
 *
 * @returns undefined when it is gone, otherwise the answer that says that it is there
 */
async function takeBack(
  run: BulkRun,
  operation: BulkOperation,
  { version, created }: Outcome,
): Promise<BulkResult | undefined> {
  const id = run.plan.resourceId(operation);
  const there = `Another resource of the circle of references could not be created, and ${id}`;
  if (created === undefined) {
    return errorResult(
      run,
      new ScimError('conflict', `${there}, created by an earlier attempt, is still there.`),
    );
  }
  // What the request itself has created is not deleted in the client's name: nobody is asked about it.
  const directory = { ...run.directory, askPolicy: undefined };
  try {
    await send({ ...run, directory }, operation, { method: 'DELETE', id, headers: { 'if-match': version } });
    return undefined;
  } catch (error) {
    const { status, body } = run.answerTo(error);
    const detail = `${there} could not be deleted again: ${String(body?.detail ?? status)} Repeat the whole request unchanged.`;
    return errorResult(run, new ScimError('unavailable', detail));
  }
}

/** Adds a new group's members of its own circle; undefined when there are none. */
async function addMembersOfCircle(
  run: BulkRun,
  operation: BulkOperation,
  step: BulkStep,
): Promise<Outcome | undefined> {
  const members = operation.target.resource === 'Groups' ? membersIn(operation.data) : [];
  const positions = new Set(step.operations.map(({ index }) => index));
  const late = members.filter((member) =>
    [...referencesIn(member)].some((bulkId) => positions.has(run.plan.creatorOf(bulkId) ?? -1)),
  );
  if (late.length === 0) return undefined;
  const body = {
    schemas: [PATCH_OP_SCHEMA],
    Operations: [{ op: 'add', path: 'members', value: run.plan.resolve(late) }],
  };
  try {
    const id = run.plan.resourceId(operation);
    const response = await send(run, operation, { method: 'PATCH', id, body });
    return resultOf(response, locationOf(run, operation));
  } catch (error) {
    return errorResult(run, error);
  }
}

function membersIn(data: JsonValue | undefined): JsonValue[] {
  if (!isJsonObject(data)) return [];
  const name = Object.keys(data).find((key) => /^(?:.*:)?members$/i.test(key));
  const members = name === undefined ? undefined : data[name];
  if (members === undefined) return [];
  return Array.isArray(members) ? members : [members];
}

function circleError(failed: number, status: number | undefined): ScimError {
  const circle = `the operation is in a circle of references with Operations[${failed}], which ${outcomeOf(status)}`;
  return mayPass(status)
    ? new ScimError(
        'unavailable',
        `Not complete: ${circle}. Repeat the whole request unchanged; it goes on from here.`,
      )
    : new ScimError('conflict', `Nothing was kept: ${circle}.`);
}
