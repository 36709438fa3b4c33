import { UniquenessConflict } from '../../directory/errors';
import { getGroup } from '../../directory/groups/groups';
import { ConditionFailed } from '../../directory/table/table';
import { getUser } from '../../directory/users/users';
import type { BulkOperation } from '../../scim/bulk/request';
import type { BulkResult } from '../../scim/bulk/response';
import type { BulkStep } from '../../scim/bulk/steps';
import { ScimError } from '../../scim/errors';
import type { JsonValue } from '../../scim/json';
import { formatEtag } from '../../scim/resource/etag';
import type { BulkPlan } from './bulk-plan';
import { groupsEndpoint } from './groups';
import { parsedBody, type ScimDirectory, type ScimRequest, type ScimResponse } from './message';
import { usersEndpoint } from './users';

/** What the steps of one Bulk request share. */
export interface BulkRun {
  readonly directory: ScimDirectory;
  readonly baseUrl: string;
  readonly plan: BulkPlan;
  /** Turns any error into an answer, and logs those that are not a client's. */
  readonly answerTo: (error: unknown) => ScimResponse;
  /** By position; filled in as steps are carried out. */
  readonly results: Map<number, BulkResult>;
  /**
   * Whether the request has been answered: nothing more may be begun then, least of all taken back, as a repetition
   * may be under way.
   */
  readonly isAnswered: () => boolean;
}

/** An operation's result, and whether its resource was created by this attempt, so that it may be taken back. */
export interface Outcome extends BulkResult {
  readonly created?: true;
}

/** Carries one operation out. Never throws. */
export async function perform(run: BulkRun, operation: BulkOperation, step: BulkStep): Promise<Outcome> {
  // RFC 7644 section 3.7: every answer has a location except that of a POST that failed.
  const failedLocation = operation.method === 'POST' ? undefined : locationOf(run, operation);
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
    const location = response.status < 400 ? locationOf(run, operation) : failedLocation;
    return { ...resultOf(response, location), created: response.created };
  } catch (error) {
    return errorResult(run, error, failedLocation);
  }
}

/**
 * A POST whose resource is there already is the repetition of an earlier attempt, or another attempt is under way,
 * since ids are allotted once a request: it is answered as if it had just been created, and stays as it is.
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
    const mayBeThere = error instanceof ConditionFailed || error instanceof UniquenessConflict;
    if (!mayBeThere || newId === undefined) throw error;
    const there = await (operation.target.resource === 'Users' ? getUser : getGroup)(directory, newId);
    if (there === undefined) throw error;
    return { status: 201, headers: { ETag: formatEtag(there.version) } };
  }
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

/**
 * 409 as RFC 7644 section 3.7.1 has it for references that cannot be resolved; 503 when repeating the request may help.
 */
function dependencyError(creator: number, status: number | undefined): ScimError {
  return new ScimError(
    mayPass(status) ? 'unavailable' : 'conflict',
    `Nothing was done: the operation refers to what Operations[${creator}] creates, which ${outcomeOf(status)}.`,
  );
}

/** For error details. */
export const outcomeOf = (status: number | undefined) =>
  status === undefined ? 'was not tried' : `failed with status ${status}`;

/** Whether the same operation may succeed later. */
export const mayPass = (status: number | undefined) =>
  status === undefined || status === 429 || status >= 500;

/** Answers carry no attributes, so nothing is read for them. */
const NO_DERIVED = { Users: { excludedAttributes: 'groups' }, Groups: { excludedAttributes: 'members' } };

/** Sends an operation, or what follows from it, to the endpoint. */
export function send(
  { directory, baseUrl }: BulkRun,
  { target: { resource } }: BulkOperation,
  {
    body,
    ...part
  }: Pick<ScimRequest, 'method' | 'id' | 'newId'> & {
    readonly headers?: ScimRequest['headers'];
    readonly body?: JsonValue;
  },
): Promise<ScimResponse> {
  const request: ScimRequest = {
    resource,
    query: NO_DERIVED[resource],
    headers: {},
    baseUrl,
    ...part,
    body: parsedBody(body),
  };
  return resource === 'Users' ? usersEndpoint(directory, request) : groupsEndpoint(directory, request);
}

/** The URL of the resource that an operation is about. */
export function locationOf({ baseUrl, plan }: BulkRun, operation: BulkOperation): string | undefined {
  const id = plan.resourceId(operation);
  const { resource } = operation.target;
  return id === undefined ? `${baseUrl}/${resource}` : `${baseUrl}/${resource}/${encodeURIComponent(id)}`;
}

/** What an answer means for the operation. */
export function resultOf({ status, headers, body }: ScimResponse, location: string | undefined): BulkResult {
  if (status >= 400) return { status, location, response: body };
  return { status, location, version: headers?.ETag };
}

/** What an error means for the operation. */
export function errorResult({ answerTo }: BulkRun, error: unknown, location?: string): BulkResult {
  const { status, body } = answerTo(error);
  return { status, location, response: body };
}

/** Whether an operation has failed. */
export const hasFailed = ({ status }: BulkResult) => status >= 400;

/** What the client is told. */
export const publicPart = ({ status, location, version, response }: BulkResult): BulkResult =>
  status >= 400 ? { status, location, response } : { status, location, version };
