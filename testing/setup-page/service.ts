import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { PAGE_DOCUMENT, pageFolder } from '../../lib/pages';
import type { SetupProblemCode, SetupResults, SetupRouteKey } from '../../src/setup-api/routes';
import { answers, type PlayedState, stateOf } from './answers';

/** What a browser is told with every file and answer, as lambdas/setup.ts does. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** What a played request failed with. */
export class PlayedProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: SetupProblemCode,
    detail: string,
  ) {
    super(detail);
  }
}

/**
 * The set-up page's files with answers from memory, so that every state of the page can be had at will: for its
 * pictures, and for what the real service does rarely. The story of a set-up is tested on the real one.
 */
export class PlayedSetupService {
  readonly secret = `scimsetup_${randomBytes(32).toString('base64url')}`;
  state: PlayedState = stateOf();
  /** What the next requests to the API fail with, in place of an answer. */
  problem: PlayedProblem | undefined;
  /** Keys of the requests that came, in order. */
  readonly asked: string[] = [];
  private readonly server: Server = createServer((request, response) => {
    this.serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  /** The page's address, with the link's secret or another fragment. */
  url(fragment = this.secret): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/scim/setup#${fragment}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://localhost');
    const [, , , first = PAGE_DOCUMENT, ...rest] = url.pathname.split('/');
    const headers = { 'content-security-policy': CONTENT_SECURITY_POLICY, 'cache-control': 'no-store' };
    if (first !== 'api') {
      const folder = pageFolder('setup');
      const isThere = readdirSync(folder).includes(first);
      response.writeHead(isThere ? 200 : 404, { ...headers, 'content-type': TYPES[extname(first)] });
      response.end(isThere ? readFileSync(join(folder, first)) : undefined);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body: unknown = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const input = { ...Object.fromEntries(url.searchParams), ...(body as object) };
    try {
      const answer = this.answer(request, `/${rest.map(decodeURIComponent).join('/')}`, input);
      response.writeHead(200, { ...headers, 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    } catch (error) {
      if (!(error instanceof PlayedProblem)) throw error;
      const type = `urn:serverless-scim:problem:${error.code}`;
      response.writeHead(error.status, { ...headers, 'content-type': 'application/problem+json' });
      response.end(
        JSON.stringify({ type, title: error.message, status: error.status, detail: error.message }),
      );
    }
  }

  private answer(request: IncomingMessage, path: string, input: object): SetupResults[SetupRouteKey] {
    this.asked.push(`${request.method} ${path}`);
    if (path === '/branding') return this.state.branding;
    if (this.problem !== undefined) throw this.problem;
    if (request.headers.authorization !== `Bearer ${this.secret}`) {
      throw new PlayedProblem(401, 'link-refused', 'There is no such link.');
    }
    return answers(this.state, `${request.method} ${path}`, input);
  }
}
