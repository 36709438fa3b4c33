import { ScimError } from '../errors';

/** The query of a list (RFC 7644 section 3.4.2), read and bounded but not yet resolved against a schema. */
export interface ListQuery {
  /**
   * As sent, an empty one too: the parser refuses it, because a client whose template filled nothing in must not be
   * shown everyone.
   */
  readonly filter: string | undefined;
  /** From 1. */
  readonly startIndex: number;
  /** Undefined when the request leaves the page size to the service; 0 asks for `totalResults` only. */
  readonly count: number | undefined;
  readonly sortBy: string | undefined;
  readonly sortOrder: 'ascending' | 'descending';
  /** "" asks for the first page (RFC 9865 section 2). */
  readonly cursor: string | undefined;
  readonly attributes: string | undefined;
  readonly excludedAttributes: string | undefined;
}

/**
 * Reads the query parameters of a list, decoded already. Names are taken in any case; when one comes in two cases,
 * the exact one counts. Unknown parameters are ignored. A `startIndex` below 1 is 1, a negative `count` is 0 (RFC
 * 7644 section 3.4.2.4, which leaves no room for "-1 means all"), one above the maximum is the maximum, except with a
 * cursor: there RFC 9865 section 2.1 has an error for it.
 *
 * @param maxCount largest page, in resources
 * @throws ScimError `invalidValue` for a startIndex or count that is no integer and for an unknown sortOrder; with a
 *   cursor `invalidCount` for a count that is no integer or above the maximum
 * @example readListQuery({ count: '9999' }, 1000).count // 1000
 */
export function readListQuery(
  parameters: Readonly<Record<string, string | undefined>>,
  maxCount: number,
): ListQuery {
  const cursor = find(parameters, 'cursor');
  return {
    filter: find(parameters, 'filter'),
    startIndex: Math.max(1, readInteger(parameters, 'startIndex', 'invalidValue') ?? 1),
    count: cursor === undefined ? readCount(parameters, maxCount) : readCursorCount(parameters, maxCount),
    sortBy: find(parameters, 'sortBy')?.trim() || undefined,
    sortOrder: readSortOrder(find(parameters, 'sortOrder')),
    cursor,
    attributes: find(parameters, 'attributes') || undefined,
    excludedAttributes: find(parameters, 'excludedAttributes') || undefined,
  };
}

type Parameters = Readonly<Record<string, string | undefined>>;

function find(parameters: Parameters, name: string): string | undefined {
  if (Object.hasOwn(parameters, name)) return parameters[name];
  const folded = name.toLowerCase();
  return Object.entries(parameters).find(([sent]) => sent.toLowerCase() === folded)?.[1];
}

function readCount(parameters: Parameters, maxCount: number): number | undefined {
  const count = readInteger(parameters, 'count', 'invalidValue');
  return count === undefined ? undefined : Math.min(maxCount, Math.max(0, count));
}

function readCursorCount(parameters: Parameters, maxCount: number): number | undefined {
  const count = readInteger(parameters, 'count', 'invalidCount');
  if (count !== undefined && count > maxCount) {
    throw new ScimError('invalidCount', `"count" is ${count}; with a cursor 0 to ${maxCount} is accepted.`);
  }
  return count === undefined ? undefined : Math.max(0, count);
}

function readInteger(
  parameters: Parameters,
  name: string,
  error: 'invalidValue' | 'invalidCount',
): number | undefined {
  const text = find(parameters, name)?.trim();
  if (text === undefined || text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw new ScimError(error, `"${name}" is not an integer.`);
  // More digits than a number holds still mean "very far".
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(text)));
}

function readSortOrder(text: string | undefined): 'ascending' | 'descending' {
  const folded = text?.trim().toLowerCase();
  if (folded === undefined || folded === '' || folded === 'ascending') return 'ascending';
  if (folded === 'descending') return 'descending';
  throw new ScimError('invalidValue', '"sortOrder" must be "ascending" or "descending".');
}
