import type { Directory } from '../directory/directory';
import { getGroup } from '../directory/groups';
import { ConditionFailed } from '../directory/table';
import { getUser } from '../directory/users';
import { referencesIn } from '../scim/bulk/references';
import type { BulkOperation } from '../scim/bulk/request';
import type { BulkResult } from '../scim/bulk/response';
import type { BulkStep } from '../scim/bulk/steps';
import { ScimError } from '../scim/errors';
import { isJsonObject, type JsonValue } from '../scim/json';
import { PATCH_OP_SCHEMA } from '../scim/patch/request';
import { formatEtag } from '../scim/resource/etag';
import type { BulkPlan } from './bulk-plan';
import { groupsEndpoint } from './groups';
import type { ScimRequest, ScimResponse } from './message';
import { usersEndpoint } from './users';

/** What the steps of one Bulk request share. */
export interface BulkRun {
  readonly directory: Directory;
  readonly baseUrl: string;
  readonly plan: BulkPlan;
  /** Turns any error into an answer, and logs those that are not a client's. */
  readonly answerTo: (error: unknown) => ScimResponse;
  /** By position; filled in as steps are carried out. */
  readonly results: Map<number, BulkResult>;
  /** Whether the request has been answered: nothing more may be begun then, least of all taken back, as a repetition may be under way. */
  readonly isAnswered: () => boolean;
}

/** An operation's result, and whether its resource was created by this attempt, so that it may be taken back. */
interface Outcome extends BulkResult {
  readonly created?: true;
}

/** Carries a step out: what became of its operations is in `results` afterwards. Never throws. */
export async function runStep(run: BulkRun, step: BulkStep): Promise<void> {
  if (step.circular) return runCircle(run, step);
  for (const operation of step.operations) {
    run.results.set(operation.index, publicPart(await perform(run, operation, step)));
  }
}

/**
 * Resources that refer to each other are created one after the other, users before groups. A group leaves members out that do not exist yet, so those of the circle are added once all are
 * created. When one of them cannot be created, nor can the others: what was created is deleted again. When it may only have to be repeated, the rest waits for that.
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

/** Tells why for each operation of a circle, and deletes what this attempt has created of it unless a repetition may complete it. */
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
 * Deletes a resource of a circle that this attempt has created. One of an earlier attempt may be in use by now, and stays.
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
  try {
    await send(run, operation, { method: 'DELETE', id, headers: { 'if-match': version } });
    return undefined;
  } catch (error) {
    const { status, body } = run.answerTo(error);
    const detail = `${there} could not be deleted again: ${String(body?.detail ?? status)} Repeat the whole request unchanged.`;
    return errorResult(run, new ScimError('unavailable', detail));
  }
}

/** Carries one operation out. */
async function perform(run: BulkRun, operation: BulkOperation, step: BulkStep): Promise<Outcome> {
  const location = operation.method === 'POST' ? undefined : locationOf(run, operation);
  try {
    checkReferences(run, operation, step);
    const headers = operation.version === undefined ? {} : { 'if-match': operation.version };
    const response: ScimResponse & { created?: true } =
      operation.method === 'POST'
        ? await create(run, operation)
        : await send(run, operation, {
            method: operation.method,
            id: run.plan.resourceId(operation),
            headers,
            body: operation.data === undefined ? undefined : run.plan.resolve(operation.data),
          });
    return { ...resultOf(response, location ?? locationOf(run, operation)), created: response.created };
  } catch (error) {
    return errorResult(run, error, location);
  }
}

/**
 * A POST whose resource is there already is the repetition of an earlier attempt, or another attempt is under way, since ids are allotted once a request: it is answered as if it had just
 * been created, and stays as it is.
 */
async function create(run: BulkRun, operation: BulkOperation): Promise<ScimResponse & { created?: true }> {
  const { directory, plan } = run;
  const { id: newId, presentVersion } = plan.newIdAt(operation.index) ?? {};
  if (presentVersion !== undefined) return { status: 201, headers: { ETag: formatEtag(presentVersion) } };
  const body = operation.data === undefined ? undefined : plan.resolve(operation.data);
  try {
    // A POST to a resource instead of an endpoint keeps its id here, and is answered 405.
    const response = await send(run, operation, { method: 'POST', id: operation.target.id, body, newId });
    return { ...response, created: true };
  } catch (error) {
    const mayBeThere =
      error instanceof ConditionFailed || (error instanceof ScimError && error.errorName === 'uniqueness');
    if (!mayBeThere || newId === undefined) throw error;
    const there = await (operation.target.resource === 'Users' ? getUser : getGroup)(directory, newId);
    if (there === undefined) throw error;
    return { status: 201, headers: { ETag: formatEtag(there.version) } };
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

/** @throws ScimError when a reference leads to no operation or to one that failed */
function checkReferences(run: BulkRun, operation: BulkOperation, step: BulkStep): void {
  for (const bulkId of run.plan.references(operation)) {
    const creator = run.plan.creatorOf(bulkId);
    if (creator === undefined) {
      throw new ScimError(
        'invalidValue',
        `Operations[${operation.index}] refers to ${JSON.stringify(`bulkId:${bulkId}`.slice(0, 100))}, but no POST of the request has that bulkId.`,
      );
    }
    if (step.operations.some(({ index }) => index === creator)) continue;
    const result = run.results.get(creator);
    if (result === undefined || hasFailed(result)) {
      throw dependencyError(creator, result?.status);
    }
  }
}

/** 409 as RFC 7644 section 3.7.1 has it for references that cannot be resolved; 503 when repeating the request may help. */
function dependencyError(creator: number, status: number | undefined): ScimError {
  return new ScimError(
    mayPass(status) ? 'unavailable' : 'conflict',
    `Nothing was done: the operation refers to what Operations[${creator}] creates, which ${outcomeOf(status)}.`,
  );
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

const outcomeOf = (status: number | undefined) =>
  status === undefined ? 'was not tried' : `failed with status ${status}`;

/** Whether the same operation may succeed later. */
const mayPass = (status: number | undefined) => status === undefined || status === 429 || status >= 500;

/** Answers carry no attributes, so nothing is read for them. */
const NO_DERIVED = { Users: { excludedAttributes: 'groups' }, Groups: { excludedAttributes: 'members' } };

function send(
  { directory, baseUrl }: BulkRun,
  { target: { resource } }: BulkOperation,
  part: Pick<ScimRequest, 'method' | 'id' | 'body' | 'newId'> & { headers?: ScimRequest['headers'] },
): Promise<ScimResponse> {
  const request: ScimRequest = { resource, query: NO_DERIVED[resource], headers: {}, baseUrl, ...part };
  return resource === 'Users' ? usersEndpoint(directory, request) : groupsEndpoint(directory, request);
}

function locationOf({ baseUrl, plan }: BulkRun, operation: BulkOperation): string | undefined {
  const id = plan.resourceId(operation);
  const { resource } = operation.target;
  return id === undefined ? `${baseUrl}/${resource}` : `${baseUrl}/${resource}/${encodeURIComponent(id)}`;
}

function resultOf({ status, headers, body }: ScimResponse, location: string | undefined): BulkResult {
  if (status >= 400) return { status, location, response: body };
  return { status, location, version: headers?.ETag };
}

function errorResult({ answerTo }: BulkRun, error: unknown, location?: string): BulkResult {
  const { status, body } = answerTo(error);
  return { status, location, response: body };
}

const hasFailed = ({ status }: BulkResult) => status >= 400;

const publicPart = ({ status, location, version, response }: BulkResult): BulkResult =>
  status >= 400 ? { status, location, response } : { status, location, version };
