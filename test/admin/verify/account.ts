import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Reply = string | object | { readonly status: number; readonly body: object };

/**
 * Answers the calls of AWS's services over HTTP as AWS would: by their operation, as in `DescribeAlarms` or
 * `GET /account`. It stands in for an account, which the tests have none of.
 */
export async function startAccount(replies: Readonly<Record<string, Reply>>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void operationOf(request).then((operation) => {
      asked.push(operation);
      const reply = replies[operation];
      if (typeof reply === 'string') {
        response.writeHead(200, { 'content-type': 'text/xml' }).end(reply);
      } else {
        const { status, body } =
          reply !== undefined && 'status' in reply
            ? (reply as { status: number; body: object })
            : { status: reply === undefined ? 400 : 200, body: reply ?? { __type: 'UnknownOperation' } };
        response
          .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
          .end(JSON.stringify(body));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    /** Configuration of the SDK's clients. */
    config: {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
    asked,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function operationOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? '';
  const action = new URLSearchParams(Buffer.concat(chunks).toString()).get('Action');
  return action ?? `${request.method} ${request.url?.split('?')[0]}`;
}
