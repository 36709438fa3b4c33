import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request on its way through the proxy. */
export interface Passing {
  method: string;
  /** Below the base URL, with the query. */
  path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Passed {
  status: number;
  readonly headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Does something else than passing a request on. */
export type Fault = (request: Passing, forward: (request?: Passing) => Promise<Passed>) => Promise<Passed>;

/**
 * An HTTP proxy before a local run that breaks what a deployment may break. The host is passed on, so that the service
 * names the proxy in its URLs.
 */
export async function startBrokenGateway(baseUrl: string, fault: Fault) {
  const { hostname, port, pathname } = new URL(baseUrl);
  const server = createServer((incoming, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const request: Passing = {
        method: incoming.method ?? '',
        path: (incoming.url ?? '').slice(pathname.length),
        headers: { ...incoming.headers },
        body: Buffer.concat(chunks),
      };
      const { status, headers, body } = await fault(request, (changed = request) => forward(changed));
      response.writeHead(status, { ...headers, 'content-length': body.length, connection: 'close' });
      response.end(incoming.method === 'HEAD' ? undefined : body);
    })().catch(() => incoming.destroy());
  });
  const forward = ({ method, path, headers, body }: Passing) =>
    new Promise<Passed>((resolve, reject) => {
      const request = httpRequest(
        { hostname, port, method, path: `${pathname}${path}`, headers: { ...headers, connection: 'close' } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('end', () => {
            const { 'transfer-encoding': _, ...received } = response.headers;
            resolve({ status: response.statusCode ?? 0, headers: received, body: Buffer.concat(chunks) });
          });
        },
      );
      request.once('error', reject);
      request.end(body);
    });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** An answer of the proxy's own. */
export const answerOf = (status: number, contentType: string, body: string): Passed => ({
  status,
  headers: { 'content-type': contentType },
  body: Buffer.from(body),
});
