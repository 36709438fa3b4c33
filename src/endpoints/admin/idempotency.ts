import { createHash, randomUUID } from 'node:crypto';
import { idempotencyKey, type TenantId } from '../../directory/table/keys';
import {
  type Condition,
  ConditionFailed,
  type Item,
  type Table,
  type Write,
} from '../../directory/table/table';
import { Problem, problemOf } from './problem';

/** How long a key is remembered: longer than a client goes on trying. */
const REMEMBERED_MS = 24 * 3_600_000;
/** No function lives longer: whoever began a request has ended, or died, after this. */
const MAX_UNDER_WAY_MS = 60_000;
const RETRY_AFTER_SECONDS = 2;
/** The draft of the header field wants a string; printable ASCII leaves nothing to be compared in two ways. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** A request that creates, and the key that it carries. */
export interface KeyedRequest {
  readonly tenant: TenantId;
  readonly key: string;
  /** Everything that tells this request from others. */
  readonly content: string;
}

/** What is kept of a request with a key. */
interface Remembered {
  /** Digest of the request's content. */
  readonly content: string;
  /** Whoever carries it out, to tell the first from one that took over. */
  readonly attempt: string;
  /** Milliseconds since 1970. */
  readonly underWayUntil: number;
  /** JSON text of what is answered again; absent while the request is under way. */
  readonly answer?: string;
  readonly expiresAt: number;
}

/** @throws Problem invalid-input for what is no key */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined || KEY.test(header)) return header;
  const detail =
    'The header "Idempotency-Key" is not accepted; 1 to 255 printable ASCII characters without blanks are.';
  throw new Problem('invalid-input', detail, { errors: [{ parameter: 'Idempotency-Key', detail }] });
}

/**
 * Carries a request out once, however often it comes with its key within a day, also when whoever carries it out dies
 * at any moment: what it makes is made in one transaction with the note that it was.
 *
 * @param run carries it out, with the write that notes what is made, for that transaction
 * @param memory text of what is kept of the result, or of what is known of it in that transaction; never a secret
 * @param onForgotten told when what became known behind that transaction could not be noted
 * @returns the result, or what was kept of the first one's
 * @throws Problem key-reused when the key came with another request, key-in-progress while the first is under way
 */
export async function once<Result>(
  table: Table,
  request: KeyedRequest,
  run: (noteMade: (made: object) => Write) => Promise<Result>,
  memory: (made: unknown) => string,
  onForgotten: (error: unknown) => void,
): Promise<{ readonly result: Result } | { readonly remembered: string }> {
  const attempt = randomUUID();
  const remembered = await begin(table, request, attempt);
  if (remembered !== undefined) return { remembered };
  let noted: string | undefined;
  const noteMade = (made: object): Write => {
    noted = memory(made);
    return answerUpdate(request, noted, withoutAnswer(attempt));
  };
  let result: Result;
  try {
    result = await run(noteMade);
  } catch (error) {
    if (isRefusal(error)) await forget(table, request, attempt);
    throw error;
  }
  const answer = memory(result);
  if (answer !== noted) await remember(table, request, attempt, answer).catch(onForgotten);
  return { result };
}

/** @returns what the first request was answered, when it is done */
async function begin(table: Table, request: KeyedRequest, attempt: string): Promise<string | undefined> {
  const now = Date.now();
  const content = digestOf(request.content);
  const item: Item = {
    ...keyOf(request),
    ...({
      content,
      attempt,
      underWayUntil: now + MAX_UNDER_WAY_MS,
      expiresAt: Math.ceil((now + REMEMBERED_MS) / 1000),
    } satisfies Remembered),
  };
  try {
    await table.write({
      kind: 'put',
      item,
      condition: {
        // TTL removes late; a request that died is taken over.
        expression:
          'attribute_not_exists(pk) OR #expiresAt < :seconds OR (#content = :content AND attribute_not_exists(#answer) AND #until < :now)',
        names: {
          '#expiresAt': 'expiresAt',
          '#content': 'content',
          '#answer': 'answer',
          '#until': 'underWayUntil',
        },
        values: { ':seconds': Math.floor(now / 1000), ':content': content, ':now': now },
      },
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
  const first = await table.get<Partial<Remembered>>(keyOf(request));
  // The answer to the write itself may have been lost, and the write repeated.
  if (first?.attempt === attempt) return undefined;
  if (first !== undefined && first.content !== content) {
    throw new Problem(
      'key-reused',
      'The Idempotency-Key came with another request before; a key of its own for each request is accepted.',
    );
  }
  if (first?.answer !== undefined) return first.answer;
  throw new Problem(
    'key-in-progress',
    'The request with this Idempotency-Key is under way; repeat it after the seconds in Retry-After.',
    {},
    { 'Retry-After': String(RETRY_AFTER_SECONDS) },
  );
}

/** Whether nothing was done: a request that may be carried out, in part or not, keeps its key until it is over. */
function isRefusal(error: unknown): boolean {
  const problem = problemOf(error);
  return problem !== undefined && problem.status < 500;
}

async function forget(table: Table, request: KeyedRequest, attempt: string): Promise<void> {
  try {
    // What was made before it was refused stays made.
    await table.write({ kind: 'delete', key: keyOf(request), condition: withoutAnswer(attempt) });
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

async function remember(table: Table, request: KeyedRequest, attempt: string, answer: string): Promise<void> {
  await table.write({
    ...answerUpdate(request, answer, ownedBy(attempt)),
    expectedAfter: { attempt, answer },
  });
}

const answerUpdate = (
  request: KeyedRequest,
  answer: string,
  condition: Condition,
): Write & { kind: 'update' } => ({
  kind: 'update',
  key: keyOf(request),
  update: 'SET #answer = :answer',
  names: { '#answer': 'answer' },
  values: { ':answer': answer },
  condition,
});

const ownedBy = (attempt: string): Condition => ({
  expression: '#attempt = :attempt',
  names: { '#attempt': 'attempt' },
  values: { ':attempt': attempt },
});

const withoutAnswer = (attempt: string): Condition => ({
  expression: '#attempt = :attempt AND attribute_not_exists(#answer)',
  names: { '#attempt': 'attempt', '#answer': 'answer' },
  values: { ':attempt': attempt },
});

const keyOf = ({ tenant, key }: KeyedRequest) => idempotencyKey(tenant, digestOf(key));

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
