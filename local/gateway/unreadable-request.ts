import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { gatewayAnswer } from './gateway-responses';
import { HEADERS_TOO_LARGE } from './request-limits';
import type { RestApi } from './rest-api';

/**
 * Answers what is no HTTP request that Node can read, an invented method or CONNECT for instance, as the gateway
 * answers an unknown route or a bad request; then closes the connection.
 *
 * @param fault what Node says of it, or that the method is none of a REST API
 */
export function refuseUnreadable(
  api: RestApi,
  fault: NodeJS.ErrnoException | 'method',
  socket: Duplex,
): void {
  const code = fault === 'method' ? 'HPE_INVALID_METHOD' : fault.code;
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, headers, body } = answerTo(api, code);
  const lines = [
    `HTTP/1.1 ${status} Refused`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

function answerTo(api: RestApi, code: string | undefined) {
  if (code === 'HPE_HEADER_OVERFLOW') return HEADERS_TOO_LARGE.answer;
  const type = code === 'HPE_INVALID_METHOD' ? 'MISSING_AUTHENTICATION_TOKEN' : 'BAD_REQUEST_PARAMETERS';
  return gatewayAnswer(type, api.responses, {
    requestId: randomUUID(),
    httpMethod: '',
    path: '/',
    stage: api.stage,
    identity: { sourceIp: '127.0.0.1' },
  });
}
