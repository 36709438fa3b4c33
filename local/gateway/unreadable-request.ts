import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { gatewayAnswer } from './gateway-responses';
import { HEADERS_TOO_LARGE } from './request-limits';
import type { RestApi } from './rest-api';

/**
 * Answers what is no HTTP request that Node can read, an invented method for instance, as the gateway answers an
 * unknown route or a bad request; then closes the connection.
 */
export function refuseUnreadable(api: RestApi, { code }: NodeJS.ErrnoException, socket: Duplex): void {
  refuse(api, code, socket);
}

/**
 * Answers CONNECT, a method that no REST API has. The server hands the connection over and looks after it no longer: it
 * would neither take its errors nor close it at the end.
 */
export function refuseConnect(api: RestApi, socket: Duplex): void {
  // Whoever asks may break off before the answer is there.
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  refuse(api, 'HPE_INVALID_METHOD', socket);
}

function refuse(api: RestApi, code: string | undefined, socket: Duplex): void {
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
  const requestId = randomUUID();
  return gatewayAnswer(type, api.responses, {
    requestId,
    extendedRequestId: requestId,
    httpMethod: '',
    path: '/',
    stage: api.stage,
    identity: { sourceIp: '127.0.0.1' },
  });
}
