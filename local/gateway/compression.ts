import { gzipSync } from 'node:zlib';
import type { HttpAnswer } from './proxy-response';

/** A client that takes gzip, be it by `*`, and does not say `q=0`. */
const ACCEPTS_GZIP = /(?:^|[\s,])(?:gzip|\*)\s*(?:$|,|;\s*q=(?!0(?:\.0*)?\s*(?:$|,)))/i;

/**
 * The body as gzip, when the API compresses bodies of this size and the client takes it.
 *
 * @param acceptEncoding the request's header
 * @param smallest the API's `MinimumCompressionSize` in bytes; undefined when it does not compress
 * @returns undefined when the body goes out as it is
 */
export function compress(
  { headers, body }: HttpAnswer,
  acceptEncoding: string | undefined,
  smallest: number | undefined,
): Buffer | undefined {
  if (smallest === undefined || body.length === 0 || body.length < smallest) return undefined;
  if (!ACCEPTS_GZIP.test(acceptEncoding ?? '')) return undefined;
  if (headers.some(([name]) => name.toLowerCase() === 'content-encoding')) return undefined;
  return gzipSync(body, { level: 4 });
}
