import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readBody } from '../../local/gateway/request-body';
import { AdminError } from '../../src/admin/errors';
import type { AdminResponse } from '../../src/endpoints/admin/message';
import type { ConsoleApi, ConsoleRequest } from './api';
import { problemOfRefusal, type Refusal, refusalOfCall, refusalOfHost } from './guard';
import { SECURITY_HEADERS } from './headers';
import type { ConsoleOptions } from './options';
import { PAGE_PATH, type PageFile, readPageFiles } from './page-files';

/** A console that listens. */
export interface Console {
  /** Address of the page, with the token in its fragment, which no request carries. */
  readonly url: string;
  readonly token: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** 256 bits: nobody on this computer guesses it. */
const TOKEN_BYTES = 32;
/** Calls below this path are answered, and nothing else needs the token. */
const API = '/v1/';

/**
 * Serves the operator's console on this computer alone: the page, and behind a token that each start makes anew what
 * the page calls, carried out in this process with the rights of whoever started it.
 *
 * @throws AdminError failed when the port is taken
 */
export async function startConsole(options: ConsoleOptions): Promise<Console> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  let files: ReadonlyMap<string, PageFile> | undefined;
  const fileAt = (path: string) => {
    files ??= readPageFiles(options.pageFolder());
    return files.get(path);
  };
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new AdminError('failed', portTaken(options.port)) : error),
    );
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  let api: Promise<ConsoleApi> | undefined;
  const call = async (incoming: IncomingMessage, body: string | undefined) => {
    api ??= openApi(options);
    return (await api).answer({ ...requestOf(incoming), body });
  };
  server.on('request', (incoming, response) => {
    serve(incoming, response, { port, token, fileAt, call }).catch(() => response.destroy());
  });
  return {
    url: `http://127.0.0.1:${port}${PAGE_PATH}#${token}`,
    token,
    port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      (await api)?.stop();
    },
  };
}

async function openApi({ target }: ConsoleOptions): Promise<ConsoleApi> {
  const [{ ConsoleApi }, opened] = await Promise.all([import('./api'), target()]);
  return new ConsoleApi(opened);
}

interface Serving {
  readonly port: number;
  readonly token: string;
  fileAt(path: string): PageFile | undefined;
  call(incoming: IncomingMessage, body: string | undefined): Promise<AdminResponse>;
}

/** @returns what is called, without its body */
function requestOf({ method = 'GET', url = '/', headers }: IncomingMessage): Omit<ConsoleRequest, 'body'> {
  const mark = url.indexOf('?');
  const [path, query] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  return { method, path, query, headers };
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  { port, token, fileAt, call }: Serving,
): Promise<void> {
  const path = incoming.url?.split('?', 1)[0] ?? '/';
  const isCall = path.startsWith(API);
  const refusal =
    refusalOfHost(incoming, port) ?? (isCall ? refusalOfCall(incoming, port, token) : undefined);
  if (refusal !== undefined) return refuse(incoming, response, refusal);
  if (isCall) {
    const body = await readBody(incoming);
    const answer = await call(incoming, body?.toString('utf8'));
    return send(incoming, response, answer.status, answer.headers, JSON.stringify(answer.body));
  }
  const isRead = incoming.method === 'GET' || incoming.method === 'HEAD';
  if (!isRead) return send(incoming, response, 405, { Allow: 'GET, HEAD' }, '');
  if (path === '/') return send(incoming, response, 302, { Location: PAGE_PATH }, '');
  const file = fileAt(path);
  if (file === undefined) return send(incoming, response, 404, { 'Content-Type': 'text/plain' }, 'Not found');
  send(incoming, response, 200, { 'Content-Type': file.type }, file.content);
}

/** What was sent with the request is not read. */
function refuse(incoming: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const headers = {
    'Content-Type': 'application/problem+json',
    ...(refusal.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
    Connection: 'close',
  };
  send(incoming, response, refusal.status, headers, JSON.stringify(problemOfRefusal(refusal)));
}

function send(
  incoming: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  content: string | Buffer,
): void {
  const length = { 'Content-Length': String(Buffer.byteLength(content)) };
  response.writeHead(status, { ...SECURITY_HEADERS, ...length, ...headers });
  response.end(incoming.method === 'HEAD' ? undefined : content);
}

const portTaken = (port: number): string =>
  `Port ${port} is taken; name another one for the console, or 0, which has a free one picked.`;
