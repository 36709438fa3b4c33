import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SignatureV4 } from '@smithy/signature-v4';
import type { UseCase } from '../admin-api/use-case';
import { AdminApiError } from './errors';

/** What a call may say besides its input. */
export interface CallOptions {
  /**
   * Of what creates something: has the same request, repeated within a day, be carried out once. One is made for each
   * call, which repeats it only within the call; give one of your own where a job may run twice.
   */
  readonly idempotencyKey?: string;
  /** Ends the call. */
  readonly signal?: AbortSignal;
}

/** Where requests go, and what signs them. */
export interface Connection {
  readonly url: URL;
  readonly signer: SignatureV4;
}

type Input = Readonly<Record<string, unknown>>;
type Query = Readonly<Record<string, string>>;

const MAX_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 10_000;
/** Too many requests, or nobody there at the moment. The gateway answers 504 when it has waited long enough. */
const TEMPORARY = new Set([429, 502, 503, 504]);

/**
 * Sends a request, and again while the service is not available: no use case does anything more when its request
 * comes again, and those that create have a key.
 *
 * @throws AdminApiError; RangeError for an id that is none; what `fetch` throws when there is no answer
 */
export async function send(connection: Connection, row: UseCase, input: Input, options: CallOptions) {
  const { path, query, body } = partsOf(row, input);
  const creates = row.does.startsWith('create');
  const headers: Record<string, string> = {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(creates ? { 'idempotency-key': options.idempotencyKey ?? randomUUID() } : {}),
  };
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt === MAX_ATTEMPTS;
    let pauseMs = Math.random() * FIRST_PAUSE_MS * 2 ** attempt;
    try {
      const response = await fetchSigned(
        connection,
        { method: row.method, path, query, headers, body },
        options,
      );
      const answer = await bodyOf(response);
      if (response.ok) return answer;
      const error = new AdminApiError(
        response.status,
        answer,
        response.headers.get('x-amzn-requestid') ?? undefined,
      );
      if (isLast || !(TEMPORARY.has(error.status) || error.code === 'key-in-progress')) throw error;
      pauseMs = Math.max(pauseMs, Number(response.headers.get('retry-after') ?? 0) * 1000);
    } catch (error) {
      // `fetch` throws TypeError when there was no answer.
      if (isLast || !(error instanceof TypeError)) throw error;
    }
    await delay(Math.min(pauseMs, MAX_PAUSE_MS), undefined, { signal: options.signal });
  }
}

/**
 * An id as a part of the path. Nothing, or dots alone, would make another path, since `fetch` resolves them.
 *
 * @throws RangeError
 */
function pathSegment(name: string, id: unknown): string {
  const text = String(id ?? '');
  if (/^\.{0,2}$/.test(text)) throw new RangeError(`${name} is ${JSON.stringify(text)}; an id is accepted.`);
  return encodeURIComponent(text);
}

/** What of the input goes where: into the braces of the path, the query, or the body. */
function partsOf(row: UseCase, input: Input): { path: string; query: Query; body: string | undefined } {
  const inQuery = Object.keys(row.query?.json.properties ?? {});
  const inPath = [...row.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  const ofQuery = given.filter(([name]) => inQuery.includes(name));
  const ofBody = given.filter(([name]) => !inQuery.includes(name) && !inPath.includes(name));
  return {
    path: row.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => pathSegment(name, input[name])),
    query: Object.fromEntries(ofQuery.map(([name, value]) => [name, textOf(value)])),
    body: row.body === undefined ? undefined : JSON.stringify(Object.fromEntries(ofBody)),
  };
}

const textOf = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value));

async function fetchSigned(
  { url, signer }: Connection,
  request: {
    readonly method: string;
    readonly path: string;
    readonly query: Query;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | undefined;
  },
  { signal }: CallOptions,
): Promise<Response> {
  const { method, query, body } = request;
  const path = `${url.pathname.replace(/\/+$/, '')}${request.path}`;
  const { headers } = await signer.sign({
    ...{ method, path, body },
    protocol: url.protocol,
    hostname: url.hostname,
    query: { ...query },
    headers: { ...request.headers, host: url.host },
  });
  // `fetch` has the host from the URL.
  const { host: _host, ...sent } = headers;
  const queryText = Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  const target = `${url.origin}${path}${queryText === '' ? '' : `?${queryText}`}`;
  return fetch(target, { method, headers: sent, body, signal });
}

/** An answer that is not JSON is not the admin API's: a proxy's on the way. */
async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    if (response.ok) throw new AdminApiError(response.status, undefined, undefined);
    return undefined;
  }
}
