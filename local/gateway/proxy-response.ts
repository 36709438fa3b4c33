import { isRecord, numberOf, parseJson, recordOf } from '../json';

/** An answer for the HTTP client. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

const MEMBERS = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded', 'cookies']);
/** Headers of a function's answer that a REST API does not pass on under their own name. */
const REMAPPED = new Set([
  'connection',
  'content-md5',
  'date',
  'expect',
  'host',
  'max-forwards',
  'server',
  'te',
  'trailer',
  'upgrade',
  'user-agent',
  'via',
  'warning',
  'www-authenticate',
]);
const DROPPED = new Set(['content-length', 'transfer-encoding']);

/**
 * Reads a function's answer as the output of a Lambda proxy integration.
 *
 * @returns undefined when it is malformed, which API Gateway answers with 502
 */
export function readProxyResponse(json: string): HttpAnswer | undefined {
  const output = parseJson(json);
  if (!isRecord(output) || Object.keys(output).some((name) => !MEMBERS.has(name))) return undefined;
  const status = numberOf(output.statusCode);
  if (status === undefined || !Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const body = output.body ?? '';
  if (typeof body !== 'string') return undefined;
  const headers = readHeaders(output);
  if (headers === undefined) return undefined;
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type')) {
    headers.push(['Content-Type', 'application/json']);
  }
  return { status, headers, body: Buffer.from(body, output.isBase64Encoded === true ? 'base64' : 'utf8') };
}

/** `headers` and `multiValueHeaders` together; a pair that is in both is sent once. */
function readHeaders(output: Record<string, unknown>): (readonly [string, string])[] | undefined {
  const headers: (readonly [string, string])[] = [];
  const multiple = recordOf(output.multiValueHeaders);
  for (const [name, values] of Object.entries(multiple)) {
    if (!Array.isArray(values)) return undefined;
    for (const value of values) addHeader(headers, name, value);
  }
  for (const [name, value] of Object.entries(recordOf(output.headers))) {
    if (typeof value === 'object') return undefined;
    const twin = Object.entries(multiple).find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1];
    if (Array.isArray(twin) && twin.map(String).includes(String(value))) continue;
    addHeader(headers, name, value);
  }
  return headers;
}

function addHeader(headers: (readonly [string, string])[], name: string, value: unknown): void {
  const lower = name.toLowerCase();
  if (DROPPED.has(lower)) return;
  headers.push([REMAPPED.has(lower) ? `x-amzn-Remapped-${name}` : name, String(value)]);
}
