import { type CalledName, type Input, type Result, ROUTES } from './routes';
import { currentToken, forgetToken } from './token';

/** Why something was not done, in a sentence for whoever reads it. */
export class CallFailed extends Error {
  /** @param code the end of the problem's `type`; `unreachable` without an answer */
  constructor(
    readonly code: string,
    readonly status: number,
    sentence: string,
  ) {
    super(sentence);
    this.name = 'CallFailed';
  }
}

const UNREACHABLE = 'The console does not answer: its command has ended, or the local run has.';

/**
 * Carries a use case out.
 *
 * @throws CallFailed
 * @example
 * const { items } = await call('users.find', { tenantId: 'acme', prefix: 'jane' });
 */
export async function call<Name extends CalledName>(
  name: Name,
  input: Input<Name>,
  signal?: AbortSignal,
): Promise<Result<Name>> {
  const [method, template] = ROUTES[name];
  const given = new Map<string, unknown>(Object.entries(input));
  const path = template.replace(/\{(\w+)\}/g, (_, parameter: string) => {
    const value = String(given.get(parameter) ?? '');
    given.delete(parameter);
    return encodeURIComponent(value);
  });
  for (const [key, value] of given) if (value === undefined) given.delete(key);
  const isInQuery = method === 'GET' || method === 'DELETE';
  const query = isInQuery && given.size > 0 ? `?${queryOf(given)}` : '';
  const body = isInQuery || given.size === 0 ? undefined : JSON.stringify(Object.fromEntries(given));
  const response = await send(`${path}${query}`, {
    method,
    headers: {
      authorization: `Bearer ${currentToken() ?? ''}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.ok) return (await response.json()) as Result<Name>;
  throw await failureOf(response);
}

async function send(path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...request, cache: 'no-store', credentials: 'omit', redirect: 'error' });
  } catch (error) {
    if (request.signal?.aborted === true) throw error;
    throw new CallFailed('unreachable', 0, UNREACHABLE);
  }
}

async function failureOf(response: Response): Promise<CallFailed> {
  const problem = (await response.json().catch(() => ({}))) as {
    readonly type?: string;
    readonly detail?: string;
  };
  const code = problem.type?.split(':').at(-1) ?? 'unknown';
  if (code === 'console-token') forgetToken();
  return new CallFailed(code, response.status, problem.detail ?? `The console answered ${response.status}.`);
}

const queryOf = (given: ReadonlyMap<string, unknown>): string =>
  new URLSearchParams([...given].map(([name, value]): [string, string] => [name, String(value)])).toString();
