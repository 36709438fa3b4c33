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
  /** The client's, where it has sent one. */
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly receivedAt: Date;
  /** Host and port under which the client reached the gateway. */
  readonly host: string;
}

/** API Gateway takes a client's id of the request for `requestId`, and never for `extendedRequestId`. */
export function chosenRequestId({ headers }: IncomingMessage): string | undefined {
  const chosen = headers['x-amzn-requestid'];
  return typeof chosen === 'string' && /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(chosen)
    ? chosen
    : undefined;
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
  { httpMethod, identity, requestId, extendedRequestId }: GatewayContext,
): GatewayRequest {
  return {
    method: httpMethod,
    path,
    rawHeaders: incoming.rawHeaders,
    body,
    sourceIp: identity.sourceIp,
    httpVersion: incoming.httpVersion,
    requestId,
    extendedRequestId,
    receivedAt: new Date(),
    host: incoming.headers.host ?? `127.0.0.1:${incoming.socket.localPort}`,
  };
}
