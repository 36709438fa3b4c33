import { createHash } from 'node:crypto';
import { LONE_SURROGATE } from '../../scim/json';
import { Problem } from './problem';

/**
 * Makes a position of a list into an opaque cursor, which is good for the same list alone: the same use case, tenant
 * and query. It is not sealed: the tenant comes from the path, whatever a cursor says, so that a forged one finds
 * nothing that its caller may not list.
 *
 * @param list what tells the list from all others
 */
export const toCursor = (list: string, position: string): string =>
  Buffer.from(JSON.stringify([digestOf(list), position])).toString('base64url');

/** Reads a cursor. @throws Problem invalid-cursor when it is of another list, or none of ours */
export function fromCursor(list: string, cursor: string): string {
  const [digest, position] = parsed(cursor);
  const isPosition = typeof position === 'string' && !LONE_SURROGATE.test(position);
  if (digest === digestOf(list) && isPosition) return position;
  throw new Problem(
    'invalid-cursor',
    'The cursor is not one of this list; repeat the query of the page that it came with, or begin without a cursor.',
  );
}

function parsed(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

const digestOf = (list: string): string => createHash('sha256').update(list).digest('base64url').slice(0, 16);
