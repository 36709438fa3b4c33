import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { isJsonObject, type JsonObject } from '../../scim/json';
import { Interrupted } from './interrupted';

/** An answer as it came over the wire. */
export interface Answer {
  /** The request for messages, as in `GET /Users/{id}`. */
  readonly request: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body, unpacked. */
  readonly text: string;
  /** Bytes of the body on the wire. */
  readonly bytes: number;
  /** The parsed body; empty when it is no JSON object. */
  readonly body: JsonObject;
  readonly milliseconds: number;
}

/** The gateway gives up after 29 s. */
const TIMEOUT_MS = 35_000;
const MAX_CONNECTIONS = 64;
/** A body of this size is sent only when its headers alone have not been refused. */
const LARGE_BYTES = 1024 * 1024;
const REFUSED_WITHIN_MS = 500;

/** The connection failed before there was an answer. */
export class NoAnswer extends Error {}

/** The way to one deployment: its base URL and the connections that all clients share. */
export class Connection {
  private readonly agent: HttpAgent;
  private readonly base: URL;

  /** @param signal no request is begun any more once it is aborted; those under way go on */
  constructor(
    readonly baseUrl: string,
    private readonly signal: AbortSignal,
  ) {
    this.base = new URL(baseUrl);
    const options = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
    this.agent = this.isSecure
      ? new HttpsAgent({ ...options, minVersion: 'TLSv1.2' })
      : new HttpAgent(options);
  }

  get isSecure(): boolean {
    return this.base.protocol === 'https:';
  }

  /**
   * Sends one request. The path reaches the wire as it is; `fetch` would normalize it, and unpack the body unasked.
   *
   * @throws Interrupted, or Error when no answer came
   */
  send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    content: Buffer | undefined,
  ): Promise<Answer> {
    if (this.signal.aborted) return Promise.reject(new Interrupted());
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const request = (this.isSecure ? httpsRequest : httpRequest)(
        {
          hostname: this.base.hostname.replace(/^\[|\]$/g, ''),
          port: this.base.port,
          path: `${this.base.pathname.replace(/\/$/, '')}${path}`,
          method,
          headers: {
            ...headers,
            ...(content === undefined ? {} : { 'content-length': String(content.length) }),
          },
          agent: this.agent,
          timeout: TIMEOUT_MS,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () => {
            const raw = Buffer.concat(chunks);
            const { statusCode: status = 0, headers: received } = response;
            const text = unpacked(raw, received['content-encoding']);
            const milliseconds = performance.now() - startedAt;
            resolve({
              request: operationOf(method, path),
              status,
              headers: received,
              text,
              bytes: raw.length,
              body: parsed(text),
              milliseconds,
            });
          });
        },
      );
      request.once('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      request.once('error', (error) =>
        reject(new NoAnswer(`${operationOf(method, path)} got no answer: ${messageOf(error)}`)),
      );
      if (content === undefined || content.length < LARGE_BYTES) request.end(content);
      else sendUnlessAnswered(request, content);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/**
 * Who refuses a body by its declared length answers at once and closes the connection; whoever is still writing then
 * loses the answer to a reset.
 */
function sendUnlessAnswered(request: ClientRequest, content: Buffer): void {
  const timer = setTimeout(() => request.end(content), REFUSED_WITHIN_MS);
  request.once('response', () => clearTimeout(timer));
  request.once('error', () => clearTimeout(timer));
  request.flushHeaders();
}

/** Sends requests with one `Authorization` header. The token itself is in no message. */
export class ScimClient {
  constructor(
    private readonly connection: Connection,
    private readonly authorization: string | undefined,
  ) {}

  /** @param body text and bytes are sent as they are, anything else as JSON */
  send(
    method: string,
    path: string,
    body?: JsonObject | string | Buffer,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const content =
      body === undefined || Buffer.isBuffer(body)
        ? body
        : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    return this.connection.send(
      method,
      path,
      {
        ...(this.authorization === undefined ? {} : { authorization: this.authorization }),
        ...(content === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      content,
    );
  }
}

/** `GET /Users/2819c223-…?attributes=id` -> `GET /Users/{id}`; a filter shows, since it is another operation. */
export function operationOf(method: string, path: string): string {
  const [pathname = '', query = ''] = path.split('?');
  const named = pathname.replace(/^\/(Users|Groups)\/(?!\.search)[^/]+/, '/$1/{id}');
  return `${method} ${named}${/(?:^|&)filter=/.test(query) ? '?filter' : ''}`;
}

function unpacked(raw: Buffer, encoding: string | undefined): string {
  if (encoding !== 'gzip' || raw.length === 0) return raw.toString('utf8');
  try {
    return gunzipSync(raw).toString('utf8');
  } catch {
    return '';
  }
}

function parsed(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}

/** Node joins the errors of all addresses of a host in one without a message. */
function messageOf(error: Error): string {
  const [first] = error instanceof AggregateError ? (error.errors as readonly unknown[]) : [];
  return first instanceof Error ? first.message : error.message;
}
