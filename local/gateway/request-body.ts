import type { IncomingMessage } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';

/** Largest request body of a REST API. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * So much of a larger one is still taken from the client, and dropped: a connection that is closed while the client
 * sends loses the answer now and then.
 */
const MAX_DROPPED_BYTES = 100 * 1024 * 1024;

/** The body, or undefined when it is larger than a REST API takes. */
export function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > MAX_DROPPED_BYTES) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) {
        chunks.push(chunk);
      } else if (size > MAX_DROPPED_BYTES) {
        incoming.pause();
        resolve(undefined);
      }
    });
    incoming.once('end', () =>
      resolve(
        size > MAX_BODY_BYTES
          ? undefined
          : decompress(Buffer.concat(chunks), incoming.headers['content-encoding']),
      ),
    );
    incoming.once('error', reject);
  });
}

/**
 * API Gateway unpacks a compressed request before the integration sees it. One that does not unpack is passed on as it
 * is.
 */
function decompress(body: Buffer, encoding: string | undefined): Buffer | undefined {
  const limit = { maxOutputLength: MAX_BODY_BYTES };
  try {
    if (encoding === 'gzip') return gunzipSync(body, limit);
    if (encoding === 'deflate') return inflateSync(body, limit);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') return undefined;
  }
  return body;
}
