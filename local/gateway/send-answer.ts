import type { IncomingMessage, ServerResponse } from 'node:http';
import { compress } from './compression';
import type { GatewayContext } from './gateway-responses';
import type { HttpAnswer } from './proxy-response';

/**
 * Sends an answer the way API Gateway does: with its own headers, compressed where the client takes it and the answer
 * is large enough, and without headers that HTTP does not allow.
 *
 * @param isLast closes the connection behind it: the rest of a body that is far too large is not read, so that the
 *   connection cannot be used again
 */
export function sendAnswer(
  incoming: IncomingMessage,
  response: ServerResponse,
  answer: HttpAnswer,
  {
    context: { requestId, extendedRequestId },
    minimumCompressionSize,
    isLast,
  }: {
    readonly context: Pick<GatewayContext, 'requestId' | 'extendedRequestId'>;
    readonly minimumCompressionSize: number | undefined;
    readonly isLast: boolean;
  },
): void {
  const { status, headers, body } = answer;
  const lines: string[] = [];
  for (const [name, value] of headers) {
    if (isHeader(name, value)) lines.push(name, value);
  }
  lines.push('x-amzn-RequestId', requestId, 'x-amz-apigw-id', extendedRequestId);
  const accepts = incoming.headers['accept-encoding'];
  const compressed = compress(answer, accepts?.toString(), minimumCompressionSize);
  if (compressed !== undefined) lines.push('Content-Encoding', 'gzip');
  const content = compressed ?? body;
  const hasBody = status !== 204 && status !== 304;
  if (hasBody) lines.push('Content-Length', String(content.length));
  if (isLast) lines.push('Connection', 'close');
  response.writeHead(status, lines);
  response.end(hasBody ? content : undefined, () => {
    if (isLast) incoming.destroy();
  });
}

/** Node throws at a header that HTTP does not allow; a REST API leaves it out. */
const isHeader = (name: string, value: string) =>
  /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && !/[^\t\x20-\x7e\x80-\xff]/.test(value);
