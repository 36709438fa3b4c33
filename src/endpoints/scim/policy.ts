import {
  type AskPolicy,
  effectOf,
  type PolicyAnswer,
  type PolicyQuestion,
  type PolicyResource,
  type ProposedChange,
} from '../../directory/resources/policy';
import { ScimError } from '../../scim/errors';
import { isJsonObject, type JsonObject } from '../../scim/json';
import type { ScimDirectory, ScimRequest } from './message';

/** How long a policy function may take. */
const MAX_WAIT_MS = 2_000;
/** What is kept of the request's time for the write itself. */
const WRITE_RESERVE_MS = 1_000;
/** Ids of members in a question: 1,000 of them take some 40 kB. */
const MAX_IDS = 1_000;
const MAX_DETAIL = 1_000;
const RETRY_AFTER_S = 30;

const OPERATIONS: Readonly<Record<string, PolicyQuestion['operation']>> = {
  POST: 'create',
  PUT: 'replace',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** The directory as a request works on it: each change is asked about when the service has a policy function. */
export function withPolicy(directory: ScimDirectory, { method }: ScimRequest): ScimDirectory {
  const { askPolicy } = directory;
  const operation = OPERATIONS[method];
  if (askPolicy === undefined || operation === undefined) return directory;
  return { ...directory, policy: (change) => decide(directory, askPolicy, operation, change) };
}

/**
 * Lets a change pass or refuses it. Without an answer only what gives access is refused: a loss of access is never held
 * back, and an attribute may be one as well, since the vendor's app knows what it means.
 *
 * @throws ScimError forbidden with the function's sentence; unavailable when it gave no answer
 */
async function decide(
  directory: ScimDirectory,
  ask: AskPolicy,
  operation: PolicyQuestion['operation'],
  change: ProposedChange,
): Promise<void> {
  const timeoutMs = Math.min(MAX_WAIT_MS, directory.table.giveUpAt() - Date.now() - WRITE_RESERVE_MS);
  const answer = await ask(questionOf(directory, operation, change), Math.max(0, timeoutMs));
  if (answer?.allow === false) throw new ScimError('forbidden', answer.detail);
  if (answer === undefined && effectOf(change) === 'gain') {
    throw new ScimError(
      'unavailable',
      "The application's own policy could not be asked about this change, so nothing was changed. Repeat the request later.",
      RETRY_AFTER_S,
    );
  }
}

function questionOf(
  { tenant, origin }: ScimDirectory,
  operation: PolicyQuestion['operation'],
  { kind, id, before, after, members }: ProposedChange,
): PolicyQuestion {
  const resource = (attributes: JsonObject | undefined): PolicyResource | null =>
    attributes === undefined ? null : { id, ...attributes };
  const { add = [], remove = [] } = members ?? {};
  return {
    version: '1',
    tenantId: tenant,
    actor: origin.actor,
    requestId: origin.requestId,
    operation,
    resourceType: kind,
    before: resource(before),
    after: resource(after),
    ...(add.length + remove.length === 0
      ? {}
      : {
          members: {
            added: add.slice(0, MAX_IDS),
            removed: remove.slice(0, MAX_IDS),
            addedCount: add.length,
            removedCount: remove.length,
          },
        }),
  };
}

/**
 * How one request asks a policy function. Whoever has waited for it once in vain asks it no more: a Bulk request of
 * 1,000 deactivations must not wait 1,000 times.
 *
 * @param invoke gives what the function has answered, and throws when it has not
 * @param onFailure told of the first failure
 */
export function askingOnBehalfOfARequest(
  invoke: (question: PolicyQuestion, timeoutMs: number) => Promise<unknown>,
  onFailure: (error: unknown) => void,
): AskPolicy {
  let isSilent = false;
  return async (question, timeoutMs) => {
    if (isSilent) return undefined;
    try {
      return readAnswer(await invoke(question, timeoutMs));
    } catch (error) {
      if (!isSilent) onFailure(error);
      isSilent = true;
      return undefined;
    }
  };
}

/** @throws Error for what is no answer */
function readAnswer(answer: unknown): PolicyAnswer {
  if (isJsonObject(answer)) {
    const { allow, detail } = answer;
    if (allow === true) return { allow };
    if (allow === false && typeof detail === 'string' && isSentence(detail)) return { allow, detail };
  }
  throw new Error(
    `The answer is neither {"allow":true} nor {"allow":false,"detail":"…"} with 1 to ${MAX_DETAIL} characters on one line.`,
  );
}

/** Control characters would end up in logs that are read line by line. */
const isSentence = (text: string): boolean =>
  text.trim() !== '' && text.length <= MAX_DETAIL && !/\p{Cc}/u.test(text);
