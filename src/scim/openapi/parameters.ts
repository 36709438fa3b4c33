import type { JsonObject } from '../json';

function parameter(
  name: string,
  place: 'query' | 'header' | 'path',
  description: string,
  schema: JsonObject,
): JsonObject {
  return { name, in: place, description, required: place === 'path', schema };
}

const string: JsonObject = { type: 'string' };
const integer: JsonObject = { type: 'integer' };

/** Every parameter of the document by its name there. */
export const PARAMETERS: Readonly<Record<string, JsonObject>> = {
  id: parameter('id', 'path', 'id of the resource.', string),
  filter: parameter(
    'filter',
    'query',
    'Filter (RFC 7644 section 3.4.2.2), such as userName eq "ann".',
    string,
  ),
  startIndex: parameter(
    'startIndex',
    'query',
    'Position of the first resource of the page, from 1.',
    integer,
  ),
  count: parameter('count', 'query', 'Most resources on the page; 0 asks for totalResults only.', integer),
  cursor: parameter(
    'cursor',
    'query',
    'Cursor of the page (RFC 9865): empty for the first one, then nextCursor of the last answer.',
    string,
  ),
  sortBy: parameter('sortBy', 'query', 'Attribute to sort by.', string),
  sortOrder: parameter('sortOrder', 'query', 'Order of the sort.', { enum: ['ascending', 'descending'] }),
  attributes: parameter('attributes', 'query', 'Attributes to answer, with commas between.', string),
  excludedAttributes: parameter(
    'excludedAttributes',
    'query',
    'Attributes to leave out, with commas between.',
    string,
  ),
  ifMatch: parameter('If-Match', 'header', 'Entity tags, one of which the resource must have.', string),
  ifNoneMatch: parameter('If-None-Match', 'header', 'Entity tags that the client has already.', string),
};

/** References to parameters. @example parameters('filter', 'count') */
export function parameters(...names: readonly string[]): JsonObject[] {
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}
