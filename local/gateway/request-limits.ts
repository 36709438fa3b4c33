import type { HttpAnswer } from './proxy-response';

/**
 * What API Gateway takes of a request before any API is known: its quotas for a regional REST API ("Length, in
 * characters, of the URL for a regional API", and the total size of all header values). AWS tells the status for a URI
 * that is too long (414, below) and none for headers; 431 is RFC 6585's.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
const MAX_URL_CHARACTERS = 10_240;
const MAX_HEADER_BYTES = 10_240;

/**
 * Longest ARN of a method with an authorizer, with the request's path in it: "the API client will receive a 414 Request
 * URI too long response".
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
const MAX_METHOD_ARN_BYTES = 1_600;

/** RFC 3986 section 3.2.2 as far as a Host header needs it: a name or an address, and a port. */
const HOST = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d{0,5})?$/i;

/** What is answered in place of an API, with the reason for the terminal. */
export interface Refusal {
  readonly answer: HttpAnswer;
  readonly reason: string;
}

/**
 * Refuses what the front door of API Gateway refuses, so that no gateway response applies.
 *
 * @param url with its query, as it came
 * @param rawHeaders names and values alternately
 */
export function refusalOfForm(url: string, rawHeaders: readonly string[]): Refusal | undefined {
  const values = rawHeaders.filter((_, position) => position % 2 === 1);
  const hosts = values.filter((_, position) => rawHeaders[position * 2]?.toLowerCase() === 'host');
  // RFC 9112 section 3.2
  if (hosts.length > 1 || !hosts.every((host) => HOST.test(host))) {
    return refusal(400, 'Bad Request', 'a Host header that names no host, or several');
  }
  if (url.length > MAX_URL_CHARACTERS) return URI_TOO_LONG;
  const bytes = values.reduce((sum, value) => sum + Buffer.byteLength(value, 'latin1'), 0);
  return bytes > MAX_HEADER_BYTES ? HEADERS_TOO_LARGE : undefined;
}

/** Refuses a path that makes the ARN of its method, which the authorizer is asked about, too long. */
export const refusalOfArn = (methodArn: string): Refusal | undefined =>
  Buffer.byteLength(methodArn) > MAX_METHOD_ARN_BYTES ? URI_TOO_LONG : undefined;

function refusal(status: number, message: string, reason: string): Refusal {
  return { answer: plainAnswer(status, JSON.stringify({ message })), reason };
}

/** An answer that no gateway response has shaped. */
export const plainAnswer = (status: number, body: string): HttpAnswer => ({
  status,
  headers: [['Content-Type', 'application/json']],
  body: Buffer.from(body),
});

const URI_TOO_LONG = refusal(414, 'Request URI too long', 'the URL is longer than API Gateway takes');
export const HEADERS_TOO_LARGE = refusal(
  431,
  `HTTP header is larger than ${MAX_HEADER_BYTES} bytes.`,
  'the headers are larger than API Gateway takes',
);
