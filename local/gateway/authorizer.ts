import { isRecord, parseJson, recordOf, stringOf } from '../json';
import { evaluatePolicy } from './policy';
import type { AuthorizerDefinition } from './rest-api';

/** What an authorizer's answer means for one request. */
export type Authorization =
  | ({ readonly kind: 'allowed' } & Pick<Answer, 'context' | 'usageKey'>)
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'denied'; readonly message: string }
  | { readonly kind: 'misconfigured'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

interface Answer {
  readonly policy: unknown;
  readonly context: Readonly<Record<string, string>>;
  /** Value of the API key that the request is counted by: `usageIdentifierKey`. */
  readonly usageKey: string | undefined;
}

const DENIED = 'User is not authorized to access this resource';
/** More than enough for a local run; a load test with random tokens must not fill the memory. */
const MAX_CACHED = 10_000;

/**
 * TOKEN authorizers, with the stage's cache of their answers.
 *
 * An answer is kept by the token alone, whatever method it was asked for: a policy that names one method answers
 * wrongly for the others, here as in AWS. Errors are never kept.
 */
export class Authorizers {
  private readonly cache = new Map<string, { readonly answer: Answer; readonly until: number }>();
  /** Requests with the same token that arrive while the function is still working wait for that one answer. */
  private readonly asked = new Map<string, Promise<Answer | Authorization>>();

  /** @param now clock in ms, for tests */
  constructor(private readonly now: () => number = Date.now) {}

  /** Forgets all answers: `FlushStageAuthorizersCache`. */
  flush(): void {
    this.cache.clear();
    this.asked.clear();
  }

  /** @param token value of the identity source header; undefined when the request has none */
  async authorize(
    authorizer: AuthorizerDefinition,
    token: string | undefined,
    methodArn: string,
  ): Promise<Authorization> {
    if (token === undefined || token === '' || authorizer.validation?.test(token) === false) {
      return { kind: 'unauthorized' };
    }
    const answer = await this.answer(authorizer, token, methodArn);
    if ('kind' in answer) return answer;
    switch (evaluatePolicy(answer.policy, methodArn)) {
      case 'allow':
        return { kind: 'allowed', context: answer.context, usageKey: answer.usageKey };
      case 'explicitDeny':
        return { kind: 'denied', message: `${DENIED} with an explicit deny` };
      case 'implicitDeny':
        return { kind: 'denied', message: DENIED };
      case undefined:
        return { kind: 'misconfigured', reason: 'the policyDocument is not a policy' };
    }
  }

  private async answer(
    authorizer: AuthorizerDefinition,
    token: string,
    methodArn: string,
  ): Promise<Answer | Authorization> {
    if (authorizer.cacheSeconds <= 0) return this.ask(authorizer, token, methodArn);
    const key = `${authorizer.id} ${token}`;
    const cached = this.cache.get(key);
    if (cached !== undefined && cached.until > this.now()) return cached.answer;
    const running = this.asked.get(key);
    if (running !== undefined) return running;
    const asking = this.ask(authorizer, token, methodArn);
    this.asked.set(key, asking);
    try {
      const answer = await asking;
      // A flush while the function was working must not be undone by its answer.
      if (!('kind' in answer) && this.asked.get(key) === asking) {
        if (this.cache.size >= MAX_CACHED) this.cache.clear();
        this.cache.set(key, { answer, until: this.now() + authorizer.cacheSeconds * 1000 });
      }
      return answer;
    } finally {
      if (this.asked.get(key) === asking) this.asked.delete(key);
    }
  }

  private async ask(
    authorizer: AuthorizerDefinition,
    token: string,
    methodArn: string,
  ): Promise<Answer | Authorization> {
    const invocation = await authorizer.function.invoke({
      type: 'TOKEN',
      methodArn,
      authorizationToken: token,
    });
    if (invocation.kind === 'tooLarge') return { kind: 'failed', reason: 'the token is too large' };
    if (invocation.kind === 'error') {
      const { errorType, errorMessage } = invocation.error;
      if (errorMessage === 'Unauthorized') return { kind: 'unauthorized' };
      const reason = `${errorType}: ${errorMessage}`;
      return /^(Sandbox|Runtime)\./.test(errorType)
        ? { kind: 'failed', reason }
        : { kind: 'misconfigured', reason };
    }
    return readAnswer(parseJson(invocation.json));
  }
}

function readAnswer(output: unknown): Answer | Authorization {
  if (!isRecord(output) || typeof output.principalId !== 'string' || output.policyDocument === undefined) {
    return { kind: 'misconfigured', reason: 'the answer needs a principalId and a policyDocument' };
  }
  const context: Record<string, string> = { principalId: output.principalId };
  for (const [name, value] of Object.entries(recordOf(output.context))) {
    if (value === null || value === undefined) continue;
    if (typeof value === 'object') {
      return { kind: 'misconfigured', reason: `the context's "${name}" is not a string, number or boolean` };
    }
    context[name] = String(value);
  }
  return { policy: output.policyDocument, context, usageKey: stringOf(output.usageIdentifierKey) };
}
