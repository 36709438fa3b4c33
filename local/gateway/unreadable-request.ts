import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { gatewayAnswer } from './gateway-responses';
import type { RestApi } from './rest-api';

/**
 * Answers what is no HTTP request that Node can read, an invented method for instance, as the gateway answers an
 * unknown route or a bad request; then closes the connection.
 */
export function refuseUnreadable(api: RestApi, error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const type =
    error.code === 'HPE_INVALID_METHOD' ? 'MISSING_AUTHENTICATION_TOKEN' : 'BAD_REQUEST_PARAMETERS';
  const { status, headers, body } = gatewayAnswer(type, api.responses, {
    requestId: randomUUID(),
    httpMethod: '',
    path: '/',
    stage: api.stage,
    identity: { sourceIp: '127.0.0.1' },
  });
  const lines = [
    `HTTP/1.1 ${status} Refused`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
