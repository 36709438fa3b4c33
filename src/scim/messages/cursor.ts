import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ScimError } from '../errors';
import type { JsonValue } from '../json';

/** Bytes of a key of `sealCursor`. */
export const CURSOR_KEY_BYTES = 32;

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Far beyond any cursor this service makes, and short enough for a URL. */
const MAX_CURSOR = 4_096;

/**
 * Seals a position of a listing into an opaque cursor (RFC 9865 section 2): encrypted and authenticated, so that it
 * can neither be forged nor read. A sorted listing's position holds a value of a resource, such as a name, which has
 * no business in a URL. Its characters are those that a URL takes as they are.
 *
 * @param key 32 random bytes
 * @param query everything the cursor is bound to: it opens with the same text only
 * @param expiresAt seconds since 1970
 * @returns base64url
 */
export function sealCursor(key: Buffer, query: string, position: JsonValue, expiresAt: number): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(query));
  const sealed = [cipher.update(JSON.stringify([expiresAt, position])), cipher.final()];
  return Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]).toString('base64url');
}

/**
 * Opens a cursor that `sealCursor` made. One answer for all that is wrong with it, so that nothing is told about
 * cursors of others.
 *
 * @param now seconds since 1970
 * @throws ScimError invalidCursor when it was made with another key or for another query, or is damaged; expiredCursor
 */
export function openCursor(key: Buffer, query: string, cursor: string, now: number): JsonValue {
  const [expiresAt, position] = decrypt(key, query, cursor);
  if (now >= expiresAt) {
    throw new ScimError(
      'expiredCursor',
      'The cursor has expired; "cursorTimeout" of /ServiceProviderConfig tells how long one lives. Begin again with an empty cursor.',
    );
  }
  return position;
}

function decrypt(key: Buffer, query: string, cursor: string): readonly [number, JsonValue] {
  if (cursor.length > MAX_CURSOR || !/^[\w-]+$/.test(cursor)) throw invalid();
  const bytes = Buffer.from(cursor, 'base64url');
  // One text a cursor: the last character may hold bits that decoding drops.
  if (bytes.length <= NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== cursor) throw invalid();
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(query));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  let text: string;
  try {
    text = Buffer.concat([
      decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)),
      decipher.final(),
    ]).toString();
  } catch {
    throw invalid();
  }
  // It is our own text: the tag was right.
  return JSON.parse(text) as readonly [number, JsonValue];
}

function invalid(): ScimError {
  return new ScimError(
    'invalidCursor',
    'The cursor was not made by this service for this query. Repeat every other parameter of the first request as it was, or begin again with an empty cursor.',
  );
}
