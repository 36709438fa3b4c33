import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Service, ServiceAnswer, ServiceRequest } from './service-request';

/** The loopback endpoint at which handlers find the services other than DynamoDB. */
export interface ServiceEndpoint {
  /** Base URL, without a slash at the end. */
  readonly url: string;
  /** Adds a service under the name that requests are signed for; unsigned ones are for the name ''. */
  add(name: string, service: Service): void;
  stop(): Promise<void>;
}

/** Starts the endpoint on a free port. It is told apart by the signature which service a request is for. */
export async function startServiceEndpoint(onUnknown: (text: string) => void): Promise<ServiceEndpoint> {
  const services = new Map<string, Service>();
  const server = createServer((incoming, response) => {
    void answer(incoming, services, onUnknown)
      .catch((error: unknown) => ({ status: 500, body: { message: String(error) } }))
      .then((result) => send(response, result));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    add: (name, service) => services.set(name, service),
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  incoming: IncomingMessage,
  services: ReadonlyMap<string, Service>,
  onUnknown: (text: string) => void,
): Promise<ServiceAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const target = incoming.headers['x-amz-target'];
  const [path, queryText] = (incoming.url ?? '/').split('?');
  const request: ServiceRequest = {
    method: incoming.method ?? 'GET',
    path: path ?? '/',
    query: new URLSearchParams(queryText),
    ...signedScope(incoming.headers.authorization),
    operation: typeof target === 'string' ? target.split('.').at(-1) : undefined,
    body: Buffer.concat(chunks),
  };
  const result = await services.get(request.service)?.(request);
  if (result !== undefined) return result;
  const call = `${request.service || 'an unsigned request'} ${request.operation ?? `${request.method} ${request.path}`}`;
  onUnknown(`a function called ${call}, which the local run does not serve.`);
  return {
    status: 501,
    body: { __type: 'NotImplemented', message: `The local run does not serve ${call}.` },
  };
}

function send(response: ServerResponse, { status, headers = {}, body }: ServiceAnswer): void {
  const content =
    body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0', ...headers });
  response.end(content);
}

/** `AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request, …` */
function signedScope(authorization: string | undefined) {
  const [, region = '', service = ''] =
    /Credential=[^,]*\/([^/,]+)\/([^/,]+)\/aws4_request/.exec(authorization ?? '') ?? [];
  return { region, service };
}
