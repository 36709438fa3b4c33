import { ScimError } from '../errors';

/** The query of a list (RFC 7644 section 3.4.2), read and bounded but not yet resolved against a schema. */
export interface ListQuery {
  /** As sent, an empty one too: the parser refuses it, because a client whose template filled nothing in must not be shown everyone. */
  readonly filter: string | undefined;
  /** From 1. */
  readonly startIndex: number;
  /** 0 asks for `totalResults` only. */
  readonly count: number;
  readonly sortBy: string | undefined;
  readonly sortOrder: 'ascending' | 'descending';
  /** "" asks for the first page (RFC 9865 section 2). */
  readonly cursor: string | undefined;
  readonly attributes: string | undefined;
  readonly excludedAttributes: string | undefined;
}

/** Page sizes, in resources. */
export interface PageLimits {
  readonly defaultCount: number;
  readonly maxCount: number;
}

/**
 * Reads the query parameters of a list, decoded already. Names are taken in any case; when one comes in two cases, the exact one counts. Unknown parameters are
 * ignored. A `startIndex` below 1 is 1, a negative `count` is 0 (RFC 7644 section 3.4.2.4, which leaves no room for "-1 means all"), one above the maximum is
 * the maximum.
 *
 * @throws ScimError `invalidValue` for a startIndex or count that is no integer and for an unknown sortOrder
 * @example readListQuery({ count: '9999' }, { defaultCount: 100, maxCount: 1000 }).count // 1000
 */
export function readListQuery(
  parameters: Readonly<Record<string, string | undefined>>,
  { defaultCount, maxCount }: PageLimits,
): ListQuery {
  const startIndex = readInteger(parameters, 'startIndex');
  const count = readInteger(parameters, 'count');
  return {
    filter: find(parameters, 'filter'),
    startIndex: Math.max(1, startIndex ?? 1),
    count: Math.min(maxCount, Math.max(0, count ?? defaultCount)),
    sortBy: find(parameters, 'sortBy') || undefined,
    sortOrder: readSortOrder(find(parameters, 'sortOrder')),
    cursor: find(parameters, 'cursor'),
    attributes: find(parameters, 'attributes') || undefined,
    excludedAttributes: find(parameters, 'excludedAttributes') || undefined,
  };
}

function find(parameters: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  if (Object.hasOwn(parameters, name)) return parameters[name];
  const folded = name.toLowerCase();
  return Object.entries(parameters).find(([sent]) => sent.toLowerCase() === folded)?.[1];
}

function readInteger(
  parameters: Readonly<Record<string, string | undefined>>,
  name: string,
): number | undefined {
  const text = find(parameters, name)?.trim();
  if (text === undefined || text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text)) {
    throw new ScimError('invalidValue', `The query parameter "${name}" is not an integer.`);
  }
  // More digits than a number holds still mean "very far".
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(text)));
}

function readSortOrder(text: string | undefined): 'ascending' | 'descending' {
  const folded = text?.trim().toLowerCase();
  if (folded === undefined || folded === '' || folded === 'ascending') return 'ascending';
  if (folded === 'descending') return 'descending';
  throw new ScimError('invalidValue', 'The query parameter "sortOrder" must be "ascending" or "descending".');
}
