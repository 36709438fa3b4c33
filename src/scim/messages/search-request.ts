import { ScimError } from '../errors';
import type { JsonValue } from '../json';
import { type ListQuery, readListQuery } from './list-query';
import { readMessage } from './message-body';

/** Schema URN of the SearchRequest message (RFC 7644 section 3.4.3). */
export const SEARCH_REQUEST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

const TEXTS = new Set(['filter', 'sortby', 'sortorder', 'cursor']);
const INTEGERS = new Set(['startindex', 'count']);
const NAME_LISTS = new Set(['attributes', 'excludedattributes']);

/**
 * Reads the body of `POST …/.search`: what a GET has in its query (RFC 7644 section 3.4.3, RFC 9865 section 3). As
 * lenient as PATCH: names in any case, `schemas` absent, numbers as strings, names of attributes with commas between
 * in place of an array. A member that is null is absent, and unknown ones are ignored.
 *
 * @param maxCount largest page, in resources
 * @throws ScimError `invalidSyntax` when the body is no object, has the schema of another message, or has a member of
 *   the wrong type; and what `readListQuery` throws
 * @example readSearchRequest({ attributes: ['userName', 'id'], count: 10 }, 1000).attributes // 'userName,id'
 */
export function readSearchRequest(body: JsonValue, maxCount: number): ListQuery {
  const message = readMessage(body, 'search', SEARCH_REQUEST_SCHEMA);
  const parameters: Record<string, string> = {};
  for (const [name, value] of Object.entries(message)) {
    if (value === undefined || value === null) continue;
    const folded = name.toLowerCase();
    if (!Object.hasOwn(parameters, folded)) {
      const text = readMember(name, folded, value);
      if (text !== undefined) parameters[folded] = text;
    }
  }
  return readListQuery(parameters, maxCount);
}

function readMember(name: string, folded: string, value: JsonValue): string | undefined {
  if (TEXTS.has(folded)) {
    if (typeof value === 'string') return value;
    throw new ScimError('invalidSyntax', `"${name}" must be a string.`);
  }
  if (INTEGERS.has(folded)) {
    if (typeof value === 'number' || typeof value === 'string') return String(value);
    throw new ScimError('invalidSyntax', `"${name}" must be an integer.`);
  }
  if (!NAME_LISTS.has(folded)) return undefined;
  const names = Array.isArray(value) ? value : [value];
  if (names.every((element) => typeof element === 'string')) return names.join(',');
  throw new ScimError('invalidSyntax', `"${name}" must be an array of attribute names.`);
}
