import type { IncomingMessage } from 'node:http';
import type { GatewayContext } from './gateway-responses';

/** A request as it came over HTTP. */
export interface GatewayRequest {
  readonly method: string;
  /** Path with the stage, percent-encoded, without the query. */
  readonly path: string;
  /** Names and values alternately, in the order and case in which they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly httpVersion: string;
  readonly requestId: string;
  readonly receivedAt: Date;
  /** Host and port under which the client reached the gateway. */
  readonly host: string;
}

/**
 * What a request is to the gateway.
 *
 * @param path without the query
 */
export function gatewayRequest(
  incoming: IncomingMessage,
  path: string,
  body: Buffer,
  { httpMethod, identity, requestId }: GatewayContext,
): GatewayRequest {
  return {
    method: httpMethod,
    path,
    rawHeaders: incoming.rawHeaders,
    body,
    sourceIp: identity.sourceIp,
    httpVersion: incoming.httpVersion,
    requestId,
    receivedAt: new Date(),
    host: incoming.headers.host ?? `127.0.0.1:${incoming.socket.localPort}`,
  };
}
